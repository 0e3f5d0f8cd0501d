// Blocks and their resamples: lengths against R, resamples against R's boot and against sorting.
#include <algorithm>
#include <cmath>
#include <vector>

#include "near.h"
#include "series.h"
#include "stats/block_bootstrap.h"
#include "stats/block_length.h"
#include "stats/quantiles.h"
#include "stats/summary.h"

using namespace gate::stats;

TEST_CASE("the block length of Politis and White") {
  // R 4.2, the papers' formulas: r <- acf(x, lag.max = mmax); m the first lag before K insignificant ones; with
  // M = min(2 * m, mmax), k = -M:M, w = ifelse(abs(k / M) < .5, 1, 2 * (1 - abs(k / M))) and R the autocovariances
  // G <- sum(w * abs(k) * R); g <- sum(w * R); (2 * G^2 / (4 / 3 * g^2))^(1/3) * n^(1/3)
  struct Case {
    std::vector<double> phi;
    std::size_t count;
    std::uint64_t seed;
    double length;
  };
  for (const Case& c : {Case{{}, 200, 1, 1.0}, Case{{0.6}, 200, 2, 6.1766381719768}, Case{{0.9}, 500, 3, 26.1678072674048},
                        Case{{0.5, 0.3}, 1000, 4, 40.1358389841107}, Case{{-0.4}, 300, 5, 6.4808809511867}})
    CHECK(block_length(autoregression(c.phi, c.count, c.seed)) == near(c.length));
  CHECK(block_length(std::vector<double>(100, 3.0)) == 1.0);
  CHECK(block_length(lehmer(9, 1)) == 1.0);
  CHECK(block_length({}) == 1.0);
}

TEST_CASE("how much more ranks vary between blocks") {
  // R: ind <- as.numeric(rank(x, ties = "first") <= 360); s <- sapply(0:399, function(i) sum(ind[(i + 0:6) %% 400 + 1]));
  // mean((s - 7 * .9)^2) / (7 * .9 * .1)
  const auto ranks = ranks_of(autoregression({0.6}, 400, 11, 10.0));
  CHECK(BlockBootstrap::inflation(ranks, 7, 359) == near(1.57142857142857));
  CHECK(BlockBootstrap::inflation(ranks, 1, 359) == near(1.0));
  CHECK(BlockBootstrap::inflation(ranks, 7, 399) == 1.0);
}

TEST_CASE("resamples of a series are those of R's boot") {
  // R, boot 1.3-28.1: tsboot(x, function(v) quantile(v, c(.8, .9, .95)), R = 40000, l = 7, sim = "fixed", endcorr = TRUE):
  // means, standard deviations, 5 % and 95 % quantiles of the three.
  const std::vector<double> x = autoregression({0.6}, 400, 11, 10.0);
  BlockBootstrap bootstrap(x, 7, {0.8 * 399, 0.9 * 399, 0.95 * 399});
  std::mt19937_64 random(1);
  constexpr std::size_t kDraws = 40000;
  std::array<std::vector<double>, kPlaces> drawn;
  for (std::size_t i = 0; i < kDraws; ++i) {
    const Places places = bootstrap.draw(random);
    for (std::size_t k = 0; k < kPlaces; ++k) drawn[k].push_back(places[k]);
  }
  struct Case {
    double mean, deviation, lower, upper;
  };
  const std::array<Case, kPlaces> expected{Case{10.349900, 0.026909, 10.297754, 10.387568},
                                           Case{10.470225, 0.034291, 10.414573, 10.531181},
                                           Case{10.577122, 0.038777, 10.523012, 10.653228}};
  for (std::size_t k = 0; k < kPlaces; ++k) {
    const Summary found = summarize(drawn[k]);
    // Four standard errors of the difference of two such simulations; ends lie on single values, which ties make jump.
    CHECK(found.mean == Approx(expected[k].mean).margin(4.0 * expected[k].deviation * std::sqrt(2.0 / kDraws)));
    CHECK(found.deviation == Approx(expected[k].deviation).epsilon(0.03));
    CHECK(quantile(drawn[k], 0.05) == Approx(expected[k].lower).margin(0.004));
    CHECK(quantile(drawn[k], 0.95) == Approx(expected[k].upper).margin(0.004));
  }
}

TEST_CASE("counting gives the order statistics that sorting gives") {
  const std::vector<double> x = autoregression({0.5}, 37, 3);
  for (const std::size_t length : {1, 4, 37}) {
    const Places places{3.0, 17.25, 36.0};
    BlockBootstrap bootstrap(x, length, places);
    std::mt19937_64 random(7);
    std::mt19937_64 same(7);
    for (int round = 0; round < 50; ++round) {
      std::vector<double> resample;
      std::uint64_t bits = 0;
      for (std::size_t block = 0; resample.size() < x.size(); ++block) {
        bits = block % 2 == 0 ? same() : bits >> 32U;
        const std::size_t first = ((bits & 0xffffffffU) * x.size()) >> 32U;
        for (std::size_t i = 0; i < length && resample.size() < x.size(); ++i) resample.push_back(x[(first + i) % x.size()]);
      }
      const Places drawn = bootstrap.draw(random);
      for (std::size_t k = 0; k < kPlaces; ++k) CHECK(drawn[k] == near(quantile(resample, places[k] / 36.0)));
    }
  }
}
