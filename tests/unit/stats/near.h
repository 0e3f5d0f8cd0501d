// A relative comparison with reference figures, for the tests of the statistics only.
#pragma once

#include <catch2/catch.hpp>
#include <limits>

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Equal to a relative 1e-9 (absolute 1e-12 near zero).
inline Approx near(double value) {
  return Approx(value).epsilon(1e-9).margin(1e-12);
}
