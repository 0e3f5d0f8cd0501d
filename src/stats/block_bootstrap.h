// Resamples of one series in time by blocks, and the order statistics of each without sorting it. Not for comparing sides:
// quantile_bootstrap.h.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace gate::stats {

/// Places among n sorted values, counted from 0; between two of them lies a weighted mean of both. In any order.
inline constexpr std::size_t kPlaces = 3;
using Places = std::array<double, kPlaces>;

/// Blocks of `length` running values, drawn with replacement until there are n values (Künsch, Annals of Statistics 17:1217,
/// 1989); they wrap around at the end, so that every value is as likely as any other (Politis & Romano, in LePage & Billard
/// (eds.), Exploring the Limits of Bootstrap, 1992).
///
/// A resample is never sorted: the values were sorted once, and a resample is how often each rank was drawn. Only ranks around
/// the wanted places are counted one by one; of those below, a running sum says how many a block holds. So a resample takes
/// n / length look-ups and a few counts, not n·log n comparisons.
class BlockBootstrap {
 public:
  /// Of finite `values` in order of time, 1 <= length <= n; not empty. `places` in [0, n − 1] are what draw() gives.
  BlockBootstrap(std::span<const double> values, std::size_t length, const Places& places);

  /// The order statistics at the places in one resample. They lie among the ranks around the places, 8 standard deviations of
  /// a resample's ranks either way; a resample further out (at most one of 64, by Chebyshev's inequality) gives the outermost
  /// of them.
  Places draw(std::mt19937_64& random);

  /// The variance over resamples of how many values lie at or below the value of rank `rank` (from 0), over that of independent
  /// draws. `ranks` are the values' own ranks in order of time.
  [[nodiscard]] static double inflation(std::span<const std::uint32_t> ranks, std::size_t length, std::size_t rank);

 private:
  void watch(std::span<const std::uint32_t> ranks, const Places& places);
  void count_block(std::size_t first, std::size_t end);
  [[nodiscard]] double at(double place) const;
  [[nodiscard]] double nth(std::size_t place) const;

  std::vector<double> sorted_;
  std::size_t length_;
  Places places_;
  std::size_t lowest_ = 0;  ///< the ranks that are counted one by one: [lowest_, lowest_ + counts_.size())
  /// Of the values before a time: how many have a rank below lowest_, and how many have one that is counted.
  struct Before {
    std::uint32_t below = 0;
    std::uint32_t watched = 0;
  };
  std::vector<Before> before_;
  std::vector<std::uint32_t> watched_;  ///< those values' ranks less lowest_, in order of time
  std::vector<std::uint32_t> counts_;
  std::uint64_t below_ = 0;  ///< of the resample: values of a rank below lowest_
};

/// Each value's place among the sorted ones; equal values in order of time.
std::vector<std::uint32_t> ranks_of(std::span<const double> values);

}  // namespace gate::stats
