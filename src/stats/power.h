// What more data would show: the smallest change that can be seen, and how much data a point estimate needs to be proven. Not
// for durations: a factor times the window is the caller's.
#pragma once

#include <optional>

#include "stats/harm.h"

namespace gate::stats {

inline constexpr double kPower = 0.8;

/// (t_confidence + t_0.8)·SE: how far above the margin a true harm must lie to be proven with power 0.8. Infinite when
/// `standard_error` is.
double detectable_excess(double standard_error, double degrees, double confidence);

/// How many times as much data (both sides growing alike) would prove a harm of `point` with power 0.8: harm when it is above
/// zero, safety when below. The standard error falls with the root of the data and the degrees of freedom grow with it. Below
/// 1 when the data at hand suffice; nothing when the point is zero or the standard error is infinite or NaN.
std::optional<double> needs_factor(double point, double standard_error, double degrees, double confidence);

/// The same from a finished answer. For an interval that is not symmetric, the standard error is taken from the limit on the
/// side of zero. `confidence` is the one that the harm was asked with.
std::optional<double> needs_factor(const Harm& harm, double confidence);

}  // namespace gate::stats
