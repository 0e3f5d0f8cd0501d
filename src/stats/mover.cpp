#include "stats/mover.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "stats/distributions.h"
#include "stats/inversion.h"
#include "stats/power.h"

namespace gate::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLeastAlpha = 1e-12;
constexpr int kHalvings = 50;

/// Limits of step functions may pass the point by a rounding, or where a point lies inside a bucket.
Interval around(double point, const Interval& limits) {
  return {std::min(limits.lower, point), std::max(limits.upper, point)};
}

}  // namespace

Evaluated<MoverComparison> MoverComparison::prepare(LimitedSide baseline, LimitedSide candidate, std::string method,
                                                    double confidence) {
  if (const auto reason = malformed({}, confidence)) return *reason;
  if (!std::isfinite(baseline.point) || !std::isfinite(candidate.point)) return Unusable::not_finite;
  MoverComparison comparison;
  comparison.baseline_ = std::move(baseline);
  comparison.candidate_ = std::move(candidate);
  comparison.method_ = std::move(method);
  comparison.confidence_ = confidence;
  return comparison;
}

Interval MoverComparison::limits(double factor, double alpha) const {
  const Interval before = around(baseline_.point, baseline_.limits(alpha));
  const Interval after = around(candidate_.point, candidate_.limits(alpha));
  const double point = candidate_.point - factor * baseline_.point;
  const double down = std::hypot(candidate_.point - after.lower, factor * (before.upper - baseline_.point));
  const double up = std::hypot(after.upper - candidate_.point, factor * (baseline_.point - before.lower));
  return {point - down, point + up};
}

bool MoverComparison::baseline_is_near_zero(double alpha) const {
  const double lower = baseline_.limits(alpha).lower;
  return lower < 0.0 || (lower == 0.0 && !baseline_.at_least_zero);
}

/// The smallest alpha at which θc − factor·θb is proven to lie above the margin in `direction`; 1 when none does.
double MoverComparison::p_above(Direction direction, double factor, double margin) const {
  const double towards = sign(direction);
  const auto is_proven = [&](double alpha) {
    const Interval found = limits(factor, alpha);
    return towards > 0.0 ? found.lower > margin : -found.upper > margin;
  };
  double proven = 0.5;
  if (!is_proven(proven)) return 1.0;
  double open = kLeastAlpha;
  if (is_proven(open)) return open;
  for (int round = 0; round < kHalvings && proven > open * (1.0 + 1e-9); ++round) {
    const double middle = std::sqrt(proven * open);
    (is_proven(middle) ? proven : open) = middle;
  }
  return proven;
}

Evaluated<Harm> MoverComparison::harm(const Contrast& contrast, double confidence) const {
  if (const auto reason = malformed(contrast, confidence)) return *reason;
  const bool relative = contrast.kind == MarginKind::relative;
  if (relative && baseline_.point <= 0.0) return Unusable::baseline_not_positive;
  if (relative && baseline_is_near_zero(1.0 - confidence)) return Unusable::baseline_near_zero;

  const double factor = baseline_factor(contrast);
  const double margin = absolute_part(contrast);
  const double towards = sign(contrast.direction);
  const Interval found = limits(factor, 1.0 - confidence);
  const Direction other = contrast.direction == Direction::increase ? Direction::decrease : Direction::increase;
  Harm harm;
  const double magnitude = std::abs(candidate_.point) + factor * std::abs(baseline_.point) + std::abs(margin);
  const auto beyond = [&](double difference) { return without_rounding(towards * difference - margin, magnitude); };
  harm.point = beyond(candidate_.point - factor * baseline_.point);
  harm.interval =
      towards > 0.0 ? Interval{beyond(found.lower), beyond(found.upper)} : Interval{beyond(found.upper), beyond(found.lower)};
  harm.p_value = p_above(contrast.direction, factor, margin);
  harm.p_safe = p_above(other, factor, -margin);
  if (harm.p_value == 1.0 && harm.p_safe < 1.0) harm.p_value = 1.0 - harm.p_safe;
  if (harm.p_safe == 1.0 && harm.p_value < 1.0) harm.p_safe = 1.0 - harm.p_value;
  const bool bounded = std::isfinite(found.lower) && std::isfinite(found.upper);
  harm.degrees = bounded ? kInfinity : 0.0;
  harm.standard_error = bounded ? (found.upper - found.lower) / (2.0 * normal_quantile(confidence)) : kInfinity;
  harm.margin_absolute = relative ? contrast.margin * baseline_.point : margin;
  const double unit = relative ? baseline_.point : 1.0;
  harm.detectable = contrast.margin + detectable_excess(harm.standard_error, harm.degrees, confidence) / unit;
  return harm;
}

Change MoverComparison::change() const {
  Change change;
  change.baseline = baseline_.point;
  change.candidate = candidate_.point;
  change.absolute = candidate_.point - baseline_.point;
  change.level = 2.0 * confidence_ - 1.0;
  change.method = method_;
  change.effective_baseline = baseline_.effective;
  change.effective_candidate = candidate_.effective;
  const double alpha = 1.0 - confidence_;
  const double relative = change.absolute / baseline_.point;
  if (baseline_.point > 0.0 && std::isfinite(relative)) change.relative = relative;
  const Interval found = limits(1.0, alpha);
  if (std::isinf(found.lower) && std::isinf(found.upper)) return change;
  change.interval = found;
  if (!change.relative || baseline_is_near_zero(alpha)) return change;
  change.relative_interval = factors_of_zero([&](double factor) { return limits(factor, alpha); }, 1.0 + relative);
  return change;
}

std::optional<double> MoverComparison::needs_factor(const Contrast& contrast, double confidence) const {
  const Evaluated<Harm> asked = harm(contrast, confidence);
  if (!asked || std::isinf(asked->standard_error)) return std::nullopt;
  return stats::needs_factor(*asked, confidence);
}

}  // namespace gate::stats
