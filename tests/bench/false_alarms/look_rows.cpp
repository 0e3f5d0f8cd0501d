#include "look_rows.h"

#include <cmath>
#include <utility>

namespace gate::bench {
namespace {

using config::Design;

constexpr std::size_t kPointsPerLook = 4;
constexpr double kMostAlarms = 0.06;
constexpr double kBursty = 0.08;  // as for one look: thirty slices must also teach the dispersion
constexpr double kLeastPower = 0.90;
const double kSpread = std::sqrt(std::log1p(0.25 * 0.25));

/// Log-normal points every 15 s, with a spread of a quarter of their level.
LookRow points(std::string name, const std::vector<double>& phi, Design design, double least_power) {
  const auto draw = [phi](Random& random, double change) {
    const auto side = [&](double level) {
      core::SideMeasurement out;
      out.samples.values = arma(random, phi, {}, kLooks * kPointsPerLook);
      for (double& value : out.samples.values) value = level * std::exp(kSpread * value - kSpread * kSpread / 2.0);
      return out;
    };
    Release release;
    release.baseline = side(1.0);
    release.candidate = side(1.0 + change);
    return release;
  };
  return {std::move(name), config::Kind::samples, design, kPointsPerLook, draw, least_power, kMostAlarms};
}

/// `per_minute` requests a slice of a minute, 2 % of which fail, moved by a latent process.
LookRow ratio(std::string name, double per_minute, double spread, double memory, double limit) {
  const auto draw = [=](Random& random, double change) {
    const auto side = [&](double rate) {
      core::SideMeasurement out;
      for (const double level : arma(random, {memory}, {}, kLooks)) {
        const double burst = std::exp(spread * level - spread * spread / 2.0);
        out.counts.totals.push_back(per_minute);
        out.counts.events.push_back(random.binomial(per_minute, rate * burst));
      }
      return out;
    };
    Release release;
    release.baseline = side(0.02);
    release.candidate = side(0.02 * (1.0 + change));
    return release;
  };
  return {std::move(name), config::Kind::ratio, Design::before_after, 1, draw, 0.0, limit};
}

}  // namespace

std::vector<LookRow> look_rows() {
  return {points("thirty looks, independent", {}, Design::before_after, kLeastPower),
          points("thirty looks, AR(1) 0.6", {0.6}, Design::before_after, kLeastPower),
          points("thirty looks, AR(1) 0.9", {0.9}, Design::before_after, 0.0),
          points("thirty looks, AR(2) (0.5, 0.3)", {0.5, 0.3}, Design::before_after, 0.0),
          points("thirty looks, independent, side by side", {}, Design::side_by_side, kLeastPower),
          points("thirty looks, AR(1) 0.6, side by side", {0.6}, Design::side_by_side, 0.0),
          ratio("thirty looks, ratio 2 % of 500/min", 500, 0.0, 0.0, kMostAlarms),
          ratio("thirty looks, ratio 2 % of 500/min, bursts AR 0.6", 500, 0.5, 0.6, kBursty)};
}

}  // namespace gate::bench
