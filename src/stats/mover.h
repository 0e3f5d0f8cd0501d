// Two sides of which only limits are known (order statistics, buckets), compared: MOVER, the method of variance estimates
// recovery. Not for sides with a standard error: mean.h and delta.h.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "stats/harm.h"

namespace gate::stats {

/// One side. `limits(alpha)` are two one-sided limits, each wrong with a probability of at most alpha, the wider the smaller
/// alpha is; ends may be infinite.
struct LimitedSide {
  double point = 0.0;
  std::function<Interval(double alpha)> limits;
  double effective = 0.0;  ///< independent values it is worth
  /// The values are known to be at least 0 (buckets from 0 on): a lower limit of 0 says that the value may be small, and leaves
  /// no doubt about its sign.
  bool at_least_zero = false;
};

/// Limits of θc − k·θb are the point ∓ √((θc − lc)² + k²·(ub − θb)²), and likewise above (Zou & Donner, Statistics in Medicine
/// 27:1693, 2008). Prepared once per metric, then asked as often as there are bounds. Immutable.
class MoverComparison {
 public:
  /// `method` is Change::method. Unusable: not_finite, bad_confidence.
  static Evaluated<MoverComparison> prepare(LimitedSide baseline, LimitedSide candidate, std::string method, double confidence);

  /// `standard_error` is half the interval over its quantile, infinite when a limit is. Unusable: bad_margin, bad_confidence;
  /// for relative margins baseline_not_positive, baseline_near_zero (its lower limit).
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast) const { return harm(contrast, confidence_); }
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast, double confidence) const;
  /// The relative interval holds the factors, less 1, at which a limit of `harm` is zero.
  [[nodiscard]] Change change() const;
  /// See power.h. Nothing when the question is not evaluable.
  [[nodiscard]] std::optional<double> needs_factor(const Contrast& contrast, double confidence) const;

 private:
  MoverComparison() = default;
  [[nodiscard]] Interval limits(double factor, double alpha) const;
  [[nodiscard]] bool baseline_is_near_zero(double alpha) const;
  [[nodiscard]] double p_above(Direction direction, double factor, double margin) const;

  LimitedSide baseline_;
  LimitedSide candidate_;
  std::string method_;
  double confidence_ = 0.95;
};

}  // namespace gate::stats
