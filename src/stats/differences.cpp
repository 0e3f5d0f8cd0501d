#include "stats/differences.h"

#include <algorithm>
#include <bit>
#include <limits>
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

/// Where the `rank`-th difference would lie if those in (lower, upper] were spread evenly, moved towards the far end by a
/// quarter of `few` differences or of the doubt in the guess, so that the answer is likely to stay in the smaller part.
double interpolated(double lower, double upper, std::uint64_t up_to_lower, std::uint64_t up_to_upper, std::uint64_t rank,
                    std::uint64_t few) {
  const double inside = static_cast<double>(up_to_upper - up_to_lower);
  const double place = static_cast<double>(rank - up_to_lower) / inside;
  const double near = std::min(place, 1.0 - place);
  const double reach = std::max(0.25 * static_cast<double>(few) / inside, 0.5 * near);
  const double share = std::clamp(place < 0.5 ? place + reach : place - reach, 0.0, 1.0);
  return (1.0 - share) * lower + share * upper;
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
  // The answer lies in (lower, upper]. Guesses by interpolation close in from both sides in a handful of steps when the
  // differences are spread as those of well-behaved data are; halvings of the representation between them bound the steps when
  // one value dwarfs the others.
  for (int step = 0; up_to_upper - up_to_lower > few; ++step) {
    const bool halve = step % 4 == 3;
    double middle = halve ? from_ordered(std::midpoint(ordered(lower), ordered(upper)))
                          : interpolated(lower, upper, up_to_lower, up_to_upper, rank, few);
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

double next_difference(std::span<const double> baseline, std::span<const double> candidate, double factor, double value) {
  double next = std::numeric_limits<double>::infinity();
  std::size_t i = 0;
  for (const double one : candidate) {
    while (i < baseline.size() && one - factor * baseline[i] > value) ++i;
    if (i > 0) next = std::min(next, one - factor * baseline[i - 1]);
  }
  return next;
}

}  // namespace gate::stats
