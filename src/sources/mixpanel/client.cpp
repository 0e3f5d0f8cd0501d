#include "sources/mixpanel/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "sources/api_values.h"
#include "sources/rows.h"

namespace gate::sources::mixpanel {
namespace {

/// More names than a project should have; without it the list is cut at 255.
constexpr std::size_t kMostNames = 10000;

}  // namespace

const ApiSystem kMixpanel{"Mixpanel", "the name and the secret of a service account",
                          "the service account needs the role Consumer or more in the project `project`",
                          "check `region` (us, eu or in) and `project`"};

std::string MixpanelSource::zone_name() const {
  return settings().text("timezone").value_or("UTC");
}

core::Zone MixpanelSource::zone() const {
  auto found = core::Zone::find(zone_name());
  if (!found) throw core::SourceError(found.error());
  return std::move(found).value();
}

Parameters MixpanelSource::with_project(Parameters own) const {
  Parameters parameters = {{"project_id", settings().text("project").value_or("")}};
  if (const auto workspace = settings().text("workspace")) parameters.emplace_back("workspace_id", *workspace);
  parameters.insert(parameters.end(), own.begin(), own.end());
  return parameters;
}

http::Request MixpanelSource::probe() const {
  return caller().get("/api/query/events/names", with_project({{"type", "general"}, {"limit", "1"}}));
}

/// https://docs.mixpanel.com/reference/query-api
http::Request MixpanelSource::request_of(const Query& query, const Days& days) const {
  if (query.is("insights")) return caller().get("/api/query/insights", with_project({{"bookmark_id", query.report}}));
  Parameters own = {{"from_date", days.front().date}, {"to_date", days.back().date}};
  if (query.is_funnel()) {
    own.insert(
        own.end(),
        {{"funnel_id", query.funnel}, {"length", std::to_string(query.length)}, {"length_unit", "day"}, {"unit", "day"}});
    return caller().get("/api/query/funnels", with_project(std::move(own)));
  }
  if (query.is_retention()) {
    own.insert(own.end(), {{"retention_type", "birth"},
                           {"born_event", query.born_event},
                           {"unit", "day"},
                           {"interval_count", std::to_string(query.after_days + 1)}});
    if (!query.event.empty()) own.emplace_back("event", query.event);
    return caller().get("/api/query/retention", with_project(std::move(own)));
  }
  own.emplace_back("event", query.event);
  own.emplace_back("type", query.counts_users() ? "unique" : "general");
  // Users of the whole window are one bucket as long as it: those of its days must not be added up.
  if (query.is("unique")) {
    own.emplace_back("interval", std::to_string(days.size()));
  } else {
    own.emplace_back("unit", "day");
  }
  if (!query.where.empty()) own.emplace_back("where", query.where);
  return caller().get("/api/query/segmentation", with_project(std::move(own)));
}

http::Task<void> MixpanelSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = read_query(question.query);
  refuse_counting(caller(), question, *query.measure);
  answer.asked = describe(query);
  if (!question.window) {
    answer.absence = "Mixpanel is asked about days, and there is no window";
    co_return;
  }
  const Days days = whole_days(*question.window, zone());
  if (days.empty()) {
    answer.absence = fmt::format("the window holds no whole day of {}", zone_name());
    co_return;
  }
  answer.notes.push_back(describe_days(days, zone_name()));
  http::Task<void> asking = query.is_funnel()      ? funnel(answer, query, question, days)
                            : query.is_retention() ? retention(answer, query, question, days)
                            : query.is("insights") ? insights(answer, query, question, days)
                                                   : segmentation(answer, query, question, days);
  co_await asking;
}

void MixpanelSource::put_number(core::Answer& answer, const Question& question, double number) const {
  // Half-open: what stands for the window lies in it.
  put_rows(answer, question, {{question.window->end - core::Duration(1), number}});
}

http::Task<void> MixpanelSource::segmentation(core::Answer& answer, const Query& query, const Question& question,
                                              const Days& days) {
  http::Task<JsonAnswer> asking = caller().ask_json(answer, request_of(query, days));
  const JsonAnswer body = co_await asking;
  const JsonAt data = body.root().need("data");
  const auto values = data.need("values").members();
  const auto legend = body.root().find("legend_size");
  if (legend && legend->number() > static_cast<double>(values.size()) && !values.empty()) {
    throw caller().error("RG1943", fmt::format("the answer holds {} of {:.0f} groups", values.size(), legend->number()),
                         "ask for one group at a time, with `where`");
  }
  const auto own = std::find_if(values.begin(), values.end(), [&](const auto& one) { return one.first == query.event; });
  if (own == values.end() && !values.empty()) data.need("values").refuse(fmt::format("about the event {}", query.event));
  double sum = 0.0;
  std::vector<Row> rows;
  if (query.is("unique")) {
    const auto buckets = own == values.end() ? std::vector<std::pair<std::string, JsonAt>>() : own->second.members();
    if (buckets.size() > 1) own->second.refuse("one bucket for the window: users of several cannot be added up");
    if (!buckets.empty()) sum = buckets.front().second.number();
  } else {
    const std::vector<JsonAt> dates = data.need("series").items();
    for (const CalendarDay& day : days) {
      const bool is_there =
          std::any_of(dates.begin(), dates.end(), [&](const JsonAt& date) { return date.text() == day.date; });
      if (!is_there) data.need("series").refuse(fmt::format("complete: the day {} is missing", day.date));
      const auto value = own == values.end() ? std::nullopt : own->second.find(day.date);
      rows.push_back({day.window.start, value ? value->number() : 0.0});
      sum += rows.back().value;
    }
  }
  if (sum == 0.0) {
    http::Task<void> requiring = require_event(answer, query.event);
    co_await requiring;
  }
  if (query.is_daily()) {
    put_rows(answer, question, std::move(rows));
  } else {
    put_number(answer, question, sum);
  }
}

http::Task<void> MixpanelSource::require_event(core::Answer& answer, std::string event) {
  http::Task<JsonAnswer> asking = caller().ask_json(
      answer,
      caller().get("/api/query/events/names", with_project({{"type", "general"}, {"limit", std::to_string(kMostNames)}})));
  const JsonAnswer body = co_await asking;
  std::vector<std::string> names;
  for (const JsonAt& name : body.root().items()) names.push_back(name.text());
  if (std::find(names.begin(), names.end(), event) != names.end()) co_return;
  core::Error error = no_such_thing(caller(), "event", event, names).error();
  error.context.emplace_back("it was seen neither in the window nor in the last 31 days");
  throw core::SourceError(std::move(error));
}

std::vector<PlannedRequest> MixpanelSource::preview(const Question& question) const {
  const Query query = read_query(question.query);
  if (!question.window) return {};
  const Days days = whole_days(*question.window, zone());
  if (days.empty())
    return {
        {"GET", "nothing: no whole day", fmt::format("{}: the window holds no whole day of {}", describe(query), zone_name())}};
  return {{"GET", request_of(query, days).path, describe(query),
           query.is("insights") ? describe_days(days, zone_name())
                                : fmt::format("from_date={} to_date={}", days.front().date, days.back().date)}};
}

}  // namespace gate::sources::mixpanel
