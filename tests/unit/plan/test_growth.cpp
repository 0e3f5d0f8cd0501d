#include <catch2/catch.hpp>

#include "plan/growth.h"
#include "plan_text.h"

using namespace gate;
using plan::MetricPlan;
using plan_text::at;
using plan_text::kHead;
using plan_text::make_whole;
using plan_text::window;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// `metrics` as a look at `seconds_after` sees them, in a watch of half an hour.
plan_text::Made look_at(const std::string& metrics, std::int64_t seconds_after, bool past = false) {
  plan::Options options;
  options.now = at(seconds_after);
  options.look = plan::LookAt{at(1800), minutes(30), past};
  return make_whole(std::string(kHead) + metrics, options);
}

constexpr const char* kCompare = R"(
[compare]
baseline = { window = "30m" }
candidate = { window = "30m" }
step = "1m"
ingest_delay = "60s"
)";

}  // namespace

TEST_CASE("a candidate is as long as whole steps of its data are in") {
  struct Case {
    std::int64_t now;
    MetricPlan::State state;
    std::int64_t end;  ///< of the candidate
  };
  using State = MetricPlan::State;
  for (const Case& c :
       {Case{0, State::pending, 60}, Case{119, State::pending, 60}, Case{120, State::due, 60}, Case{179, State::due, 60},
        Case{180, State::due, 120}, Case{899, State::due, 780}, Case{1800, State::due, 1740}}) {
    INFO(c.now);
    const auto made = look_at(std::string(kCompare) + "[metrics.m]\nsource = \"points\"\nquery = 'x'\n", c.now);
    REQUIRE(made.codes().empty());
    CHECK(made.first().state == c.state);
    CHECK(made.first().candidate == window(0, c.end));
    CHECK(made.first().baseline == window(-1800, 0));
    CHECK(made.first().due == at(c.end + 60));
    CHECK(made.first().step == minutes(1));
    CHECK(made.first().asks[0].question.window == window(-1800, 0));
    CHECK(made.first().asks[1].question.window == window(0, c.end));
  }
}

TEST_CASE("steps are those of the last look, so that all looks share a grid") {
  for (const std::int64_t now : {300, 900, 1800}) {
    const auto made = look_at("[compare]\ningest_delay = \"0s\"\n[metrics.m]\nsource = \"points\"\nquery = 'x'\n", now);
    CHECK(made.first().step == seconds(15));
    CHECK(made.first().asks[1].question.first == seconds(15));
  }
}

TEST_CASE("which windows grow, and how") {
  struct Case {
    const char* what;
    const char* metric;
    std::optional<core::Window> baseline;
    std::optional<core::Window> candidate;
    bool growing;
  };
  for (const Case& c : {
           Case{"side by side", "design = \"side-by-side\"\nquery = 'x{{track}}'", window(0, 540), window(0, 540), true},
           Case{"no baseline", "design = \"none\"\nquery = 'x'", std::nullopt, window(0, 540), true},
           Case{"looking back", "anchor = \"now\"\nquery = 'x'", window(-3060, -1260), window(-1260, 540), false},
           Case{"one number: as long as the other", "kind = \"value\"\naggregate = \"sum\"\nquery = 'x'", window(-540, 0),
                window(0, 540), true},
           Case{"settled", "candidate = { settle = \"2m\" }\nquery = 'x'", window(-1800, 0), window(120, 540), true},
       }) {
    INFO(c.what);
    const auto made = look_at(std::string(kCompare) + "[metrics.m]\nsource = \"points\"\n" + c.metric + "\n", 600);
    REQUIRE(made.codes().empty());
    CHECK(made.first().baseline == c.baseline);
    CHECK(made.first().candidate == c.candidate);
    CHECK(made.first().growing.has_value() == c.growing);
  }
}

TEST_CASE("rows: batches of the step, however few") {
  const auto made =
      look_at("[compare]\nstep = \"1m\"\ningest_delay = \"0s\"\n[metrics.m]\nsource = \"rows\"\nquery = 'x'\n", 300);
  REQUIRE(made.codes().empty());
  CHECK(made.first().asks[1].question.parts == 5);
  CHECK(made.first().asks[0].question.parts == 30);
}

TEST_CASE("a month's window is not judged within minutes") {
  const std::string metrics = std::string(kCompare) +
                              "[metrics.m]\nsource = \"points\"\nquery = 'x'\n"
                              "[metrics.retention]\nsource = \"points\"\nquery = 'y'\ncandidate = { window = \"28d\" }\n";
  const auto made = look_at(metrics, 600);
  REQUIRE(made.codes().empty());
  CHECK(made.planned.plan->metrics[0].state == MetricPlan::State::due);
  const MetricPlan& retention = made.planned.plan->metrics[1];
  CHECK(retention.state == MetricPlan::State::pending);
  CHECK(retention.due == at(28 * 86400 + 60));
  plan::Options options;
  options.now = at(600);
  const auto whole = make_whole(std::string(kHead) + metrics, options);
  const plan::Plan& once = *whole.planned.plan;
  CHECK(plan::longest_watched(once, minutes(20)) == minutes(30));
  CHECK(plan::longest_watched(once, minutes(60)) == minutes(60));
}

