#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "stats/split.h"

using namespace gate::stats;
using Values = std::vector<double>;

TEST_CASE("split: the p-value is that of the chi-squared test") {
  struct Case {
    Values baseline, candidate;
    double expected, share, p_value;
  };
  // R 4.2: chisq.test(c(candidate, baseline), p = c(expected, 1 - expected))$p.value
  const Case cases[] = {
      {{9500}, {500}, 0.05, 0.05, 1.0},
      {{5000}, {5200}, 0.5, 5200.0 / 10200.0, 0.04767038},
      {{821588}, {815482}, 0.5, 815482.0 / 1637070.0, 1.821793e-06},
      {{950}, {90}, 0.05, 90.0 / 1040.0, 6.425075e-08},
  };
  for (const Case& one : cases) {
    const auto check = split_check(one.baseline, one.candidate, one.expected);
    REQUIRE(check);
    CHECK(check->share == Approx(one.share));
    CHECK(check->p_value == Approx(one.p_value).epsilon(1e-6));
    CHECK(check->dispersion == 1.0);
  }
}

TEST_CASE("split: users who come in bursts are no broken split") {
  // The halves change from slice to slice far more than single users would let them.
  Values baseline;
  Values candidate;
  for (int i = 0; i < 20; ++i) {
    baseline.push_back(i % 2 == 0 ? 300.0 : 700.0);
    candidate.push_back(i % 2 == 0 ? 760.0 : 300.0);
  }
  const auto in_bursts = split_check(baseline, candidate, 0.5);
  REQUIRE(in_bursts);
  CHECK(in_bursts->dispersion > 100.0);
  CHECK(in_bursts->p_value > 0.05);
  const Values b{10000.0};
  const Values c{10600.0};
  CHECK(split_check(b, c, 0.5)->p_value < 0.001);
}

TEST_CASE("split: what cannot be tested") {
  const Values some{10.0};
  const Values nothing;
  CHECK_FALSE(split_check(nothing, nothing, 0.5));
  CHECK_FALSE(split_check(Values{0.0}, Values{0.0}, 0.5));
  CHECK_FALSE(split_check(some, Values{-1.0}, 0.5));
  CHECK_FALSE(split_check(some, Values{std::numeric_limits<double>::quiet_NaN()}, 0.5));
  CHECK_FALSE(split_check(some, some, 0.0));
  CHECK_FALSE(split_check(some, some, 1.0));
  CHECK(split_check(some, nothing, 0.5)->share == 0.0);
  CHECK(split_check(Values{1000.0}, nothing, 0.5)->p_value < 1e-200);
}
