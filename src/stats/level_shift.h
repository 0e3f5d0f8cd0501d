// Whether a series changed its level within itself, and where. For words about the course of a window; not for comparing sides.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace gate::stats {

/// A level that holds for the first `length` values, and another one after them.
struct LevelShift {
  std::size_t length = 0;
  double before = 0.0;  ///< the mean of the first
  double after = 0.0;   ///< the mean of the rest
  double p_value = 1.0;
};

/// The CUSUM test of one change of level at an unknown time: the largest |partial sum of the deviations from the mean| over
/// √(n · long-run variance), whose limit is the supremum of a Brownian bridge (Ploberger & Krämer, Econometrica 60:271, 1992).
/// The long-run variance is that of the deviations from both levels, its inflation fitted to them and to `reference`, a series
/// of the same step that has its own level, such as the other side's. Nothing when the p-value is above `alpha`, when a part
/// would hold fewer than three values, or below 20 values. `values` finite, in order of time, equally spaced.
std::optional<LevelShift> level_shift(std::span<const double> values, std::span<const double> reference, double alpha);

/// P(sup |B(t)| > x) for a Brownian bridge B: Kolmogorov's distribution.
double bridge_tail(double x);

}  // namespace gate::stats
