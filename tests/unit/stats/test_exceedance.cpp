// The inflation of "above the quantile or not" from the fit to normal scores, against R by another integral.
#include <cmath>
#include <vector>

#include "near.h"
#include "series.h"
#include "stats/exceedance.h"
#include "stats/quantile_comparison.h"

using namespace gate::stats;

namespace {

LongRun ar1(double rho) {
  return {(1.0 + rho) / (1.0 - rho), 1, {rho, 0.0, 0.0, 0.0}, {rho, rho * rho, std::pow(rho, 3), std::pow(rho, 4)}};
}

}  // namespace

TEST_CASE("how much the bits of an autoregression hang together") {
  // R 4.2: bits <- function(rho, p) { z <- qnorm(p); q <- 1 - p; both <- integrate(function(x) dnorm(x) * pnorm((z - rho * x) /
  // sqrt(1 - rho^2), lower.tail = FALSE), z, Inf, rel.tol = 1e-13, abs.tol = 1e-15)$value; (both - q^2) / (p * q) }
  // infl <- function(rho, p) 1 + 2 * sum(sapply(rho, bits, p = p))
  CHECK(exceedance_inflation(ar1(0.9), 0.5, 120) == Approx(13.2788275833627).epsilon(1e-5));  // infl(.9^(1:119), .5)
  // infl(.6^(1:60), p)
  CHECK(exceedance_inflation(ar1(0.6), 0.5, 1000) == Approx(2.97855141411383).epsilon(2e-5));
  CHECK(exceedance_inflation(ar1(0.6), 0.9, 1000) == Approx(2.37982396137904).epsilon(2e-5));
  CHECK(exceedance_inflation(ar1(0.6), 0.99, 1000) == Approx(1.59831271048754).epsilon(2e-5));
  CHECK(exceedance_inflation(ar1(0.6), 0.1, 1000) == near(exceedance_inflation(ar1(0.6), 0.9, 1000)));
  CHECK(exceedance_inflation(ar1(0.6), 0.9, 5) == near(2.24142708173245));  // infl(.6^(1:4), .9)
  // r <- ARMAacf(ar = c(.5, .3), lag.max = 400)[-1]; infl(r[r > 1e-7], .9)
  const LongRun second{
      0.0, 2, {0.5, 0.3, 0.0, 0.0}, {0.714285714285714, 0.657142857142857, 0.542857142857143, 0.468571428571429}};
  CHECK(exceedance_inflation(second, 0.9, 5000) == Approx(5.77711188152393).epsilon(2e-5));
  CHECK(exceedance_inflation(ar1(-0.5), 0.5, 100) == 1.0);
  CHECK(exceedance_inflation(LongRun{}, 0.5, 100) == 1.0);
  CHECK(exceedance_inflation(ar1(0.9), 0.5, 1) == 1.0);
}

TEST_CASE("normal scores") {
  // R 4.2: x <- c(3, 1, 2, 2, 10); qnorm((rank(x) - .5) / 5)
  const std::vector<double> values{3, 1, 2, 2, 10};
  const std::vector<double> scores = normal_scores(values);
  const std::vector<double> expected{0.524400512708041, -1.2815515655446, -0.2533471031358, -0.2533471031358, 1.2815515655446};
  REQUIRE(scores.size() == expected.size());
  for (std::size_t i = 0; i < scores.size(); ++i) CHECK(scores[i] == Approx(expected[i]).epsilon(1e-12));
  CHECK(normal_scores({}).empty());
  CHECK(normal_scores(std::vector<double>(3, 7.0)) == std::vector<double>(3, 0.0));
}

TEST_CASE("the fit says which autocorrelations it implies") {
  const LongRun fit = long_run(autoregression({0.5, 0.3}, 400, 5), autoregression({0.5, 0.3}, 400, 6));
  REQUIRE(fit.order == 2);
  const auto& phi = fit.coefficients;
  const auto& rho = fit.correlations;
  // The equations of Yule and Walker.
  CHECK(rho[0] == near(phi[0] / (1.0 - phi[1])));
  CHECK(rho[1] == near(phi[0] * rho[0] + phi[1]));
  CHECK(rho[2] == near(phi[0] * rho[1] + phi[1] * rho[0]));
  CHECK(rho[3] == near(phi[0] * rho[2] + phi[1] * rho[1]));
  const double noise = 1.0 - phi[0] * rho[0] - phi[1] * rho[1];
  CHECK(fit.inflation == near(noise / std::pow(1.0 - phi[0] - phi[1], 2)));
}

TEST_CASE("the median of a slow series is worth what its scores say") {
  // Of an AR(1) 0.9 the median of 2,000 points is worth 2,000 / 13.28 independent ones, and the fit to its bits alone takes it
  // for more.
  const auto x = autoregression({0.9}, 2000, 21);
  const auto y = autoregression({0.9}, 2000, 22);
  const auto made = QuantileComparison::prepare({x, {}}, {y, {}}, 0.5, Grouping::time, 0.95);
  REQUIRE(made.ok());
  CHECK(made->change().effective_baseline == Approx(2000 / 13.28).epsilon(0.25));
}
