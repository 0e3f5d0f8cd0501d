// The edge cases of the statistics, by name, asked of what compares few numbers: releases, days, formulas, one ratio, Kayenta's
// rules, splits, and what looks for a change within one series.
#include <cmath>
#include <functional>
#include <vector>

#include "near.h"
#include "sane.h"
#include "stats/change_points.h"
#include "stats/delta.h"
#include "stats/kayenta.h"
#include "stats/level_shift.h"
#include "stats/placebo.h"
#include "stats/prediction.h"
#include "stats/single_ratio.h"
#include "stats/split.h"

using namespace gate::stats;

namespace {

using Values = std::vector<double>;
using Class = KayentaResult::Class;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Values times(Values values, double unit) {
  for (double& value : values) value *= unit;
  return values;
}

/// A release against `past`: their mean, and one of them.
void check_release(const Values& past, double candidate) {
  check_sane(*PredictionComparison::of_mean(past, candidate, 0.95));
  check_sane(*PredictionComparison::of_anchor(past, past.front(), candidate, 0.95));
}

/// Days whose candidates are the values of `after`.
std::vector<DayPair> days_of(const Values& before, const Values& after) {
  std::vector<DayPair> out;
  for (std::size_t i = 0; i < before.size(); ++i) out.push_back({before[i], after[i]});
  return out;
}

void check_days(const std::vector<DayPair>& days, const DayPair& now) {
  for (const Moves moves : {Moves::by_amount, Moves::by_factor}) {
    const auto made = PlaceboComparison::prepare(days, now, moves, 0.95);
    if (made) check_sane(*made);
  }
}

void check_kayenta(const Values& baseline, const Values& candidate, Class expected) {
  const KayentaResult result = kayenta(baseline, candidate, {});
  CHECK(result.classification == expected);
  if (result.interval) CHECK(result.interval->lower <= result.interval->upper);
  CHECK_FALSE(std::isnan(result.bound));
}

SingleRatio whole(double events, double total) {
  return *SingleRatio::prepare({{&events, 1}, {&total, 1}}, DispersionRule::from_slices);
}

}  // namespace

TEST_CASE("edge of few numbers: none, one and two", "[edge][few]") {
  CHECK(PredictionComparison::of_mean({}, 1.0, 0.95).reason() == Unusable::no_data);
  CHECK(PredictionComparison::of_anchor(Values{1}, 1.0, 1.0, 0.95).reason() == Unusable::no_data);
  check_release({5, 7}, 1e6);
  check_release({5, 5}, 5);
  CHECK(PlaceboComparison::prepare(days_of({1}, {2}), {1, 2}, Moves::by_amount, 0.95).reason() == Unusable::no_data);
  check_days(days_of({10, 12}, {11, 14}), {11, 12});
  const Values none, one{3}, two{3, 4};
  check_kayenta(none, one, Class::nodata);
  check_kayenta(one, none, Class::nodata);
  check_kayenta(one, one, Class::pass);
  check_kayenta(one, {4}, Class::failed);
  check_kayenta(two, two, Class::pass);
  // R: wilcox.test(c(9, 10), two, conf.int = TRUE, conf.level = .98, exact = FALSE)$conf.int is 5 … 7, though no two values
  // against two can prove anything at 98 %: such are Kayenta's rules.
  check_kayenta(two, {9, 10}, Class::high);
  for (const Values& few : {none, one, two}) {
    CHECK(change_points(few, {}).empty());
    CHECK(best_split(few, 2).statistic == 0.0);
    CHECK_FALSE(level_shift(few, few, 0.05));
    CHECK(long_run(few).inflation == 1.0);
  }
}

TEST_CASE("edge of few numbers: all equal, ties everywhere", "[edge][equal][ties]") {
  const Values equal(8, 3.0), tied{1, 2, 1, 2, 1, 2, 1, 2};
  check_release(equal, 3.0);
  CHECK(claim(*PredictionComparison::of_mean(equal, 3.0, 0.95)) == "safe");
  CHECK(claim(*PredictionComparison::of_mean(equal, 3.1, 0.95)) == "harm");
  check_release(tied, 1.0);
  check_days(days_of(equal, equal), {3, 3});
  CHECK(claim(*PlaceboComparison::prepare(days_of(equal, equal), {3, 3}, Moves::by_factor, 0.95)) == "safe");
  CHECK(claim(*PlaceboComparison::prepare(days_of(equal, equal), {3, 3.1}, Moves::by_factor, 0.95)) == "harm");
  check_days(days_of(tied, tied), {1, 2});
  check_kayenta(equal, equal, Class::pass);
  check_kayenta(Values(20, 3.0), Values(20, 4.0), Class::high);
  check_kayenta(Values(20, 4.0), Values(20, 3.0), Class::low);
  check_kayenta(tied, {2, 1, 2, 1, 2, 1, 2, 2}, Class::pass);
  CHECK(change_points(Values(40, 3.0), {}).empty());
  CHECK_FALSE(level_shift(Values(40, 3.0), Values(40, 3.0), 0.05));
  check_sane(*DeltaComparison::prepare({3.0, 0.0}, {3.0, 0.0}, 0.95));
  CHECK(claim(*DeltaComparison::prepare({3.0, 0.0}, {3.0, 0.0}, 0.95)) == "safe");
}

