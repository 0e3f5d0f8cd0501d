#include "stats/quantiles.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gate::stats {
namespace {

/// Where the quantile lies between two order statistics.
struct Position {
  std::size_t index = 0;
  double fraction = 0.0;
};

Position position(std::size_t count, double probability) {
  const double place = std::clamp(probability, 0.0, 1.0) * static_cast<double>(count - 1);
  const auto index = std::min(static_cast<std::size_t>(place), count - 1);
  return {index, place - static_cast<double>(index)};
}

/// Between two values as a weighted mean, so that two large values of different sign do not overflow.
double between(double lower, double upper, double fraction) {
  return fraction == 0.0 || lower == upper ? lower : (1.0 - fraction) * lower + fraction * upper;
}

}  // namespace

double sorted_quantile(std::span<const double> sorted, double probability) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto [index, fraction] = position(sorted.size(), probability);
  return between(sorted[index], sorted[std::min(index + 1, sorted.size() - 1)], fraction);
}

double quantile(std::span<const double> values, double probability) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> copy(values.begin(), values.end());
  const auto [index, fraction] = position(copy.size(), probability);
  const auto nth = copy.begin() + static_cast<std::ptrdiff_t>(index);
  std::nth_element(copy.begin(), nth, copy.end());
  const auto next = nth + 1 == copy.end() ? nth : std::min_element(nth + 1, copy.end());
  return between(*nth, *next, fraction);
}

std::vector<double> sorted_copy(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  std::sort(copy.begin(), copy.end());
  return copy;
}

}  // namespace gate::stats
