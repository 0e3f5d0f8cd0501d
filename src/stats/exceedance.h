// How much less "which of these values lie above a quantile" is worth in a series in time than among independent values. Not
// for counts of rows per part of a window, whose dispersion shows in the counts themselves: dispersion.h.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "stats/long_run.h"

namespace gate::stats {

/// The inflation of the variance of the number of values above the `probability` quantile, at least 1, when the values follow a
/// stationary process with Gaussian dependence: `of_scores` is the fit to their normal scores (normal_scores), which uses the
/// whole of each value where a series of "above or not" keeps one bit, and whose autocorrelations fade as those of an AR
/// process do, which those of the bits do not. The bits' autocorrelation at a lag with the scores' ρ is (Φ₂(z, z; ρ) − p²) /
/// (p·(1 − p)) with z the normal quantile, which for the median is 2/π·asin ρ (Sheppard, Phil. Trans. R. Soc. A 192:101, 1899);
/// they are summed over the lags up to `count`. Precondition: 0 < probability < 1.
double exceedance_inflation(const LongRun& of_scores, double probability, std::size_t count);

/// Each value's normal quantile at (rank − 1/2)/n, ties at the middle of their ranks (van der Waerden, Indag. Math. 14:453,
/// 1952). In the order of `values`, which are finite.
std::vector<double> normal_scores(std::span<const double> values);

}  // namespace gate::stats
