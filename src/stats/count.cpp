#include "stats/count.h"

#include <cmath>
#include <limits>

#include "stats/distributions.h"
#include "stats/inversion.h"
#include "stats/power.h"

namespace gate::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double rate(const Totals& totals) {
  return totals.events / totals.total;
}

Totals divided(const Totals& totals, double divisor) {
  return {totals.events / divisor, totals.total / divisor};
}

}  // namespace

Interval rate_ratio_limits(const CountPair& counts, double alpha) {
  const double x = counts.candidate.events;
  const double y = counts.baseline.events;
  const double exposure = counts.baseline.total / counts.candidate.total;
  Interval limits{0.0, kInfinity};
  if (x > 0.0) limits.lower = exposure / (1.0 / beta_quantile(alpha, x, y + 1.0) - 1.0);
  // The complement's quantile: 1 − π keeps its digits when nearly all events are the candidate's.
  if (y > 0.0) limits.upper = exposure * (1.0 / beta_quantile(alpha, y, x + 1.0) - 1.0);
  return limits;
}

ExactTails rate_ratio_tails(const CountPair& counts, double factor) {
  const double x = counts.candidate.events;
  const double y = counts.baseline.events;
  const double odds = factor * counts.candidate.total / counts.baseline.total;
  ExactTails tails;
  if (x > 0.0) tails.harm = beta_cdf(odds / (1.0 + odds), x, y + 1.0);
  if (y > 0.0) tails.safe = beta_cdf(1.0 / (1.0 + odds), y, x + 1.0);
  return tails;
}

Evaluated<CountComparison> CountComparison::prepare(const Slices& baseline, const Slices& candidate, DispersionRule rule,
                                                    double confidence) {
  if (const auto reason = malformed({}, confidence)) return *reason;
  const auto totals_baseline = totals_of(baseline, CountModel::poisson);
  if (!totals_baseline) return totals_baseline.reason();
  const auto totals_candidate = totals_of(candidate, CountModel::poisson);
  if (!totals_candidate) return totals_candidate.reason();
  CountComparison comparison;
  comparison.baseline_ = *totals_baseline;
  comparison.candidate_ = *totals_candidate;
  comparison.dispersion_ = stats::dispersion(baseline, candidate, CountModel::poisson, rule);
  comparison.confidence_ = confidence;
  return comparison;
}

CountPair CountComparison::scaled(double growth) const {
  return {divided(baseline_, dispersion_.baseline / growth), divided(candidate_, dispersion_.candidate / growth)};
}

double CountComparison::degrees_of_difference() const {
  const CountPair counts = scaled(1.0);
  const auto variance = [](const Totals& side) { return rate(side) / side.total; };
  return pooled_degrees(variance(counts.candidate), dispersion_.slices_candidate, variance(counts.baseline),
                        dispersion_.slices_baseline);
}

double CountComparison::degrees_of_ratio() const {
  // The variance of a logarithm of a count is its inverse, so the shares are each other's counts.
  const CountPair counts = scaled(1.0);
  return pooled_degrees(counts.baseline.events, dispersion_.slices_candidate, counts.candidate.events,
                        dispersion_.slices_baseline);
}

Harm CountComparison::relative_harm(const Contrast& contrast, double confidence) const {
  const double factor = baseline_factor(contrast);
  const double unit = rate(baseline_);
  Harm harm;
  harm.degrees = degrees_of_ratio();
  const Interval ratio = rate_ratio_limits(scaled(1.0), widened(1.0 - confidence, harm.degrees));
  const ExactTails tails = rate_ratio_tails(scaled(1.0), factor);
  const bool increase = contrast.direction == Direction::increase;
  harm.point = sign(contrast.direction) * (rate(candidate_) - factor * unit);
  harm.interval = increase ? Interval{unit * (ratio.lower - factor), unit * (ratio.upper - factor)}
                           : Interval{unit * (factor - ratio.upper), unit * (factor - ratio.lower)};
  harm.p_value = discounted(increase ? tails.harm : tails.safe, harm.degrees);
  harm.p_safe = discounted(increase ? tails.safe : tails.harm, harm.degrees);
  harm.margin_absolute = contrast.margin * unit;
  harm.standard_error = unit * (ratio.upper - ratio.lower) / (2.0 * student_quantile(confidence, harm.degrees));
  harm.detectable = contrast.margin + detectable_excess(harm.standard_error, harm.degrees, confidence) / unit;
  return harm;
}

Harm CountComparison::absolute_harm(const Contrast& contrast, double confidence) const {
  const double direction = sign(contrast.direction);
  const double margin = contrast.margin;
  Harm harm;
  harm.degrees = degrees_of_difference();
  const double quantile = student_quantile(confidence, harm.degrees);
  const Interval interval = score_limits(scaled(1.0), CountModel::poisson, 1.0, quantile);
  harm.point = direction * (rate(candidate_) - rate(baseline_)) - margin;
  harm.interval = direction > 0.0 ? Interval{interval.lower - margin, interval.upper - margin}
                                  : Interval{-interval.upper - margin, -interval.lower - margin};
  const double statistic = direction * score_statistic(scaled(1.0), CountModel::poisson, 1.0, direction * margin);
  harm.p_value = student_cdf(-statistic, harm.degrees);
  harm.p_safe = student_cdf(statistic, harm.degrees);
  harm.standard_error = (interval.upper - interval.lower) / (2.0 * quantile);
  harm.margin_absolute = margin;
  harm.detectable = margin + detectable_excess(harm.standard_error, harm.degrees, confidence);
  return harm;
}

Evaluated<Harm> CountComparison::harm(const Contrast& contrast, double confidence) const {
  if (const auto reason = malformed(contrast, confidence)) return *reason;
  if (contrast.kind == MarginKind::absolute) return absolute_harm(contrast, confidence);
  if (baseline_.events == 0.0) return Unusable::baseline_near_zero;
  return relative_harm(contrast, confidence);
}

Change CountComparison::change() const {
  Change change;
  change.baseline = rate(baseline_);
  change.candidate = rate(candidate_);
  change.absolute = change.candidate - change.baseline;
  change.level = 2.0 * confidence_ - 1.0;
  change.method = "count-exact-conditional";
  change.effective_baseline = scaled(1.0).baseline.events;
  change.effective_candidate = scaled(1.0).candidate.events;
  change.interval = score_limits(scaled(1.0), CountModel::poisson, 1.0, student_quantile(confidence_, degrees_of_difference()));
  if (baseline_.events == 0.0) return change;
  change.relative = change.absolute / change.baseline;
  const Interval ratio = rate_ratio_limits(scaled(1.0), widened(1.0 - confidence_, degrees_of_ratio()));
  change.relative_interval = Interval{ratio.lower - 1.0, ratio.upper - 1.0};
  return change;
}

std::optional<double> CountComparison::needs_factor(const Contrast& contrast, double confidence) const {
  const Evaluated<Harm> asked = harm(contrast, confidence);
  if (!asked || asked->point == 0.0) return std::nullopt;
  const double factor = baseline_factor(contrast);
  const double difference = sign(contrast.direction) * absolute_part(contrast);
  return growth_to_prove(
      [&](double growth) { return score_statistic(scaled(growth), CountModel::poisson, factor, difference); }, asked->degrees,
      confidence);
}

}  // namespace gate::stats
