#include "measure/pre_period.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "measure/place.h"
#include "measure/reduce.h"

namespace gate::measure {
namespace {

/// Sums (or events) and rows (or totals) of a unit.
using Unit = std::pair<double, double>;
/// The value of `each`, or "" without it → unit → what it did.
using Units = std::map<std::string, std::map<std::string, Unit>>;

/// Rows of a mean, or what the source has counted for each user already.
std::optional<core::Error> add_series(Units& units, const std::string& value, const core::Series& series, const plan::Ask& ask,
                                      const config::Metric& metric) {
  if (ask.part != "value") {
    for (std::size_t i = 0; i < series.ids.size(); ++i) {
      Unit& unit = units[value][series.ids[i]];
      (ask.part == "total" ? unit.second : unit.first) += series.values[i];
    }
    return std::nullopt;
  }
  const auto rows = usable(series, 0, metric);
  if (!rows) return rows.error();
  for (std::size_t i = 0; i < rows->values.size(); ++i) {
    Unit& unit = units[value][rows->ids[i]];
    unit.first += rows->values[i];
    unit.second += 1.0;
  }
  return std::nullopt;
}

std::optional<core::Error> add_reply(Units& units, const Reply& reply, const config::Metric& metric) {
  if (reply.error) return reply.error;
  if (metric.each.empty()) {
    const auto series = single_series(*reply.answer, metric);
    if (!series) return series.error();
    return add_series(units, "", series.value(), *reply.ask, metric);
  }
  const auto series = series_by_label(*reply.answer, metric);
  if (!series) return series.error();
  for (const auto& [value, one] : series.value()) {
    if (auto error = add_series(units, value, one, *reply.ask, metric)) return error;
  }
  return std::nullopt;
}

/// Files are read once for all their questions.
void add_requests(core::Measurement& out, const Reply& reply) {
  if (!reply.answer) return;
  for (const core::RequestLog& log : reply.answer->requests) {
    const bool known = log.method == "READ" &&
                       std::any_of(out.requests.begin(), out.requests.end(),
                                   [&](const core::RequestLog& one) { return one.method == log.method && one.url == log.url; });
    if (!known) out.requests.push_back(log);
  }
}

core::PrePeriod matched(const std::vector<std::string>& ids, const std::map<std::string, Unit>& units) {
  core::PrePeriod out;
  for (const std::string& id : ids) {
    const auto found = units.find(id);
    out.sums.push_back(found == units.end() ? 0.0 : found->second.first);
    out.sizes.push_back(found == units.end() ? 0.0 : found->second.second);
  }
  return out;
}

}  // namespace

std::vector<core::Measurement> with_pre_period(const plan::MetricPlan& plan, const std::vector<Reply>& replies,
                                               const BuildSides& build) {
  if (!plan.pre_period) return build(plan, replies);
  std::vector<Reply> own;
  std::vector<Reply> before;
  for (const Reply& reply : replies) (reply.ask->pre_period ? before : own).push_back(reply);
  std::vector<core::Measurement> out = build(plan, own);
  Units units;
  std::optional<core::Error> error;
  for (const Reply& reply : before) {
    if (error) break;
    error = add_reply(units, reply, *plan.metric);
    if (error) error = with_place(std::move(*error), *reply.ask);
  }
  for (core::Measurement& one : out) {
    one.pre_period = plan.pre_period;
    for (const Reply& reply : before) add_requests(one, reply);
    if (error && !one.error) one.error = error;
    const std::string value = one.labels.empty() ? "" : one.labels.begin()->second;
    for (core::SideMeasurement* side : {&one.baseline, &one.candidate}) {
      const std::vector<std::string>& ids = side->counts.ids.empty() ? side->samples.ids : side->counts.ids;
      side->pre_period = matched(ids, units[value]);
    }
  }
  return out;
}

}  // namespace gate::measure