TEST_CASE("edge of few numbers: NaN and infinities", "[edge][nan]") {
  const Values past{10, 11, 12}, whole_number{1};
  for (const double bad : {kNan, kInfinity, -kInfinity}) {
    const Values broken{10, bad, 12}, one{bad};
    CHECK(PredictionComparison::of_mean(broken, 1.0, 0.95).reason() == Unusable::not_finite);
    CHECK(PredictionComparison::of_mean(past, bad, 0.95).reason() == Unusable::not_finite);
    CHECK(PredictionComparison::of_anchor(past, bad, 1.0, 0.95).reason() == Unusable::not_finite);
    CHECK(PlaceboComparison::prepare(days_of(past, broken), {1, 2}, Moves::by_amount, 0.95).reason() == Unusable::not_finite);
    CHECK(PlaceboComparison::prepare(days_of(past, past), {1, bad}, Moves::by_factor, 0.95).reason() == Unusable::not_finite);
    CHECK(DeltaComparison::prepare({bad, 0.1}, {1.0, 0.1}, 0.95).reason() == Unusable::not_finite);
    CHECK(SingleRatio::prepare({one, whole_number}, DispersionRule::from_slices).reason() == Unusable::not_finite);
    CHECK(SingleRatio::prepare({whole_number, one}, DispersionRule::from_slices).reason() == Unusable::not_finite);
    CHECK_FALSE(split_check(past, broken, 0.5));
  }
}

TEST_CASE("edge of few numbers: sides of unequal length", "[edge][unequal]") {
  Values many(400);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = 10.0 + std::sin(static_cast<double>(i * i));
  const Values few(many.begin(), many.begin() + 5);
  check_kayenta(many, few, Class::pass);
  check_kayenta(few, many, Class::pass);
  check_kayenta(many, times(few, 3.0), Class::high);
  check_kayenta(few, times(many, 3.0), Class::high);
  // Slices that do not match are taken together.
  CHECK(split_check(Values{500, 500}, Values{1000}, 0.5)->p_value == near(1.0));
  CHECK(split_check(Values{500, 500}, Values{1000}, 0.5)->dispersion == 1.0);
}

TEST_CASE("edge of few numbers: zero, negative and tiny baselines", "[edge][baseline]") {
  const Contrast relative{Direction::increase, MarginKind::relative, 0.1};
  const Values zero(6, 0.0), negative{-3, -2, -2.5, -3.1, -2.2, -2.7}, tiny{1e-12, 3e-12, -2e-12, 1e-12, 2e-12, -1e-12};
  for (const auto& [past, reason] :
       {std::pair(zero, Unusable::baseline_not_positive), std::pair(negative, Unusable::baseline_not_positive),
        std::pair(tiny, Unusable::baseline_near_zero)}) {
    check_release(past, 10.0);
    const auto made = PredictionComparison::of_mean(past, 10.0, 0.95);
    CHECK(made->harm(relative, 0.95).reason() == reason);
    CHECK_FALSE(made->change().relative_interval.has_value());
    CHECK(claim(*made) == "harm");
    check_days(days_of(past, past), {past.front(), 10.0});
    CHECK(PlaceboComparison::prepare(days_of(past, past), {past.front(), 10.0}, Moves::by_factor, 0.95).reason() ==
          Unusable::baseline_not_positive);
    CHECK(claim(*PlaceboComparison::prepare(days_of(past, past), {past.front(), 10.0}, Moves::by_amount, 0.95)) == "harm");
  }
  CHECK(DeltaComparison::prepare({0.0, 0.1}, {1.0, 0.1}, 0.95)->harm(relative, 0.95).reason() ==
        Unusable::baseline_not_positive);
  CHECK(DeltaComparison::prepare({0.01, 0.1}, {1.0, 0.1}, 0.95)->harm(relative, 0.95).reason() == Unusable::baseline_near_zero);
  CHECK_FALSE(kayenta(zero, Values(6, 2.0), {}).effect.has_value());
}

