#include "sources/zendesk/client.h"

#include <fmt/format.h>

#include <set>

#include "core/text.h"
#include "http/retry.h"
#include "http/url.h"
#include "sources/api_values.h"

namespace gate::sources::zendesk {
namespace {

/// More than 100 a page may time out where many of them are archived, says Zendesk's page about the export of searches.
constexpr std::string_view kSearchPage = "100";
constexpr std::string_view kExportPage = "1000";
constexpr int kViewTries = 4;
constexpr std::chrono::milliseconds kViewPause{500};

std::string epoch_seconds(core::Time time) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

Parameters export_parameters(const Query& query, const Question& question) {
  return {{"query", bounded(query, question.window)}, {"filter[type]", "ticket"}, {"page[size]", std::string(kSearchPage)}};
}

std::string counted_words(const Query& query, const Question& question) {
  const std::string words = bounded(query, question.window);
  return words.empty() ? "type:ticket" : "type:ticket " + words;
}

Parameters rating_parameters(const Question& question) {
  // Of `offered` ones nobody said anything: "received" is good and bad.
  Parameters parameters = {{"score", "received"}, {"page[size]", "100"}};
  if (!question.window) return parameters;
  parameters.emplace_back("start_time", epoch_seconds(question.window->start));
  parameters.emplace_back("end_time", epoch_seconds(std::chrono::ceil<std::chrono::seconds>(question.window->end)));
  return parameters;
}

std::string view_path(const std::string& view) {
  return fmt::format("/api/v2/views/{}/count", view);
}

bool is_inside(const Question& question, core::Time time) {
  return !question.window || question.window->contains(time);
}

/// The cursor of the page behind `page`, "" when it is the last.
/// https://developer.zendesk.com/api-reference/introduction/pagination/
std::string next_cursor(const JsonAt& page) {
  const JsonAt meta = page.need("meta");
  return meta.need("has_more").flag() ? meta.need("after_cursor").text() : "";
}

}  // namespace

const ApiSystem kZendesk{"Zendesk",
                         "an API token of an agent with the `email` of that agent, or an OAuth token without `email`",
                         "the agent needs to see all tickets; satisfaction ratings are shown to administrators alone",
                         "check `url`: https://SUBDOMAIN.zendesk.com"};

http::Request ZendeskSource::probe() const {
  // /users/me would answer an anonymous caller, too.
  return caller().get("/api/v2/search/count", {{"query", "type:ticket status:new"}});
}

http::Task<void> ZendeskSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = read_query(question.query);
  refuse_counting(caller(), question, *query.measure);
  answer.graph_url = link(query, question);
  answer.asked = preview(question).front().text;
  http::Task<void> asking = query.is("tickets")           ? tickets(answer, query, question)
                            : query.is("ticket_count")    ? ticket_count(answer, query, question)
                            : query.is("view_count")      ? view_count(answer, query, question)
                            : query.measure->unit.empty() ? ratings(answer, query, question)
                                                          : times(answer, query, question);
  co_await asking;
}

/// The search itself ends at 1,000 results; its export does not.
/// https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/#export-search-results
http::Task<void> ZendeskSource::tickets(core::Answer& answer, const Query& query, const Question& question) {
  std::vector<Row> rows;
  std::set<std::string> seen;
  PageChain chain(caller());
  Parameters parameters = export_parameters(query, question);
  bool more = true;
  while (more) {
    http::Task<JsonAnswer> asking = caller().ask_json(answer, caller().get("/api/v2/search/export", parameters));
    const JsonAnswer page = co_await asking;
    for (const JsonAt& one : page.root().need("results").items()) {
      const core::Time created = time_at(one.need("created_at"));
      if (is_inside(question, created) && seen.insert(id_of(one, "id")).second) rows.push_back({created, 1.0});
    }
    const std::string cursor = next_cursor(page.root());
    more = !cursor.empty();
    if (!more) continue;
    chain.follow(cursor);
    parameters = export_parameters(query, question);
    parameters.emplace_back("page[after]", cursor);
  }
  if (rows.empty()) answer.absence = "no ticket was found";
  put_rows(answer, question, std::move(rows));
}

http::Task<void> ZendeskSource::ticket_count(core::Answer& answer, const Query& query, const Question& question) {
  http::Task<JsonAnswer> asking =
      caller().ask_json(answer, caller().get("/api/v2/search/count", {{"query", counted_words(query, question)}}));
  const JsonAnswer body = co_await asking;
  const double count = body.root().need("count").number();
  // Without a window there is no time that the number is of.
  const core::Time at = question.window ? question.window->end - core::Duration(1) : core::Time();
  put_rows(answer, question, {{at, count}});
}

