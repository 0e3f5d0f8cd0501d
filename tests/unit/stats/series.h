// Series that R, NumPy and these tests make alike to the last bit: Lehmer's generator (16807·s mod 2^31 − 1), less a half.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

inline std::vector<double> lehmer(std::size_t count, std::uint64_t seed) {
  std::vector<double> values(count);
  for (double& value : values) {
    seed = 16807 * seed % 2147483647;
    value = static_cast<double>(seed) / 2147483647.0 - 0.5;
  }
  return values;
}

/// An autoregression driven by it, from zero: x_t = e_t + Σ phi_k·x_{t−k}, around `level`.
inline std::vector<double> autoregression(const std::vector<double>& phi, std::size_t count, std::uint64_t seed,
                                          double level = 0.0) {
  std::vector<double> values = lehmer(count, seed);
  for (std::size_t t = 0; t < count; ++t) {
    double past = 0.0;
    for (std::size_t k = 1; k <= phi.size() && k <= t; ++k) past += phi[k - 1] * values[t - k];
    values[t] += past;
  }
  for (double& value : values) value += level;
  return values;
}