TEST_CASE("edge of one ratio: 0 of 0, 0 of n, n of n, counts of a thousand million", "[edge][none-and-all][huge-counts]") {
  const Values zero{0};
  CHECK(SingleRatio::prepare({zero, zero}, DispersionRule::from_slices).reason() == Unusable::no_data);
  CHECK(estimate_counts({zero, zero}, {zero, zero}, CountModel::binomial, DispersionRule::none).reason() == Unusable::no_data);
  CHECK_FALSE(split_check(zero, zero, 0.5));
  for (const double total : {1.0, 30.0, 1e9}) {
    // R: binom.test(0, n, alternative = "less")$conf.int[2] is 1 - 0.05^(1/n)
    const double limit = -std::expm1(std::log(0.05) / total);
    CHECK(whole(0, total).limits(0.95).lower == 0.0);
    CHECK(whole(0, total).limits(0.95).upper == near(limit));
    CHECK(limit_of_none(total, CountModel::binomial, 1.0, 0.95) == near(limit));
    CHECK(whole(total, total).limits(0.95).lower == near(1.0 - limit));
    CHECK(whole(total, total).limits(0.95).upper == 1.0);
    CHECK(whole(0, total).p_above(0.1) == 1.0);
    CHECK(whole(total, total).p_below(0.1) == 1.0);
  }
  const SingleRatio half = whole(5e8, 1e9);
  CHECK(half.limits(0.95).lower == Approx(0.5 - 1.6448536269514722 * 0.5 / std::sqrt(1e9)).epsilon(1e-8));
  CHECK(split_check(Values{1e9}, Values{1e9}, 0.5)->p_value == near(1.0));
  CHECK(split_check(Values{1e9}, Values{1.001e9}, 0.5)->p_value < 1e-6);
}

TEST_CASE("edge of few numbers: values of 1e-300 and 1e300", "[edge][range]") {
  const Values past{212, 205, 219, 208, 215, 211}, after{229, 221, 238, 224, 235, 226};
  for (const double unit : {1e-300, 1e-3, 1e300}) {
    const Values before = times(past, unit / 1e3);
    check_release(before, 0.262 * unit);
    check_release(before, 1e-300);
    check_release(before, 1e300);
    check_days(days_of(before, times(after, unit / 1e3)), {0.214 * unit, 0.262 * unit});
    const auto scaled = PredictionComparison::of_mean(before, 0.262 * unit, 0.95);
    CHECK(scaled->harm(kIncrease, 0.95)->p_value ==
          near(PredictionComparison::of_mean(past, 262, 0.95)->harm(kIncrease, 0.95)->p_value));
    check_sane(*DeltaComparison::prepare({0.2 * unit, 0.01 * unit}, {0.3 * unit, 0.01 * unit}, 0.95));
    // A shift of ten: the rest is the unit's.
    Values level(40, 0.1 * unit);
    for (std::size_t i = 20; i < level.size(); ++i) level[i] = 0.2 * unit;
    REQUIRE(change_points(level, {}).size() == 1);
    CHECK(change_points(level, {}).front().first == 20);
  }
  // Kayenta's tolerance is an absolute 1e-4: smaller shifts are lost on it, as they are in the original.
  check_kayenta(times(past, 1e-300), times(after, 1e-300), Class::pass);
}

TEST_CASE("edge of one series: constant, then a step, of any step", "[edge][step][different-step]") {
  Values step(60, 10.0);
  for (std::size_t i = 30; i < step.size(); ++i) step[i] = 12.0;
  const auto found = change_points(step, {});
  REQUIRE(found.size() == 1);
  CHECK(found.front().first == 30);
  CHECK(found.front().before == near(10.0));
  CHECK(found.front().after == near(12.0));
  CHECK(long_run(step).inflation > 10.0);
  // A reference of another length.
  const Values reference(15, 10.0);
  const auto shift = level_shift(step, reference, 0.05);
  REQUIRE(shift);
  CHECK(shift->length == 30);
  CHECK(long_run(step, reference).inflation == near(long_run(step).inflation));
  // R: wilcox.test(step, rep(10, 60), …)$conf.int[1] is 9.7e-05, the tolerance of its root, against a bound of a quarter.
  check_kayenta(Values(60, 10.0), step, Class::pass);
}
