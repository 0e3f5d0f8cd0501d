#include "stats/ratio.h"

#include <cmath>
#include <limits>

#include "stats/distributions.h"
#include "stats/inversion.h"
#include "stats/power.h"

namespace gate::stats {
namespace {

double rate(const Totals& totals) {
  return totals.events / totals.total;
}

Totals divided(const Totals& totals, double divisor) {
  return {totals.events / divisor, totals.total / divisor};
}

}  // namespace

Evaluated<RatioComparison> RatioComparison::prepare(const Slices& baseline, const Slices& candidate, RatioMethod method,
                                                    DispersionRule rule, double confidence) {
  if (const auto reason = malformed({}, confidence)) return *reason;
  const auto totals_baseline = totals_of(baseline, CountModel::binomial);
  if (!totals_baseline) return totals_baseline.reason();
  const auto totals_candidate = totals_of(candidate, CountModel::binomial);
  if (!totals_candidate) return totals_candidate.reason();
  RatioComparison comparison;
  comparison.baseline_ = *totals_baseline;
  comparison.candidate_ = *totals_candidate;
  comparison.dispersion_ = stats::dispersion(baseline, candidate, CountModel::binomial, rule);
  comparison.method_ = method;
  comparison.confidence_ = confidence;
  return comparison;
}

CountPair RatioComparison::scaled(double growth) const {
  return {divided(baseline_, dispersion_.baseline / growth), divided(candidate_, dispersion_.candidate / growth)};
}

double RatioComparison::degrees(double factor) const {
  const CountPair counts = scaled(1.0);
  const auto variance = [](const Totals& side) { return rate(side) * (1.0 - rate(side)) / side.total; };
  return pooled_degrees(variance(counts.candidate), dispersion_.slices_candidate, factor * factor * variance(counts.baseline),
                        dispersion_.slices_baseline);
}

double RatioComparison::statistic(const CountPair& counts, double factor, double difference) const {
  return method_ == RatioMethod::score ? score_statistic(counts, CountModel::binomial, factor, difference)
                                       : newcombe_statistic(counts, factor, difference);
}

Interval RatioComparison::limits(double factor, double quantile) const {
  return method_ == RatioMethod::score ? score_limits(scaled(1.0), CountModel::binomial, factor, quantile)
                                       : newcombe_limits(scaled(1.0), factor, quantile);
}

Evaluated<Harm> RatioComparison::harm(const Contrast& contrast, double confidence) const {
  if (const auto reason = malformed(contrast, confidence)) return *reason;
  const bool relative = contrast.kind == MarginKind::relative;
  if (relative && baseline_.events == 0.0) return Unusable::baseline_near_zero;

  const double factor = baseline_factor(contrast);
  const double margin = absolute_part(contrast);
  const double direction = sign(contrast.direction);
  Harm harm;
  harm.degrees = degrees(factor);
  const double quantile = student_quantile(confidence, harm.degrees);
  const Interval interval = limits(factor, quantile);
  harm.point = direction * scaled(1.0).difference(factor) - margin;
  harm.interval = direction > 0.0 ? Interval{interval.lower - margin, interval.upper - margin}
                                  : Interval{-interval.upper - margin, -interval.lower - margin};
  const double statistic_at_margin = direction * statistic(scaled(1.0), factor, direction * margin);
  harm.p_value = student_cdf(-statistic_at_margin, harm.degrees);
  harm.p_safe = student_cdf(statistic_at_margin, harm.degrees);
  harm.standard_error = (interval.upper - interval.lower) / (2.0 * quantile);
  harm.margin_absolute = relative ? contrast.margin * rate(baseline_) : margin;
  const double unit = relative ? rate(baseline_) : 1.0;
  harm.detectable = contrast.margin + detectable_excess(harm.standard_error, harm.degrees, confidence) / unit;
  return harm;
}

Change RatioComparison::change() const {
  Change change;
  change.baseline = rate(baseline_);
  change.candidate = rate(candidate_);
  change.absolute = change.candidate - change.baseline;
  change.level = 2.0 * confidence_ - 1.0;
  change.method = method_ == RatioMethod::score ? "ratio-score" : "ratio-newcombe";
  change.effective_baseline = scaled(1.0).baseline.total;
  change.effective_candidate = scaled(1.0).candidate.total;
  change.interval = limits(1.0, student_quantile(confidence_, degrees(1.0)));
  if (baseline_.events == 0.0) return change;
  change.relative = change.absolute / change.baseline;
  const auto at = [this](double factor) { return statistic(scaled(1.0), factor, 0.0); };
  const auto quantile = [this](double factor) { return student_quantile(confidence_, degrees(factor)); };
  change.relative_interval = relative_limits(at, quantile, change.candidate / change.baseline);
  return change;
}

std::optional<double> RatioComparison::needs_factor(const Contrast& contrast, double confidence) const {
  const Evaluated<Harm> asked = harm(contrast, confidence);
  if (!asked || asked->point == 0.0) return std::nullopt;
  const double factor = baseline_factor(contrast);
  const double difference = sign(contrast.direction) * absolute_part(contrast);
  return growth_to_prove([&](double growth) { return statistic(scaled(growth), factor, difference); }, asked->degrees,
                         confidence);
}

}  // namespace gate::stats
