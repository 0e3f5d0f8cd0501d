// What ratio and count comparisons share once their test statistic is known: limits in the relative change, and the growth of
// the data that proves a point. Not for callers outside this module.
#pragma once

#include <cmath>
#include <limits>
#include <optional>

#include "stats/distributions.h"
#include "stats/harm.h"
#include "stats/power.h"
#include "stats/roots.h"

namespace gate::stats {

/// Satterthwaite's degrees of two variances with `slices` independent slices each, not below 1; infinite when neither was
/// learnt from slices.
inline double pooled_degrees(double variance_candidate, double slices_candidate, double variance_baseline,
                             double slices_baseline) {
  const double total = variance_candidate + variance_baseline;
  const double share = total > 0.0 ? variance_candidate / total : 0.5;
  const double degrees_candidate = std::fmax(slices_candidate - 1.0, 1.0);
  const double degrees_baseline = std::fmax(slices_baseline - 1.0, 1.0);
  return 1.0 / (share * share / degrees_candidate + (1.0 - share) * (1.0 - share) / degrees_baseline);
}

/// The normal tail with the same quantile as Student's, so that an exact method can be asked with the wider one.
inline double widened(double alpha, double degrees) {
  return std::isinf(degrees) ? alpha : normal_cdf(student_quantile(alpha, degrees));
}

/// The reverse: what a p-value of an exact method is worth with Student's tails.
inline double discounted(double p_value, double degrees) {
  return std::isinf(degrees) ? p_value : student_cdf(normal_quantile(p_value), degrees);
}

/// The relative changes θc/θb − 1 at which `statistic(factor)` is ±quantile(factor); `ratio` is the point θc/θb. The statistic
/// falls in the factor. Nothing when the upper limit lies beyond a change of 10^12.
template <typename Statistic, typename Quantile>
std::optional<Interval> relative_limits(const Statistic& statistic, const Quantile& quantile, double ratio) {
  constexpr double kLeastFactor = 1e-12;
  constexpr double kMostFactor = 1e12;
  // By the logarithm, so that limits of −99.99 % and of +10,000 % are found alike.
  const auto limit = [&](double direction, double edge) -> std::optional<double> {
    const auto above = [&](double logarithm) {
      const double factor = std::exp(logarithm);
      return direction * statistic(factor) - quantile(factor);
    };
    if (above(std::log(edge)) < 0.0) return std::nullopt;
    const double from = ratio > 0.0 ? std::log(ratio) : std::log(kLeastFactor);
    return std::exp(bracketed_root(above, std::fmin(from, std::log(edge)), std::fmax(from, std::log(edge)))) - 1.0;
  };
  const auto upper = limit(-1.0, kMostFactor);
  if (!upper) return std::nullopt;
  const auto lower = ratio > 0.0 ? limit(1.0, kLeastFactor) : std::nullopt;
  return Interval{lower.value_or(-1.0), *upper};
}

/// The relative changes k − 1 at which the lower and the upper limit of θc − k·θb are zero. `limits(k)` falls in the factor k;
/// `ratio` is the point θc/θb, where zero lies between the limits. An end is infinite, or −1, where no factor is reached.
template <typename Limits>
Interval factors_of_zero(const Limits& limits, double ratio) {
  constexpr double kMostFactor = 1e12;
  const auto lower = [&](double factor) { return limits(factor).lower; };
  const auto upper = [&](double factor) { return limits(factor).upper; };
  const double from = std::fmax(ratio, 0.0);
  // Doubling the distance finds a bracket near the answer, so that the root is found to the last bits of the factor.
  double step = std::fmax(0.01 * from, 1e-6);
  while (upper(from + step) > 0.0 && step < kMostFactor) step *= 2.0;
  const double most = step < kMostFactor ? bracketed_root(upper, from, from + step) : std::numeric_limits<double>::infinity();
  const double least = lower(0.0) > 0.0 ? bracketed_root(lower, 0.0, from) : 0.0;
  return {least - 1.0, most - 1.0};
}

/// The growth of all counts at which `statistic(growth)`, whose size rises with the data, reaches the quantile of the
/// confidence plus that of the power. Nothing outside 10^±9.
template <typename Statistic>
std::optional<double> growth_to_prove(const Statistic& statistic, double degrees, double confidence) {
  const auto above = [&](double logarithm) {
    const double growth = std::exp(logarithm);
    const double grown = std::isinf(degrees) ? degrees : std::fmax((degrees + 1.0) * growth - 1.0, 1.0);
    return std::abs(statistic(growth)) - student_quantile(confidence, grown) - student_quantile(kPower, grown);
  };
  const double edge = std::log(1e9);
  if (above(edge) < 0.0 || above(-edge) > 0.0) return std::nullopt;
  return std::exp(bracketed_root(above, -edge, edge));
}

}  // namespace gate::stats
