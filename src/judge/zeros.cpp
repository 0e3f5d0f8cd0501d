#include "judge/zeros.h"

#include <fmt/format.h>

#include <numeric>
#include <string>

#include "judge/words.h"
#include "stats/dispersion.h"
#include "stats/single_ratio.h"

namespace gate::judge {
namespace {

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

bool has_none(const core::Counts& counts) {
  return sum(counts.events) == 0.0 && sum(counts.totals) > 0.0;
}

stats::Slices slices_of(const core::SideMeasurement& side) {
  return {side.counts.events, side.counts.totals};
}

stats::DispersionRule rule_of(const config::Metric& metric) {
  if (!metric.cluster.empty()) return stats::DispersionRule::from_clusters;
  return metric.dispersion == config::Switch::automatic ? stats::DispersionRule::from_slices : stats::DispersionRule::none;
}

/// φ of both sides, 1 where one of them has nothing to learn it from.
stats::Dispersion dispersion_of(const config::Metric& metric, const core::Measurement& measurement, stats::CountModel model) {
  const stats::Slices before = slices_of(measurement.baseline);
  const stats::Slices after = slices_of(measurement.candidate);
  if (!stats::totals_of(before, model) || !stats::totals_of(after, model)) return {};
  return stats::dispersion(before, after, model, rule_of(metric));
}

/// "0 of 400", "0 events".
std::string none_of(const config::Metric& metric, const core::Counts& counts) {
  if (metric.kind == config::Kind::count) return "0 events";
  return fmt::format("0 of {}", core::format_number(sum(counts.totals), 6));
}

void say_zero(core::MetricReport& out, core::Side& side, const core::Counts& counts, const config::Metric& metric,
              double dispersion) {
  const bool ratio = metric.kind == config::Kind::ratio;
  const auto model = ratio ? stats::CountModel::binomial : stats::CountModel::poisson;
  const double confidence = metric.rules.confidence;
  const double limit = stats::limit_of_none(sum(counts.totals), model, dispersion, confidence);
  side.zero_limit = ratio ? limit / metric.unit.scale : limit;
  const bool is_candidate = &side == &*out.candidate;
  out.notes.push_back(fmt::format("{}{}: at most {} at {}", is_candidate ? "" : "baseline: ", none_of(metric, counts),
                                  limit_of_zero_text(*side.zero_limit, metric), percent_text(confidence)));
}

}  // namespace

void say_zeros(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement) {
  const bool ratio = metric.kind == config::Kind::ratio;
  if (!ratio && metric.kind != config::Kind::count) return;
  const bool before = out.baseline && has_none(measurement.baseline.counts);
  const bool after = has_none(measurement.candidate.counts);
  if (!before && !after) return;
  const auto model = ratio ? stats::CountModel::binomial : stats::CountModel::poisson;
  const stats::Dispersion found = dispersion_of(metric, measurement, model);
  if (before) say_zero(out, *out.baseline, measurement.baseline.counts, metric, found.baseline);
  if (after) say_zero(out, *out.candidate, measurement.candidate.counts, metric, found.candidate);
}

}  // namespace gate::judge
