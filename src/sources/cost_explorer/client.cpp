#include "sources/cost_explorer/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "sources/aws.h"
#include "sources/credential.h"

namespace gate::sources::cost_explorer {
namespace {

constexpr ApiSystem kSystem = {
    "Cost Explorer",
    "are `access_key`, `secret_key` and, for temporary credentials, `session_token` those of one identity, still valid, and is "
    "this "
    "machine's clock right?",
    "the identity needs the permissions ce:GetCostAndUsage, ce:GetDimensionValues and ce:GetTags",
    "check `url`",
};

constexpr AwsOperation kGetCostAndUsage = {"AWSInsightsIndexService.GetCostAndUsage", "1.1"};

/// Each page is billed, and a hundred are more than the days of a year have groups for.
constexpr std::size_t kMostPages = 100;

AwsOperation operation_for_values(FilterKind kind) {
  if (kind == FilterKind::tag) return {"AWSInsightsIndexService.GetTags", "1.1"};
  if (kind == FilterKind::category) return {"AWSInsightsIndexService.GetCostCategories", "1.1"};
  return {"AWSInsightsIndexService.GetDimensionValues", "1.1"};
}

std::string date_of(core::Time time) {
  return core::format_time(time).substr(0, 10);
}

Query query_of(const Question& question) {
  core::Diagnostics known;
  return read_query(question.query, known);
}

std::vector<CalendarDay> days_of(const Question& question) {
  return question.window ? whole_days(*question.window, core::Zone()) : std::vector<CalendarDay>{};
}

Period period_of(const std::vector<CalendarDay>& days) {
  return {days.front().date, date_of(days.back().window.end)};
}

}  // namespace

CostExplorerSource::CostExplorerSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : ApiSource(kSystem, std::move(endpoint), settings, context) {}

http::Task<void> CostExplorerSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = query_of(question);
  answer.asked = describe(query);
  const std::vector<CalendarDay> days = days_of(question);
  if (days.empty()) {
    answer.absence = "costs are counted by the day (UTC), and the window holds no whole one";
    co_return;
  }
  answer.notes.push_back(describe_days(days, "UTC"));
  const Period period = period_of(days);
  Costs costs;
  PageChain chain(caller(), kMostPages);
  std::string token;
  do {
    if (!token.empty()) chain.follow(token);
    http::Task<JsonAnswer> asking =
        ask_aws(caller(), answer, aws_request(caller(), kGetCostAndUsage, usage_body(query, period, question.each, token)));
    const JsonAnswer page = co_await asking;
    add_page(costs, page.root(), query, question.each);
    token = page.root().text_of("NextPageToken");
  } while (!token.empty());
  if (costs.all_zero) {
    http::Task<std::string> checking = unknown_value(answer, query, period);
    const std::string unknown = co_await checking;
    if (!unknown.empty()) {
      answer.absence = fmt::format("nothing was billed under {} in these days: is it spelt right?", unknown);
      co_return;
    }
  }
  put(answer, question, std::move(costs));
}

void CostExplorerSource::add_page(Costs& costs, const JsonAt& page, const Query& query, const std::string& each) const {
  for (const JsonAt& day : page.need("ResultsByTime").items()) {
    const std::string date = day.need("TimePeriod").need("Start").text();
    const auto start = core::parse_time(date + "T00:00:00Z");
    if (!start) day.need("TimePeriod").need("Start").refuse("a date");
    if (each.empty()) {
      const auto estimated = day.find("Estimated");
      if (estimated && estimated->flag()) ++costs.estimated_days;
      add_amount(costs, day.need("Total"), query, "", *start);
      continue;
    }
    const std::vector<JsonAt> groups = day.items_of("Groups");
    for (const JsonAt& group : groups) {
      const std::vector<JsonAt> keys = group.need("Keys").items();
      if (keys.size() != 1) group.need("Keys").refuse("one key");
      add_amount(costs, group.need("Metrics"), query, keys.front().text(), *start);
    }
    const auto estimated = day.find("Estimated");
    if (estimated && estimated->flag() && !groups.empty()) ++costs.estimated_days;
  }
}

