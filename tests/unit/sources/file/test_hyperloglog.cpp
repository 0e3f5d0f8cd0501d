// HyperLogLog: its error against the published one, over all ranges; and that counting again changes nothing.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "sources/hyperloglog.h"

namespace gate::sources {
namespace {

double estimate_of(std::size_t count, std::size_t seed) {
  HyperLogLog sketch;
  for (std::size_t i = 0; i < count; ++i) sketch.add(fmt::format("{}-{}", seed, i));
  return sketch.estimate();
}

TEST_CASE("HyperLogLog: nothing is 0, and few are counted all but exactly") {
  CHECK(HyperLogLog().estimate() == 0.0);
  for (const std::size_t count : {1U, 2U, 10U}) CHECK(std::round(estimate_of(count, 1)) == static_cast<double>(count));
  // Two of a hundred share a register in one case of four (the birthday problem with 16,384 days).
  CHECK(std::abs(estimate_of(100, 1) - 100.0) < 2.0);
}

TEST_CASE("HyperLogLog: the error is the published one, without a bias in any range") {
  // 2.5 and 5 times the registers are where the raw estimator of 2007 is biased by 1 % and more (Heule et al. 2013, figure 1).
  for (const std::size_t count : {1'000U, 16'384U, 40'960U, 81'920U, 200'000U}) {
    const std::size_t runs = count > 100'000 ? 12 : 30;
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t seed = 0; seed < runs; ++seed) {
      const double error = estimate_of(count, seed) / static_cast<double>(count) - 1.0;
      sum += error;
      squares += error * error;
      CHECK(std::abs(error) < 4.0 * HyperLogLog::kStandardError);
    }
    const auto number = static_cast<double>(runs);
    INFO(count);
    CHECK(std::abs(sum / number) < 3.0 * HyperLogLog::kStandardError / std::sqrt(number));
    CHECK(std::sqrt(squares / number) < 1.5 * HyperLogLog::kStandardError);
  }
}

TEST_CASE("HyperLogLog: the same again changes nothing, in any order") {
  HyperLogLog once;
  HyperLogLog often;
  for (int i = 0; i < 50'000; ++i) once.add(fmt::format("{}", i));
  for (int i = 49'999; i >= 0; --i) {
    often.add(fmt::format("{}", i));
    often.add(fmt::format("{}", i / 2));
  }
  CHECK(once.estimate() == often.estimate());
}

}  // namespace
}  // namespace gate::sources
