#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "stats/kayenta.h"

using namespace gate::stats;
using Class = KayentaResult::Class;
using Values = std::vector<double>;

namespace {

const Values kAfter{11.0, 11.4, 10.2, 11.9, 10.8, 9.95, 13.1, 12.2};
const Values kBefore{10.1, 9.8, 10.4, 10.0, 9.7, 10.3, 12.5, 8.9, 10.1};
const Values kHigh{20.0, 22.0, 21.0, 25.0, 30.0};
const Values kLow{1.0, 2.2, 1.1, 2.5, 3.0};

Values wave(int count, double base, int factor, int modulus, double divisor) {
  Values out;
  for (int i = 0; i < count; ++i) out.push_back(base + (i * factor % modulus) / divisor);
  return out;
}

KayentaRules rules(KayentaRules::Direction direction = KayentaRules::Direction::either) {
  KayentaRules out;
  out.direction = direction;
  return out;
}

}  // namespace

// R 4.2: w <- wilcox.test(x, y, conf.int = TRUE, exact = FALSE, conf.level = level); w$conf.int; w$estimate
TEST_CASE("kayenta: the shift is that of R's wilcox.test") {
  struct Case {
    Values x, y;
    double level, lower, upper, estimate;
  };
  const Case cases[] = {
      {kAfter, kBefore, 0.98, -0.14993843, 2.49995513, 1.10006494},
      {kAfter, kBefore, 0.95, 0.10001495, 2.10002645, 1.10006494},
      {{0, 0, 0, 1, 0, 2, 0, 0, 3, 0, 0, 1.5}, {0, 0, 0, 0, 0, 1, 0, 0, 0, 0}, 0.95, -0.00007529, 1.00005349, 0.00004953},
      {kHigh, kLow, 0.95, 17.80004385, 27.79994325, 20.0},
      {wave(80, 103.0, 104729, 89, 9.0), wave(80, 100.0, 7919, 97, 10.0), 0.98, 1.98893481, 4.22220581, 3.11108353},
  };
  for (const Case& one : cases) {
    const auto shift = wilcoxon_shift(one.x, one.y, one.level);
    REQUIRE(shift);
    CHECK(shift->interval.lower == Approx(one.lower).margin(1e-7));
    CHECK(shift->interval.upper == Approx(one.upper).margin(1e-7));
    // R leaves the continuity out here, Kayenta does not: within the tolerance of both.
    CHECK(shift->estimate == Approx(one.estimate).margin(1e-4));
  }
}

TEST_CASE("kayenta: high, low and pass by the direction and the effect") {
  using Direction = KayentaRules::Direction;
  for (const Direction direction : {Direction::increase, Direction::decrease, Direction::either}) {
    CHECK(kayenta(kLow, kHigh, rules(direction)).classification ==
          (direction == Direction::decrease ? Class::pass : Class::high));
    CHECK(kayenta(kHigh, kLow, rules(direction)).classification ==
          (direction == Direction::increase ? Class::pass : Class::low));
    CHECK(kayenta(kBefore, kAfter, rules(direction)).classification == Class::pass);
  }
  const KayentaResult high = kayenta(kLow, kHigh, rules());
  CHECK(*high.effect == Approx(23.6 / 1.96));
  CHECK(high.bound == Approx(0.25 * *high.shift));
  CHECK_FALSE(high.critical);
  // The limit is included, as in Kayenta.
  KayentaRules allowed = rules();
  allowed.allowed_increase = *high.effect;
  CHECK(kayenta(kLow, kHigh, allowed).classification == Class::high);
  allowed.allowed_increase = *high.effect * 1.001;
  CHECK(kayenta(kLow, kHigh, allowed).classification == Class::pass);
  allowed.allowed_decrease = 0.05;
  CHECK(kayenta(kHigh, kLow, allowed).classification == Class::pass);
  allowed.allowed_decrease = 0.09;
  CHECK(kayenta(kHigh, kLow, allowed).classification == Class::low);
}

TEST_CASE("kayenta: the common language effect size") {
  KayentaRules cles = rules();
  cles.effect_size = KayentaRules::EffectSize::cles;
  cles.allowed_increase = cles.allowed_decrease = 0.5;
  CHECK(*kayenta(kLow, kHigh, cles).effect == 1.0);
  CHECK(*kayenta(kHigh, kLow, cles).effect == 0.0);
  // R: mean(outer(after, before, ">")) + mean(outer(after, before, "==")) / 2
  CHECK(*kayenta(kBefore, kAfter, cles).effect == Approx(0.8055555556));
  cles.allowed_increase = 1.1;
  CHECK(kayenta(kLow, kHigh, cles).classification == Class::pass);
}

