#include "stats/long_run.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "stats/summary.h"

namespace gate::stats {
namespace {

constexpr std::size_t kMaxOrder = 4;
constexpr std::size_t kPointsPerLag = 5;
// A partial autocorrelation of 0.97 makes 66 points worth one; beyond it the fit says more about the clamp than about the data.
constexpr double kMaxPartial = 0.97;

using Correlations = std::array<double, kMaxOrder + 1>;

struct Pooled {
  Correlations correlations{};
  double points = 0.0;  // of all the series pooled
  double series = 0.0;
  std::size_t shortest = std::numeric_limits<std::size_t>::max();

  void add(std::span<const double> values) {
    const Summary summary = summarize(values);
    if (values.size() < 3 || summary.deviation == 0.0) return;
    std::vector<double> residuals(values.size());
    std::transform(values.begin(), values.end(), residuals.begin(),
                   [&](double value) { return value / summary.deviation - summary.mean / summary.deviation; });
    double squares = 0.0;
    for (const double residual : residuals) squares += residual * residual;
    const double n = static_cast<double>(values.size());
    for (std::size_t lag = 1; lag <= kMaxOrder && lag < values.size(); ++lag) {
      double products = 0.0;
      for (std::size_t i = lag; i < residuals.size(); ++i) products += residuals[i] * residuals[i - lag];
      correlations[lag] += n * products / squares;
    }
    points += n;
    series += 1.0;
    shortest = std::min(shortest, values.size());
  }

  [[nodiscard]] Correlations average() const {
    Correlations result = correlations;
    for (double& value : result) value /= points;
    result[0] = 1.0;
    return result;
  }
};

struct Fit {
  double noise = 1.0;  // innovation variance over variance
  double gain = 0.0;   // sum of the coefficients

  [[nodiscard]] double inflation() const {
    const double distance = std::max(1.0 - gain, 1.0 - kMaxPartial);
    return std::max(1.0, noise / (distance * distance));
  }
};

/// Levinson–Durbin: the fits of orders 0 … `order`.
std::array<Fit, kMaxOrder + 1> fit_orders(const Correlations& correlations, std::size_t order) {
  std::array<Fit, kMaxOrder + 1> fits;
  std::array<double, kMaxOrder + 1> phi{};
  for (std::size_t p = 1; p <= order; ++p) {
    double numerator = correlations[p];
    for (std::size_t k = 1; k < p; ++k) numerator -= phi[k] * correlations[p - k];
    const double partial = std::clamp(numerator / fits[p - 1].noise, -kMaxPartial, kMaxPartial);
    const auto previous = phi;
    for (std::size_t k = 1; k < p; ++k) phi[k] = previous[k] - partial * previous[p - k];
    phi[p] = partial;
    fits[p].noise = fits[p - 1].noise * (1.0 - partial * partial);
    for (std::size_t k = 1; k <= p; ++k) fits[p].gain += phi[k];
  }
  return fits;
}

std::size_t order_of_least_bic(const std::array<Fit, kMaxOrder + 1>& fits, std::size_t most, double points) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t p = 0; p <= most; ++p) {
    const double bic = points * std::log(fits[p].noise) + static_cast<double>(p) * std::log(points);
    if (bic < least) {
      least = bic;
      best = p;
    }
  }
  // Order 1 at the least: its corrected coefficient costs an independent series little and catches what BIC lets pass.
  return std::max<std::size_t>(best, 1);
}

LongRun inflation_of(const Pooled& pooled) {
  if (pooled.series == 0.0) return {};
  const Correlations raw = pooled.average();
  const std::size_t most = std::clamp<std::size_t>(pooled.shortest / kPointsPerLag, 1, kMaxOrder);
  const auto fits = fit_orders(raw, most);
  const std::size_t order = order_of_least_bic(fits, most, pooled.points);

  // Taking out an estimated mean lowers every autocorrelation by (1 − r)·f/n, and the divisor n and the ratio by (k + 1)·r/n.
  const double n = pooled.points / pooled.series;
  const double lost_to_mean = std::min(fits[order].inflation() / n, 1.0);
  Correlations corrected = raw;
  for (std::size_t lag = 1; lag <= order; ++lag) {
    const double r = raw[lag];
    corrected[lag] = std::min(r + (1.0 - r) * lost_to_mean + static_cast<double>(lag + 1) * r / n, 1.0);
  }
  return {fit_orders(corrected, order)[order].inflation(), order};
}

}  // namespace

LongRun long_run(std::span<const double> baseline, std::span<const double> candidate) {
  Pooled pooled;
  pooled.add(baseline);
  pooled.add(candidate);
  return inflation_of(pooled);
}

LongRun long_run(std::span<const double> values) {
  Pooled pooled;
  pooled.add(values);
  return inflation_of(pooled);
}

}  // namespace gate::stats
