#include "stats/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gate::stats {

bool all_finite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

Summary summarize(std::span<const double> values) {
  Summary summary;
  summary.count = values.size();
  summary.deviation = std::numeric_limits<double>::infinity();
  if (values.empty()) return summary;

  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  summary.least = *least;
  summary.greatest = *greatest;
  const double n = static_cast<double>(values.size());
  // A power of two, so that scaling back is exact; halved, so that a difference of two extremes stays finite.
  int exponent = 0;
  std::frexp(std::max(std::abs(*least), std::abs(*greatest)), &exponent);
  const auto scaled = [exponent](double value) { return std::ldexp(value, -exponent - 1); };

  // Deviations from the first value: a constant series then has a mean without rounding.
  const double origin = scaled(values.front());
  double sum = 0.0;
  for (const double value : values) sum += scaled(value) - origin;
  const double mean = origin + sum / n;
  summary.mean = std::ldexp(mean, exponent + 1);
  if (values.size() < 2) return summary;

  double squares = 0.0;
  double rest = 0.0;
  for (const double value : values) {
    const double residual = scaled(value) - mean;
    squares += residual * residual;
    rest += residual;
  }
  const double variance = std::max(0.0, (squares - rest * rest / n) / (n - 1.0));
  summary.deviation = *least == *greatest ? 0.0 : std::ldexp(std::sqrt(variance), exponent + 1);
  return summary;
}

}  // namespace gate::stats
