#include "judge/quantile.h"

#include "judge/wrapped.h"
#include "stats/order_statistics.h"
#include "stats/quantile_comparison.h"
#include "stats/quantiles.h"

namespace gate::judge {
namespace {

stats::Grouping grouping_of(const config::Metric& metric) {
  if (!metric.cluster.empty()) return stats::Grouping::clusters;
  return metric.autocorrelation == config::Switch::automatic ? stats::Grouping::time : stats::Grouping::independent;
}

stats::Histogram histogram_of(const core::SideMeasurement& side) {
  const core::BucketCounts& buckets = side.buckets;
  return {buckets.edges, buckets.counts, buckets.grow_by_factor ? stats::Spread::geometric : stats::Spread::linear};
}

}  // namespace

std::optional<double> sample_quantile(const config::Metric& metric, const core::SideMeasurement& side) {
  if (side.samples.values.empty()) return std::nullopt;
  return stats::quantile(side.samples.values, metric.aggregate_quantile);
}

std::optional<stats::BucketQuantile> bucket_quantile(const config::Metric& metric, const core::SideMeasurement& side) {
  return stats::quantile(histogram_of(side), metric.aggregate_quantile);
}

std::optional<double> histogram_quantile(const config::Metric& metric, const core::SideMeasurement& side) {
  const auto found = bucket_quantile(metric, side);
  if (!found || found->at_least || found->at_most) return std::nullopt;
  return found->value;
}

MadeComparison compare_quantiles(const config::Metric& metric, const core::SideMeasurement& baseline,
                                 const core::SideMeasurement& candidate) {
  return wrap(stats::QuantileComparison::prepare({baseline.samples.values, baseline.group_sizes},
                                                 {candidate.samples.values, candidate.group_sizes}, metric.aggregate_quantile,
                                                 grouping_of(metric), metric.rules.level()));
}

MadeComparison compare_histograms(const config::Metric& metric, const core::SideMeasurement& baseline,
                                  const core::SideMeasurement& candidate) {
  const auto rule =
      metric.dispersion == config::Switch::automatic ? stats::DispersionRule::from_slices : stats::DispersionRule::none;
  return wrap(stats::HistogramComparison::prepare(histogram_of(baseline), histogram_of(candidate), metric.aggregate_quantile,
                                                  rule, metric.rules.level()));
}

double least_independent(const config::Metric& metric) {
  constexpr double kLeastEffective = 3.0;
  return config::is_quantile(metric) ? stats::least_effective(metric.aggregate_quantile) : kLeastEffective;
}

}  // namespace gate::judge
