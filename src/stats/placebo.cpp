#include "stats/placebo.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "stats/distributions.h"
#include "stats/power.h"
#include "stats/summary.h"

namespace gate::stats {
namespace {

// As in mean.cpp: constant values exactly at the margin must not be judged by the rounding of 1.1 × 100.
constexpr double kRounding = 8.0 * std::numeric_limits<double>::epsilon();
constexpr std::size_t kLeast = 2;

bool is_finite(const DayPair& day) {
  return std::isfinite(day.baseline) && std::isfinite(day.candidate);
}

double move_of(const DayPair& day, Moves moves) {
  return moves == Moves::by_factor ? std::log(day.candidate) - std::log(day.baseline) : day.candidate - day.baseline;
}

}  // namespace

Evaluated<PlaceboComparison> PlaceboComparison::prepare(std::span<const DayPair> earlier, const DayPair& now, Moves moves,
                                                        double confidence) {
  if (const auto reason = malformed({}, confidence)) return *reason;
  if (earlier.size() < kLeast) return Unusable::no_data;
  if (!is_finite(now) || !std::all_of(earlier.begin(), earlier.end(), is_finite)) return Unusable::not_finite;
  const auto has_logarithm = [](const DayPair& day) { return day.baseline > 0.0 && day.candidate > 0.0; };
  const bool positive = now.baseline > 0.0 && std::all_of(earlier.begin(), earlier.end(), has_logarithm);
  if (moves == Moves::by_factor && !positive) return Unusable::baseline_not_positive;
  std::vector<double> moved;
  for (const DayPair& day : earlier) moved.push_back(move_of(day, moves));
  if (!all_finite(moved)) return Unusable::not_finite;
  const Summary summary = summarize(moved);
  PlaceboComparison out;
  out.moves_ = moves;
  out.now_ = now;
  out.middle_ = summary.mean;
  out.count_ = static_cast<double>(summary.count);
  const double spread = std::max(std::abs(summary.least), std::abs(summary.greatest));
  // Days that moved alike but for the rounding of a logarithm.
  const bool alike = summary.greatest - summary.least <= kRounding * std::max(spread, moves == Moves::by_factor ? 1.0 : 0.0);
  out.error_ = alike ? 0.0 : summary.deviation * std::sqrt(1.0 + 1.0 / out.count_);
  out.confidence_ = confidence;
  if (!std::isfinite(out.expected())) return Unusable::not_finite;
  return out;
}

double PlaceboComparison::at(double t) const {
  const double move = middle_ + t * error_;
  return moves_ == Moves::by_factor ? now_.baseline * std::exp(move) : now_.baseline + move;
}

double PlaceboComparison::quantile(double confidence) const {
  return student_quantile(confidence, count_ - 1.0);
}

double PlaceboComparison::distance(double value) const {
  if (moves_ == Moves::by_factor && value <= 0.0) return -std::numeric_limits<double>::infinity();
  return (move_of({now_.baseline, value}, moves_) - middle_) / error_;
}

Interval PlaceboComparison::expected_interval() const {
  const double t = quantile(confidence_);
  return {at(-t), at(t)};
}

Evaluated<Harm> PlaceboComparison::harm(const Contrast& contrast, double confidence) const {
  if (const auto reason = malformed(contrast, confidence)) return *reason;
  const bool relative = contrast.kind == MarginKind::relative;
  const double t = quantile(confidence);
  if (relative && expected() <= 0.0) return Unusable::baseline_not_positive;
  if (relative && at(-t) <= 0.0) return Unusable::baseline_near_zero;
  const double factor = baseline_factor(contrast);
  const double margin = absolute_part(contrast);
  const double s = sign(contrast.direction);
  const auto harm_at = [&](double value) { return s * (now_.candidate - factor * value) - margin; };
  Harm harm;
  harm.point = harm_at(expected());
  const double magnitude = std::abs(now_.candidate) + factor * std::abs(expected()) + std::abs(margin);
  if (std::abs(harm.point) <= kRounding * magnitude) harm.point = 0.0;
  harm.degrees = count_ - 1.0;
  harm.standard_error = factor * error_ * (moves_ == Moves::by_factor ? expected() : 1.0);
  harm.margin_absolute = relative ? contrast.margin * expected() : margin;
  // What would be proven with power 0.8: as far beyond the margin as the errors of both reach.
  const double reach = error_ == 0.0 ? 0.0 : s * detectable_excess(error_, harm.degrees, confidence) / error_;
  const double seen = std::abs(factor * at(reach) - factor * expected());
  harm.detectable = contrast.margin + seen / (relative ? expected() : 1.0);
  if (error_ == 0.0) {
    harm.interval = {harm.point, harm.point};
    harm.p_value = harm.point > 0.0 ? 0.0 : 1.0;
    harm.p_safe = 1.0 - harm.p_value;
    return harm;
  }
  harm.interval = {harm_at(at(s * t)), harm_at(at(-s * t))};
  const double away = s * distance((now_.candidate - s * margin) / factor);
  if (std::isinf(away)) {
    harm.p_value = away > 0.0 ? 0.0 : 1.0;
    harm.p_safe = 1.0 - harm.p_value;
    return harm;
  }
  harm.p_value = student_cdf(-away, harm.degrees);
  harm.p_safe = student_cdf(away, harm.degrees);
  return harm;
}

Change PlaceboComparison::change() const {
  Change change;
  change.baseline = expected();
  change.candidate = now_.candidate;
  change.absolute = now_.candidate - change.baseline;
  change.level = 2.0 * confidence_ - 1.0;
  change.method = moves_ == Moves::by_factor ? "placebo-log-t" : "placebo-t";
  change.effective_baseline = count_;
  change.effective_candidate = 1.0;
  const Interval expected = expected_interval();
  change.interval = Interval{now_.candidate - expected.upper, now_.candidate - expected.lower};
  const double relative = change.absolute / change.baseline;
  if (!(change.baseline > 0.0) || !std::isfinite(relative)) return change;
  change.relative = relative;
  if (expected.lower > 0.0)
    change.relative_interval = Interval{now_.candidate / expected.upper - 1.0, now_.candidate / expected.lower - 1.0};
  return change;
}

std::optional<double> PlaceboComparison::needs_factor(const Contrast& /*contrast*/, double /*confidence*/) {
  return std::nullopt;
}

}  // namespace gate::stats
