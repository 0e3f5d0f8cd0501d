#include "stats/prediction.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/distributions.h"
#include "stats/power.h"
#include "stats/summary.h"

namespace gate::stats {
namespace {

// As in mean.cpp: constant values exactly at the margin must not be judged by the rounding of 1.1 × 100.
constexpr double kRounding = 8.0 * std::numeric_limits<double>::epsilon();
constexpr std::size_t kLeast = 2;

std::optional<Unusable> unusable(std::span<const double> previous, double candidate, double confidence) {
  if (const auto reason = malformed({}, confidence)) return reason;
  if (previous.size() < kLeast) return Unusable::no_data;
  if (!all_finite(previous) || !std::isfinite(candidate)) return Unusable::not_finite;
  return std::nullopt;
}

/// The root of half the mean square successive difference; scaled, so that no square overflows.
double successive_deviation(std::span<const double> values) {
  double norm = 0.0;
  for (std::size_t i = 1; i < values.size(); ++i) norm = std::hypot(norm, values[i] - values[i - 1]);
  return norm / std::sqrt(2.0 * static_cast<double>(values.size() - 1));
}

}  // namespace

Evaluated<PredictionComparison> PredictionComparison::of_mean(std::span<const double> previous, double candidate,
                                                              double confidence) {
  if (const auto reason = unusable(previous, candidate, confidence)) return *reason;
  const Summary summary = summarize(previous);
  PredictionComparison out;
  out.count_ = static_cast<double>(summary.count);
  out.reference_ = summary.mean;
  out.candidate_ = candidate;
  out.deviation_ = summary.deviation;
  out.weight_ = 1.0 / out.count_;
  out.degrees_ = out.count_ - 1.0;
  out.confidence_ = confidence;
  return out;
}

Evaluated<PredictionComparison> PredictionComparison::of_anchor(std::span<const double> previous, double anchor,
                                                                double candidate, double confidence) {
  if (const auto reason = unusable(previous, candidate, confidence)) return *reason;
  if (!std::isfinite(anchor)) return Unusable::not_finite;
  PredictionComparison out;
  out.count_ = static_cast<double>(previous.size());
  out.reference_ = anchor;
  out.candidate_ = candidate;
  out.deviation_ = successive_deviation(previous);
  out.degrees_ = 2.0 * (out.count_ - 1.0) * (out.count_ - 1.0) / (3.0 * out.count_ - 4.0);
  out.confidence_ = confidence;
  return out;
}

double PredictionComparison::standard_error(double factor) const {
  return deviation_ * std::hypot(std::max(1.0, factor), factor * std::sqrt(weight_));
}

bool PredictionComparison::reference_is_near_zero(double confidence) const {
  return reference_ - student_quantile(confidence, degrees_) * deviation_ * std::sqrt(weight_) <= 0.0;
}

Evaluated<Harm> PredictionComparison::harm(const Contrast& contrast, double confidence) const {
  if (const auto reason = malformed(contrast, confidence)) return *reason;
  const bool relative = contrast.kind == MarginKind::relative;
  if (relative && reference_ <= 0.0) return Unusable::baseline_not_positive;
  if (relative && reference_is_near_zero(confidence)) return Unusable::baseline_near_zero;
  const double factor = baseline_factor(contrast);
  const double margin = absolute_part(contrast);
  Harm harm;
  harm.point = sign(contrast.direction) * (candidate_ - factor * reference_) - margin;
  const double magnitude = std::abs(candidate_) + factor * std::abs(reference_) + std::abs(margin);
  if (std::abs(harm.point) <= kRounding * magnitude) harm.point = 0.0;
  harm.standard_error = standard_error(factor);
  harm.degrees = degrees_;
  harm.margin_absolute = relative ? contrast.margin * reference_ : margin;
  harm.detectable =
      contrast.margin + detectable_excess(harm.standard_error, degrees_, confidence) / (relative ? reference_ : 1.0);
  if (harm.standard_error == 0.0) {
    harm.interval = {harm.point, harm.point};
    harm.p_value = harm.point > 0.0 ? 0.0 : 1.0;
    harm.p_safe = 1.0 - harm.p_value;
    return harm;
  }
  const double reach = student_quantile(confidence, degrees_) * harm.standard_error;
  harm.interval = {harm.point - reach, harm.point + reach};
  harm.p_value = student_cdf(-harm.point / harm.standard_error, degrees_);
  harm.p_safe = student_cdf(harm.point / harm.standard_error, degrees_);
  return harm;
}

Change PredictionComparison::change() const {
  Change change;
  change.baseline = reference_;
  change.candidate = candidate_;
  change.absolute = candidate_ - reference_;
  change.level = 2.0 * confidence_ - 1.0;
  change.method = "releases-prediction-t";
  change.effective_baseline = count_;
  change.effective_candidate = 1.0;
  const double t = student_quantile(confidence_, degrees_);
  const double reach = t * standard_error(1.0);
  change.interval = Interval{change.absolute - reach, change.absolute + reach};
  const double relative = change.absolute / reference_;
  if (!(reference_ > 0.0) || !std::isfinite(relative)) return change;
  change.relative = relative;
  if (reference_is_near_zero(confidence_)) return change;
  const auto lower = relative_limit(t);
  const auto upper = relative_limit(-t);
  if (lower && upper) change.relative_interval = Interval{*lower, *upper};
  return change;
}

std::optional<double> PredictionComparison::relative_limit(double t) const {
  // c − k·reference = t·SE(k), solved for k = candidate / reference: linear in k above 1, Fieller's quadratic below.
  const double spread = t * deviation_ / reference_;
  const double middle = candidate_ / reference_;
  const double both = std::sqrt(1.0 + weight_);
  if (middle - 1.0 - spread * both >= 0.0) {
    const double divisor = 1.0 + spread * both;
    return divisor > 0.0 ? std::optional(middle / divisor - 1.0) : std::nullopt;
  }
  const double g = spread * spread * weight_;
  const double half = std::abs(spread) * std::sqrt(1.0 - g + middle * middle * weight_) / (1.0 - g);
  return middle / (1.0 - g) - std::copysign(half, t) - 1.0;
}

std::optional<double> PredictionComparison::needs_factor(const Contrast& /*contrast*/, double /*confidence*/) {
  return std::nullopt;
}

}  // namespace gate::stats
