#include <cmath>
#include <random>
#include <vector>

#include "near.h"
#include "stats/single_ratio.h"

using namespace gate::stats;

namespace {

SingleRatio whole(double events, double total) {
  return *SingleRatio::prepare({{&events, 1}, {&total, 1}}, DispersionRule::from_slices);
}

SingleRatio sliced(const std::vector<double>& events, double each, DispersionRule rule = DispersionRule::from_slices) {
  const std::vector<double> totals(events.size(), each);
  return *SingleRatio::prepare({events, totals}, rule);
}

}  // namespace

TEST_CASE("Clopper and Pearson's limits of one ratio") {
  // R 4.2: qbeta(.05, x, n - x + 1), qbeta(.95, x + 1, n - x); binom.test(x, n, p = .0144, alternative = "greater") and "less".
  struct Case {
    double events, total, lower, upper, p_above, p_below;
  };
  for (const Case& c : {Case{0, 30, 0.0, 0.09503385285530408, 1.0, 0.64717367706770601},
                        Case{3, 100, 0.0082258291076526928, 0.07571079374983003, 0.17524262470371471, 0.94299750399673741},
                        Case{18, 1000, 0.01166572446802001, 0.026575622645095831, 0.20104183101286746, 0.86082075386925786},
                        Case{600, 30000, 0.018688315961795723, 0.021381148073388978, 8.1236647411958523e-15, 1.0},
                        Case{1000, 1000, 0.99700875045490467, 1.0, 0.0, 1.0}}) {
    INFO(c.events << " of " << c.total);
    const SingleRatio ratio = whole(c.events, c.total);
    CHECK(ratio.point() == near(c.events / c.total));
    CHECK(ratio.limits(0.95).lower == near(c.lower));
    CHECK(ratio.limits(0.95).upper == near(c.upper));
    CHECK(ratio.p_above(0.0144) == near(c.p_above));
    CHECK(ratio.p_below(0.0144) == near(c.p_below));
    CHECK(ratio.dispersion() == 1.0);
  }
}

TEST_CASE("clustered events are worth fewer") {
  // R 4.2: phi <- sum(diff(ev - p * 100)^2) / (2 * 9) / (100 * p * (1 - p)); df <- 2 * 9^2 / (3 * 10 - 4);
  // qbeta(pnorm(qt(.05, df)), sum(ev)/phi, (1000 - sum(ev))/phi + 1) and so on; pt(qnorm(pbeta(.0144, …)), df).
  const std::vector<double> events = {0, 2, 1, 9, 8, 0, 1, 3, 2, 4};
  const SingleRatio ratio = sliced(events, 100);
  CHECK(ratio.dispersion() == near(2.7491408934707904));
  CHECK(ratio.limits(0.95).lower == near(0.015187414324981033));
  CHECK(ratio.limits(0.95).upper == near(0.052786343960301574));
  CHECK(ratio.p_above(0.0144) == near(0.040978516546346967));
  const SingleRatio careless = sliced(events, 100, DispersionRule::none);
  CHECK(careless.dispersion() == 1.0);
  CHECK(careless.limits(0.95).lower == near(whole(30, 1000).limits(0.95).lower));
}

TEST_CASE("an outage within the window is what the window was, not doubt about it") {
  // An hour of one-minute slices of 1,000 requests; all fail for ten minutes. The long-run variance would allow a burn rate
  // of a few times only.
  std::vector<double> events(60, 0.0);
  for (std::size_t i = 30; i < 40; ++i) events[i] = 1000.0;
  const SingleRatio ratio = sliced(events, 1000);
  CHECK(ratio.point() == near(1.0 / 6.0));
  CHECK(ratio.limits(0.95).lower > 0.0144 * 4.0);
  // A slow rise and fall adds nothing: φ stays 1.
  for (std::size_t i = 0; i < 60; ++i) events[i] = 20.0 + std::round(15.0 * std::sin(static_cast<double>(i) / 10.0));
  CHECK(sliced(events, 1000).dispersion() == 1.0);
}

TEST_CASE("one ratio without a meaning") {
  const auto reason = [](std::vector<double> events, std::vector<double> totals) {
    return SingleRatio::prepare({events, totals}, DispersionRule::from_slices).reason();
  };
  CHECK(reason({}, {}) == Unusable::no_data);
  CHECK(reason({0, 0}, {0, 0}) == Unusable::no_data);
  CHECK(reason({3}, {2}) == Unusable::bad_counts);
  CHECK(reason({-1}, {2}) == Unusable::bad_counts);
  CHECK(reason({std::nan("")}, {2}) == Unusable::not_finite);
}

TEST_CASE("how often a limit that is the truth is claimed to be exceeded, in one window") {
  // 2,000 windows of twenty slices of 500 requests at a chance of 1.44 %; failures come in clusters of `size`. 5 % is promised:
  // 100, give or take 10.
  const auto uniform = [](std::mt19937_64& engine) { return (static_cast<double>(engine() >> 11U) + 0.5) * 0x1.0p-53; };
  struct Case {
    int size;
    int most_ours, least_careless;
  };
  for (const Case& c : {Case{1, 120, 0}, Case{5, 120, 300}}) {
    std::mt19937_64 engine(20260317);
    int ours = 0, careless = 0;
    for (int run = 0; run < 2000; ++run) {
      std::vector<double> events(20, 0.0);
      for (double& slice : events) {
        for (int chance = 0; chance < 500 / c.size; ++chance) slice += uniform(engine) < 0.0144 ? c.size : 0;
      }
      ours += sliced(events, 500).limits(0.95).lower > 0.0144 ? 1 : 0;
      careless += sliced(events, 500, DispersionRule::none).limits(0.95).lower > 0.0144 ? 1 : 0;
    }
    INFO("clusters of " << c.size << ": " << ours << " and, taken as independent, " << careless << " of 2000");
    CHECK(ours <= c.most_ours);
    CHECK(careless >= c.least_careless);
  }
}
