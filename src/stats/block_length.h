// How long the blocks of a block bootstrap must be for the dependence of one series. Not for drawing them: block_bootstrap.h.
#pragma once

#include <span>

namespace gate::stats {

/// The block length that makes the variance of a mean least wrong, for moving blocks that wrap around at the end: Politis &
/// White (Econometric Reviews 23:53, 2004), with the constant as corrected by Patton, Politis & White (ibid. 28:372, 2009). The
/// flat-top lag window is as wide as twice the last lag before `max(5, log10 n)` running lags are insignificant. In values, not
/// rounded, at most min(3·√n, n/3), and at least 1. `values` in order of time, finite; 1 for fewer than ten of them and for
/// constant ones.
double block_length(std::span<const double> values);

}  // namespace gate::stats
