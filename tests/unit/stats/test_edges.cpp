// The edge cases of the statistics, by name, asked of every estimator: nothing is NaN, limits stand in order around the point,
// claims and p-values do not contradict each other.
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "near.h"
#include "sane.h"
#include "stats/count.h"
#include "stats/mean.h"
#include "stats/rank.h"
#include "stats/ratio.h"

using namespace gate::stats;

namespace {

using Values = std::vector<double>;

/// Means and ranks, with and without dependence.
void check_values(const Values& baseline, const Values& candidate) {
  for (const Dependence dependence : {Dependence::independent, Dependence::autocorrelated}) {
    check_sane(*MeanComparison::prepare(baseline, candidate, dependence, 0.95));
    check_sane(*RankComparison::prepare(baseline, candidate, dependence, 0.95));
  }
}

struct Whole {
  double events, total;
};

void check_counts(Whole b, Whole c) {
  INFO(b.events << " of " << b.total << " against " << c.events << " of " << c.total);
  const Slices baseline{{&b.events, 1}, {&b.total, 1}};
  const Slices candidate{{&c.events, 1}, {&c.total, 1}};
  for (const RatioMethod method : {RatioMethod::score, RatioMethod::newcombe})
    check_sane(*RatioComparison::prepare(baseline, candidate, method, DispersionRule::from_slices, 0.95));
  check_sane(*CountComparison::prepare(baseline, candidate, DispersionRule::from_slices, 0.95));
}

/// Slices in order of time.
void check_slices(const Slices& baseline, const Slices& candidate) {
  for (const DispersionRule rule : {DispersionRule::from_slices, DispersionRule::from_clusters, DispersionRule::none}) {
    for (const RatioMethod method : {RatioMethod::score, RatioMethod::newcombe})
      check_sane(*RatioComparison::prepare(baseline, candidate, method, rule, 0.95));
    check_sane(*CountComparison::prepare(baseline, candidate, rule, 0.95));
  }
}

Values times(Values values, double unit) {
  for (double& value : values) value *= unit;
  return values;
}

}  // namespace

TEST_CASE("edge: no, one and two values", "[edge][few]") {
  for (const Values& few : {Values{5}, Values{5, 7}, Values{5, 5}}) {
    for (const Values& others : {Values{9}, Values{9, 11}, Values{9, 9}, Values{9, 10, 11, 9, 10, 11}}) {
      check_values(few, others);
      check_values(others, few);
      // One value has no variance: it proves nothing, however far away.
      if (few.size() > 1) continue;
      CHECK(claim(*MeanComparison::prepare(few, times(others, 1e6), Dependence::independent, 0.95)) == "unproven");
    }
  }
  const Values none, some{1, 2, 3};
  for (const auto& [a, b] : {std::pair(none, some), std::pair(some, none), std::pair(none, none)}) {
    CHECK(MeanComparison::prepare(a, b, Dependence::independent, 0.95).reason() == Unusable::no_data);
    CHECK(RankComparison::prepare(a, b, Dependence::independent, 0.95).reason() == Unusable::no_data);
    CHECK(RatioComparison::prepare({a, a}, {b, b}, RatioMethod::score, DispersionRule::from_slices, 0.95).reason() ==
          Unusable::no_data);
    CHECK(CountComparison::prepare({a, a}, {b, b}, DispersionRule::from_slices, 0.95).reason() == Unusable::no_data);
  }
}

TEST_CASE("edge: all values equal in one or both groups", "[edge][equal]") {
  const Values constant(20, 3.0), moved(20, 3.5), varied{3, 2.9, 3.1, 3.05, 2.95, 3, 3.2, 2.8};
  check_values(constant, constant);
  check_values(constant, moved);
  check_values(constant, varied);
  check_values(varied, constant);
  for (const Dependence dependence : {Dependence::independent, Dependence::autocorrelated}) {
    CHECK(claim(*MeanComparison::prepare(constant, constant, dependence, 0.95)) == "safe");
    CHECK(claim(*MeanComparison::prepare(constant, moved, dependence, 0.95)) == "harm");
    CHECK(claim(*MeanComparison::prepare(constant, varied, dependence, 0.95)) == "unproven");
    CHECK(claim(*RankComparison::prepare(constant, constant, dependence, 0.95)) == "safe");
    CHECK(claim(*RankComparison::prepare(constant, moved, dependence, 0.95)) == "harm");
  }
}

TEST_CASE("edge: ties everywhere", "[edge][ties]") {
  Values zeros_and_ones(60), threes(60);
  for (std::size_t i = 0; i < 60; ++i) {
    zeros_and_ones[i] = i % 4 == 0 ? 1.0 : 0.0;
    threes[i] = static_cast<double>(i * i % 3);
  }
  check_values(zeros_and_ones, threes);
  check_values(threes, zeros_and_ones);
  check_values(zeros_and_ones, zeros_and_ones);
}

