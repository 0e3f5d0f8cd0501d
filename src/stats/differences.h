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
/// 1 <= rank <= n·m. O(n + m) for each of at most some sixty halvings, typically fifteen.
double select_difference(std::span<const double> baseline, std::span<const double> candidate, double factor,
                         std::uint64_t rank);

}  // namespace gate::stats
