// Order statistics of all pairwise differences of two sorted samples, without forming them. Not for callers outside this
// module.
#pragma once

#include <cstdint>
#include <span>

namespace gate::stats {

/// Of the n·m differences candidate[j] − factor·baseline[i].
struct PairCounts {
  std::uint64_t below = 0;  ///< less than the asked shift
  std::uint64_t equal = 0;
};

/// How many differences lie below and at `shift`. Both spans sorted ascending; factor > 0. O(n + m).
PairCounts count_pairs(std::span<const double> baseline, std::span<const double> candidate, double factor, double shift);

/// The `rank`-th smallest difference, counted from 1. Both spans sorted ascending and not empty, factor > 0,
/// 1 <= rank <= n·m. O(n + m) for each step: typically six, and never more than four for each bit of a double.
double select_difference(std::span<const double> baseline, std::span<const double> candidate, double factor,
                         std::uint64_t rank);

/// The smallest difference above `value`; infinite when there is none. O(n + m).
double next_difference(std::span<const double> baseline, std::span<const double> candidate, double factor, double value);

}  // namespace gate::stats