/// The metrics of tickets have no search of their own, and their list lacks archived ones: the export of what changed since the
/// window began has all that were created or solved in it.
http::Task<void> ZendeskSource::times(core::Answer& answer, const Query& query, const Question& question) {
  Tickets all;
  PageChain chain(caller());
  const core::Time since = question.window ? question.window->start : core::Time();
  Parameters place = {{"start_time", epoch_seconds(since)}};
  bool more = true;
  while (more) {
    Parameters parameters = place;
    parameters.emplace_back("include", "metric_sets");
    parameters.emplace_back("exclude_deleted", "true");
    parameters.emplace_back("per_page", kExportPage);
    http::Task<JsonAnswer> asking =
        caller().ask_json(answer, caller().get("/api/v2/incremental/tickets/cursor", std::move(parameters)));
    const JsonAnswer page = co_await asking;
    take_page(page.root(), query.clock, all);
    more = !page.root().need("end_of_stream").flag();
    if (!more) continue;
    const std::string cursor = page.root().need("after_cursor").text();
    chain.follow(cursor);
    place = {{"cursor", cursor}};
  }
  std::vector<Row> rows;
  std::size_t meant = 0;
  for (const auto& [id, ticket] : all) {
    const bool by_reply = query.is("first_reply_time");
    const auto at = by_reply ? std::optional(ticket.created) : ticket.solved;
    if (!is_meant(ticket, query) || !at || !is_inside(question, *at)) continue;
    ++meant;
    const auto minutes = by_reply ? ticket.first_reply : ticket.resolution;
    if (minutes) rows.push_back({*at, *minutes});
  }
  if (meant > rows.size())
    answer.notes.push_back(fmt::format("{} of {} tickets have no such time yet and are left out", meant - rows.size(), meant));
  if (rows.empty())
    answer.absence = meant == 0 ? "no such ticket in the window" : "none of the window's tickets has such a time";
  put_rows(answer, question, std::move(rows));
}

/// https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_ratings/
http::Task<void> ZendeskSource::ratings(core::Answer& answer, const Query& query, const Question& question) {
  std::vector<Row> rows;
  PageChain chain(caller());
  Parameters parameters = rating_parameters(question);
  bool more = true;
  while (more) {
    http::Task<JsonAnswer> asking = caller().ask_json(answer, caller().get("/api/v2/satisfaction_ratings", parameters));
    const JsonAnswer page = co_await asking;
    for (const JsonAt& one : page.root().need("satisfaction_ratings").items()) {
      const std::string score = one.need("score").text();
      const bool is_good = score.starts_with("good");
      if (!is_good && !score.starts_with("bad")) continue;
      const core::Time created = time_at(one.need("created_at"));
      if (is_inside(question, created) && (is_good || query.is("ratings"))) rows.push_back({created, 1.0});
    }
    const std::string cursor = next_cursor(page.root());
    more = !cursor.empty();
    if (!more) continue;
    chain.follow(cursor);
    parameters = rating_parameters(question);
    parameters.emplace_back("page[after]", cursor);
  }
  put_rows(answer, question, std::move(rows));
}

/// A count that Zendesk is still computing is null; it is asked for again a few times.
http::Task<http::Response> ZendeskSource::view_answer(core::Answer& answer, std::string view) {
  http::Request request = caller().get(view_path(view));
  request.reuse = http::Reuse::never;
  http::Task<http::Response> sending = caller().send(answer, request);
  http::Response response = co_await sending;
  if (response.status == 404) throw no_such_thing(caller(), "view", view);
  if (response.status < 200 || response.status >= 300) throw core::SourceError(caller().refusal(request, response));
  co_return response;
}

http::Task<void> ZendeskSource::view_count(core::Answer& answer, const Query& query, const Question& question) {
  if (question.before) {
    answer.absence = "Zendesk does not say what a view held before the release";
    co_return;
  }
  for (int tried = 1;; ++tried) {
    http::Task<http::Response> asking = view_answer(answer, query.view);
    http::Response response = co_await asking;
    const core::Time now = http::answered_at(response.headers).value_or(core::Time());
    const JsonAnswer body = caller().json_in(std::move(response), view_path(query.view));
    const JsonAt count = body.root().need("view_count");
    if (const auto value = count.find("value")) {
      if (!count.need("fresh").flag())
        answer.notes.emplace_back("Zendesk's count of the view is an older one, not computed anew");
      put_rows(answer, question, {{now, value->number()}});
      co_return;
    }
    if (tried == kViewTries) break;
    http::Task<void> pausing = caller().client().sleep(kViewPause);
    co_await pausing;
  }
  answer.absence = "Zendesk has not computed the count of the view yet";
}

std::string ZendeskSource::link(const Query& query, const Question& question) const {
  std::string base = caller().endpoint().url;
  while (base.ends_with('/')) base.pop_back();
  if (query.is("view_count")) return fmt::format("{}/agent/filters/{}", base, query.view);
  if (!query.is("tickets") && !query.is("ticket_count")) return "";
  return fmt::format("{}/agent/search/1?type=ticket&q={}", base, http::percent_encode(bounded(query, question.window)));
}

std::vector<PlannedRequest> ZendeskSource::preview(const Question& question) const {
  const Query query = read_query(question.query);
  if (query.is("tickets")) return {{"GET", "/api/v2/search/export", bounded(query, question.window)}};
  if (query.is("ticket_count")) return {{"GET", "/api/v2/search/count", counted_words(query, question)}};
  if (query.is("view_count")) return {{"GET", view_path(query.view), "tickets in the view " + query.view}};
  if (query.measure->unit.empty()) {
    std::string when;
    for (const auto& [key, value] : rating_parameters(question)) {
      if (key.ends_with("_time")) when += fmt::format("{}{}={}", when.empty() ? "" : " ", key, value);
    }
    return {{"GET", "/api/v2/satisfaction_ratings", fmt::format("{}, score=received", query.measure->name), when}};
  }
  std::string text = fmt::format("{} ({} minutes)", query.measure->name, query.clock);
  if (!query.tags.empty()) text += fmt::format(" of tickets tagged {}", fmt::join(query.tags, ", "));
  if (!query.group.empty()) text += ", group " + query.group;
  if (!query.brand.empty()) text += ", brand " + query.brand;
  return {{"GET", "/api/v2/incremental/tickets/cursor", core::printable(text),
           question.window ? "start_time=" + epoch_seconds(question.window->start) : ""}};
}

}  // namespace gate::sources::zendesk