TEST_CASE("edge: NaN and infinities are refused by name", "[edge][nan]") {
  for (const double bad : {double(NAN), kInfinity, -kInfinity}) {
    const Values broken{1, bad, 2}, whole{5, 5, 5};
    CHECK(MeanComparison::prepare(broken, whole, Dependence::autocorrelated, 0.95).reason() == Unusable::not_finite);
    CHECK(RankComparison::prepare(whole, broken, Dependence::autocorrelated, 0.95).reason() == Unusable::not_finite);
    CHECK(RatioComparison::prepare({broken, whole}, {whole, whole}, RatioMethod::score, DispersionRule::from_slices, 0.95)
              .reason() == Unusable::not_finite);
    CHECK(CountComparison::prepare({whole, whole}, {whole, broken}, DispersionRule::from_slices, 0.95).reason() ==
          Unusable::not_finite);
  }
}

TEST_CASE("edge: sides of unequal length", "[edge][unequal]") {
  Values many(500);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = 10.0 + std::sin(static_cast<double>(i * i));
  const Values few{10.2, 9.9, 10.4, 9.6, 10.1};
  check_values(many, few);
  check_values(few, many);
  // The short side carries the doubt: Satterthwaite's degrees are near its own.
  CHECK(MeanComparison::prepare(many, few, Dependence::independent, 0.95)->harm(kIncrease)->degrees < 5.0);
}

TEST_CASE("edge: zero, negative and tiny baselines", "[edge][baseline]") {
  const Values candidate{1.0, 1.2, 0.9, 1.1, 1.0, 0.8};
  const Values zero(6, 0.0), negative{-3, -2, -2.5, -3.1, -2.2, -2.7}, tiny{1e-12, 3e-12, -2e-12, 1e-12, 2e-12, -1e-12};
  const Contrast relative{Direction::increase, MarginKind::relative, 0.1};
  for (const auto& [baseline, reason] :
       {std::pair(zero, Unusable::baseline_not_positive), std::pair(negative, Unusable::baseline_not_positive),
        std::pair(tiny, Unusable::baseline_near_zero)}) {
    check_values(baseline, candidate);
    const auto mean = MeanComparison::prepare(baseline, candidate, Dependence::independent, 0.95);
    const auto rank = RankComparison::prepare(baseline, candidate, Dependence::independent, 0.95);
    CHECK(mean->harm(relative).reason() == reason);
    CHECK(rank->harm(relative).reason() == reason);
    CHECK_FALSE(mean->change().relative_interval.has_value());
    CHECK_FALSE(rank->change().relative_interval.has_value());
    CHECK(claim(*mean) == "harm");
    CHECK(claim(*rank) == "harm");
  }
}

TEST_CASE("edge: 0 of 0, 0 of n and n of n", "[edge][none-and-all]") {
  for (const Whole b : {Whole{0, 1}, Whole{0, 1000}, Whole{1, 1}, Whole{1000, 1000}, Whole{1, 1000}, Whole{999, 1000}}) {
    for (const Whole c : {Whole{0, 1}, Whole{0, 30}, Whole{1, 1}, Whole{30, 30}, Whole{1, 30}, Whole{29, 30}}) {
      check_counts(b, c);
    }
  }
  const Values zero{0}, some{3}, ten{10};
  for (const auto& [b, c] : {std::pair(Slices{zero, zero}, Slices{some, ten}), std::pair(Slices{some, ten}, Slices{zero, zero}),
                             std::pair(Slices{zero, zero}, Slices{zero, zero})}) {
    for (const RatioMethod method : {RatioMethod::score, RatioMethod::newcombe})
      CHECK(RatioComparison::prepare(b, c, method, DispersionRule::from_slices, 0.95).reason() == Unusable::no_data);
    CHECK(CountComparison::prepare(b, c, DispersionRule::from_slices, 0.95).reason() == Unusable::no_data);
  }
  // Slices of 0 of 0 among others say nothing, and take nothing away.
  const Values events{4, 0, 6, 0, 5}, totals{100, 0, 100, 0, 100}, fewer{4, 6, 5}, full{100, 100, 100};
  const auto with = RatioComparison::prepare({events, totals}, {fewer, full}, RatioMethod::score, DispersionRule::none, 0.95);
  CHECK(with->harm(kIncrease)->point == 0.0);
  check_sane(*with);
}

TEST_CASE("edge: counts of a thousand million", "[edge][huge-counts]") {
  check_counts({1e9, 1e9}, {1e9, 1e9});
  check_counts({0, 1e9}, {1e9, 1e9});
  check_counts({1e9, 1e9}, {0, 1e9});
  check_counts({1e7, 1e9}, {10010000, 1e9});
  check_counts({1, 1e9}, {1, 400});
  check_counts({5, 400}, {5e7, 1e9});
}

TEST_CASE("edge: values of 1e-300 and 1e300", "[edge][range]") {
  const Values baseline{3, 1, 4, 1.5, 5, 9, 2, 6}, candidate{4, 2, 6, 3, 6, 11, 3, 8, 5};
  for (const double small : {1e-300, 1e300})
    for (const double large : {1e-300, 1.0, 1e300}) check_values(times(baseline, small), times(candidate, large));
  for (const double unit : {1e-300, 1e300}) {
    const auto scaled =
        MeanComparison::prepare(times(baseline, unit), times(candidate, unit), Dependence::autocorrelated, 0.95);
    const auto plain = MeanComparison::prepare(baseline, candidate, Dependence::autocorrelated, 0.95);
    CHECK(scaled->harm(kIncrease)->p_value == near(plain->harm(kIncrease)->p_value));
    CHECK(*scaled->change().relative == near(*plain->change().relative));
  }
}

