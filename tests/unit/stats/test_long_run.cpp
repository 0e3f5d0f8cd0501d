#include <cmath>
#include <vector>

#include "near.h"
#include "series.h"
#include "stats/long_run.h"

using namespace gate::stats;

TEST_CASE("the inflation of two series") {
  // NumPy 1.24, the formulas of long_run.h written out: autocorrelations averaged by length, Yule–Walker by linalg.solve, order
  // by BIC (2 at least), bias taken out in two rounds; below 60 values the largest inflation of the orders up to it.
  struct Case {
    std::vector<double> baseline, candidate;
    std::size_t order;
    double inflation;
  };
  for (const Case& c :
       {Case{lehmer(100, 1), lehmer(100, 2), 2, 1.0},
        Case{autoregression({0.6}, 120, 1), autoregression({0.6}, 120, 2), 2, 3.1556379085459429},
        Case{autoregression({0.9}, 120, 3), autoregression({0.9}, 80, 4), 2, 32.889967386009516},
        Case{autoregression({0.5, 0.3}, 120, 5), autoregression({0.5, 0.3}, 120, 6), 2, 9.6116249091745303},
        Case{autoregression({0.2, 0.2, 0.3}, 300, 7), autoregression({0.2, 0.2, 0.3}, 300, 8), 3, 7.0577264515521643},
        Case{autoregression({0.1, 0.1, 0.1, 0.4}, 400, 9), autoregression({0.1, 0.1, 0.1, 0.4}, 400, 10), 4,
             8.4966072326288344},
        Case{autoregression({0.6}, 30, 11), autoregression({0.6}, 30, 12), 2, 2.8224805073297987},
        Case{autoregression({0.6}, 7, 13), autoregression({0.6}, 7, 14), 1, 6.6865024163146174},
        Case{autoregression({-0.6}, 100, 16), autoregression({-0.6}, 100, 17), 2, 1.0}}) {
    INFO(c.baseline.size() << " and " << c.candidate.size() << " values, order " << c.order);
    const LongRun fit = long_run(c.baseline, c.candidate);
    CHECK(fit.order == c.order);
    CHECK(fit.inflation == near(c.inflation));
  }
  CHECK(long_run(autoregression({0.6}, 50, 15)).inflation == near(3.8287887325937944));
}

TEST_CASE("two windows of different step are taken value by value") {
  // NumPy 1.24, as above. A slower grid has less autocorrelation; the average by length stays with the longer side.
  const LongRun fit = long_run(autoregression({0.6}, 120, 18), autoregression({0.6}, 30, 19));
  CHECK(fit.order == 2);
  CHECK(fit.inflation == near(4.6070217779952349));
}

TEST_CASE("the inflation does not depend on unit, level or spread") {
  const std::vector<double> baseline = autoregression({0.6}, 120, 1);
  const double expected = long_run(baseline, autoregression({0.6}, 120, 2)).inflation;
  for (const double unit : {1e-300, 1e-30, 7.0, 1e300}) {
    std::vector<double> candidate = autoregression({0.6}, 120, 2);
    for (double& value : candidate) value *= unit;
    INFO(unit);
    CHECK(long_run(baseline, candidate).inflation == near(expected));
  }
  CHECK(long_run(baseline, autoregression({0.6}, 120, 2, 1e6)).inflation == Approx(expected).epsilon(1e-6));
}

TEST_CASE("series that cannot be fitted inflate nothing") {
  struct Case {
    std::vector<double> baseline, candidate;
  };
  for (const Case& c : {Case{{}, {}}, Case{{1}, {2}}, Case{{1, 2}, {3, 1}}, Case{{1, 1, 1, 1}, {2, 2, 2}}}) {
    CHECK(long_run(c.baseline, c.candidate).inflation == 1.0);
    CHECK(long_run(c.baseline, c.candidate).order == 0);
  }
  // A constant side says nothing: the other one speaks for both.
  const std::vector<double> alone = autoregression({0.6}, 50, 15);
  CHECK(long_run(std::vector<double>(80, 5.0), alone).inflation == near(long_run(alone).inflation));
}

TEST_CASE("the inflation is held where the fit says no more about the data") {
  std::vector<double> ramp(200);
  for (std::size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<double>(i);
  // (1 + 0.97)/(1 − 0.97) = 65.7 is the most that one coefficient can give, and two here give less.
  CHECK(long_run(ramp, ramp).inflation > 40.0);
  CHECK(long_run(ramp, ramp).inflation < 65.7);
  const std::vector<double> short_ramp(ramp.begin(), ramp.begin() + 40);
  CHECK(long_run(short_ramp).inflation > 20.0);
  std::vector<double> alternating(200);
  for (std::size_t i = 0; i < alternating.size(); ++i) alternating[i] = i % 2 == 0 ? 1.0 : -1.0;
  CHECK(long_run(alternating, alternating).inflation == 1.0);
}

TEST_CASE("the deviation that dependent values hide is given back") {
  const Summary summary = summarize(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  CHECK(free_deviation(summary, 1.0) == near(summary.deviation));
  CHECK(free_deviation(summary, 4.0) == near(summary.deviation * std::sqrt(9.0 / 6.0)));
  CHECK(free_deviation(summary, 1000.0) == near(summary.deviation * std::sqrt(9.0 / 5.0)));
  CHECK(std::isinf(free_deviation(summarize(std::vector<double>{1}), 1.0)));
}
