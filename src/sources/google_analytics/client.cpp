#include "sources/google_analytics/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "sources/rows.h"

namespace gate::sources::google_analytics {
namespace {

constexpr ApiSystem kSystem = {
    "Google Analytics",
    "is the service account's key still valid?",
    "give the service account's address the role Viewer in the property (Admin, Property access management)",
    "check `property`: it is the number of a GA4 property, not its measurement ID (G-…)",
};

/// How far back an event is looked for that the window does not have.
constexpr std::chrono::days kLookBack{90};

Query query_of(const Question& question) {
  core::Diagnostics known;
  return read_query(question.query, known);
}

DateRange range_of(const std::vector<CalendarDay>& days) {
  return {days.front().date, days.back().date};
}

bool counts_users(const std::string& metric) {
  return metric.ends_with("Users");
}

bool is_money(const std::string& metric) {
  return metric.ends_with("Revenue");
}

}  // namespace

GoogleAnalyticsSource::GoogleAnalyticsSource(http::Endpoint endpoint, Property property, std::unique_ptr<GoogleToken> token,
                                             const core::Settings& settings, const SourceContext& context)
    : GoogleSource(kSystem, std::move(endpoint), std::move(token), settings, context), property_(std::move(property)) {}

std::string GoogleAnalyticsSource::path() const {
  return fmt::format("/v1beta/properties/{}:runReport", property_.id);
}

std::vector<CalendarDay> GoogleAnalyticsSource::days_of(const Question& question) const {
  return question.window ? whole_days(*question.window, property_.zone) : std::vector<CalendarDay>{};
}

http::Task<void> GoogleAnalyticsSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = query_of(question);
  answer.asked = describe(query);
  if (query.is_daily && question.shape == Shape::slices) {
    throw caller().error("RG1942", fmt::format("{} is a number a day, and is to be counted in parts of a window", answer.asked),
                         "leave daily_ out for a ratio or a count: the window's number is asked for then");
  }
  const std::vector<CalendarDay> days = days_of(question);
  if (days.empty()) {
    answer.absence =
        fmt::format("Google Analytics counts by the day ({}), and the window holds no whole one", property_.zone_name);
    co_return;
  }
  answer.notes.push_back(describe_days(days, property_.zone_name));
  http::Task<Report> asking = report(answer, query, range_of(days), question.each);
  Report found = co_await asking;
  check(answer, question, found, days);
  if (found.values.empty() && !query.event.empty() && question.each.empty()) {
    http::Task<bool> checking = is_real_zero(answer, query, days);
    if (co_await checking) found.values[""][query.is_daily ? days.front().date : ""] = 0.0;
  }
  put(answer, question, query, found, days);
}

http::Task<Report> GoogleAnalyticsSource::report(core::Answer& answer, Query query, DateRange range, std::string each) {
  Report out;
  PageChain chain(caller());
  do {
    if (out.rows > 0 || out.row_count > 0) chain.follow(fmt::format("offset {}", out.rows));
    http::Task<JsonAnswer> asking = caller().ask_json(answer, caller().post(path(), report_body(query, range, each, out.rows)));
    const JsonAnswer page = co_await asking;
    add_page(out, page.root(), query, each);
  } while (out.rows < out.row_count);
  co_return out;
}

http::Task<bool> GoogleAnalyticsSource::is_real_zero(core::Answer& answer, Query query, std::vector<CalendarDay> days) {
  Query sessions;
  sessions.metric = kCompanion;
  sessions.filters = query.filters;
  http::Task<Report> asking = report(answer, sessions, range_of(days), "");
  const Report seen = co_await asking;
  if (seen.values.empty()) co_return false;
  Query event;
  event.metric = "eventCount";
  event.event = query.event;
  const core::Time before = days.front().window.start - kLookBack;
  http::Task<Report> looking = report(answer, event, {core::format_time(before).substr(0, 10), days.back().date}, "");
  const Report known = co_await looking;
  if (known.values.empty()) {
    answer.absence =
        fmt::format("there was no event `{}` in {} days: is it spelt right?", core::printable(query.event), kLookBack.count());
  }
  co_return !known.values.empty();
}

