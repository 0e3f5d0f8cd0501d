#include "judge/comparison.h"

#include <cmath>
#include <numeric>
#include <utility>

#include "judge/covariate.h"
#include "judge/placebo.h"
#include "judge/quantile.h"
#include "judge/releases.h"
#include "judge/wrapped.h"
#include "stats/count.h"
#include "stats/mean.h"
#include "stats/quantiles.h"
#include "stats/rank.h"
#include "stats/ratio.h"
#include "stats/summary.h"

namespace gate::judge {
namespace {

/// Clusters stand in no order of time.
stats::Dependence dependence_of(const config::Metric& metric) {
  const bool in_time = metric.autocorrelation == config::Switch::automatic && metric.cluster.empty();
  return in_time ? stats::Dependence::autocorrelated : stats::Dependence::independent;
}

stats::Evaluated<stats::MeanComparison> prepare_means(const config::Metric& metric, const core::SideMeasurement& baseline,
                                                      const core::SideMeasurement& candidate) {
  const double confidence = metric.rules.level();
  if (!baseline.batch_sizes.empty() || !candidate.batch_sizes.empty()) {
    const stats::Batches before{baseline.samples.values, baseline.batch_sizes};
    const stats::Batches after{candidate.samples.values, candidate.batch_sizes};
    return stats::MeanComparison::prepare(before, after, dependence_of(metric), confidence);
  }
  return stats::MeanComparison::prepare(baseline.samples.values, candidate.samples.values, dependence_of(metric), confidence);
}

MadeComparison compare_ranks(const config::Metric& metric, const core::SideMeasurement& baseline,
                             const core::SideMeasurement& candidate) {
  return wrap(stats::RankComparison::prepare(ranked_values(baseline), ranked_values(candidate), dependence_of(metric),
                                             metric.rules.level()));
}

stats::Slices slices_of(const core::SideMeasurement& side) {
  return {side.counts.events, side.counts.totals};
}

stats::DispersionRule dispersion_of(const config::Metric& metric) {
  if (!metric.cluster.empty()) return stats::DispersionRule::from_clusters;
  return metric.dispersion == config::Switch::automatic ? stats::DispersionRule::from_slices : stats::DispersionRule::none;
}

MadeComparison compare_ratios(const config::Metric& metric, const core::SideMeasurement& baseline,
                              const core::SideMeasurement& candidate) {
  const stats::RatioMethod method =
      metric.method == config::Method::newcombe ? stats::RatioMethod::newcombe : stats::RatioMethod::score;
  return wrap(stats::RatioComparison::prepare(slices_of(baseline), slices_of(candidate), method, dispersion_of(metric),
                                              metric.rules.level()),
              metric.unit.scale);
}

MadeComparison compare_counts(const config::Metric& metric, const core::SideMeasurement& baseline,
                              const core::SideMeasurement& candidate) {
  return wrap(
      stats::CountComparison::prepare(slices_of(baseline), slices_of(candidate), dispersion_of(metric), metric.rules.level()));
}

/// What a formula has made of its parts; two bare numbers when one of them has no error.
MadeComparison compare_derived(const config::Metric& metric, const core::SideMeasurement& baseline,
                               const core::SideMeasurement& candidate) {
  for (const core::SideMeasurement* side : {&baseline, &candidate}) {
    if (side->doubt.trouble == core::Doubt::Trouble::few_events) return {nullptr, stats::Unusable::few_events};
    if (side->doubt.trouble == core::Doubt::Trouble::divisor_near_zero) return {nullptr, stats::Unusable::divisor_near_zero};
  }
  if (!baseline.doubt.standard_error || !candidate.doubt.standard_error) return {};
  const auto estimate_of = [](const core::SideMeasurement& side) {
    return stats::Estimate{*side.value, *side.doubt.standard_error, side.doubt.degrees, side.doubt.effective};
  };
  return wrap(stats::DeltaComparison::prepare(estimate_of(baseline), estimate_of(candidate), metric.rules.level()));
}

stats::Estimate divided(stats::Estimate estimate, double scale) {
  estimate.value /= scale;
  estimate.standard_error /= scale;
  return estimate;
}

double mean_of_rows(const core::SideMeasurement& side) {
  double sum = 0.0;
  double rows = 0.0;
  for (std::size_t i = 0; i < side.samples.values.size(); ++i) {
    sum += side.samples.values[i] * side.batch_sizes[i];
    rows += side.batch_sizes[i];
  }
  return sum / rows;
}

std::optional<double> mean_of(const core::SideMeasurement& side) {
  if (side.samples.values.empty()) return std::nullopt;
  return side.batch_sizes.empty() ? stats::summarize(side.samples.values).mean : mean_of_rows(side);
}

std::optional<double> median_of(const core::SideMeasurement& side) {
  std::vector<double> values = ranked_values(side);
  if (values.empty()) return std::nullopt;
  return stats::quantile(values, 0.5);
}

std::optional<double> raw_estimate(const config::Metric& metric, const core::SideMeasurement& side) {
  switch (metric.kind) {
    case config::Kind::value:
    case config::Kind::findings:
    case config::Kind::derived:
      return side.value;
    case config::Kind::slo:
      return std::nullopt;
    case config::Kind::histogram:
      return histogram_quantile(metric, side);
    case config::Kind::samples:
      if (config::is_quantile(metric)) return sample_quantile(metric, side);
      return metric.method == config::Method::rank ? median_of(side) : mean_of(side);
    case config::Kind::ratio:
    case config::Kind::count: {
      const double events = std::accumulate(side.counts.events.begin(), side.counts.events.end(), 0.0);
      const double total = std::accumulate(side.counts.totals.begin(), side.counts.totals.end(), 0.0);
      if (total <= 0.0) return std::nullopt;
      return metric.kind == config::Kind::ratio ? events / total / metric.unit.scale : events / total;
    }
    case config::Kind::status:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::vector<double> ranked_values(const core::SideMeasurement& side) {
  if (side.batch_sizes.empty()) return side.samples.values;
  std::vector<double> values;
  for (std::size_t i = 0; i < side.samples.values.size(); ++i) {
    if (side.batch_sizes[i] > 0.0) values.push_back(side.samples.values[i]);
  }
  return values;
}

std::optional<double> estimate(const config::Metric& metric, const core::SideMeasurement& side) {
  const auto value = raw_estimate(metric, side);
  // Sums of huge numbers overflow, and what is no number violates no limit.
  return value && std::isfinite(*value) ? value : std::nullopt;
}

MadeComparison make_comparison(const config::Metric& metric, const core::Measurement& measurement) {
  if (has_releases(metric)) {
    const auto candidate = estimate(metric, measurement.candidate);
    return candidate ? compare_releases(metric, measurement.past, *candidate) : MadeComparison();
  }
  if (measurement.placebo) {
    const auto candidate = estimate(metric, measurement.candidate);
    return candidate ? compare_placebo(metric, placebo_report(metric, measurement, {}), *candidate) : MadeComparison();
  }
  if (metric.covariate) {
    MadeComparison made = compare_with_covariate(metric, measurement);
    if (made.comparison) return made;
  }
  if (metric.kind == config::Kind::value || metric.kind == config::Kind::findings || metric.method == config::Method::point)
    return {};
  switch (metric.kind) {
    case config::Kind::ratio:
      return compare_ratios(metric, measurement.baseline, measurement.candidate);
    case config::Kind::count:
      return compare_counts(metric, measurement.baseline, measurement.candidate);
    case config::Kind::derived:
      return compare_derived(metric, measurement.baseline, measurement.candidate);
    case config::Kind::histogram:
      return compare_histograms(metric, measurement.baseline, measurement.candidate);
    default:
      break;
  }
  if (config::is_quantile(metric)) return compare_quantiles(metric, measurement.baseline, measurement.candidate);
  if (metric.method == config::Method::rank) return compare_ranks(metric, measurement.baseline, measurement.candidate);
  return wrap(prepare_means(metric, measurement.baseline, measurement.candidate));
}

std::optional<stats::EstimatePair> estimates(const config::Metric& metric, const core::Measurement& measurement) {
  if (metric.method == config::Method::point || metric.method == config::Method::rank) return std::nullopt;
  if (config::is_quantile(metric)) return std::nullopt;
  if (metric.kind == config::Kind::samples) {
    const auto means = prepare_means(metric, measurement.baseline, measurement.candidate);
    if (!means) return std::nullopt;
    return stats::estimate_means(*means);
  }
  if (metric.kind != config::Kind::ratio && metric.kind != config::Kind::count) return std::nullopt;
  const bool ratio = metric.kind == config::Kind::ratio;
  const auto counts =
      stats::estimate_counts(slices_of(measurement.baseline), slices_of(measurement.candidate),
                             ratio ? stats::CountModel::binomial : stats::CountModel::poisson, dispersion_of(metric));
  if (!counts) return std::nullopt;
  const double scale = ratio ? metric.unit.scale : 1.0;
  return stats::EstimatePair{divided(counts->baseline, scale), divided(counts->candidate, scale)};
}

}  // namespace gate::judge
