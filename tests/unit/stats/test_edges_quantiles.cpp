// The edge cases of the statistics, by name, asked of quantiles: of single values, of values in groups, and of buckets.
#include <cmath>
#include <vector>

#include "near.h"
#include "sane.h"
#include "series.h"
#include "stats/histogram.h"
#include "stats/quantile_comparison.h"

using namespace gate::stats;

namespace {

using Values = std::vector<double>;
using Counts = std::vector<std::vector<double>>;

Values times(Values values, double unit) {
  for (double& value : values) value *= unit;
  return values;
}

QuantileComparison compare(const Values& baseline, const Values& candidate, double probability,
                           Grouping grouping = Grouping::time) {
  return *QuantileComparison::prepare({baseline, {}}, {candidate, {}}, probability, grouping, 0.95);
}

void check_values(const Values& baseline, const Values& candidate) {
  for (const Grouping grouping : {Grouping::time, Grouping::clusters, Grouping::independent})
    for (const double probability : {0.01, 0.5, 0.99}) check_sane(compare(baseline, candidate, probability, grouping));
}

void check_counts(const Values& edges, const Counts& baseline, const Counts& candidate) {
  for (const DispersionRule rule : {DispersionRule::from_slices, DispersionRule::none}) {
    for (const double probability : {0.01, 0.5, 0.99}) {
      const auto made = HistogramComparison::prepare({edges, baseline}, {edges, candidate}, probability, rule, 0.95);
      if (made) check_sane(*made);
    }
  }
}

}  // namespace

TEST_CASE("edge of quantiles: no, one and two values", "[edge][few]") {
  for (const Values& few : {Values{5}, Values{5, 7}, Values{5, 5}}) {
    for (const Values& others : {Values{9}, Values{9, 11}, Values{9, 9}, Values{9, 10, 11, 9, 10, 11}}) {
      check_values(few, others);
      check_values(others, few);
      CHECK(claim(compare(few, times(others, 1e6), 0.5)) == "unproven");
    }
  }
  CHECK(QuantileComparison::prepare({{}, {}}, {{}, {}}, 0.5, Grouping::time, 0.95).reason() == Unusable::no_data);
}

TEST_CASE("edge of quantiles: all values equal in one or both groups", "[edge][equal]") {
  const Values constant(40, 3.0), moved(40, 3.5), varied = autoregression({0.5}, 40, 3, 3.0);
  for (const Values& other : {constant, moved, varied}) {
    check_values(constant, other);
    check_values(other, constant);
  }
  CHECK(claim(compare(constant, constant, 0.5)) == "safe");
  CHECK(claim(compare(constant, moved, 0.5)) == "harm");
  CHECK(claim(compare(constant, varied, 0.5)) == "unproven");
  // Exactly at the margin: 1.1 × 3 and 3.3 differ by a rounding.
  CHECK(claim(compare(constant, Values(40, 3.3), 0.5), {Direction::increase, MarginKind::relative, 0.1}) == "safe");
}

TEST_CASE("edge of quantiles: ties everywhere", "[edge][ties]") {
  Values zeros_and_ones(60), threes(60);
  for (std::size_t i = 0; i < 60; ++i) {
    zeros_and_ones[i] = i % 4 == 0 ? 1.0 : 0.0;
    threes[i] = static_cast<double>(i * i % 3);
  }
  check_values(zeros_and_ones, threes);
  check_values(threes, zeros_and_ones);
}

TEST_CASE("edge of quantiles: NaN and infinities are refused by name", "[edge][nan]") {
  for (const double bad : {double(NAN), kInfinity, -kInfinity}) {
    const Values broken{1, bad, 2}, whole{5, 5, 5};
    CHECK(QuantileComparison::prepare({broken, {}}, {whole, {}}, 0.5, Grouping::time, 0.95).reason() == Unusable::not_finite);
    CHECK(HistogramComparison::prepare({Values{0, 1}, Counts{broken}}, {Values{0, 1}, Counts{whole}}, 0.5, DispersionRule::none,
                                       0.95)
              .reason() == Unusable::not_finite);
  }
}

