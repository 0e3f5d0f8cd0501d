#include "stats/differences.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <vector>

namespace gate::stats {
namespace {

/// Doubles as integers of the same order, so that halving an interval of them ends after 64 steps whatever their range.
std::int64_t ordered(double value) {
  const auto bits = std::bit_cast<std::int64_t>(value);
  return bits >= 0 ? bits : std::int64_t{-0x7fffffffffffffff} - 1 - bits;
}

double from_ordered(std::int64_t key) {
  return std::bit_cast<double>(key >= 0 ? key : std::int64_t{-0x7fffffffffffffff} - 1 - key);
}

/// How many differences are at most `shift`: for each candidate value, the baseline values at or above candidate − shift form
/// a tail that moves one way.
std::uint64_t at_most(std::span<const double> baseline, std::span<const double> candidate, double factor, double shift) {
  std::uint64_t total = 0;
  std::size_t i = 0;
  for (const double value : candidate) {
    while (i < baseline.size() && value - factor * baseline[i] > shift) ++i;
    total += baseline.size() - i;
  }
  return total;
}

std::uint64_t less_than(std::span<const double> baseline, std::span<const double> candidate, double factor, double shift) {
  std::uint64_t total = 0;
  std::size_t i = 0;
  for (const double value : candidate) {
    while (i < baseline.size() && value - factor * baseline[i] >= shift) ++i;
    total += baseline.size() - i;
  }
  return total;
}

/// The differences in (lower, upper], of which there are few.
std::vector<double> differences_within(std::span<const double> baseline, std::span<const double> candidate, double factor,
                                       double lower, double upper, std::uint64_t expected) {
  std::vector<double> found;
  found.reserve(expected);
  std::size_t first = 0;
  for (const double value : candidate) {
    while (first < baseline.size() && value - factor * baseline[first] > upper) ++first;
    for (std::size_t i = first; i < baseline.size(); ++i) {
      const double difference = value - factor * baseline[i];
      if (difference <= lower) break;
      found.push_back(difference);
    }
  }
  return found;
}

}  // namespace

PairCounts count_pairs(std::span<const double> baseline, std::span<const double> candidate, double factor, double shift) {
  const std::uint64_t below = less_than(baseline, candidate, factor, shift);
  return {below, at_most(baseline, candidate, factor, shift) - below};
}

double select_difference(std::span<const double> baseline, std::span<const double> candidate, double factor,
                         std::uint64_t rank) {
  double lower = candidate.front() - factor * baseline.back();
  double upper = candidate.back() - factor * baseline.front();
  std::uint64_t up_to_lower = at_most(baseline, candidate, factor, lower);
  std::uint64_t up_to_upper = static_cast<std::uint64_t>(baseline.size()) * candidate.size();
  if (rank <= up_to_lower) return lower;

  const std::uint64_t few = std::max<std::uint64_t>(baseline.size() + candidate.size(), 64);
  // The answer lies in (lower, upper]. Midpoints of the values halve the count of well-behaved data; every second step halves
  // the representation instead, which bounds the steps when one value dwarfs the others.
  for (int step = 0; up_to_upper - up_to_lower > few; ++step) {
    const bool by_value = step % 2 == 0;
    double middle = by_value ? lower + (upper - lower) / 2.0 : from_ordered(std::midpoint(ordered(lower), ordered(upper)));
    if (!(middle > lower && middle < upper)) middle = from_ordered(ordered(lower) + 1);
    if (middle >= upper) return upper;
    const std::uint64_t up_to_middle = at_most(baseline, candidate, factor, middle);
    if (up_to_middle >= rank) {
      upper = middle;
      up_to_upper = up_to_middle;
    } else {
      lower = middle;
      up_to_lower = up_to_middle;
    }
  }
  std::vector<double> rest = differences_within(baseline, candidate, factor, lower, upper, up_to_upper - up_to_lower);
  const auto nth = rest.begin() + static_cast<std::ptrdiff_t>(rank - up_to_lower - 1);
  std::nth_element(rest.begin(), nth, rest.end());
  return *nth;
}

}  // namespace gate::stats
