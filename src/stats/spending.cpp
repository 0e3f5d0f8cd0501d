#include "stats/spending.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "stats/distributions.h"
#include "stats/roots.h"

namespace gate::stats {
namespace {

constexpr double kLeastTail = 1e-9;
constexpr double kFarBelow = -8.0;
// Half of the steps that a thousand equal looks take: the trapezoidal rule is then exact to e⁻¹⁰ of a step's normal density.
constexpr double kSpacing = 0.02;
/// Beyond it a normal density adds nothing to a sum of doubles.
constexpr double kReach = 8.5;
/// Gregory's weights at an end that is cut off: exact to the fifth degree, and the rule stays trapezoidal inside.
constexpr std::array<double, 5> kEnd{95.0 / 288.0, 317.0 / 240.0, 23.0 / 30.0, 793.0 / 720.0, 157.0 / 160.0};

double normal_density(double z) {
  return std::exp(-0.5 * z * z) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
}

/// Places from far below up to `quantile`, evenly apart.
std::vector<double> places_up_to(double quantile) {
  const auto count = static_cast<std::size_t>(std::ceil((quantile - kFarBelow) / kSpacing)) + 1;
  const double spacing = (quantile - kFarBelow) / static_cast<double>(count - 1);
  std::vector<double> places(count);
  for (std::size_t i = 0; i < count; ++i) places[i] = kFarBelow + spacing * static_cast<double>(i);
  places.back() = quantile;
  return places;
}

double weight_of(const std::vector<double>& places, std::size_t index) {
  const std::size_t from_end = places.size() - 1 - index;
  return (places[1] - places[0]) * (from_end < kEnd.size() ? kEnd[from_end] : 1.0);
}

}  // namespace

double spent(double alpha, double information) {
  if (information <= 0.0) return 0.0;
  if (information >= 1.0) return alpha;
  return 2.0 * normal_cdf(normal_quantile(alpha / 2.0) / std::sqrt(information));
}

SpendingBoundary::SpendingBoundary(double confidence)
    : alpha_(1.0 - confidence), quantile_(std::numeric_limits<double>::infinity()) {}

double SpendingBoundary::look(double information) {
  if (information > information_) information_ == 0.0 ? open(information) : carry_on(information);
  return 1.0 - normal_cdf(-quantile_);
}

void SpendingBoundary::open(double information) {
  quantile_ = -normal_quantile(std::max(spent(alpha_, information), kLeastTail));
  information_ = information;
  places_ = places_up_to(quantile_);
  masses_.resize(places_.size());
  for (std::size_t i = 0; i < places_.size(); ++i) masses_[i] = normal_density(places_[i]) * weight_of(places_, i);
}

double SpendingBoundary::chance_above(double quantile, double information) const {
  const double noise = std::sqrt(information - information_);
  double chance = 0.0;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const double shortfall = (quantile * std::sqrt(information) - places_[i] * std::sqrt(information_)) / noise;
    chance += masses_[i] * normal_cdf(-shortfall);
  }
  return chance;
}

void SpendingBoundary::carry_on(double information) {
  const double allowed = spent(alpha_, information) - spent(alpha_, information_);
  const double strictest = -normal_quantile(kLeastTail);
  const auto excess = [&](double quantile) { return chance_above(quantile, information) - allowed; };
  const double quantile = excess(strictest) >= 0.0 ? strictest : bracketed_root(excess, 0.0, strictest);

  const double noise = std::sqrt(information - information_);
  const double kept = std::sqrt(information_);
  const double scale = std::sqrt(information);
  const double spacing = places_[1] - places_[0];
  std::vector<double> places = places_up_to(quantile);
  std::vector<double> masses(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double middle = places[i] * scale / kept;
    const double reach = kReach * noise / kept;
    const auto index_at = [&](double place) {
      const double index = std::clamp((place - kFarBelow) / spacing, 0.0, static_cast<double>(places_.size() - 1));
      return static_cast<std::size_t>(index);
    };
    double density = 0.0;
    for (std::size_t k = index_at(middle - reach); k <= index_at(middle + reach); ++k)
      density += masses_[k] * normal_density((places[i] * scale - places_[k] * kept) / noise);
    masses[i] = density * scale / noise * weight_of(places, i);
  }
  quantile_ = quantile;
  information_ = information;
  places_ = std::move(places);
  masses_ = std::move(masses);
}

}  // namespace gate::stats
