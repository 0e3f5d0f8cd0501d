// MixpanelSource: funnels, retention and saved reports.
#include <fmt/format.h>

#include <map>

#include "sources/api_values.h"
#include "sources/mixpanel/client.h"
#include "sources/rows.h"

namespace gate::sources::mixpanel {

std::string MixpanelSource::place_of(const Query& query) const {
  return fmt::format("{}: {}", caller().id(), describe(query));
}

http::Task<http::Response> MixpanelSource::ask_days(core::Answer& answer, const Query& query, const Days& days) {
  http::Task<http::Response> asking = caller().ask(answer, request_of(query, days));
  http::Response response = co_await asking;
  co_return response;
}

/// A user who entered on the last day has `length` days from then: before they are over, the funnel fills up still.
/// https://docs.mixpanel.com/reference/funnels-query
http::Task<void> MixpanelSource::funnel(core::Answer& answer, const Query& query, const Question& question, const Days& days) {
  http::Task<http::Response> asking = ask_days(answer, query, days);
  http::Response response = co_await asking;
  require_complete(caller(), answer, question, response, days.back().window.end + std::chrono::days(query.length),
                   fmt::format("a funnel of {} days is", query.length));
  const JsonAnswer body(std::move(response.body), place_of(query));
  const JsonAt data = body.root().need("data");
  double started = 0.0;
  double completed = 0.0;
  for (const CalendarDay& day : days) {
    const auto one = data.find(day.date);
    if (!one) data.refuse(fmt::format("complete: the day {} is missing", day.date));
    const JsonAt analysis = one->need("analysis");
    started += analysis.need("starting_amount").number();
    completed += analysis.need("completion").number();
  }
  if (started == 0.0) {
    http::Task<void> requiring = require_funnel(answer, query);
    co_await requiring;
  }
  put_number(answer, question, query.is("funnel_started") ? started : completed);
}

http::Task<void> MixpanelSource::require_funnel(core::Answer& answer, const Query& query) {
  http::Task<JsonAnswer> asking = caller().ask_json(answer, caller().get("/api/query/funnels/list", with_project({})));
  const JsonAnswer body = co_await asking;
  std::vector<std::string> known;
  for (const JsonAt& one : body.root().items()) {
    known.push_back(id_of(one, "funnel_id"));
    if (known.back() == query.funnel) co_return;
  }
  throw no_such_thing(caller(), "funnel", query.funnel, known);
}

/// https://docs.mixpanel.com/reference/retention-query
http::Task<void> MixpanelSource::retention(core::Answer& answer, const Query& query, const Question& question,
                                           const Days& days) {
  http::Task<http::Response> asking = ask_days(answer, query, days);
  http::Response response = co_await asking;
  require_complete(caller(), answer, question, response, days.back().window.end + std::chrono::days(query.after_days + 1),
                   fmt::format("day {} of retention is", query.after_days));
  const JsonAnswer body(std::move(response.body), place_of(query));
  const auto nth = static_cast<std::size_t>(query.after_days);
  double first = 0.0;
  double retained = 0.0;
  for (const CalendarDay& day : days) {
    // A day on which nobody was born has no cohort, or an empty one.
    const auto cohort = body.root().find(day.date);
    const double born = cohort ? cohort->need("first").number() : 0.0;
    if (born == 0.0) continue;
    const std::vector<JsonAt> counts = cohort->need("counts").items();
    if (counts.size() <= nth) cohort->need("counts").refuse(fmt::format("long enough for day {}", nth));
    first += born;
    retained += counts[nth].number();
  }
  if (first == 0.0) {
    http::Task<void> requiring = require_event(answer, query.born_event);
    co_await requiring;
  }
  if (first > 0.0 && retained == 0.0 && !query.event.empty()) {
    http::Task<void> requiring = require_event(answer, query.event);
    co_await requiring;
  }
  put_number(answer, question, query.is("retained") ? retained : first);
}

/// A saved report has days of its own, whatever the window is. https://docs.mixpanel.com/reference/insights-query
http::Task<void> MixpanelSource::insights(core::Answer& answer, const Query& query, const Question& question,
                                          const Days& days) {
  http::Task<JsonAnswer> asking = caller().ask_json(answer, request_of(query, days));
  const JsonAnswer body = co_await asking;
  std::vector<std::string> names;
  std::map<std::string, double> points;
  bool is_there = false;
  for (const auto& [name, series] : body.root().need("series").members()) {
    names.push_back(name);
    if (name != query.event) continue;
    is_there = true;
    for (const auto& [time, value] : series.members()) points[time.substr(0, days.front().date.size())] = value.number();
  }
  if (!is_there) throw no_such_thing(caller(), "series", query.event, names);
  std::vector<Row> rows;
  for (const CalendarDay& day : days) {
    const auto point = points.find(day.date);
    if (point == points.end()) {
      throw caller().error("RG1945", fmt::format("the report {} has no point for the day {}", query.report, day.date),
                           "save it with a point a day, over a range that holds the days before the release and after it",
                           {describe_days(days, zone_name())});
    }
    rows.push_back({day.window.start, point->second});
  }
  const JsonAt computed = body.root().need("computed_at");
  if (time_at(computed) < days.back().window.end) {
    const std::string what =
        fmt::format("the report was computed at {}, before the day {} was over", computed.text(), days.back().date);
    if (question.partial_is_error) throw caller().error("RG1944", what, "open the report once, so that it is computed anew");
    answer.notes.push_back(what);
  }
  put_rows(answer, question, std::move(rows));
}

}  // namespace gate::sources::mixpanel
