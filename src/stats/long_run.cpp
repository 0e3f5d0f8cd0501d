#include "stats/long_run.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace gate::stats {
namespace {

constexpr std::size_t kLeastOrder = 2;
constexpr std::size_t kPointsPerLag = 5;
constexpr std::size_t kLongSeries = 60;
constexpr int kCorrections = 2;
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
  std::array<double, kMaxOrder> coefficients{};
  std::array<double, kMaxOrder> correlations{};

  [[nodiscard]] double inflation() const {
    const double distance = std::max(1.0 - gain, 1.0 - kMaxPartial);
    return std::max(1.0, noise / (distance * distance));
  }
};

using Fits = std::array<Fit, kMaxOrder + 1>;

/// The autocorrelations at the lags 1 … kMaxOrder of an AR(`order`) process whose first `order` ones are given.
std::array<double, kMaxOrder> implied_by(Correlations given, const Correlations& coefficients, std::size_t order) {
  given[0] = 1.0;
  for (std::size_t lag = order + 1; lag <= kMaxOrder; ++lag) {
    given[lag] = 0.0;
    for (std::size_t k = 1; k <= order; ++k) given[lag] += coefficients[k] * given[lag - k];
  }
  std::array<double, kMaxOrder> out{};
  std::copy(given.begin() + 1, given.end(), out.begin());
  return out;
}

/// Levinson–Durbin: the fits of orders 0 … `order`.
Fits fit_orders(const Correlations& correlations, std::size_t order) {
  Fits fits;
  std::array<double, kMaxOrder + 1> phi{};
  Correlations implied{};
  for (std::size_t p = 1; p <= order; ++p) {
    double numerator = correlations[p];
    for (std::size_t k = 1; k < p; ++k) numerator -= phi[k] * correlations[p - k];
    const double partial = std::clamp(numerator / fits[p - 1].noise, -kMaxPartial, kMaxPartial);
    implied[p] = correlations[p] - numerator + partial * fits[p - 1].noise;
    const auto previous = phi;
    for (std::size_t k = 1; k < p; ++k) phi[k] = previous[k] - partial * previous[p - k];
    phi[p] = partial;
    fits[p].noise = fits[p - 1].noise * (1.0 - partial * partial);
    for (std::size_t k = 1; k <= p; ++k) fits[p].gain += phi[k];
    std::copy(phi.begin() + 1, phi.end(), fits[p].coefficients.begin());
    fits[p].correlations = implied_by(implied, phi, p);
  }
  return fits;
}

/// The fit of `order`; in short series the one of the orders up to it with the largest inflation, since there a needless
/// coefficient is estimated so badly that it takes as much as a needed one gives.
const Fit& fit_at(const Fits& fits, std::size_t order, std::size_t shortest) {
  if (shortest >= kLongSeries) return fits[order];
  const Fit* largest = &fits[0];
  for (std::size_t p = 1; p <= order; ++p)
    if (fits[p].inflation() > largest->inflation()) largest = &fits[p];
  return *largest;
}

std::size_t order_of_least_bic(const Fits& fits, std::size_t most, double points) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t p = 0; p <= most; ++p) {
    const double bic = points * std::log(fits[p].noise) + static_cast<double>(p) * std::log(points);
    if (bic < least) {
      least = bic;
      best = p;
    }
  }
  // A metric is a slow state seen through noise, whose correlation starts low and fades slowly: BIC takes that for order 0 or 1
  // in short series and misses a third of the inflation. Two coefficients cost an independent series next to nothing.
  return std::max(best, std::min(kLeastOrder, most));
}

/// The autocorrelations freed of their first-order bias (Marriott & Pope, Biometrika 41:390, 1954; Kendall, ibid. 41:403):
/// taking out an estimated mean lowers each by (1 − ρ_k)·f/n, the quotient by 2k·ρ_k/n, and the divisor n of its n − k products
/// by k·ρ_k/n. For k = 1 of an AR(1) that is (1 + 3ρ)/n and the divisor's ρ/n.
Correlations corrected(const Correlations& raw, std::size_t order, double inflation, double n) {
  Correlations result = raw;
  const double lost_to_mean = std::min(inflation / n, 1.0);
  for (std::size_t lag = 1; lag <= order; ++lag)
    result[lag] = std::min(raw[lag] + (1.0 - raw[lag]) * lost_to_mean + 3.0 * static_cast<double>(lag) * raw[lag] / n, 1.0);
  return result;
}

LongRun inflation_of(const Pooled& pooled) {
  if (pooled.series == 0.0) return {};
  const Correlations raw = pooled.average();
  const std::size_t most = std::clamp<std::size_t>(pooled.shortest / kPointsPerLag, 1, kMaxOrder);
  const auto fits = fit_orders(raw, most);
  const std::size_t order = order_of_least_bic(fits, most, pooled.points);

  // The correction needs the inflation that it corrects; a second round with the better one takes out what the first left.
  const double n = pooled.points / pooled.series;
  Fit fit = fits[order];
  for (int round = 0; round < kCorrections; ++round)
    fit = fit_at(fit_orders(corrected(raw, order, fit.inflation(), n), order), order, pooled.shortest);
  return {fit.inflation(), order, fit.coefficients, fit.correlations};
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

double free_deviation(const Summary& summary, double inflation) {
  const double n = static_cast<double>(summary.count);
  if (summary.count < 2) return summary.deviation;
  return summary.deviation * std::sqrt((n - 1.0) / (n - std::min(inflation, n / 2.0)));
}

}  // namespace gate::stats
