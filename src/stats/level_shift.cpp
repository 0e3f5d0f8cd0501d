#include "stats/level_shift.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "stats/long_run.h"
#include "stats/summary.h"

namespace gate::stats {
namespace {

constexpr std::size_t kLeastValues = 20;
constexpr std::size_t kLeastPart = 3;

/// The part of the first values that stands out most; the largest |partial sum| lies at its end.
std::size_t most_different(std::span<const double> values, double mean, double& largest) {
  std::size_t length = 0;
  double sum = 0.0;
  largest = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += values[i] - mean;
    const bool fits = i + 1 >= kLeastPart && i + 1 + kLeastPart <= values.size();
    if (!fits || std::abs(sum) <= largest) continue;
    largest = std::abs(sum);
    length = i + 1;
  }
  return length;
}

}  // namespace

double bridge_tail(double x) {
  if (x < 0.2) return 1.0;  // the series below does not settle; the tail is 1 to 12 digits
  double tail = 0.0;
  for (int j = 1; j <= 100; ++j) {
    const double term = std::exp(-2.0 * x * x * j * j);
    tail += j % 2 == 1 ? term : -term;
    if (term < 1e-17) break;
  }
  return std::clamp(2.0 * tail, 0.0, 1.0);
}

std::optional<LevelShift> level_shift(std::span<const double> values, std::span<const double> reference, double alpha) {
  const Summary whole = summarize(values);
  if (values.size() < kLeastValues || whole.deviation == 0.0 || !std::isfinite(whole.deviation)) return std::nullopt;
  double largest = 0.0;
  const std::size_t length = most_different(values, whole.mean, largest);
  if (length == 0) return std::nullopt;
  LevelShift shift;
  shift.length = length;
  shift.before = summarize(values.first(length)).mean;
  shift.after = summarize(values.subspan(length)).mean;
  std::vector<double> residuals(values.size());
  for (std::size_t i = 0; i < residuals.size(); ++i) residuals[i] = values[i] - (i < length ? shift.before : shift.after);
  const Summary rest = summarize(residuals);
  const double inflation = long_run(residuals, reference).inflation;
  const double error = free_deviation(rest, inflation) * std::sqrt(inflation * static_cast<double>(values.size()));
  shift.p_value = error > 0.0 ? bridge_tail(largest / error) : 0.0;
  if (shift.p_value > alpha) return std::nullopt;
  return shift;
}

}  // namespace gate::stats
