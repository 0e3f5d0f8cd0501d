#include <catch2/catch.hpp>

#include "plan/placebo.h"

namespace gate {
namespace {

core::Time at(std::string_view text) {
  return *core::parse_time(text);
}

config::Placebo weekly(std::string_view zone) {
  config::Placebo out;
  out.zone = *core::Zone::find(zone);
  out.zone_name = zone;
  return out;
}

config::Placebo weekdays(std::string_view zone, std::size_t count) {
  config::Placebo out = weekly(zone);
  out.days = config::Placebo::Days::weekdays;
  out.count = count;
  return out;
}

plan::PlaceboPlan planned(const config::Placebo& placebo, std::string_view candidate, const core::Releases& releases = {}) {
  const core::Time start = at(candidate);
  return plan::plan_placebo(placebo, {start - std::chrono::minutes(35), start - std::chrono::minutes(5)},
                            {start, start + std::chrono::minutes(30)}, releases);
}

/// "2026-03-10T08:00:00Z" for a day that is asked for, with " (why)" for one that is not; when the candidate window begins.
std::vector<std::string> texts(const plan::PlaceboPlan& plan) {
  std::vector<std::string> out;
  for (const plan::PlaceboDay& day : plan.days)
    out.push_back(core::format_time(day.candidate.start) + (day.left_out.empty() ? "" : " (" + day.left_out + ")"));
  return out;
}

using Texts = std::vector<std::string>;

TEST_CASE("the same hour of earlier weeks, whatever UTC says") {
  // 9:00 in Berlin: 7:00 UTC in summer, 8:00 in winter; clocks were put forward on 29 March 2026.
  config::Placebo placebo = weekly("Europe/Berlin");
  placebo.count = 4;
  CHECK(texts(planned(placebo, "2026-04-14T07:00:00Z")) ==
        Texts{"2026-03-17T08:00:00Z", "2026-03-24T08:00:00Z", "2026-03-31T07:00:00Z", "2026-04-07T07:00:00Z"});
  CHECK(texts(planned(weekly("UTC"), "2026-04-14T07:00:00Z")).front() == "2026-03-03T07:00:00Z");
  const plan::PlaceboPlan plan = planned(placebo, "2026-04-14T07:00:00Z");
  CHECK(core::format_time(plan.days.front().baseline.start) == "2026-03-17T07:25:00Z");
  CHECK(core::format_time(plan.days.front().baseline.end) == "2026-03-17T07:55:00Z");
  CHECK(core::format_time(plan.days.front().candidate.end) == "2026-03-17T08:30:00Z");
}

TEST_CASE("each day, and Monday to Friday of the local calendar") {
  config::Placebo daily = weekly("UTC");
  daily.every = 1;
  daily.count = 4;
  CHECK(texts(planned(daily, "2026-03-17T12:00:00Z")) ==
        Texts{"2026-03-13T12:00:00Z", "2026-03-14T12:00:00Z", "2026-03-15T12:00:00Z", "2026-03-16T12:00:00Z"});
  // A Tuesday; the weekend of 14 and 15 March is none of the days, and is not named as left out.
  CHECK(texts(planned(weekdays("UTC", 4), "2026-03-17T12:00:00Z")) ==
        Texts{"2026-03-11T12:00:00Z", "2026-03-12T12:00:00Z", "2026-03-13T12:00:00Z", "2026-03-16T12:00:00Z"});
  // 23:30 UTC on a Sunday is Monday in Tokyo.
  CHECK(planned(weekdays("Asia/Tokyo", 4), "2026-03-15T23:30:00Z").days.size() == 4);
  CHECK(planned(weekdays("UTC", 4), "2026-03-15T23:30:00Z").none_because ==
        "the release was on a weekend, and the days are weekdays");
  CHECK(planned(weekdays("UTC", 4), "2026-03-15T23:30:00Z").days.empty());
}

TEST_CASE("days with a release are left out and made up for") {
  config::Placebo placebo = weekly("UTC");
  placebo.count = 4;
  placebo.releases = {at("2026-03-10T11:30:00Z")};
  core::Releases known;
  known.known = true;
  known.at = {at("2026-02-24T12:30:00Z"), at("2026-03-03T12:29:59Z")};  // the first is just past the windows
  CHECK(texts(planned(placebo, "2026-03-17T12:00:00Z", known)) ==
        Texts{"2026-02-03T12:00:00Z", "2026-02-10T12:00:00Z", "2026-02-17T12:00:00Z", "2026-02-24T12:00:00Z",
              "2026-03-03T12:00:00Z (a release)", "2026-03-10T12:00:00Z (a release)"});
  // No further back than four times as many days.
  known.at.clear();
  for (int week = 1; week < 40; ++week) known.at.push_back(at("2026-03-17T12:00:00Z") - std::chrono::days(7 * week));
  CHECK(planned(placebo, "2026-03-17T12:00:00Z", known).days.size() == 16);
  known.error = core::Error{"RG0603", "", "", {}, {}};
  CHECK(planned(placebo, "2026-03-17T12:00:00Z", known).days.empty());
}

TEST_CASE("days on which the clocks were changed between the windows") {
  config::Placebo placebo = weekly("Europe/Berlin");
  placebo.count = 4;
  // 2:45 to 3:50 on Sundays; on 29 March there is no 2:30.
  CHECK(texts(planned(placebo, "2026-04-12T01:20:00Z")) ==
        Texts{"2026-03-08T02:20:00Z", "2026-03-15T02:20:00Z", "2026-03-22T02:20:00Z",
              "2026-03-29T01:20:00Z (the clocks were changed)", "2026-04-05T01:20:00Z"});
  CHECK(planned(placebo, "2026-03-29T01:20:00Z").none_because == "the clocks were changed between its windows");
}

TEST_CASE("how far apart the days are") {
  CHECK(plan::longest_placebo(weekly("UTC")) == std::chrono::hours(168));
  CHECK(plan::longest_placebo(weekdays("UTC", 4)) == std::chrono::hours(24));
}

}  // namespace
}  // namespace gate
