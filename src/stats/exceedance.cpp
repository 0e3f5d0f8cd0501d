#include "stats/exceedance.h"

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numbers>
#include <numeric>

#include "stats/distributions.h"

namespace gate::stats {
namespace {

constexpr double kFaded = 1e-5;  ///< autocorrelations below it add nothing that shows

/// The correlation of (X > z) and (Y > z) for X, Y standard normal with the correlation `rho`. By the derivative of Φ₂ in ρ,
/// which is the density at (z, z); with ρ = sin θ the integrand is smooth to the end.
double of_bits(double rho, double z, double probability) {
  const auto density = [z](double angle) { return std::exp(-z * z / (1.0 + std::sin(angle))); };
  const double area =
      boost::math::quadrature::gauss<double, 20>::integrate(density, 0.0, std::asin(std::clamp(rho, -1.0, 1.0)));
  return area / (2.0 * std::numbers::pi * probability * (1.0 - probability));
}

}  // namespace

double exceedance_inflation(const LongRun& of_scores, double probability, std::size_t count) {
  const double z = normal_quantile(probability);
  // ρ of the last kMaxOrder lags, the newest first.
  std::array<double, kMaxOrder> recent{};
  std::reverse_copy(of_scores.correlations.begin(), of_scores.correlations.end(), recent.begin());
  double inflation = 1.0;
  for (std::size_t lag = 1; lag < count; ++lag) {
    double rho = 0.0;
    if (lag <= kMaxOrder) {
      rho = of_scores.correlations[lag - 1];
    } else {
      rho = std::inner_product(recent.begin(), recent.end(), of_scores.coefficients.begin(), 0.0);
      std::rotate(recent.begin(), recent.end() - 1, recent.end());
      recent.front() = rho;
    }
    inflation += 2.0 * of_bits(rho, z, probability);
    const bool is_over = std::all_of(recent.begin(), recent.end(), [](double value) { return std::abs(value) < kFaded; });
    if (is_over) break;
  }
  return std::max(inflation, 1.0);
}

std::vector<double> normal_scores(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  const double n = static_cast<double>(values.size());
  std::vector<double> scores(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    const double score = normal_quantile((static_cast<double>(first) + static_cast<double>(end)) / (2.0 * n));
    for (; first < end; ++first) scores[order[first]] = score;
  }
  return scores;
}

}  // namespace gate::stats