TEST_CASE("what is asked as it is now is left out of a replay, and so is what is made of it") {
  const std::string metrics =
      "[metrics.state]\nsource = \"present\"\nkind = \"status\"\nquery = 'state'\n"
      "[metrics.newest]\nsource = \"present\"\nkind = \"value\"\nquery = 'x'\n"
      "[metrics.m]\nsource = \"points\"\nquery = 'x'\n"
      "[metrics.twice]\nkind = \"derived\"\nformula = \"2 * newest\"\n"
      "[metrics.fourfold]\nkind = \"derived\"\nformula = \"2 * twice\"\n";
  const auto left_out = [](const plan_text::Made& made) {
    std::string out;
    for (const MetricPlan& metric : made.planned.plan->metrics)
      if (metric.state == MetricPlan::State::left_out) out += metric.metric->id + ": " + metric.left_out_why + "\n";
    return out;
  };
  const auto live = look_at(metrics, 600);
  REQUIRE(live.codes().empty());
  CHECK(left_out(live).empty());
  const std::string now = "only what it is now can be asked, not what it was at a look\n";
  CHECK(left_out(look_at(metrics, 600, true)) == "state: " + now + "newest: " + now +
                                                     "twice: a part of its formula is left out\n"
                                                     "fourfold: a part of its formula is left out\n");
}

TEST_CASE("the looks open with the first candidate") {
  plan::Options options;
  options.now = at(60);
  const auto made = make_whole(std::string(kHead) +
                                   "[metrics.late]\nsource = \"points\"\nquery = 'x'\ncandidate = { settle = \"9m\" }\n"
                                   "[metrics.early]\nsource = \"points\"\nquery = 'x'\ncandidate = { settle = \"5m\" }\n",
                               options);
  const core::Looks looks = plan::make_looks(*made.planned.plan, minutes(1), minutes(30), minutes(15));
  CHECK(looks.opening == at(300));
  CHECK(looks.at(14) == at(300 + 14 * 60));
  CHECK(looks.horizon() == at(300 + 1800));
  CHECK(looks.least == minutes(15));
}

TEST_CASE("the share of the information that a look has") {
  // 1 / (1/L + 1/B): of a baseline of 30 minutes, ten minutes are worth 7.5 and thirty 15.
  const plan::Growing fixed{at(0), seconds(60), seconds(60), seconds(0), minutes(30)};
  CHECK(fixed.information_at(at(600), at(1800)) == Approx(0.5));
  CHECK(fixed.information_at(at(1800), at(1800)) == 1.0);
  CHECK(fixed.information_at(at(59), at(1800)) == 0.0);
  const plan::Growing alongside{at(0), seconds(60), seconds(60), seconds(60), seconds(0)};
  CHECK(alongside.information_at(at(660), at(1260)) == Approx(0.5));
  CHECK(alongside.information_at(at(10), at(30)) == 0.0);
  CHECK(alongside.length_at(at(200)) == seconds(120));
  const plan::Growing whole{at(0), seconds(60), seconds(0), seconds(0), seconds(0)};
  CHECK(whole.length_at(at(200)) == seconds(200));
  CHECK(whole.length_at(at(59)) == seconds(0));
}

TEST_CASE("looks with a placebo take the days of the last look, each as long as they are themselves") {
  const std::string metric =
      "[metrics.m]\nsource = \"points\"\nquery = 'x'\nplacebo = { every = \"1d\", count = 4, releases = "
      "[\"2026-03-15T12:25:00Z\"] }\n";
  // The day with a release in what the last look will ask is left out by the first look, too.
  for (const std::int64_t now : {300, 1800}) {
    const auto made = look_at(std::string(kCompare) + metric, now);
    INFO(made.codes());
    REQUIRE(made.codes().empty());
    const plan::PlaceboPlan& placebo = *made.first().placebo;
    REQUIRE(placebo.days.size() == 5);
    CHECK(placebo.days[3].left_out == "a release");
    const std::int64_t day = 86400;
    const std::int64_t length = now - 60;
    CHECK(placebo.days[4].baseline == window(-day - 1800, -day));
    CHECK(placebo.days[4].candidate == window(-day, -day + length));
    CHECK(made.first().asks.back().question.window == window(-day, -day + length));
  }
}
