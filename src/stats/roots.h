// One root of a monotone function in a bracket. Not for functions that may not cross zero.
#pragma once

#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

namespace gate::stats {

/// The x in [lower, upper] with f(x) = 0, to the last few bits. `f` is monotone and its signs at the ends differ; without a
/// change of sign, the end where |f| is smaller.
template <typename Function>
double bracketed_root(const Function& f, double lower, double upper) {
  const double at_lower = f(lower);
  const double at_upper = f(upper);
  if (at_lower == 0.0) return lower;
  if (at_upper == 0.0) return upper;
  if (std::signbit(at_lower) == std::signbit(at_upper)) return std::abs(at_lower) < std::abs(at_upper) ? lower : upper;
  const auto close = [](double a, double b) {
    return std::abs(a - b) <= 4.0 * std::numeric_limits<double>::epsilon() * std::fmin(std::abs(a), std::abs(b));
  };
  // Infinite values at the ends would spoil the interpolation; a large finite one only costs a few steps.
  const auto bounded = [&f](double x) {
    const double value = f(x);
    return std::fmax(-1e100, std::fmin(1e100, value));
  };
  std::uintmax_t rounds = 200;
  const auto [left, right] =
      boost::math::tools::toms748_solve(bounded, lower, upper, bounded(lower), bounded(upper), close, rounds);
  return left + 0.5 * (right - left);
}

}  // namespace gate::stats
