// Ratios (events out of a total) of two sides compared. Not for rates over time or exposure: count.h.
#pragma once

#include <optional>

#include "stats/dispersion.h"
#include "stats/harm.h"
#include "stats/proportions.h"

namespace gate::stats {

/// score: the skewness-corrected asymptotic score (Laud 2017), right for small canaries against large baselines.
/// newcombe: the hybrid score interval, with margins by MOVER.
enum class RatioMethod { score, newcombe };

/// Prepared once per metric, then asked as often as there are bounds. Immutable; safe to share between threads.
///
/// Both counts of a side are divided by its dispersion φ before they enter the formulas, and the normal quantile gives way to
/// Student's t when φ was learnt from slices. All that is claimed follows from one test statistic, so limits, p-values and the
/// relative interval agree.
class RatioComparison {
 public:
  /// Per-step slices of both sides in order of time, or whole totals as one slice each.
  /// Unusable: no_data, not_finite, bad_counts, bad_confidence.
  static Evaluated<RatioComparison> prepare(const Slices& baseline, const Slices& candidate, RatioMethod method,
                                            DispersionRule rule, double confidence);

  /// `standard_error` is half the interval over its quantile. Unusable: bad_margin, bad_confidence; baseline_near_zero for a
  /// relative margin on a baseline without an event (one event already tells it from zero).
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast) const { return harm(contrast, confidence_); }
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast, double confidence) const;

  /// The difference of the ratios, and the relative change by inversion of the test that `harm` makes.
  [[nodiscard]] Change change() const;

  /// How many times as much data would prove the point with power 0.8: the counts are grown until the test is far enough in.
  /// Nothing when the point is zero or the question is not evaluable.
  [[nodiscard]] std::optional<double> needs_factor(const Contrast& contrast, double confidence) const;

  [[nodiscard]] const Totals& baseline() const { return baseline_; }
  [[nodiscard]] const Totals& candidate() const { return candidate_; }
  [[nodiscard]] const Dispersion& dispersion() const { return dispersion_; }

 private:
  RatioComparison() = default;
  [[nodiscard]] CountPair scaled(double growth) const;
  [[nodiscard]] double degrees(double factor) const;
  [[nodiscard]] double statistic(const CountPair& counts, double factor, double difference) const;
  [[nodiscard]] Interval limits(double factor, double quantile) const;

  Totals baseline_;
  Totals candidate_;
  Dispersion dispersion_;
  RatioMethod method_ = RatioMethod::score;
  double confidence_ = 0.95;
};

}  // namespace gate::stats
