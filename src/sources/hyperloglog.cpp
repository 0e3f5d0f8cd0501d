#include "sources/hyperloglog.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace gate::sources {
namespace {

constexpr int kRemaining = 64 - HyperLogLog::kPrecision;

/// Ertl 2017, (3.23).
double sigma(double x) {
  if (x >= 1.0) return std::numeric_limits<double>::infinity();
  double weight = 1.0;
  double sum = x;
  for (double before = -1.0; sum != before;) {
    x *= x;
    before = sum;
    sum += x * weight;
    weight += weight;
  }
  return sum;
}

/// Ertl 2017, (3.24).
double tau(double x) {
  if (x <= 0.0 || x >= 1.0) return 0.0;
  double weight = 1.0;
  double sum = 1.0 - x;
  for (double before = -1.0; sum != before;) {
    x = std::sqrt(x);
    before = sum;
    weight *= 0.5;
    sum -= (1.0 - x) * (1.0 - x) * weight;
  }
  return sum / 3.0;
}

}  // namespace

void HyperLogLog::add(std::string_view text) {
  const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
  const auto index = static_cast<std::size_t>(hash >> static_cast<unsigned>(kRemaining));
  const std::uint64_t rest = hash << static_cast<unsigned>(kPrecision);
  const int rank = std::min(std::countl_zero(rest), kRemaining) + 1;
  registers_[index] = std::max(registers_[index], static_cast<std::uint8_t>(rank));
}

double HyperLogLog::estimate() const {
  std::array<double, kRemaining + 2> counts{};
  for (const std::uint8_t one : registers_) counts[one] += 1.0;
  constexpr auto kAll = static_cast<double>(kRegisters);
  double sum = kAll * tau(1.0 - counts.back() / kAll);
  for (std::size_t k = kRemaining; k >= 1; --k) sum = 0.5 * (sum + counts[k]);
  sum += kAll * sigma(counts.front() / kAll);
  return kAll * kAll / (2.0 * std::log(2.0) * sum);
}

}  // namespace gate::sources
