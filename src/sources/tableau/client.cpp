#include "sources/tableau/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "http/retry.h"
#include "http/url.h"
#include "sources/api_values.h"
#include "sources/calendar_days.h"
#include "sources/rows.h"

namespace gate::sources::tableau {
namespace {

using nlohmann::json;

constexpr const char* kQueryPath = "/api/v1/vizql-data-service/query-datasource";
constexpr std::string_view kAlias = "value";
constexpr std::size_t kShownBytes = 60;

std::string data_path(const std::string& site, const Query& query) {
  return fmt::format("/sites/{}/views/{}/data", site, http::percent_encode(query.view));
}

/// Answers may be up to four hours old; one minute is the least that can be asked for.
Parameters data_parameters(const Query& query, const Question& question) {
  Parameters parameters = {{"maxAge", "1"}};
  for (const auto& [field, value] : filters_for(query, question)) parameters.emplace_back("vf_" + field, value);
  return parameters;
}

}  // namespace

const ApiSystem kTableau{
    "Tableau",
    "a personal access token (`token_name`, `token`) and its `site`; another sign-in with the same token ends this "
    "one, so give each job one of its own",
    "the token's user needs to see the view, and for a data source the capability API Access",
    "check `url`, `site` and `api_version`"};

std::string TableauSource::zone_name() const {
  return settings().text("timezone").value_or("UTC");
}

core::Zone TableauSource::zone() const {
  auto found = core::Zone::find(zone_name());
  if (!found) throw core::SourceError(found.error());
  return std::move(found).value();
}

http::Task<void> TableauSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = read_query(question.query);
  answer.asked = describe(query, question);
  if (question.before && !query.has_baseline_filters) {
    answer.absence = "Tableau shows the present; `baseline_filters` or `date_field` say what was before";
    co_return;
  }
  http::Task<void> asking = query.of_view() ? view(answer, query, question) : datasource(answer, query, question);
  co_await asking;
}

/// https://help.tableau.com/current/api/rest_api/en-us/REST/rest_api_ref_workbooks_and_views.htm#query_view_data
http::Task<void> TableauSource::view(core::Answer& answer, const Query& query, const Question& question) {
  http::Task<std::string> finding = site_id(answer);
  const std::string site = co_await finding;
  const http::Request request = caller().get(api(data_path(site, query)), data_parameters(query, question));
  http::Task<http::Response> sending = caller().send(answer, request);
  const http::Response response = co_await sending;
  if (response.status == 404) throw no_such_thing(caller(), "view", query.view);
  if (response.status < 200 || response.status >= 300) throw core::SourceError(caller().refusal(request, response));
  if (http::is_html(response)) {
    throw caller().error("RG1903", "the server answered with a web page instead of a view's data",
                         "a login page or a proxy's: check `url`", {response.log.method + " " + response.log.url});
  }
  const auto table = parse_table(response.body);
  if (!table) {
    throw caller().error("RG1901", "the data of the view are no CSV, or were cut off",
                         "a proxy may have cut them: run the gate again", {response.log.method + " " + response.log.url});
  }
  answer.notes.emplace_back("as the view displays it, rounded");
  put_displayed(answer, query, question, *table, http::answered_at(response.headers).value_or(core::Time()));
}

std::size_t TableauSource::need_column(const Table& table, const std::string& column) const {
  const auto found = table.find(column);
  if (!found) throw no_such_thing(caller(), "column", column, table.columns);
  return *found;
}

