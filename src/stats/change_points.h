// Where a series of values changed its distribution: divisive estimation by energy distance. For tens to hundreds of values in
// order, such as one metric over releases; not for raw points of a window.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gate::stats {

struct ChangePointOptions {
  double level = 0.05;             ///< a split is kept when its p-value is at most this
  std::size_t permutations = 999;  ///< behind each p-value
  std::size_t least = 3;           ///< values on each side of a split, at least 2
  std::uint64_t seed = 1;          ///< the same values and seed give the same answer everywhere
};

/// The values from `first` on are unlike those before it.
struct ChangePoint {
  std::size_t first = 0;
  double statistic = 0.0;  ///< Q of the split
  double p_value = 1.0;
  double before = 0.0;  ///< mean of the segment that ends here
  double after = 0.0;   ///< mean of the segment that begins here
};

/// A split of values[start, end): `first` is where the second part begins, `until` (exclusive) where it ends.
struct Split {
  std::size_t first = 0;
  std::size_t until = 0;
  double statistic = 0.0;  ///< 0 when no split is possible
};

/// The split (τ, κ) that maximises Q = mn/(m + n)·E between values[0, τ) and values[τ, κ), with m = τ, n = κ − τ >= `least` and
/// E = 2/(mn)·ΣΣ|x − y| − 2/(m(m − 1))·Σ|x − x'| − 2/(n(n − 1))·Σ|y − y'|, the energy distance with exponent 1 (Matteson &
/// James, A nonparametric approach for multiple change point analysis of multivariate data, JASA 109:334, 2014, equations 5 and
/// 7). The first of several maxima. O(n²) time and space.
Split best_split(std::span<const double> values, std::size_t least);

/// Change points in order of place, by hierarchical division (E-divisive, ibid., section 3): the best split of all segments is
/// kept while a permutation test within the segments says that it is no chance. `values` finite; fewer than 2·least give none.
/// O(k·permutations·n²) for k change points.
std::vector<ChangePoint> change_points(std::span<const double> values, const ChangePointOptions& options);

}  // namespace gate::stats
