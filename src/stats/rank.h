// Mann–Whitney's test with the Hodges–Lehmann shift: two samples compared by their order, for heavy tails. Not for means: the
// shift of a skewed sample is not the difference of its means.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "stats/harm.h"
#include "stats/long_run.h"

namespace gate::stats {

/// Prepared once per metric, then asked as often as there are bounds. Immutable; safe to share between threads.
///
/// Exact when both sides have fewer than 50 values, none tied with another of its side or of the other one, and none
/// dependent; else by the normal approximation with the correction for ties and continuity, its variance inflated by the
/// long-run inflation of the ranks, with Student's t in place of the normal quantile once dependence was looked for; its
/// variance is then not below that of the placements (Brunner & Munzel, Biometrical Journal 42:17, 2000), since sides of
/// different spread scatter more than sides that are alike. A relative margin compares the candidate with baseline × (1 ± m).
/// Limits are order statistics of the pairwise differences; where even the most extreme order of the values is likelier than 1
/// − confidence they are infinite.
class RankComparison {
 public:
  /// Finite values in order of time, equally spaced, with the same step, of any unit.
  /// Unusable: no_data, not_finite, bad_confidence.
  static Evaluated<RankComparison> prepare(std::span<const double> baseline, std::span<const double> candidate,
                                           Dependence dependence, double confidence);

  /// `point` is the Hodges–Lehmann shift above the margin; `standard_error` half the interval over its quantile, infinite when
  /// a limit is. Unusable: bad_margin, bad_confidence; for relative margins baseline_not_positive (its median) and
  /// baseline_near_zero (the lower limit of its median).
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast) const { return harm(contrast, confidence_); }
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast, double confidence) const;

  /// `baseline` and `candidate` are medians, `absolute` the Hodges–Lehmann shift, `relative` the factor on the baseline that
  /// leaves no shift, less 1.
  [[nodiscard]] Change change() const;

  /// See power.h. Nothing when the question is not evaluable.
  [[nodiscard]] std::optional<double> needs_factor(const Contrast& contrast, double confidence) const;

  [[nodiscard]] LongRun dependence() const { return long_run_; }

 private:
  RankComparison() = default;
  [[nodiscard]] bool is_exact(double factor, double shift) const;
  [[nodiscard]] double deviation(double factor, double shift) const;
  [[nodiscard]] double placement_variance(double factor, double shift) const;
  [[nodiscard]] double degrees() const;
  [[nodiscard]] double allowed_below(double confidence, double factor, double shift) const;
  [[nodiscard]] double tail(double pairs, double factor, double shift) const;
  [[nodiscard]] double hodges_lehmann(double factor) const;
  [[nodiscard]] Interval shift_limits(double factor, double shift, double confidence) const;
  /// The smallest harm above `shift` that any pair shows; `shift` when none does. Among many ties the limit of the differences
  /// lies on the margin itself, though the midranks may say that the candidate is worse: then the next one is the limit.
  [[nodiscard]] double least_above_margin(Direction direction, double factor, double shift) const;
  [[nodiscard]] std::optional<Unusable> baseline_trouble(double confidence) const;
  [[nodiscard]] double factor_where_pairs_exceed(double pairs) const;

  std::vector<double> baseline_;    // sorted
  std::vector<double> candidate_;   // sorted
  std::vector<double> cumulative_;  // of Mann–Whitney's U under the hypothesis; empty when it cannot be exact
  LongRun long_run_;
  Dependence dependence_ = Dependence::independent;
  double confidence_ = 0.95;
};

/// P(U <= u) for u = 0 … n·m of Mann–Whitney's U without ties. n, m >= 1; O(n²·m²), meant for n, m < 50.
std::vector<double> mann_whitney_cumulative(std::size_t n, std::size_t m);

}  // namespace gate::stats