void GoogleAnalyticsSource::check(core::Answer& answer, const Question& question, const Report& report,
                                  const std::vector<CalendarDay>& days) const {
  if (!report.restricted.empty()) {
    throw caller().error("RG1927",
                         fmt::format("Google gives 0 instead of what this account may not see: {}",
                                     caller().shown(core::list_names(report.restricted, "and"))),
                         "take \"No Revenue Metrics\" and \"No Cost Metrics\" from the service account (Admin, Property access "
                         "management)");
  }
  const auto zone = core::Zone::find(report.time_zone.empty() ? property_.zone_name : report.time_zone);
  const bool is_same = zone.ok() && std::all_of(days.begin(), days.end(), [&](const CalendarDay& day) {
                         return zone->ahead(day.window.start) == property_.zone.ahead(day.window.start);
                       });
  if (!is_same) {
    throw caller().error("RG1928",
                         fmt::format("the property counts its days in {}, and `timezone` is {}",
                                     caller().shown(report.time_zone), property_.zone_name),
                         "write the property's own time zone into the source");
  }
  if (report.partial.empty()) return;
  if (question.partial_is_error) {
    throw caller().error("RG1924", "Google Analytics gives a part of what was asked for",
                         R"(ask for less (fewer dimensions, a shorter window), or accept it with on_partial = "note")",
                         report.partial);
  }
  answer.notes.insert(answer.notes.end(), report.partial.begin(), report.partial.end());
}

void GoogleAnalyticsSource::put(core::Answer& answer, const Question& question, const Query& query, const Report& report,
                                const std::vector<CalendarDay>& days) const {
  std::size_t missing = 0;
  for (const auto& [group, values] : report.values) {
    std::vector<Row> rows;
    if (!query.is_daily) rows.push_back({days.front().window.start, values.begin()->second});
    for (const CalendarDay& day : days) {
      if (!query.is_daily) break;
      const auto found = values.find(day.date);
      if (found != values.end()) {
        rows.push_back({day.window.start, found->second});
      } else if (!query.event.empty()) {
        rows.push_back({day.window.start, 0.0});
      } else {
        ++missing;
      }
    }
    const std::size_t before = answer.series.size();
    put_rows(answer, question, std::move(rows));
    if (!question.each.empty() && answer.series.size() > before) answer.series.back().labels = {{question.each, group}};
  }
  if (missing > 0) answer.notes.push_back(fmt::format("{} days without a row were left out", missing));
  if (counts_users(query.metric)) answer.notes.emplace_back("users are estimates of Google's (HyperLogLog++)");
  if (is_money(query.metric) && !report.currency.empty())
    answer.notes.push_back("amounts in " + caller().shown(report.currency));
  if (!answer.series.empty() || !answer.absence.empty()) return;
  answer.absence = report.empty_reason.empty()
                       ? "Google Analytics has no row for these days"
                       : fmt::format("Google Analytics has no row for these days ({})", caller().shown(report.empty_reason));
}

std::vector<PlannedRequest> GoogleAnalyticsSource::preview(const Question& question) const {
  const std::vector<CalendarDay> days = days_of(question);
  const std::string text = describe(query_of(question));
  if (days.empty())
    return {{"POST", path(), text, fmt::format("not asked: the window holds no whole day ({})", property_.zone_name)}};
  return {{"POST", path(), text, fmt::format("startDate={} endDate={}", days.front().date, days.back().date)}};
}

http::Request GoogleAnalyticsSource::probe() const {
  return caller().get(fmt::format("/v1beta/properties/{}/metadata", property_.id));
}

}  // namespace gate::sources::google_analytics
