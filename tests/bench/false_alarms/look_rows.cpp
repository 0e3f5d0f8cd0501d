#include "look_rows.h"

#include <utility>

#include "draws.h"

namespace gate::bench {
namespace {

using config::Design;

constexpr std::size_t kPointsPerLook = 4;
constexpr double kLeastPower = 0.90;

/// Log-normal points every 15 s, with a spread of a quarter of their level.
LookRow points(std::string name, const std::vector<double>& phi, Design design, double least_power) {
  const auto draw = [phi](Random& random, double change) {
    const auto side = [&](double level) { return side_of(log_normal(arma(random, phi, {}, kLooks * kPointsPerLook), level)); };
    Release release;
    release.baseline = side(1.0);
    release.candidate = side(1.0 + change);
    return release;
  };
  return {std::move(name), config::Kind::samples, design, kPointsPerLook, draw, least_power};
}

/// Slices of requests of which 2 % fail, `per_look` of them a look.
LookRow ratio(std::string name, const Traffic& errors, std::size_t per_look = 1) {
  const auto draw = [=](Random& random, double change) {
    const auto side = [&](double factor) {
      Traffic moved = errors;
      moved.rate *= factor;
      return count_side(moved, config::Kind::ratio, kLooks * per_look, random);
    };
    Release release;
    release.baseline = side(1.0);
    release.candidate = side(1.0 + change);
    return release;
  };
  return {std::move(name), config::Kind::ratio, Design::before_after, per_look, draw};
}

LookRow bursty(LookRow row) {
  row.limits.known = KnownExcess{0.08, kHiddenMemory};
  return row;
}

}  // namespace

std::vector<LookRow> look_rows() {
  return {points("thirty looks, independent", {}, Design::before_after, kLeastPower),
          points("thirty looks, AR(1) 0.6", {0.6}, Design::before_after, kLeastPower),
          points("thirty looks, AR(1) 0.9", {0.9}, Design::before_after, 0.0),
          points("thirty looks, AR(2) (0.5, 0.3)", {0.5, 0.3}, Design::before_after, 0.0),
          points("thirty looks, independent, side by side", {}, Design::side_by_side, kLeastPower),
          points("thirty looks, AR(1) 0.6, side by side", {0.6}, Design::side_by_side, 0.0),
          ratio("thirty looks, ratio 2 % of 500/min", {500, 0.02, 0.0, 0.0}),
          bursty(ratio("thirty looks, ratio 2 % of 500/min, bursts AR 0.6", {500, 0.02, 0.5, 0.6})),
          bursty(ratio("thirty looks, ratio 2 % of 500/slice, bursts AR 0.6, four slices a look", {500, 0.02, 0.5, 0.6}, 4)),
          ratio("thirty looks, ratio 1 % of 200,000/min, bursts AR 0.6", {2e5, 0.01, 0.3, 0.6})};
}

}  // namespace gate::bench
