#include "random.h"

#include <bit>
#include <cmath>
#include <numeric>

namespace gate::bench {
namespace {

constexpr std::size_t kRunIn = 200;

std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

/// The standard deviation of the process, from its response to one shock.
double deviation_of(const std::vector<double>& phi, const std::vector<double>& theta) {
  constexpr std::size_t kResponse = 2000;
  std::vector<double> response(kResponse, 0.0);
  for (std::size_t t = 0; t < kResponse; ++t) {
    response[t] = t == 0 ? 1.0 : t <= theta.size() ? theta[t - 1] : 0.0;
    for (std::size_t k = 1; k <= phi.size() && k <= t; ++k) response[t] += phi[k - 1] * response[t - k];
  }
  return std::sqrt(std::inner_product(response.begin(), response.end(), response.begin(), 0.0));
}

}  // namespace

Random::Random(std::uint64_t seed, std::uint64_t stream, std::uint64_t run) {
  std::uint64_t mixed = seed;
  mixed = split_mix(mixed) ^ (stream * 0xd1342543de82ef95U);
  mixed = split_mix(mixed) ^ (run * 0xaef17502108ef2d9U);
  for (auto& word : state_) word = split_mix(mixed);
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::uniform() {
  return (static_cast<double>(next() >> 11U) + 0.5) * 0x1.0p-53;
}

double Random::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  for (;;) {
    const double x = 2.0 * uniform() - 1.0;
    const double y = 2.0 * uniform() - 1.0;
    const double square = x * x + y * y;
    if (square >= 1.0 || square == 0.0) continue;
    const double scale = std::sqrt(-2.0 * std::log(square) / square);
    spare_ = y * scale;
    has_spare_ = true;
    return x * scale;
  }
}

double Random::student3() {
  const double z = normal();
  const double a = normal();
  const double b = normal();
  const double c = normal();
  return z / std::sqrt(a * a + b * b + c * c);
}

double Random::binomial(double trials, double probability) {
  // By the waiting times between successes, so that the work is that of the events and not of the trials.
  if (probability <= 0.0) return 0.0;
  if (probability > 0.5) return trials - binomial(trials, 1.0 - probability);
  const double rate = std::log1p(-probability);
  double used = 0.0;
  double events = -1.0;
  while (used <= trials) {
    used += std::floor(std::log(uniform()) / rate) + 1.0;
    events += 1.0;
  }
  return events;
}

double Random::poisson(double mean) {
  double events = -1.0;
  double waited = 0.0;
  while (waited <= mean) {
    waited -= std::log(uniform());
    events += 1.0;
  }
  return events;
}

std::vector<double> arma(Random& random, const std::vector<double>& phi, const std::vector<double>& theta, std::size_t count) {
  const double deviation = deviation_of(phi, theta);
  const std::size_t run_in = phi.empty() ? theta.size() : kRunIn;
  std::vector<double> noise(run_in + count);
  std::vector<double> values(run_in + count);
  for (std::size_t t = 0; t < values.size(); ++t) {
    noise[t] = random.normal();
    values[t] = noise[t];
    for (std::size_t k = 1; k <= theta.size() && k <= t; ++k) values[t] += theta[k - 1] * noise[t - k];
    for (std::size_t k = 1; k <= phi.size() && k <= t; ++k) values[t] += phi[k - 1] * values[t - k];
  }
  std::vector<double> kept(values.end() - static_cast<std::ptrdiff_t>(count), values.end());
  for (double& value : kept) value /= deviation;
  return kept;
}

}  // namespace gate::bench
