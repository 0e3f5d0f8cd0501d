#include "sources/cloudwatch/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gate::sources::cloudwatch {
namespace {

using nlohmann::json;

constexpr core::Duration kMinute{60000};

std::int64_t seconds(core::Duration duration) {
  return duration.count() / 1000;
}

std::int64_t epoch(core::Time time) {
  return seconds(time.time_since_epoch());
}

core::Time round_up(core::Time time, core::Duration unit) {
  const core::Duration over = time.time_since_epoch() % unit;
  return over == core::Duration(0) ? time : time + (unit - over);
}

core::Time round_down(core::Time time, core::Duration unit) {
  return time - time.time_since_epoch() % unit;
}

json stat_json(const std::string& id, const Stat& stat, const std::string& statistic, const Span& span, bool is_result) {
  json metric = {{"Namespace", stat.name_space}, {"MetricName", stat.metric_name}};
  for (const auto& [name, value] : stat.dimensions) metric["Dimensions"].push_back({{"Name", name}, {"Value", value}});
  json out = {{"Id", id},
              {"MetricStat", {{"Metric", std::move(metric)}, {"Period", seconds(span.period)}, {"Stat", statistic}}},
              {"ReturnData", is_result}};
  if (!stat.account.empty()) out["AccountId"] = stat.account;
  return out;
}

json expression_json(const std::string& id, const std::string& expression, const Span& span, bool is_result) {
  return {{"Id", id}, {"Expression", expression}, {"Period", seconds(span.period)}, {"ReturnData", is_result}};
}

}  // namespace

Span span_of_points(const core::Window& window, core::Duration step) {
  const core::Duration unit = std::min(std::max(step, core::Duration(1000)), kMinute);
  return {round_up(window.start, unit), round_down(window.end, unit), step};
}

std::optional<Span> span_of_window(const core::Window& window) {
  const Span whole{round_up(window.start, kMinute), round_down(window.end, kMinute), core::Duration(0)};
  const std::int64_t minutes = (whole.end - whole.start) / kMinute;
  if (minutes < 1) return std::nullopt;
  std::int64_t periods = (minutes * kMinute + kLongestPeriod - core::Duration(1)) / kLongestPeriod;
  while (minutes % periods != 0) ++periods;
  return Span{whole.start, whole.end, minutes / periods * kMinute};
}

std::vector<std::string> parts_of_stat(const std::string& stat) {
  if (stat == "Sum" || stat == "SampleCount" || stat == "Minimum" || stat == "Maximum") return {stat};
  if (stat == "Average") return {"Sum", "SampleCount"};
  return {};
}

std::string result_id(std::size_t index) {
  return index == 0 ? std::string(kResultId) : fmt::format("{}_{}", kResultId, index);
}

std::string request_body(const Query& query, const std::vector<std::string>& stats, const Span& span,
                         const std::string& next_token) {
  json queries = json::array();
  for (std::size_t i = 0; query.stat && i < stats.size(); ++i)
    queries.push_back(stat_json(result_id(i), *query.stat, stats[i], span, true));
  if (!query.stat) queries.push_back(expression_json(kResultId, query.expression, span, true));
  for (const Named& one : query.named) {
    queries.push_back(one.stat ? stat_json(one.id, *one.stat, one.stat->stat, span, false)
                               : expression_json(one.id, one.expression, span, false));
  }
  if (query.present) queries.push_back(stat_json(kPresentId, *query.present, query.present->stat, span, true));
  json body = {{"StartTime", epoch(span.start)}, {"EndTime", epoch(span.end)}, {"MetricDataQueries", std::move(queries)}};
  if (!next_token.empty()) body["NextToken"] = next_token;
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string describe(const Span& span) {
  return fmt::format("StartTime={} EndTime={} Period={}", core::format_time(span.start), core::format_time(span.end),
                     seconds(span.period));
}

}  // namespace gate::sources::cloudwatch
