#include <cmath>
#include <optional>
#include <vector>

#include "near.h"
#include "series.h"
#include "stats/dispersion.h"
#include "stats/inversion.h"
#include "stats/proportions.h"

using namespace gate::stats;

namespace {

const std::vector<double> kEvents{4, 6, 5, 9, 12, 14, 9, 5, 4, 3, 5, 6, 4, 10, 13, 12, 8, 5, 3, 4};
const std::vector<double> kOthers{5, 7, 6, 10, 12, 13, 10, 6, 5, 5, 6, 7, 5, 12, 14, 13, 9, 6, 5, 5};

std::vector<double> totals() {
  std::vector<double> values(20, 200.0);
  values[3] = 260.0;
  return values;
}

}  // namespace

TEST_CASE("dispersion from slices that hang together") {
  // NumPy 1.24: residuals x − p̂·n, inflation by the formulas of long_run.h, variance with the divisor n − f over the model's.
  const std::vector<double> total = totals();
  const Dispersion binomial = dispersion({kEvents, total}, {kOthers, total}, CountModel::binomial, DispersionRule::from_slices);
  CHECK(binomial.long_run.inflation == near(9.774992761966995));
  CHECK(binomial.baseline == near(33.00553359217655));
  CHECK(binomial.candidate == near(24.119756168912524));
  CHECK(binomial.slices_baseline == near(2.046037320643034));
  const Dispersion poisson = dispersion({kEvents, total}, {kOthers, total}, CountModel::poisson, DispersionRule::from_slices);
  CHECK(poisson.baseline == near(31.859282302398988));
  CHECK(poisson.candidate == near(23.16328307945565));
}

TEST_CASE("where dispersion is not looked for, or cannot be found") {
  const std::vector<double> total = totals();
  const std::vector<double> one_event{3}, one_total{4000};
  const std::vector<double> none(20, 0.0), all = total;
  struct Case {
    Slices baseline, candidate;
    DispersionRule rule;
    bool baseline_is_one, alike;
  };
  const auto from_slices = DispersionRule::from_slices;
  for (const Case& c :
       {Case{{kEvents, total}, {kOthers, total}, DispersionRule::none, true, true},
        Case{{one_event, one_total}, {one_event, one_total}, from_slices, true, true},
        Case{{none, total}, {none, total}, from_slices, true, true}, Case{{all, total}, {all, total}, from_slices, true, true},
        // A side without a variance of its own takes the other's.
        Case{{kEvents, total}, {none, total}, from_slices, false, true},
        Case{{all, total}, {kEvents, total}, from_slices, false, true},
        Case{{one_event, one_total}, {kEvents, total}, from_slices, false, true}}) {
    const Dispersion found = dispersion(c.baseline, c.candidate, CountModel::binomial, c.rule);
    CHECK((found.baseline == 1.0) == c.baseline_is_one);
    CHECK((found.baseline == found.candidate) == c.alike);
    CHECK(std::isinf(found.slices_baseline) == c.baseline_is_one);
  }
}

TEST_CASE("few slices do not hide the bursts") {
  // Slices that alternate have the inflation 1, so φ is their variance over the model's. By hand, p 2 %: 12 slices of
  // 20 ± 10 in 1000 have 109.09/19.6; 4 of 20 ± 1 have less than 1, and take over two thirds of the others' excess, in
  // proportion to the traffic of a slice.
  const auto alternating = [](std::size_t count, double middle, double reach) {
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = middle + (i % 2 == 0 ? reach : -reach);
    return values;
  };
  const double wild = 1200.0 / 11.0 / 19.6;
  struct Case {
    std::vector<double> before;
    double total_before;
    std::vector<double> after;
    double total_after, phi_before, phi_after, slices_before, slices_after;
  };
  const auto twelve = alternating(12, 20.0, 10.0);
  const auto four = alternating(4, 20.0, 1.0);
  const double mixed = 4.0 + 2.0 / 3.0 * 8.0;
  for (const Case& c :
       {Case{twelve, 1000, four, 1000, wild, 1.0 + 2.0 / 3.0 * (wild - 1.0), 12, mixed},
        Case{four, 1000, twelve, 1000, 1.0 + 2.0 / 3.0 * (wild - 1.0), wild, mixed, 12},
        Case{twelve, 1000, alternating(4, 2.0, 0.1), 100, wild, 1.0 + 2.0 / 3.0 * (wild - 1.0) / 10.0, 12, mixed},
        Case{alternating(12, 20.0, 1.0), 1000, alternating(4, 20.0, 10.0), 1000, 1.0, 400.0 / 3.0 / 19.6, 12, 4},
        Case{twelve, 1000, alternating(12, 20.0, 1.0), 1000, wild, 1.0, 12, 12}}) {
    const std::vector<double> totals_before(c.before.size(), c.total_before), totals_after(c.after.size(), c.total_after);
    const Dispersion found =
        dispersion({c.before, totals_before}, {c.after, totals_after}, CountModel::binomial, DispersionRule::from_slices);
    CHECK(found.baseline == near(c.phi_before));
    CHECK(found.candidate == near(c.phi_after));
    CHECK(found.slices_baseline == near(c.slices_before));
    CHECK(found.slices_candidate == near(c.slices_after));
  }
}