TEST_CASE("edge of quantiles: sides of unequal length, windows of different step", "[edge][unequal][different-step]") {
  const Values many = autoregression({0.6}, 900, 5, 10.0), few(many.begin(), many.begin() + 60);
  check_values(many, few);
  check_values(few, many);
  CHECK(claim(compare(many, few, 0.5)) == "unproven");
  Values every_fourth;
  for (std::size_t i = 0; i < many.size(); i += 4) every_fourth.push_back(many[i]);
  CHECK(claim(compare(many, every_fourth, 0.5)) == "unproven");
}

TEST_CASE("edge of quantiles: zero, negative and tiny baselines", "[edge][baseline]") {
  const Values candidate = autoregression({0.5}, 80, 4, 10.0);
  const Contrast relative{Direction::increase, MarginKind::relative, 0.1};
  for (const double level : {0.0, -3.0, 1e-3}) {
    const Values baseline = autoregression({0.5}, 80, 9, level);
    check_values(baseline, candidate);
    for (const Grouping grouping : {Grouping::time, Grouping::independent}) {
      const auto compared = compare(baseline, candidate, 0.5, grouping);
      const auto harm = compared.harm(relative);
      REQUIRE_FALSE(harm.ok());
      CHECK((harm.reason() == Unusable::baseline_not_positive || harm.reason() == Unusable::baseline_near_zero));
      CHECK_FALSE(compared.change().relative_interval.has_value());
      CHECK(claim(compared) == "harm");
    }
  }
}

TEST_CASE("edge of quantiles: values of 1e-300 and 1e300", "[edge][range]") {
  const Values baseline = autoregression({0.5}, 60, 4, 3.0), candidate = autoregression({0.5}, 60, 7, 3.3);
  for (const double small : {1e-300, 1e300})
    for (const double large : {1e-300, 1.0, 1e300}) check_values(times(baseline, small), times(candidate, large));
  const auto plain = compare(baseline, candidate, 0.5);
  for (const double unit : {1e-300, 1e300}) {
    const auto scaled = compare(times(baseline, unit), times(candidate, unit), 0.5);
    CHECK(scaled.harm(kIncrease)->p_value == near(plain.harm(kIncrease)->p_value));
    CHECK(*scaled.change().relative == near(*plain.change().relative));
  }
}

TEST_CASE("edge of quantiles: constant, then a step", "[edge][step]") {
  Values step(120, 10.0);
  for (std::size_t i = 60; i < step.size(); ++i) step[i] = 12.0;
  const Values flat(120, 10.0);
  check_values(flat, step);
  check_values(step, flat);
  CHECK(claim(compare(flat, step, 0.75)) == "unproven");
  CHECK(claim(compare(flat, step, 0.75, Grouping::independent)) == "harm");
}

TEST_CASE("edge of histograms: empty buckets, 0 of n, n of n, counts of a thousand million",
          "[edge][few][none-and-all][huge-counts][range]") {
  const Values edges{0, 1, 2, kInfinity};
  const Counts all_low{{30, 30}, {0, 0}, {0, 0}}, all_high{{0, 0}, {0, 0}, {30, 30}}, middle{{0, 0}, {30, 30}, {0, 0}};
  const Counts one{{1}, {0}, {0}}, huge{{1e9}, {1e9}, {1e7}}, mixed{{10, 12, 8}, {0, 0, 0}, {1, 0, 2}};
  const Counts none{{0}, {0}, {0}};
  for (const Counts& a : {all_low, all_high, middle, one, huge, mixed})
    for (const Counts& b : {all_low, all_high, middle, one, huge, mixed}) check_counts(edges, a, b);
  CHECK(HistogramComparison::prepare({edges, none}, {edges, one}, 0.5, DispersionRule::none, 0.95).reason() ==
        Unusable::no_data);
  const Values wide{-1e300, 1e-300, 1e300};
  check_counts(wide, {{10, 20}, {30, 5}}, {{1, 2}, {30, 50}});
  // One value proves nothing: every rank limit is infinite.
  CHECK(claim(*HistogramComparison::prepare({edges, one}, {edges, middle}, 0.5, DispersionRule::none, 0.95)) == "unproven");
}
