// Random numbers that are the same on every machine: a seed, a cell and a run give the same data whatever the threads do.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace gate::bench {

/// xoshiro256++ (Blackman & Vigna, ACM TOMS 47:36, 2021), seeded by SplitMix64.
class Random {
 public:
  /// A stream of its own for each (seed, stream, run).
  Random(std::uint64_t seed, std::uint64_t stream, std::uint64_t run);

  /// In (0, 1), never an end.
  double uniform();
  /// Standard normal, by Marsaglia's polar method.
  double normal();
  /// Student's t with 3 degrees of freedom, scaled to the standard deviation 1.
  double student3();
  /// How many of `trials` succeed, each with `probability` in [0, 1].
  double binomial(double trials, double probability);
  /// Events with the mean `mean` >= 0.
  double poisson(double mean);

 private:
  std::uint64_t next();

  std::array<std::uint64_t, 4> state_{};
  double spare_ = 0.0;
  bool has_spare_ = false;
};

/// `count` values of a process with the standard deviation 1, after a run-in: x_t = Σ phi_k·x_{t−k} + e_t + Σ theta_k·e_{t−k}.
std::vector<double> arma(Random& random, const std::vector<double>& phi, const std::vector<double>& theta, std::size_t count);

}  // namespace gate::bench
