#include "stats/power.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/distributions.h"

namespace gate::stats {
namespace {

constexpr double kMostDegrees = 1e9;
constexpr int kRounds = 60;

}  // namespace

double detectable_excess(double standard_error, double degrees, double confidence) {
  if (standard_error == 0.0) return 0.0;
  if (std::isinf(standard_error) || !(degrees > 0.0)) return standard_error;
  return (student_quantile(confidence, degrees) + student_quantile(kPower, degrees)) * standard_error;
}

std::optional<double> needs_factor(double point, double standard_error, double degrees, double confidence) {
  if (point == 0.0 || !std::isfinite(standard_error) || !(degrees > 0.0)) return std::nullopt;
  const double ratio = standard_error / std::abs(point);
  // The factor sets the degrees and the degrees the factor; each round moves the quantiles less than the one before.
  double factor = 1.0;
  for (int round = 0; round < kRounds; ++round) {
    const double grown =
        std::isinf(degrees) ? degrees : std::clamp((degrees + 1.0) * factor - 1.0, std::min(degrees, 1.0), kMostDegrees);
    const double needed = ratio * (student_quantile(confidence, grown) + student_quantile(kPower, grown));
    const double next = needed * needed;
    const bool settled = std::abs(next - factor) <= 1e-9 * factor;
    factor = next;
    if (settled) break;
  }
  if (!std::isfinite(factor)) return std::nullopt;
  return factor;
}

std::optional<double> needs_factor(const Harm& harm, double confidence) {
  const double towards_zero = harm.point > 0.0 ? harm.point - harm.interval.lower : harm.interval.upper - harm.point;
  const double degrees = harm.degrees > 0.0 ? harm.degrees : std::numeric_limits<double>::infinity();
  return needs_factor(harm.point, towards_zero / student_quantile(confidence, degrees), degrees, confidence);
}

}  // namespace gate::stats