/// A misspelt `vf_` is ignored by the server, so that the rows are filtered once more.
void TableauSource::put_displayed(core::Answer& answer, const Query& query, const Question& question, const Table& table,
                                  core::Time at) const {
  if (table.columns.empty()) {
    answer.absence = "the view has no data";
    return;
  }
  const std::size_t column = need_column(table, query.column);
  std::vector<std::string> found;
  const Filters& filters = filters_for(query, question);
  std::vector<std::size_t> places;
  for (const auto& [field, value] : filters) places.push_back(need_column(table, field));
  for (const std::vector<std::string>& row : table.rows) {
    bool fits = true;
    for (std::size_t i = 0; i < filters.size(); ++i) fits = fits && row[places[i]] == filters[i].second;
    if (fits) found.push_back(row[column]);
  }
  if (found.empty()) {
    answer.absence = "no row of the view fits";
    return;
  }
  if (found.size() > 1) {
    throw caller().error(
        "RG1947", fmt::format("{} rows of the view fit, and one is needed", found.size()),
        "name the row with `filters`, or make a view of the total: adding up what is displayed would add up its rounding",
        {"columns: " + core::shorten(caller().shown(core::list_names(table.columns, "and")), kShownBytes * 4)});
  }
  const std::string& text = found.front();
  if (text.empty()) {
    answer.absence = "the cell of the view is empty";
    return;
  }
  const auto number = parse_displayed(text);
  if (!number || is_percent(text) != query.percent) {
    const bool is_sign = number.has_value();
    throw caller().error(
        "RG1948",
        fmt::format("{} displays \"{}\", which is {}", core::printable(query.column),
                    core::shorten(caller().shown(text), kShownBytes),
                    !is_sign        ? "no number that can be read for sure"
                    : query.percent ? "not in per cent"
                                    : "in per cent"),
        is_sign ? (query.percent ? "remove `percent`" : "say percent = true; the unit is then %")
                : "format the measure as a number (1,234.5) in English, or ask its data source: datasource = \"…\"");
  }
  put_rows(answer, question, {{at, *number}});
}

/// https://help.tableau.com/current/api/vizql-data-service/en-us/docs/vds_create_queries.html
std::string TableauSource::datasource_body(const Query& query, const Question& question) const {
  json field = {{"fieldCaption", query.field}, {"fieldAlias", kAlias}, {"function", query.function}};
  json filters = json::array();
  for (const auto& [name, value] : filters_for(query, question)) {
    filters.push_back({{"field", {{"fieldCaption", name}}}, {"filterType", "SET"}, {"values", {value}}, {"exclude", false}});
  }
  if (question.window) {
    const auto days = whole_days(*question.window, zone());
    // By the day, so that a field with times of day has all of the last one.
    const json dated = {{"fieldCaption", query.date_field}, {"function", "TRUNC_DAY"}};
    filters.push_back({{"field", dated},
                       {"filterType", "QUANTITATIVE_DATE"},
                       {"quantitativeFilterType", "RANGE"},
                       {"minDate", days.front().date},
                       {"maxDate", days.back().date}});
  }
  const json asked = {{"fields", {field}}, {"filters", filters}};
  return json{
      {"datasource", {{"datasourceLuid", query.datasource}}}, {"query", asked}, {"options", {{"returnFormat", "OBJECTS"}}}}
      .dump();
}

http::Task<void> TableauSource::datasource(core::Answer& answer, const Query& query, const Question& question) {
  if (question.window) {
    const auto days = whole_days(*question.window, zone());
    if (days.empty()) {
      answer.absence = fmt::format("the window holds no whole day of {}", zone_name());
      co_return;
    }
    answer.notes.push_back(describe_days(days, zone_name()));
  }
  http::Task<http::Response> asking = caller().ask(answer, caller().post(kQueryPath, datasource_body(query, question)));
  http::Response response = co_await asking;
  const core::Time now = http::answered_at(response.headers).value_or(core::Time());
  const JsonAnswer body = caller().json_in(std::move(response), kQueryPath);
  const std::vector<JsonAt> rows = body.root().need("data").items();
  if (rows.size() > 1)
    throw caller().error("RG1947", fmt::format("the data source answers with {} rows, and one is needed", rows.size()),
                         "is `function` an aggregate? AGG is for calculated fields that are one already");
  const auto value = rows.empty() ? std::nullopt : rows.front().find(kAlias);
  if (!value) {
    answer.absence = "no row of the data source fits";
    co_return;
  }
  put_rows(answer, question, {{question.window ? question.window->end - core::Duration(1) : now, value->number()}});
}

std::vector<PlannedRequest> TableauSource::preview(const Question& question) const {
  const Query query = read_query(question.query);
  std::vector<PlannedRequest> all = {{"POST", sign_in_request().path, "sign in, once a run"}};
  if (query.of_view()) {
    all.push_back({"GET", probe().path, "the session's site"});
    std::string when;
    for (const auto& [key, value] : data_parameters(query, question))
      when += fmt::format("{}{}={}", when.empty() ? "" : " ", key, value);
    all.push_back({"GET", api(data_path("SITE", query)), describe(query, question), core::printable(when)});
    return all;
  }
  const bool has_days = !question.window || !whole_days(*question.window, zone()).empty();
  if (has_days) all.push_back({"POST", kQueryPath, core::printable(datasource_body(query, question))});
  return all;
}

}  // namespace gate::sources::tableau