TEST_CASE("edge: constant, then a step", "[edge][step]") {
  Values step(120, 10.0);
  for (std::size_t i = 60; i < step.size(); ++i) step[i] = 12.0;
  const Values flat(120, 10.0);
  check_values(flat, step);
  check_values(step, flat);
  // Sixty raised values are one move: without dependence they would be proof.
  CHECK(claim(*MeanComparison::prepare(flat, step, Dependence::independent, 0.95)) == "harm");
  CHECK(claim(*MeanComparison::prepare(flat, step, Dependence::autocorrelated, 0.95)) == "unproven");
}

TEST_CASE("edge: two windows of different step", "[edge][different-step]") {
  // The same process seen every step and every fourth: what is proven of either against itself is nothing.
  Values fine(120), coarse(30);
  for (std::size_t i = 0; i < fine.size(); ++i) fine[i] = 10.0 + std::sin(static_cast<double>(i) * 0.7);
  for (std::size_t i = 0; i < coarse.size(); ++i) coarse[i] = fine[4 * i];
  check_values(fine, coarse);
  check_values(coarse, fine);
  CHECK(claim(*MeanComparison::prepare(fine, coarse, Dependence::autocorrelated, 0.95)) == "unproven");
  const Batches by_minute{{10, 11, 9, 10}, {15, 14, 16, 15}}, by_quarter{{10, 9, 10, 11, 9.5, 10.5}, {4, 4, 3, 4, 4, 5}};
  check_sane(*MeanComparison::prepare(by_minute, by_quarter, Dependence::autocorrelated, 0.95));
}

TEST_CASE("edge of slices: equal, tied, then a step", "[edge][equal][ties][step]") {
  const Values totals(30, 100.0), flat(30, 5.0);
  Values step = flat, zeros_and_ones(30);
  for (std::size_t i = 15; i < step.size(); ++i) step[i] = 15.0;
  for (std::size_t i = 0; i < zeros_and_ones.size(); ++i) zeros_and_ones[i] = i % 3 == 0 ? 1.0 : 0.0;
  for (const Values& before : {flat, step, zeros_and_ones})
    for (const Values& after : {flat, step, zeros_and_ones}) check_slices({before, totals}, {after, totals});
  // 300 of 3,000 against 150 is proof when each request speaks for itself, and not when one move made them.
  const auto claimed = [&](DispersionRule rule) {
    return claim(*RatioComparison::prepare({flat, totals}, {step, totals}, RatioMethod::score, rule, 0.95));
  };
  CHECK(claimed(DispersionRule::none) == "harm");
  CHECK(claimed(DispersionRule::from_slices) == "unproven");
}

TEST_CASE("edge of slices: unequal sides of different step", "[edge][unequal][different-step]") {
  // The same traffic by the minute and by four of them: the sums are what counts.
  Values fine(120), coarse(30, 0.0);
  for (std::size_t i = 0; i < fine.size(); ++i) {
    fine[i] = 10.0 + static_cast<double>(i * i % 7);
    coarse[i / 4] += fine[i];
  }
  const Values fine_totals(120, 500.0), coarse_totals(30, 2000.0), few{12, 14}, few_totals{500, 500};
  check_slices({fine, fine_totals}, {coarse, coarse_totals});
  check_slices({coarse, coarse_totals}, {fine, fine_totals});
  check_slices({fine, fine_totals}, {few, few_totals});
  const auto ratio = RatioComparison::prepare({fine, fine_totals}, {coarse, coarse_totals}, RatioMethod::score,
                                              DispersionRule::from_slices, 0.95);
  CHECK(ratio->harm(kIncrease)->point == near(0.0));
  CHECK(claim(*ratio) == "unproven");
}

TEST_CASE("edge of slices: exposures of 1e-300 and 1e300", "[edge][range]") {
  // A rate over such an exposure, or its variance, is beyond what a double holds: refused, where NaN would come out.
  const Values events{5, 7, 6}, hours{3, 3, 3};
  for (const double unit : {1e-300, 1e300}) {
    const Values beyond(3, unit);
    for (const auto& [b, c] : {std::pair(beyond, hours), std::pair(hours, beyond), std::pair(beyond, beyond)})
      CHECK(CountComparison::prepare({events, b}, {events, c}, DispersionRule::from_slices, 0.95).reason() ==
            Unusable::not_finite);
  }
  for (const double small : {1e-90, 1.0, 1e90}) {
    for (const double large : {1e-90, 1.0, 1e90}) {
      const Values before(3, small), after(3, large);
      check_sane(*CountComparison::prepare({events, before}, {events, after}, DispersionRule::none, 0.95));
    }
  }
}
