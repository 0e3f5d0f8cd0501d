// Rows of a file or a log as equal batches in time, so that a drift slower than the rows shows in the variance. Not for series
// that a source has already aggregated by step.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace gate::stats {

inline constexpr std::size_t kLeastBatches = 20;

/// Batches of equal length in time, in order: the mean of the rows in each and their number (0 rows: mean 0).
struct Batches {
  std::vector<double> means;
  std::vector<double> counts;
};

/// The number of batches for a window: the steps that fit in, but at least 20.
/// `window_seconds` and `step_seconds` > 0; anything else gives 20.
std::size_t batch_count(double window_seconds, double step_seconds);

/// Averages rows by equal parts of [start, end). `seconds` and `values` have the same length, in any order; rows outside the
/// window, and all rows when the window is empty, are left out. `count` >= 1.
Batches batch_rows(std::span<const double> seconds, std::span<const double> values, double start_seconds, double end_seconds,
                   std::size_t count);

}  // namespace gate::stats