void CostExplorerSource::add_amount(Costs& costs, const JsonAt& metrics, const Query& query, const std::string& group,
                                    core::Time day) {
  const JsonAt amount = metrics.need(query.metric);
  const double value = amount.need("Amount").numeric();
  const std::string unit = amount.text_of("Unit");
  if (!unit.empty() && std::find(costs.units.begin(), costs.units.end(), unit) == costs.units.end())
    costs.units.push_back(unit);
  if (value != 0.0) costs.all_zero = false;
  costs.rows[group].push_back({day, value});
}

http::Task<std::string> CostExplorerSource::unknown_value(core::Answer& answer, Query query, Period period) {
  for (const Filter& filter : query.filters) {
    if (filter.is_excluded) continue;
    const AwsOperation operation = operation_for_values(filter.kind);
    for (const std::string& value : filter.values) {
      http::Task<JsonAnswer> asking =
          ask_aws(caller(), answer, aws_request(caller(), operation, values_body(filter, value, period)));
      const JsonAnswer page = co_await asking;
      bool is_known = false;
      const char* list = filter.kind == FilterKind::tag        ? "Tags"
                         : filter.kind == FilterKind::category ? "CostCategoryValues"
                                                               : "DimensionValues";
      for (const JsonAt& one : page.root().need(list).items())
        is_known = is_known || (one.is_string() ? one.text() : one.need("Value").text()) == value;
      if (!is_known) co_return fmt::format("{} {}", core::printable(filter.key), core::printable(value));
    }
  }
  co_return "";
}

void CostExplorerSource::put(core::Answer& answer, const Question& question, Costs costs) const {
  if (costs.units.size() > 1) {
    throw caller().error(
        "RG1925",
        fmt::format("amounts of several units, which have no sum: {}", caller().shown(core::list_names(costs.units, "and"))),
        "narrow the question with `where`, for instance to one USAGE_TYPE");
  }
  if (!costs.units.empty()) answer.notes.push_back("amounts in " + caller().shown(costs.units.front()));
  if (costs.estimated_days > 0) {
    answer.notes.push_back(
        fmt::format("{} days are estimates, which AWS restates until the month is closed", costs.estimated_days));
  }
  answer.notes.push_back(fmt::format("{} requests to Cost Explorer, which bills USD 0.01 for each", answer.requests.size()));
  for (auto& [group, rows] : costs.rows) {
    const std::size_t before = answer.series.size();
    put_rows(answer, question, std::move(rows));
    if (!question.each.empty() && answer.series.size() > before) answer.series.back().labels = {{question.each, group}};
  }
  if (answer.series.empty()) answer.absence = "nothing was billed in these days";
}

std::vector<PlannedRequest> CostExplorerSource::preview(const Question& question) const {
  const std::vector<CalendarDay> days = days_of(question);
  const std::string text = describe(query_of(question));
  if (days.empty()) return {{"POST", "/ (GetCostAndUsage)", text, "not asked: the window holds no whole day (UTC)"}};
  const Period period = period_of(days);
  return {{"POST", "/ (GetCostAndUsage)", text, fmt::format("Start={} End={} Granularity=DAILY", period.start, period.end)}};
}

http::Request CostExplorerSource::probe() const {
  // The day before yesterday: Cost Explorer refuses days that it does not keep.
  const core::Time day = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) - std::chrono::days(2);
  Query query;
  query.metric = "UnblendedCost";
  return aws_request(caller(), kGetCostAndUsage,
                     usage_body(query, {date_of(day), date_of(day + std::chrono::days(1))}, "", ""));
}

http::Task<void> CostExplorerSource::health(Health& found) {
  core::Answer scratch;
  const KeepRequests keeping(scratch, found);
  http::Task<JsonAnswer> asking = ask_aws(caller(), scratch, probe());
  const JsonAnswer page = co_await asking;
  (void)page.root().need("ResultsByTime").items();
  found.system = "Cost Explorer";
  found.permitted = true;
  note_credential(found, caller().endpoint());
  found.notes.emplace_back("this check is billed like every request to Cost Explorer: USD 0.01");
}

}  // namespace gate::sources::cost_explorer
