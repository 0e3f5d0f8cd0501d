#include <cmath>
#include <vector>

#include "near.h"
#include "series.h"
#include "stats/level_shift.h"
#include "stats/single_ratio.h"

using namespace gate::stats;

TEST_CASE("the tail of the supremum of a Brownian bridge") {
  // R 4.2: 2 * sum((-1)^(0:200) * exp(-2 * x^2 * (1:201)^2))
  CHECK(bridge_tail(0.5) == near(0.963945243664875));
  CHECK(bridge_tail(1.0) == near(0.269999671677355));
  CHECK(bridge_tail(1.2238478702170836) == near(0.1));
  CHECK(bridge_tail(1.6276236115189503) == near(0.01));
  CHECK(bridge_tail(2.5) == near(7.45330634415734e-06));
  CHECK(bridge_tail(0.0) == 1.0);
  CHECK(bridge_tail(40.0) == 0.0);
}

TEST_CASE("a change of level is found where it happened") {
  const std::vector<double> calm = autoregression({0.5}, 120, 3);
  for (const std::size_t length : {12, 60, 100}) {
    std::vector<double> moved = autoregression({0.5}, 120, 8);
    for (std::size_t i = 0; i < length; ++i) moved[i] += 2.0;
    const auto found = level_shift(moved, calm, 0.01);
    REQUIRE(found.has_value());
    CHECK(std::abs(static_cast<double>(found->length) - static_cast<double>(length)) <= 2.0);
    CHECK(found->before - found->after == Approx(2.0).margin(0.4));
    CHECK(found->p_value < 0.01);
  }
}

TEST_CASE("no change of level: nothing is said") {
  const std::vector<double> calm = autoregression({0.5}, 120, 3);
  CHECK_FALSE(level_shift(calm, calm, 0.01).has_value());
  CHECK_FALSE(level_shift(std::vector<double>(60, 2.0), calm, 0.01).has_value());
  CHECK_FALSE(level_shift(std::vector<double>{1, 2, 3}, calm, 0.5).has_value());
  CHECK_FALSE(level_shift({}, {}, 0.5).has_value());
  // Two constants: no noise at all.
  std::vector<double> step(40, 1.0);
  for (std::size_t i = 20; i < 40; ++i) step[i] = 2.0;
  const auto found = level_shift(step, std::vector<double>(40, 1.0), 0.01);
  REQUIRE(found.has_value());
  CHECK(found->length == 20);
  CHECK(found->p_value == 0.0);
}

TEST_CASE("the limit of none, and the rule of three") {
  // R 4.2: 1 - .05^(1/n) = binom.test(0, n, conf.level = .90)$conf.int[2]; -log(.05) / n = poisson.test(0, n, ...)$conf.int[2]
  CHECK(limit_of_none(400, CountModel::binomial, 1.0, 0.95) == near(0.00746135552879956));
  CHECK(limit_of_none(10, CountModel::binomial, 1.0, 0.95) == near(0.258865550893052));
  CHECK(limit_of_none(1e9, CountModel::binomial, 1.0, 0.95) == near(2.99573226906673e-09));
  CHECK(limit_of_none(30, CountModel::poisson, 1.0, 0.95) == near(0.0998577424517997));
  CHECK(limit_of_none(400, CountModel::binomial, 4.0, 0.95) == near(limit_of_none(100, CountModel::binomial, 1.0, 0.95)));
}
