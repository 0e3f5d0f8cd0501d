#include <cmath>
#include <vector>

#include "near.h"
#include "stats/count.h"

using namespace gate::stats;

namespace {

struct Whole {
  double events, exposure;
};

Evaluated<CountComparison> prepare(Whole baseline, Whole candidate) {
  return CountComparison::prepare({{&baseline.events, 1}, {&baseline.exposure, 1}},
                                  {{&candidate.events, 1}, {&candidate.exposure, 1}}, DispersionRule::from_slices, 0.95);
}

constexpr Contrast absolute(double margin) {
  return {Direction::increase, MarginKind::absolute, margin};
}
constexpr Contrast relative(double margin) {
  return {Direction::increase, MarginKind::relative, margin};
}

}  // namespace

TEST_CASE("the exact conditional limits of a rate ratio") {
  // R 4.2: poisson.test(c(35, 20), c(1200, 1000), alternative = "greater") and "less": 0.8916439889625396, 2.4265195934884618;
  // with r = 1.1: p 0.19178617550666058. SciPy 1.10: stats.beta.ppf for the others.
  struct Case {
    Whole baseline, candidate;
    double lower, upper;
  };
  for (const Case& c :
       {Case{{20, 1000}, {35, 1200}, 0.8916439889625396, 2.4265195934884618}, Case{{1, 100}, {0, 50}, 0.0, 38.0},
        Case{{1e9, 1e9}, {1.0001e9, 1e9}, 1.0000264360964466, 1.0001735693138225}}) {
    const Change change = prepare(c.baseline, c.candidate)->change();
    REQUIRE(change.relative_interval.has_value());
    CHECK(change.relative_interval->lower + 1.0 == near(c.lower));
    CHECK(change.relative_interval->upper + 1.0 == near(c.upper));
  }
  const auto harm = prepare({20, 1000}, {35, 1200})->harm(relative(0.1));
  CHECK(harm->p_value == near(0.19178617550666058));
  CHECK(harm->p_safe == near(0.8745227314633071));
  CHECK(harm->interval.lower == near(0.02 * (0.8916439889625396 - 1.1)));
  CHECK(harm->interval.upper == near(0.02 * (2.4265195934884618 - 1.1)));
  CHECK(harm->margin_absolute == near(0.002));
}

TEST_CASE("a difference of rates by the skewness-corrected score") {
  // SciPy 1.10: Laud's formulas for Poisson rates written out, limits by optimize.brentq.
  const auto harm = prepare({20, 1000}, {35, 1200})->harm(absolute(0.0));
  CHECK(harm->interval.lower == near(-0.0020001955851254812));
  CHECK(harm->interval.upper == near(0.020328191390465742));
  const auto from_zero = prepare({0, 100}, {5, 100})->harm(absolute(0.0));
  CHECK(from_zero->interval.lower == near(0.019436174100995865));
  CHECK(from_zero->interval.upper == near(0.09888022083153997));
}

TEST_CASE("a fall is judged from the other end") {
  const auto fall = prepare({35, 1200}, {20, 1000})->harm({Direction::decrease, MarginKind::relative, 0.1});
  // SciPy 1.10: stats.binom.cdf(20, 55, 0.9 * 1000 / (0.9 * 1000 + 1200)).
  CHECK(fall->p_value == near(0.20199786431859013));
  CHECK(fall->point == near(0.9 * 35.0 / 1200.0 - 0.02));
  CHECK(fall->interval.lower < fall->point);
  CHECK(fall->point < fall->interval.upper);
}

TEST_CASE("counts at their edges") {
  CHECK(prepare({0, 100}, {5, 100})->harm(relative(0.1)).reason() == Unusable::baseline_near_zero);
  CHECK(prepare({0, 0}, {5, 100}).reason() == Unusable::no_data);
  CHECK(prepare({-1, 10}, {5, 100}).reason() == Unusable::bad_counts);
  CHECK(prepare({1, 0}, {5, 100}).reason() == Unusable::bad_counts);
  CHECK(prepare({NAN, 1}, {5, 100}).reason() == Unusable::not_finite);
  const auto both_none = prepare({0, 100}, {0, 100});
  CHECK(both_none->harm(absolute(0.0))->interval.lower < 0.0);
  CHECK(both_none->harm(absolute(0.0))->interval.upper > 0.0);
  CHECK(both_none->harm(absolute(0.1))->interval.upper <= 0.0);
  CHECK_FALSE(both_none->change().relative.has_value());
  const auto large = prepare({1e9, 3600}, {1.0001e9, 3600});
  CHECK(large->harm(absolute(0.0))->interval.lower > 0.0);
  CHECK(large->harm(relative(0.001))->interval.upper < 0.0);
  const auto one = prepare({1, 10}, {2, 10});
  CHECK(one->harm(relative(0.0))->interval.lower < 0.0);
  CHECK(one->harm(relative(0.0))->interval.upper > 0.0);
}

TEST_CASE("bursts of counts widen the interval") {
  std::vector<double> exposure(40, 15.0), bursty(40), steady(40);
  for (std::size_t i = 0; i < 40; ++i) {
    bursty[i] = i / 4 % 4 == 0 ? 30.0 : 2.0;
    steady[i] = i % 2 == 0 ? 9.0 : 11.0;
  }
  const auto loud = CountComparison::prepare({steady, exposure}, {bursty, exposure}, DispersionRule::from_slices, 0.95);
  CHECK(loud->dispersion().candidate > 5.0);
  CHECK(loud->dispersion().baseline < 1.1);
  const auto careless = CountComparison::prepare({steady, exposure}, {bursty, exposure}, DispersionRule::none, 0.95);
  CHECK(loud->change().relative_interval->lower < careless->change().relative_interval->lower);
  CHECK(loud->harm(relative(0.0))->p_value == Approx(0.5).margin(0.2));
}

TEST_CASE("the data a count needs") {
  const auto comparison = prepare({20, 1000}, {35, 1200});
  const double growth = *comparison->needs_factor(relative(0.1), 0.95);
  CHECK(growth > 2.0);
  const auto grown = prepare({20 * growth, 1000 * growth}, {35 * growth, 1200 * growth});
  // The growth is by the score; the exact test, which is conservative, is a little behind its tail beyond z_0.95 + z_0.8.
  CHECK(grown->harm(relative(0.1))->p_value > 0.00645);
  CHECK(grown->harm(relative(0.1))->p_value < 0.009);
}