TEST_CASE("sums of a side, and why there are none") {
  struct Case {
    std::vector<double> events, total;
    CountModel model;
    std::optional<Unusable> reason;
  };
  const auto binomial = CountModel::binomial;
  const auto poisson = CountModel::poisson;
  for (const Case& c :
       {Case{{1, 2}, {10, 10}, binomial, {}}, Case{{0, 0}, {10, 0}, binomial, {}}, Case{{12, 0}, {10, 10}, binomial, {}},
        Case{{10.000000001}, {10}, binomial, {}}, Case{{10.1}, {10}, binomial, Unusable::bad_counts},
        Case{{30}, {10}, poisson, {}}, Case{{1e9}, {1e9}, binomial, {}}, Case{{}, {}, binomial, Unusable::no_data},
        Case{{0}, {0}, poisson, Unusable::no_data}, Case{{1}, {0}, poisson, Unusable::bad_counts},
        Case{{1}, {10, 10}, binomial, Unusable::bad_counts}, Case{{-1}, {10}, poisson, Unusable::bad_counts},
        Case{{1}, {-10}, poisson, Unusable::bad_counts}, Case{{NAN}, {10}, poisson, Unusable::not_finite},
        Case{{1}, {kInfinity}, binomial, Unusable::not_finite},
        Case{{1.7e308, 1.7e308}, {1, 1}, poisson, Unusable::not_finite}}) {
    const auto found = totals_of({c.events, c.total}, c.model);
    CHECK(found.ok() == !c.reason.has_value());
    if (c.reason && !found) CHECK(found.reason() == *c.reason);
  }
  // A rounding above its total is the total.
  const std::vector<double> over{10.000000001}, ten{10};
  CHECK(totals_of({over, ten}, binomial)->events == 10.0);
}

TEST_CASE("Wilson's interval") {
  // R 4.2: prop.test(7, 50, conf.level = 0.9, correct = FALSE)$conf.int.
  const Interval interval = wilson({7, 50}, 1.6448536269514722);
  CHECK(interval.lower == near(0.077720897820629964));
  CHECK(interval.upper == near(0.23923899594548448));
  CHECK(wilson({0, 50}, 1.6448536269514722).lower == 0.0);
  CHECK(wilson({50, 50}, 1.6448536269514722).upper == 1.0);
}

TEST_CASE("the score falls as the hypothesis rises, and refutes what is impossible") {
  for (const CountModel model : {CountModel::binomial, CountModel::poisson}) {
    for (const CountPair& counts : {CountPair{{1, 10}, {0, 10}}, CountPair{{1, 400}, {0, 20}}, CountPair{{10, 10}, {3, 10}},
                                    CountPair{{2, 1e5}, {4, 400}}, CountPair{{0.3, 7.5}, {1.2, 2.1}}}) {
      double before = kInfinity;
      for (double difference = -0.99; difference < 1.0; difference += 0.01) {
        const double score = score_statistic(counts, model, 1.0, difference);
        CHECK_FALSE(std::isnan(score));
        CHECK(score <= before + 1e-9);
        before = score;
      }
    }
  }
  CHECK(score_statistic({{0.2, 0.4}, {0.1, 0.5}}, CountModel::binomial, 1.0, 0.5) == 0.0);
  // Without an event on either side, whatever is near zero is as likely as zero itself.
  for (const double difference : {-1e-3, -1e-12, 0.0, 1e-12, 1e-3})
    CHECK(std::abs(score_statistic({{0, 10}, {0, 10}}, CountModel::binomial, 1.0, difference)) <= 1.0);
}

TEST_CASE("pooled degrees") {
  // Satterthwaite by hand: equal variances of 11 slices each give 20; one side alone its own 10; unlearnt ones are infinite.
  CHECK(pooled_degrees(1.0, 11.0, 1.0, 11.0) == near(20.0));
  CHECK(pooled_degrees(1.0, 11.0, 0.0, 5.0) == near(10.0));
  CHECK(pooled_degrees(1.0, 1.2, 0.0, 5.0) == near(1.0));
  CHECK(pooled_degrees(0.0, 11.0, 0.0, 11.0) == near(20.0));
  CHECK(std::isinf(pooled_degrees(1.0, kInfinity, 1.0, kInfinity)));
}

TEST_CASE("clusters: the delta method over the binomial variance") {
  // R 4.2: n <- 1 + floor(8 * (lehmer(60, s) + .5)); x <- round(n * (lehmer(60, s + 1) + .5)^3); th <- sum(x) / sum(n);
  // v <- (var(x) - 2 * th * cov(x, n) + th^2 * var(n)) / (60 * mean(n)^2); v / (th * (1 - th) / sum(n))
  const auto users = [](std::uint64_t seed) {
    std::vector<double> totals = lehmer(60, seed);
    std::vector<double> events = lehmer(60, seed + 1);
    for (std::size_t i = 0; i < 60; ++i) {
      totals[i] = 1.0 + std::floor(8.0 * (totals[i] + 0.5));
      events[i] = std::round(totals[i] * std::pow(events[i] + 0.5, 3));
    }
    return std::pair(events, totals);
  };
  const auto [x, n] = users(31);
  const auto [y, m] = users(41);
  const Dispersion found = dispersion({x, n}, {y, m}, CountModel::binomial, DispersionRule::from_clusters);
  CHECK(found.baseline == near(2.83682857765335));
  CHECK(found.candidate == near(3.69330642160433));
  CHECK(found.slices_baseline == 60.0);
  // In any order.
  std::vector<double> turned_x(x.rbegin(), x.rend()), turned_n(n.rbegin(), n.rend());
  CHECK(dispersion({turned_x, turned_n}, {y, m}, CountModel::binomial, DispersionRule::from_clusters).baseline ==
        near(found.baseline));
}
