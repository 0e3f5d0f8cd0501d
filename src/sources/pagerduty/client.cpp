#include "sources/pagerduty/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "core/text.h"
#include "http/url.h"
#include "sources/api_values.h"
#include "sources/rows.h"

namespace gate::sources::pagerduty {
namespace {

constexpr std::size_t kPage = 100;
/// https://developer.pagerduty.com/docs/pagination: offset and limit together may not exceed this.
constexpr std::size_t kMostListed = 10000;
constexpr std::chrono::hours kLongestSpan{180 * 24};

core::Time whole_second_before(core::Time time) {
  return std::chrono::floor<std::chrono::seconds>(time);
}

core::Time whole_second_after(core::Time time) {
  return std::chrono::ceil<std::chrono::seconds>(time);
}

Parameters list_parameters(const Query& query) {
  Parameters parameters;
  for (const std::string& id : query.services) parameters.emplace_back("service_ids[]", id);
  for (const std::string& id : query.teams) parameters.emplace_back("team_ids[]", id);
  if (!query.urgency.empty()) parameters.emplace_back("urgencies[]", query.urgency);
  parameters.emplace_back("sort_by", "created_at:asc");
  parameters.emplace_back("time_zone", "UTC");
  parameters.emplace_back("limit", std::to_string(kPage));
  return parameters;
}

Parameters span_parameters(const core::Window& span) {
  return {{"since", core::format_time(whole_second_before(span.start))},
          {"until", core::format_time(whole_second_after(span.end))}};
}

bool is_among(const std::vector<std::string>& names, const std::string& name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const ApiSystem kPagerDuty{"PagerDuty", "an API access key of the account, or of a user; a read-only one is enough",
                           "the key needs to read incidents, services and analytics; the key of a user sees that user's teams",
                           "check `url`: accounts in the EU live at https://api.eu.pagerduty.com"};

std::vector<core::Window> spans_of(const core::Window& window) {
  std::vector<core::Window> spans;
  for (core::Time start = window.start; start < window.end; start += kLongestSpan)
    spans.push_back({start, std::min<core::Time>(start + kLongestSpan, window.end)});
  return spans;
}

http::Request PagerDutySource::probe() const {
  return caller().get("/incidents", {{"limit", "1"}});
}

http::Task<void> PagerDutySource::fetch(core::Answer& answer, const Question& question) {
  const Query query = read_query(question.query);
  refuse_counting(caller(), question, *query.measure);
  answer.asked = describe(query);
  if (const auto site = settings().text("site")) answer.graph_url = *site + "/incidents";
  http::Task<void> knowing = require_known(answer, query);
  co_await knowing;
  if (query.is_summary) {
    http::Task<void> summing = summary(answer, query, question);
    co_await summing;
    co_return;
  }
  http::Task<std::vector<Incident>> asking =
      query.from_analytics ? raw(answer, query, question) : listed(answer, query, question);
  const std::vector<Incident> incidents = co_await asking;
  put(answer, query, question, incidents);
}

/// A misspelt id is answered with an empty list.
http::Task<void> PagerDutySource::require_known(core::Answer& answer, const Query& query) {
  for (const std::string& id : query.services) {
    http::Task<void> requiring = require_thing(answer, "service", id);
    co_await requiring;
  }
  for (const std::string& id : query.teams) {
    http::Task<void> requiring = require_thing(answer, "team", id);
    co_await requiring;
  }
  if (!query.priorities.empty()) {
    http::Task<void> requiring = require_priorities(answer, query);
    co_await requiring;
  }
}

http::Task<void> PagerDutySource::require_thing(core::Answer& answer, std::string kind, std::string id) {
  const http::Request request = caller().get(fmt::format("/{}s/{}", kind, http::percent_encode(id)));
  http::Task<http::Response> sending = caller().send(answer, request);
  const http::Response response = co_await sending;
  if (response.status == 404) throw no_such_thing(caller(), kind, id);
  if (response.status < 200 || response.status >= 300) throw core::SourceError(caller().refusal(request, response));
}

http::Task<void> PagerDutySource::require_priorities(core::Answer& answer, const Query& query) {
  http::Task<JsonAnswer> asking = caller().ask_json(answer, caller().get("/priorities", {{"limit", "100"}}));
  const JsonAnswer body = co_await asking;
  std::vector<std::string> known;
  for (const JsonAt& one : body.root().need("priorities").items()) known.push_back(one.text_of("summary"));
  for (const std::string& name : query.priorities) {
    if (std::find(known.begin(), known.end(), name) == known.end()) throw no_such_thing(caller(), "priority", name, known);
  }
}

http::Task<std::vector<Incident>> PagerDutySource::listed(core::Answer& answer, const Query& query, const Question& question) {
  std::vector<Incident> all;
  // Without bounds the list holds the last month alone.
  std::vector<Parameters> spans = {{{"date_range", "all"}}};
  if (question.window) {
    spans.clear();
    for (const core::Window& span : spans_of(*question.window)) spans.push_back(span_parameters(span));
  }
  for (const Parameters& span : spans) {
    http::Task<void> listing = list_span(answer, query, question, span, all);
    co_await listing;
  }
  co_return all;
}

http::Task<void> PagerDutySource::list_span(core::Answer& answer, const Query& query, const Question& question, Parameters span,
                                            std::vector<Incident>& out) {
  std::unordered_set<std::string> seen;
  for (const Incident& one : out) seen.insert(one.id);
  PageChain chain(caller());
  bool more = true;
  for (std::size_t offset = 0; more; offset += kPage) {
    chain.follow(std::to_string(offset));
    if (offset + kPage > kMostListed) {
      throw caller().error("RG1943", fmt::format("there are more than {} incidents, and PagerDuty lists no more", kMostListed),
                           R"(name `services`, shorten the window, or ask the analytics: from = "analytics")");
    }
    Parameters parameters = list_parameters(query);
    parameters.insert(parameters.end(), span.begin(), span.end());
    parameters.emplace_back("offset", std::to_string(offset));
    http::Task<JsonAnswer> asking = caller().ask_json(answer, caller().get("/incidents", std::move(parameters)));
    const JsonAnswer page = co_await asking;
    for (const JsonAt& one : page.root().need("incidents").items()) {
      Incident incident = read_listed(one);
      const bool inside = !question.window || question.window->contains(incident.created);
      if (inside && is_among(query.priorities, incident.priority) && seen.insert(incident.id).second)
        out.push_back(std::move(incident));
    }
    more = page.root().need("more").flag();
  }
}

void PagerDutySource::put(core::Answer& answer, const Query& query, const Question& question,
                          const std::vector<Incident>& incidents) const {
  std::vector<Row> rows;
  for (const Incident& one : incidents) {
    if (query.measure->name == "incidents") rows.push_back({one.created, 1.0});
    if (query.measure->name == "resolve_time" && one.resolved_after) rows.push_back({one.created, *one.resolved_after});
    if (query.measure->name == "acknowledge_time" && one.acked_after) rows.push_back({one.created, *one.acked_after});
  }
  const std::size_t without = incidents.size() - rows.size();
  if (without > 0) {
    answer.notes.push_back(fmt::format("{} of {} incidents are not {} yet and have no time", without, incidents.size(),
                                       query.measure->name == "resolve_time" ? "resolved" : "acknowledged"));
  }
  if (rows.empty()) {
    answer.absence =
        incidents.empty() ? "no incident was created in the window" : "none of the window's incidents has such a time";
  }
  put_rows(answer, question, std::move(rows));
}

std::vector<PlannedRequest> PagerDutySource::preview(const Question& question) const {
  const Query query = read_query(question.query);
  std::vector<PlannedRequest> all;
  for (const std::string& id : query.services) all.push_back({"GET", "/services/" + id, "is there such a service?"});
  for (const std::string& id : query.teams) all.push_back({"GET", "/teams/" + id, "is there such a team?"});
  if (!query.priorities.empty()) all.push_back({"GET", "/priorities", "are there such priorities?"});
  if (query.from_analytics) {
    all.push_back({"POST", query.is_summary ? "/analytics/metrics/incidents/all" : "/analytics/raw/incidents",
                   analytics_body(query, question, "")});
    return all;
  }
  if (!question.window) all.push_back({"GET", "/incidents", describe(query), "date_range=all"});
  const std::vector<core::Window> spans = question.window ? spans_of(*question.window) : std::vector<core::Window>();
  for (const core::Window& span : spans) {
    const Parameters bounds = span_parameters(span);
    all.push_back({"GET", "/incidents", describe(query), fmt::format("since={} until={}", bounds[0].second, bounds[1].second)});
  }
  return all;
}

}  // namespace gate::sources::pagerduty
