// PagerDutySource: what comes from the analytics.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sources/api_values.h"
#include "sources/pagerduty/client.h"
#include "sources/rows.h"

namespace gate::sources::pagerduty {
namespace {

using nlohmann::json;

constexpr int kPage = 1000;
constexpr std::string_view kZone = "Etc/UTC";
/// "The analytics data is updated once per day": https://support.pagerduty.com/main/docs/analytics
constexpr std::chrono::hours kCompleteAfter{24};

/// The zone of the times in an answer, which have no offset of their own.
core::Zone zone_of(const JsonAt& root) {
  const std::string name = root.text_of("time_zone");
  if (name.empty() || name == kZone) return {};
  auto zone = core::Zone::find(name);
  if (!zone) root.need("time_zone").refuse("a time zone that is known here");
  return std::move(zone).value();
}

}  // namespace

std::string analytics_body(const Query& query, const Question& question, const std::string& after) {
  json filters = json::object();
  if (question.window) {
    filters["created_at_start"] = core::format_time(std::chrono::floor<std::chrono::seconds>(question.window->start));
    filters["created_at_end"] = core::format_time(std::chrono::ceil<std::chrono::seconds>(question.window->end));
  }
  if (!query.services.empty()) filters["service_ids"] = query.services;
  if (!query.teams.empty()) filters["team_ids"] = query.teams;
  if (!query.urgency.empty()) filters["urgency"] = query.urgency;
  if (!query.priorities.empty()) filters["priority_names"] = query.priorities;
  json body = {{"filters", filters}, {"time_zone", kZone}};
  if (query.is_summary) return body.dump();
  body["limit"] = kPage;
  body["order"] = "asc";
  body["order_by"] = "created_at";
  if (!after.empty()) body["starting_after"] = after;
  return body.dump();
}

http::Task<JsonAnswer> PagerDutySource::ask_analytics(core::Answer& answer, const Question& question, std::string path,
                                                      std::string body) {
  http::Task<http::Response> asking = caller().ask(answer, caller().post(path, std::move(body)));
  http::Response response = co_await asking;
  if (question.window)
    require_complete(caller(), answer, question, response, question.window->end + kCompleteAfter, "PagerDuty's analytics are");
  co_return caller().json_in(std::move(response), path);
}

http::Task<std::vector<Incident>> PagerDutySource::raw(core::Answer& answer, const Query& query, const Question& question) {
  std::vector<Incident> all;
  PageChain chain(caller());
  std::string after;
  bool more = true;
  while (more) {
    http::Task<JsonAnswer> asking =
        ask_analytics(answer, question, "/analytics/raw/incidents", analytics_body(query, question, after));
    const JsonAnswer page = co_await asking;
    const core::Zone zone = zone_of(page.root());
    for (const JsonAt& one : page.root().need("data").items()) {
      Incident incident = read_raw(one, zone);
      if (!question.window || question.window->contains(incident.created)) all.push_back(std::move(incident));
    }
    more = page.root().need("more").flag();
    if (!more) continue;
    after = page.root().need("last").text();
    chain.follow(after);
  }
  co_return all;
}

/// https://developer.pagerduty.com/api-reference/9e1f4c8b13d4f-get-aggregated-incident-data
http::Task<void> PagerDutySource::summary(core::Answer& answer, const Query& query, const Question& question) {
  http::Task<JsonAnswer> asking =
      ask_analytics(answer, question, "/analytics/metrics/incidents/all", analytics_body(query, question, ""));
  const JsonAnswer body = co_await asking;
  const std::vector<JsonAt> data = body.root().need("data").items();
  if (data.size() > 1) body.root().need("data").refuse("one row for the whole window");
  const bool is_count = query.measure->name == "total_incidents";
  const double incidents = data.empty() ? 0.0 : data.front().need("total_incident_count").number();
  // Half-open: what stands for the window lies in it.
  const core::Time at = question.window ? question.window->end - core::Duration(1) : core::Time();
  if (is_count) {
    put_rows(answer, question, {{at, incidents}});
    co_return;
  }
  const auto mean = incidents > 0.0 ? data.front().find("mean_seconds_to_resolve") : std::nullopt;
  if (!mean) {
    answer.absence = incidents > 0.0 ? "no incident of the window is resolved" : "no incident was created in the window";
    co_return;
  }
  answer.notes.push_back(fmt::format("the mean over {:.0f} incidents", incidents));
  put_rows(answer, question, {{at, mean->number()}});
}

}  // namespace gate::sources::pagerduty
