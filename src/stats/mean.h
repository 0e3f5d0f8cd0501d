// Means of two sides compared by their long-run variance: the default for samples in time. Not for medians or quantiles, and
// not for ratios, whose steps weigh differently.
#pragma once

#include <optional>
#include <span>

#include "stats/batch.h"
#include "stats/harm.h"
#include "stats/long_run.h"

namespace gate::stats {

/// One side, reduced: its mean, the standard error of the mean, and the number of independent values it is worth.
struct MeanSide {
  double mean = 0.0;
  double standard_error = 0.0;  ///< infinite for fewer than two values, and for two that are equal
  double effective = 0.0;       ///< n·γ0 / LRV, at most n; of unequal batches (Σ rows)² / Σ rows² in place of n
  std::size_t count = 0;        ///< values, or batches that have rows
};

/// Prepared once per metric, then asked as often as there are bounds. Immutable; safe to share between threads.
///
/// t limits with Satterthwaite's degrees of freedom from the effective sample sizes (not below 1). A side of one value, or of
/// two equal ones, has no variance: its limits are infinite and nothing is proven. Constant sides of three or more values have
/// the variance 0: the difference itself decides.
///
/// A side worth fewer values than the other takes over the other's greater variance by the share 1 − n/N by which it is
/// shorter: few points miss the rare large ones, and then look low and steady at once.
class MeanComparison {
 public:
  /// `baseline` and `candidate`: finite values in order of time, equally spaced, with the same step, of any unit.
  /// Unusable: no_data, not_finite, bad_confidence.
  static Evaluated<MeanComparison> prepare(std::span<const double> baseline, std::span<const double> candidate,
                                           Dependence dependence, double confidence);

  /// The mean over all rows of each side, its variance taken from batches in time by the jackknife of a ratio of totals, so
  /// that a batch with few rows weighs little and one with nearly all of them does not hide its own doubt. Batches without
  /// rows are left out: rows in a single batch have no variance. Unusable: as above, bad_counts.
  static Evaluated<MeanComparison> prepare(const Batches& baseline, const Batches& candidate, Dependence dependence,
                                           double confidence);

  /// From sides that are known already, their degrees of freedom being `effective` less one. Finite means, errors that are no
  /// NaN, a confidence inside (0.5, 1).
  static MeanComparison of_sides(const MeanSide& baseline, const MeanSide& candidate, double confidence);

  /// Unusable: bad_margin, bad_confidence; for relative margins baseline_not_positive, baseline_near_zero (its lower limit at
  /// the confidence is not above zero).
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast) const { return harm(contrast, confidence_); }
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast, double confidence) const;

  /// t interval for the difference; Fieller's for the relative change, by inversion of the same test that `harm` makes.
  [[nodiscard]] Change change() const;

  /// See power.h. Nothing when the question is not evaluable.
  [[nodiscard]] std::optional<double> needs_factor(const Contrast& contrast, double confidence) const;

  [[nodiscard]] const MeanSide& baseline() const { return baseline_; }
  [[nodiscard]] const MeanSide& candidate() const { return candidate_; }
  [[nodiscard]] LongRun dependence() const { return long_run_; }

 private:
  MeanComparison() = default;
  [[nodiscard]] double standard_error(double factor) const;
  [[nodiscard]] double degrees(double factor) const;
  [[nodiscard]] bool baseline_is_near_zero(double confidence) const;
  [[nodiscard]] std::optional<double> relative_limit(double probability) const;

  MeanSide baseline_;
  MeanSide candidate_;
  LongRun long_run_;
  double confidence_ = 0.95;
};

}  // namespace gate::stats
