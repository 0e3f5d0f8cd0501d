#include "sources/launchdarkly/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "http/url.h"
#include "sources/api_values.h"
#include "sources/next_page.h"
#include "sources/present.h"
#include "sources/rows.h"

namespace gate::sources::launchdarkly {
namespace {

constexpr ApiSystem kSystem{"LaunchDarkly", "an API access token is needed: SDK keys may not read this",
                            "the token needs the role Reader", "check `project`, `environment` and `flag`"};

constexpr std::array<ApiMeasure, 5> kMeasures = {{
    {"rollout", "value", "%", "the share of users that are served the variation now"},
    {"enabled", "value", "", "1 when the flag is on now, else 0"},
    {"kill_switches", "count", "", "how often the flag was turned off"},
    {"rollbacks", "count", "", "how often the variation's share was lowered while the flag was on"},
    {"status", "status", "", "active and launched are ok, inactive is a warning"},
}};

/// LaunchDarkly gives no more.
constexpr const char* kPage = "20";

bool may_matter(const Entry& entry, const std::string& measure) {
  return std::any_of(entry.actions.begin(), entry.actions.end(), [&](const std::string& action) {
    return measure == "kill_switches" ? action == "updateOn"
                                      : action.starts_with("updateFallthrough") || action == "updateRollout";
  });
}

}  // namespace

std::span<const ApiMeasure> all_measures() {
  return kMeasures;
}

LaunchDarklySource::LaunchDarklySource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : ApiSource(kSystem, std::move(endpoint), settings, context) {}

http::Request LaunchDarklySource::request(std::string path, Parameters parameters) const {
  http::Request out = caller().get(std::move(path), std::move(parameters));
  out.headers = {{"LD-API-Version", "20240415"}};
  return out;
}

http::Request LaunchDarklySource::probe() const {
  return request("/api/v2/projects/" + http::percent_encode(flag_key(first_query(), settings(), "project")));
}

http::Request LaunchDarklySource::flag_request(const FlagAsking& asking) const {
  return request(fmt::format("/api/v2/flags/{}/{}", http::percent_encode(asking.project), http::percent_encode(asking.flag)),
                 {{"env", asking.environment}});
}

/// A millisecond more on each side: whether the bounds belong to it is not said.
http::Request LaunchDarklySource::log_request(const FlagAsking& asking) const {
  Parameters parameters = {{"spec", fmt::format("proj/{}:env/{}:flag/{}", asking.project, asking.environment, asking.flag)},
                           {"limit", kPage}};
  if (const auto& window = asking.question.window) {
    parameters.emplace_back("after", std::to_string(window->start.time_since_epoch().count() - 1));
    parameters.emplace_back("before", std::to_string(window->end.time_since_epoch().count() + 1));
  }
  return request("/api/v2/auditlog", std::move(parameters));
}

std::vector<PlannedRequest> LaunchDarklySource::preview(const Question& question) const {
  core::Answer none;
  const FlagAsking asking = flag_asking(none, question, settings());
  std::vector<PlannedRequest> out = {
      {"GET", flag_request(asking).path, fmt::format("{} in {}", asking.measure, core::printable(asking.environment))}};
  if (asking.measure == "status") {
    out.push_back({"GET", fmt::format("/api/v2/flag-statuses/{}/{}/{}", asking.project, asking.environment, asking.flag), ""});
  } else if (!is_present(asking.measure)) {
    const http::Request log = log_request(asking);
    out.push_back({"GET", log.path, http::encode_parameters(log.parameters)});
    out.push_back({"GET", log.path + "/ID", "of each entry that may matter"});
  }
  return out;
}

http::Task<void> LaunchDarklySource::fetch_changes(FlagAsking& asking) {
  std::vector<Entry> entries;
  http::Request page = log_request(asking);
  PageChain chain(caller());
  while (true) {
    http::Task<JsonAnswer> getting = caller().ask_json(asking.answer, page);
    const JsonAnswer answer = co_await getting;
    std::string next;
    for (Entry& entry : decode_entries(answer.root(), next)) {
      const bool is_inside = !asking.question.window || asking.question.window->contains(entry.at);
      if (is_inside && may_matter(entry, asking.measure)) entries.push_back(std::move(entry));
    }
    if (next.empty()) break;
    chain.follow(next);
    page = next_page(caller(), page, next);
  }
  std::vector<Row> rows;
  for (const Entry& entry : entries) {
    http::Task<JsonAnswer> getting =
        caller().ask_json(asking.answer, request("/api/v2/auditlog/" + http::percent_encode(entry.id)));
    const JsonAnswer answer = co_await getting;
    const Change change = decode_change(answer.root(), asking.environment, asking.variation);
    if (asking.measure == "kill_switches" ? change.turned_off : change.lowered) rows.push_back({entry.at, 1.0});
  }
  put_rows(asking.answer, asking.question, std::move(rows));
}

http::Task<void> LaunchDarklySource::fetch_status(FlagAsking& asking) {
  http::Task<JsonAnswer> getting = caller().ask_json(
      asking.answer, request(fmt::format("/api/v2/flag-statuses/{}/{}/{}", http::percent_encode(asking.project),
                                         http::percent_encode(asking.environment), http::percent_encode(asking.flag))));
  const JsonAnswer answer = co_await getting;
  asking.answer.state = decode_status(answer.root());
}

http::Task<void> LaunchDarklySource::fetch(core::Answer& answer, const Question& question) {
  FlagAsking asking = flag_asking(answer, question, settings());
  begin_flag(caller(), asking, "flags");
  http::Task<Flag> looking = ask_flag(caller(), asking, flag_request(asking), decode_flag);
  const Flag flag = co_await looking;
  if (asking.measure == "enabled") {
    put_present(answer, question, flag.on ? 1.0 : 0.0);
  } else if (asking.measure == "rollout") {
    put_rollout(caller(), asking, rollout_of(flag, asking.variation));
  } else {
    http::Task<void> fetching = asking.measure == "status" ? fetch_status(asking) : fetch_changes(asking);
    co_await fetching;
  }
}

}  // namespace gate::sources::launchdarkly
