// Sample quantiles. Not for their uncertainty, and not for histograms.
#pragma once

#include <span>
#include <vector>

namespace gate::stats {

/// The sample quantile of type 7 of Hyndman & Fan (The American Statistician 50:361, 1996), the default of R and NumPy.
/// `values` finite and in any order, `probability` clamped to [0, 1]. Precondition: not empty; an empty span gives NaN.
double quantile(std::span<const double> values, double probability);

/// The same of values that are sorted, ascending.
double sorted_quantile(std::span<const double> sorted, double probability);

/// A sorted copy, ascending.
std::vector<double> sorted_copy(std::span<const double> values);

}  // namespace gate::stats
