// The vocabulary of every comparison: what is asked (Contrast), what may be claimed (Harm), what is shown (Change). Not for
// verdicts: nothing here knows a gate.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace gate::stats {

enum class MarginKind { absolute, relative };
/// The direction that does harm.
enum class Direction { increase, decrease };

/// What is asked of a comparison: does the candidate exceed the baseline by more than `margin` in `direction`?
/// The margin is in the metric's unit when absolute, a fraction of the baseline when relative (0.1 is 10 %). A negative margin
/// is a demanded gain: with −g, "safe" means that the candidate is at least g better, "harm" that it is not.
struct Contrast {
  Direction direction = Direction::increase;
  MarginKind kind = MarginKind::absolute;
  double margin = 0.0;
};

/// Two one-sided limits; an end may be infinite. Never NaN.
struct Interval {
  double lower = 0.0;
  double upper = 0.0;
};

/// The harm above the margin, in the metric's unit: T = s·(θc − θb) − m with an absolute margin, θc − (1 + m)·θb or
/// (1 − m)·θb − θc with a relative one (increase, decrease). `interval.lower > 0` is proven harm, `interval.upper <= 0` is
/// proven safe; anything else is unproven.
struct Harm {
  double point = 0.0;
  Interval interval;             ///< two one-sided limits, each at the asked confidence
  double p_value = 1.0;          ///< of "harm <= 0", one-sided: small when harm is shown
  double p_safe = 1.0;           ///< of "harm >= 0", one-sided: small when safety is shown
  double standard_error = 0.0;   ///< infinite when the data cannot give one, NaN when the method has none
  double degrees = 0.0;          ///< of the t distribution; infinite for a normal one, 0 without a standard error
  double margin_absolute = 0.0;  ///< the margin in the metric's unit: relative ones times |baseline|
  double detectable =
      0.0;  ///< the change this much data shows with power 0.8, margin included; a fraction for relative margins
};

/// How an interval was found by resampling: with these the same data give the same digits.
struct Bootstrap {
  std::size_t resamples = 0;
  std::uint64_t seed = 0;
  std::array<std::size_t, 2> blocks{};  ///< values a block holds: of the baseline, of the candidate
};

/// What a covariate did to the error of a change (cuped.h).
struct CovariateEffect {
  double theta = 0.0;                   ///< what is taken off for each unit of difference in the covariate
  double correlation = 0.0;             ///< within the sides, of what units do with what they did before
  double share = 0.0;                   ///< of the variance of the change that is gone; below 0 when there is more
  double unadjusted = 0.0;              ///< the change without it
  std::array<std::size_t, 2> units{};   ///< of the baseline, of the candidate
  std::array<std::size_t, 2> absent{};  ///< of those: were not there before
};

/// The change itself, candidate − baseline, never flipped by a direction.
struct Change {
  double baseline = 0.0;
  double candidate = 0.0;
  double absolute = 0.0;
  std::optional<double> relative;             ///< absolute / baseline; absent when the baseline is not above zero
  std::optional<Interval> interval;           ///< of `absolute`; absent when the data give none
  std::optional<Interval> relative_interval;  ///< of `relative`; absent when the baseline cannot be told from zero
  double level = 0.90;                        ///< of both intervals, two-sided: 2·confidence − 1
  std::string method;                         ///< the method's name, stable: stored with reports
  double effective_baseline = 0.0;            ///< independent samples (totals, events) the baseline is worth
  double effective_candidate = 0.0;
  std::optional<Bootstrap> bootstrap{};        ///< of methods that resample
  std::optional<CovariateEffect> covariate{};  ///< of those that adjust
};

/// Why a comparison, or one question to it, has no answer.
enum class Unusable : std::uint8_t {
  no_data,                ///< a side has no values, or a total of zero
  not_finite,             ///< a value is NaN or infinite, or beyond what can be computed with
  bad_counts,             ///< a negative count, more events than the total, or lengths that differ
  baseline_near_zero,     ///< a relative margin, and the baseline cannot be told from zero
  baseline_not_positive,  ///< a relative margin, and the baseline is zero or below
  bad_margin,             ///< NaN, infinite, or a relative margin that leaves nothing of the baseline
  bad_confidence,         ///< not inside (0.5, 1)
  few_events,             ///< a part of a formula has too few events for the delta method
  tied_values,            ///< the values around a quantile are all equal: it has no error that spacing shows
  beyond_buckets,         ///< the quantiles of both sides lie beyond the highest (or lowest) edge of their buckets
  divisor_near_zero,      ///< a divisor of a formula cannot be told from zero
  no_covariate,           ///< what the units did before does not tell them apart
};

/// One sentence for a report, without the metric's name.
std::string_view describe(Unusable reason);

/// A value, or the reason why there is none.
template <typename T>
class [[nodiscard]] Evaluated {
 public:
  Evaluated(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Evaluated(Unusable reason) : content_(std::in_place_index<1>, reason) {}

  [[nodiscard]] bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }
  /// Precondition of `*` and `->`: ok(). Of `reason`: not ok(). Anything else throws std::bad_variant_access.
  const T& operator*() const { return std::get<0>(content_); }
  const T* operator->() const { return &std::get<0>(content_); }
  [[nodiscard]] Unusable reason() const { return std::get<1>(content_); }

 private:
  std::variant<T, Unusable> content_;
};

/// +1 for an increase, −1 for a decrease.
constexpr double sign(Direction direction) {
  return direction == Direction::increase ? 1.0 : -1.0;
}

/// The factor on the baseline in T: 1 for absolute margins, 1 + m or 1 − m for relative ones.
constexpr double baseline_factor(const Contrast& contrast) {
  return contrast.kind == MarginKind::absolute ? 1.0 : 1.0 + sign(contrast.direction) * contrast.margin;
}

/// The part of the margin that is subtracted from T as it stands: m for absolute margins, else 0.
constexpr double absolute_part(const Contrast& contrast) {
  return contrast.kind == MarginKind::absolute ? contrast.margin : 0.0;
}

/// `difference`, or 0 where it is no more than the rounding of numbers of the size `magnitude`: two constant sides exactly at
/// the margin must not be judged by the rounding of 1.1 × 100.
double without_rounding(double difference, double magnitude);

/// The reason why a question is malformed whatever the data are: margin not finite, or a relative factor on the baseline that
/// is not above zero; confidence outside (0.5, 1). Nothing when it may be asked.
std::optional<Unusable> malformed(const Contrast& contrast, double confidence);

}  // namespace gate::stats