TEST_CASE("kayenta: critical beyond its own thresholds alone") {
  KayentaRules critical = rules();
  critical.critical = true;
  CHECK(kayenta(kLow, kHigh, critical).critical);
  CHECK_FALSE(kayenta(kBefore, kAfter, critical).critical);
  critical.critical_increase = 20.0;
  CHECK(kayenta(kLow, kHigh, critical).classification == Class::high);
  CHECK_FALSE(kayenta(kLow, kHigh, critical).critical);
  critical.critical_decrease = 0.5;
  CHECK(kayenta(kHigh, kLow, critical).critical);
  critical.critical_decrease = 0.01;
  CHECK_FALSE(kayenta(kHigh, kLow, critical).critical);
}

TEST_CASE("kayenta: no data") {
  struct Case {
    bool replace, must, critical;
    Class classification;
    bool is_critical;
  };
  const Case cases[] = {
      {false, false, false, Class::nodata, false}, {false, true, false, Class::nodata_fail, false},
      {false, false, true, Class::nodata, true},   {false, true, true, Class::nodata, true},
      {true, false, false, Class::pass, false},    {true, true, true, Class::pass, false},
  };
  for (const Case& one : cases) {
    KayentaRules asked = rules();
    asked.replace_nan = one.replace;
    asked.must_have_data = one.must;
    asked.critical = one.critical;
    const Values nothing;
    for (const KayentaResult& result :
         {kayenta(nothing, kHigh, asked), kayenta(kHigh, nothing, asked), kayenta(nothing, nothing, asked)}) {
      CHECK(result.classification == one.classification);
      CHECK(result.critical == one.is_critical);
      CHECK_FALSE(result.interval);
    }
  }
}

TEST_CASE("kayenta: identical, constant and zero sides") {
  CHECK(kayenta(kHigh, Values(kHigh.rbegin(), kHigh.rend()), rules()).classification == Class::pass);
  CHECK(kayenta(Values(5, 3.0), Values(7, 3.0), rules()).classification == Class::pass);
  // Constant sides that differ: noise of 1e-5, the same at every run.
  const KayentaResult once = kayenta(Values(20, 10.0), Values(20, 11.0), rules());
  const KayentaResult again = kayenta(Values(20, 10.0), Values(20, 11.0), rules());
  CHECK(once.classification == Class::high);
  CHECK(*once.shift == Approx(1.0).margin(1e-3));
  CHECK(once.interval->lower == again.interval->lower);
  // A mean of zero: no ratio, and the condition on it is left out.
  const KayentaResult from_zero = kayenta(Values(20, 0.0), Values(20, 11.0), rules());
  CHECK(from_zero.classification == Class::high);
  CHECK(kayenta(Values(20, 0.0), wave(20, 5.0, 7, 11, 3.0), rules()).effect == std::nullopt);
  CHECK(kayenta(wave(20, 5.0, 7, 11, 3.0), Values(20, 0.0), rules()).classification == Class::low);
  CHECK(kayenta({{1.0}}, {{2.0}}, rules()).classification == Class::failed);
}

TEST_CASE("kayenta: outliers beyond both fences are dropped") {
  Values before = wave(100, 10.0, 7, 101, 100.0);
  Values after = before;
  // R: quantile(x, c(.01, .25, .75, .99), type = 7): 10.0002 10.245 10.755 490.22
  after.insert(after.end(), {500.0, 600.0, -400.0});
  KayentaRules asked = rules();
  CHECK(kayenta(before, after, asked).dropped_candidate == 0);
  asked.outlier_factor = 3.0;
  const KayentaResult result = kayenta(before, after, asked);
  CHECK(result.dropped_baseline == 0);
  CHECK(result.dropped_candidate == 3);
  CHECK(result.classification == Class::pass);
}

TEST_CASE("kayenta: the names are Kayenta's") {
  CHECK(name(Class::pass) == "Pass");
  CHECK(name(Class::high) == "High");
  CHECK(name(Class::low) == "Low");
  CHECK(name(Class::nodata) == "Nodata");
  CHECK(name(Class::nodata_fail) == "NodataFailMetric");
  CHECK(name(Class::failed) == "Error");
}
