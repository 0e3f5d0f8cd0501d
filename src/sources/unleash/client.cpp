#include "sources/unleash/client.h"

#include <fmt/format.h>

#include <array>

#include "core/text.h"
#include "http/url.h"
#include "sources/api_values.h"
#include "sources/present.h"
#include "sources/rows.h"

namespace gate::sources::unleash {
namespace {

constexpr ApiSystem kSystem{"Unleash", "an admin or personal access token is needed: those of clients may not read this",
                            "the token must be an admin or personal access token whose user sees the project",
                            "check `flag` and `project`"};

constexpr std::array<ApiMeasure, 7> kMeasures = {{
    {"rollout", "value", "%", "the share of users for whom the flag is on now"},
    {"enabled", "value", "", "1 when the flag is on now, for whomever, else 0"},
    {"exposed", "count", "", "evaluations that said yes"},
    {"evaluated", "count", "", "all evaluations"},
    {"kill_switches", "count", "", "how often the flag was turned off"},
    {"rollbacks", "count", "", "how often a strategy's rollout was lowered"},
    {"status", "status", "", "stale is a warning, archived an error"},
}};

/// The most hours that are kept by the hour.
constexpr int kHoursBack = 48;
/// Of more applications Unleash tells nothing.
constexpr std::size_t kMostApplications = 100;
constexpr std::size_t kPage = 1000;

std::string day_of(core::Time time) {
  return core::format_time(time).substr(0, 10);
}

}  // namespace

std::span<const ApiMeasure> all_measures() {
  return kMeasures;
}

UnleashSource::UnleashSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : ApiSource(kSystem, std::move(endpoint), settings, context) {}

http::Request UnleashSource::probe() const {
  return caller().get("/api/admin/projects/" + http::percent_encode(flag_key(first_query(), settings(), "project")) +
                      "/overview");
}

std::string UnleashSource::flag_path(const FlagAsking& asking) const {
  return fmt::format("/api/admin/projects/{}/features/{}", http::percent_encode(asking.project),
                     http::percent_encode(asking.flag));
}

http::Request UnleashSource::evaluations_request(const FlagAsking& asking) const {
  return caller().get(fmt::format("/api/admin/client-metrics/features/{}/raw", http::percent_encode(asking.flag)),
                      {{"hoursBack", std::to_string(kHoursBack)}});
}

/// Days of UTC, a day more on each side: which end of them the server takes in is not said.
http::Request UnleashSource::events_request(const FlagAsking& asking, std::size_t offset) const {
  const bool kills = asking.measure == "kill_switches";
  Parameters parameters = {{"feature", "IS:" + asking.flag},
                           {"project", "IS:" + asking.project},
                           {"environment", "IS:" + asking.environment},
                           {"type", kills ? "IS:feature-environment-disabled" : "IS:feature-strategy-update"}};
  if (asking.question.window) {
    parameters.emplace_back("from", "IS:" + day_of(asking.question.window->start - std::chrono::days(1)));
    parameters.emplace_back("to", "IS:" + day_of(asking.question.window->end + std::chrono::days(1)));
  }
  parameters.emplace_back("offset", std::to_string(offset));
  parameters.emplace_back("limit", std::to_string(kPage));
  return caller().get("/api/admin/search/events", std::move(parameters));
}

std::vector<PlannedRequest> UnleashSource::preview(const Question& question) const {
  core::Answer none;
  const FlagAsking asking = flag_asking(none, question, settings());
  std::vector<PlannedRequest> out = {
      {"GET", flag_path(asking), fmt::format("{} in {}", asking.measure, core::printable(asking.environment))}};
  const bool counts_evaluations = asking.measure == "exposed" || asking.measure == "evaluated";
  const bool counts_events = asking.measure == "kill_switches" || asking.measure == "rollbacks";
  if (!counts_evaluations && !counts_events) return out;
  const http::Request request = counts_evaluations ? evaluations_request(asking) : events_request(asking, 0);
  out.push_back({"GET", request.path, http::encode_parameters(request.parameters)});
  return out;
}

http::Task<void> UnleashSource::fetch_evaluations(FlagAsking& asking) {
  http::Task<JsonAnswer> getting = caller().ask_json(asking.answer, evaluations_request(asking));
  const JsonAnswer answer = co_await getting;
  const Evaluations all = decode_evaluations(answer.root(), asking.environment, asking.variation);
  asking.answer.notes.emplace_back("evaluations of the flag are counted, not users");
  if (!all.first) {
    asking.answer.absence = fmt::format("nobody has evaluated the flag in the last {} hours", kHoursBack);
    co_return;
  }
  const auto& window = asking.question.window;
  if (window && window->start < *all.first) {
    throw caller().error(
        "RG1975", fmt::format("evaluations are kept for {} hours, back to {}", kHoursBack, core::format_time(*all.first)),
        "make the windows shorter, or judge sooner");
  }
  if (all.applications >= kMostApplications) {
    const std::string text = fmt::format("Unleash tells of {} applications at most, and there may be more", kMostApplications);
    if (asking.question.partial_is_error)
      throw caller().error("RG1975", text, "shares of some applications may be those of all: on_partial = \"note\" takes them");
    asking.answer.notes.push_back(text);
  }
  std::vector<Row> rows;
  for (const Hour& hour : all.hours) {
    // An hour that is cut by the window would be held against a part.
    if (window && (hour.start < window->start || hour.start + std::chrono::hours(1) > window->end)) continue;
    rows.push_back({hour.start, asking.measure == "exposed" ? hour.exposed : hour.evaluated});
  }
  if (rows.empty()) {
    asking.answer.absence = "no whole hour lies in the window, and Unleash counts by the hour";
    co_return;
  }
  put_rows(asking.answer, asking.question, std::move(rows));
}

http::Task<void> UnleashSource::fetch_events(FlagAsking& asking) {
  std::vector<Row> rows;
  PageChain chain(caller());
  for (std::size_t offset = 0, total = 1; offset < total;) {
    http::Task<JsonAnswer> getting = caller().ask_json(asking.answer, events_request(asking, offset));
    const JsonAnswer answer = co_await getting;
    const std::vector<Event> events = decode_events(answer.root(), total);
    for (const Event& event : events) {
      if (asking.question.window && !asking.question.window->contains(event.at)) continue;
      if (asking.measure == "kill_switches" || event.lowered_by > 0.0) rows.push_back({event.at, 1.0});
    }
    if (events.empty()) break;
    offset += events.size();
    chain.follow(std::to_string(offset));
  }
  put_rows(asking.answer, asking.question, std::move(rows));
}

http::Task<void> UnleashSource::fetch(core::Answer& answer, const Question& question) {
  FlagAsking asking = flag_asking(answer, question, settings());
  begin_flag(caller(), asking, "features");
  http::Task<Flag> looking = ask_flag(caller(), asking, caller().get(flag_path(asking)), decode_flag);
  const Flag flag = co_await looking;
  if (asking.measure == "status") {
    answer.state = state_of(flag);
  } else if (asking.measure == "enabled") {
    put_present(answer, question, flag.enabled ? 1.0 : 0.0);
  } else if (asking.measure == "rollout") {
    put_rollout(caller(), asking, rollout_of(flag, asking.variation));
  } else {
    const bool counts_evaluations = asking.measure == "exposed" || asking.measure == "evaluated";
    http::Task<void> fetching = counts_evaluations ? fetch_evaluations(asking) : fetch_events(asking);
    co_await fetching;
  }
}

}  // namespace gate::sources::unleash
