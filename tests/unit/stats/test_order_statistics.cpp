#include <cmath>
#include <vector>

#include "near.h"
#include "series.h"
#include "stats/mover.h"
#include "stats/order_statistics.h"

using namespace gate::stats;

TEST_CASE("binomial ranks of a quantile, exactly") {
  // R 4.2: k <- qbinom(a, n, p); below <- if (pbinom(k, n, p) <= a) k else k - 1; the same with 1 - p for above.
  struct Case {
    double count, probability, below, above;
  };
  for (const Case& c : {Case{500, 0.99, 490, 1}, Case{1000, 0.99, 984, 4}, Case{30, 0.5, 10, 10}, Case{100, 0.9, 84, 4},
                        Case{7, 0.5, 0, 0}, Case{20, 0.95, 16, -1}, Case{1, 0.5, -1, -1}}) {
    const RankLimits found = rank_limits(c.count, c.probability, 1.0, 0.05);
    CHECK(found.below == c.below);
    CHECK(found.above == c.above);
  }
}

TEST_CASE("binomial ranks of values that are worth fewer") {
  // R: uniroot(function(k) pbeta(1 - p, n - k, k + 1) - .05, c(0, n)), times the dispersion.
  struct Case {
    double independent, probability, below, above;
  };
  for (const Case& c : {Case{333.25, 0.9, 290.205047163383, 24.061549928535}, Case{62.5, 0.99, 59.899404400621, -1.0},
                        Case{12.7, 0.5, 2.950997645505, 2.950997645505}}) {
    constexpr double kDispersion = 2.5;
    const RankLimits found = rank_limits(kDispersion * c.independent, c.probability, kDispersion, 0.05);
    CHECK(found.below == near(kDispersion * c.below));
    CHECK(found.above == near(c.above < 0.0 ? -1.0 : kDispersion * c.above));
  }
}

TEST_CASE("a rank interval covers the quantile at least as often as promised") {
  // Exact coverage: the chance that `below` + 1 to n − `above` of n values lie below the quantile.
  for (const double n : {5.0, 40.0, 600.0}) {
    for (const double p : {0.1, 0.5, 0.99}) {
      const RankLimits found = rank_limits(n, p, 1.0, 0.05);
      const auto at_most = [n](double k, double probability) {
        double sum = 0.0;
        for (double i = 0.0; i <= k; ++i)
          sum += std::exp(std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(n - i + 1) + i * std::log(probability) +
                          (n - i) * std::log1p(-probability));
        return sum;
      };
      CHECK(at_most(found.below, p) <= 0.05);
      CHECK(at_most(found.below + 1.0, p) > 0.05);
      CHECK(at_most(found.above, 1.0 - p) <= 0.05);
      CHECK(at_most(found.above + 1.0, 1.0 - p) > 0.05);
    }
  }
}

namespace {

LimitedSide fixed(double point, double lower, double upper) {
  return {point,
          [=](double alpha) {
            const double wider = 0.05 / alpha;
            return Interval{point - (point - lower) * wider, point + (upper - point) * wider};
          },
          100.0};
}

}  // namespace

TEST_CASE("two sides with limits, by MOVER") {
  // R: L <- function(k) 12 - k * 10 - sqrt(.6^2 + k^2 * 1.5^2); U <- function(k) 12 - k * 10 + sqrt(1.1^2 + k^2 * .8^2);
  // relative limits: uniroot(L, c(.5, 1.2))$root - 1, uniroot(U, c(1.2, 2))$root - 1
  const auto compared = MoverComparison::prepare(fixed(10.0, 9.2, 11.5), fixed(12.0, 11.4, 13.1), "test", 0.95);
  struct Case {
    Contrast contrast;
    double point, lower, upper;
  };
  const auto increase = Direction::increase;
  const auto decrease = Direction::decrease;
  for (const Case& c : {Case{{increase, MarginKind::absolute, 0.0}, 2.0, 0.384450557859649, 3.36014705087354},
                        Case{{increase, MarginKind::absolute, 0.5}, 1.5, -0.115549442140351, 2.86014705087354},
                        Case{{increase, MarginKind::relative, 0.1}, 1.0, -0.755704986607944, 2.40868733223523},
                        Case{{decrease, MarginKind::absolute, 0.0}, -2.0, -3.36014705087354, -0.384450557859649},
                        Case{{decrease, MarginKind::relative, 0.1}, -3.0, -4.31468627436358, -1.52267132973058}}) {
    const auto harm = compared->harm(c.contrast);
    CHECK(harm->point == near(c.point));
    CHECK(harm->interval.lower == near(c.lower));
    CHECK(harm->interval.upper == near(c.upper));
    CHECK((harm->p_value < 0.05) == (c.lower > 0.0));
    CHECK((harm->p_safe < 0.05) == (c.upper < 0.0));
  }
  const Change change = compared->change();
  CHECK(*change.relative == near(0.2));
  CHECK(change.relative_interval->lower == near(0.0337359737441996));
  CHECK(change.relative_interval->upper == near(0.354402730688747));
  // The level at which the limit reaches zero: 2 = √(0.6² + 1.5²)·0.05/alpha.
  CHECK(compared->harm({increase, MarginKind::absolute, 0.0})->p_value ==
        Approx(0.05 * std::hypot(0.6, 1.5) / 2.0).epsilon(1e-8));
}

TEST_CASE("an end that is not there leaves the other") {
  LimitedSide open = fixed(12.0, 11.4, 13.1);
  open.limits = [](double) { return Interval{11.4, kInfinity}; };
  const auto compared = MoverComparison::prepare(fixed(10.0, 9.2, 11.5), open, "test", 0.95);
  const auto harm = compared->harm({Direction::increase, MarginKind::absolute, 0.0});
  CHECK(harm->interval.lower == near(0.384450557859649));
  CHECK(harm->interval.upper == kInfinity);
  CHECK(harm->standard_error == kInfinity);
  CHECK(harm->p_safe > 0.5);
  CHECK_FALSE(compared->needs_factor({Direction::increase, MarginKind::absolute, 0.0}, 0.95).has_value());
  const Change change = compared->change();
  CHECK(change.interval->upper == kInfinity);
  CHECK(change.relative_interval->upper == kInfinity);
  CHECK(change.relative_interval->lower == near(0.0337359737441996));
}
