#include <cmath>
#include <vector>

#include "near.h"
#include "stats/distributions.h"
#include "stats/spending.h"

using namespace gate::stats;

namespace {

std::vector<double> quantiles(double confidence, const std::vector<double>& information) {
  SpendingBoundary boundary(confidence);
  std::vector<double> out;
  for (const double share : information) {
    boundary.look(share);
    out.push_back(boundary.quantile());
  }
  return out;
}

std::vector<double> equal_looks(std::size_t count) {
  std::vector<double> out;
  for (std::size_t k = 1; k <= count; ++k) out.push_back(static_cast<double>(k) / static_cast<double>(count));
  return out;
}

}  // namespace

TEST_CASE("what the spending function allows") {
  // R 4.2: 2 * pnorm(qnorm(1 - 0.05 / 2) / sqrt(c(0.1, 0.5, 0.9)), lower.tail = FALSE)
  CHECK(spent(0.05, 0.1) == Approx(5.7203187904254934e-10).epsilon(1e-9).margin(0.0));
  CHECK(spent(0.05, 0.5) == near(0.0055745966807844247));
  CHECK(spent(0.05, 0.9) == near(0.038830043164523785));
  CHECK(spent(0.05, 0.0) == 0.0);
  CHECK(spent(0.05, 1.0) == 0.05);
  CHECK(spent(0.05, 1.5) == 0.05);
}

TEST_CASE("the boundaries of five equal looks are those of the published tables") {
  // Reboussin, DeMets, Kim & Lan (Controlled Clinical Trials 21:190, 2000): two-sided 0.05, O'Brien–Fleming spending, and
  // gsDesign's sfLDOF: 4.8769, 3.3570, 2.6803, 2.2898, 2.0310. The other digits by R 4.2: the recursion of Armitage, McPherson
  // & Rowe with Simpson's rule on a grid of 0.0025 and uniroot(tol = 1e-13).
  const std::vector<double> found = quantiles(0.975, equal_looks(5));
  const std::vector<double> table{4.87688494878, 3.35701192157, 2.68028006455, 2.28981676771, 2.03103204349};
  for (std::size_t k = 0; k < table.size(); ++k) CHECK(found[k] == Approx(table[k]).epsilon(1e-8));
}

TEST_CASE("thirty looks at a growing candidate against a fixed baseline") {
  // As above; looks <- (1:30) / 30; information <- 2 * looks / (1 + looks), one-sided 0.05, grid 0.005, the first look's chance
  // raised to 1e-9 (it would be 2.3e-14, and its boundary 7.63).
  std::vector<double> information = equal_looks(30);
  for (double& share : information) share = 2.0 * share / (1.0 + share);
  const std::vector<double> found = quantiles(0.95, information);
  CHECK(found[0] == near(-normal_quantile(1e-9)));
  CHECK(found[1] == Approx(5.42055333325).epsilon(1e-7));
  CHECK(found[9] == Approx(2.63425619243).epsilon(1e-7));
  CHECK(found[19] == Approx(2.09466664780).epsilon(1e-7));
  CHECK(found[29] == Approx(1.88547530755).epsilon(1e-7));
}

TEST_CASE("looks that are left out, repeated or many") {
  SpendingBoundary boundary(0.95);
  CHECK(std::isinf(boundary.quantile()));
  const double half = boundary.look(0.5);
  CHECK(half == near(1.0 - spent(0.05, 0.5)));
  CHECK(boundary.look(0.5) == half);
  CHECK(boundary.look(0.4) == half);
  // One look at the end is the plain test; a look before it costs little.
  CHECK(SpendingBoundary(0.95).look(1.0) == near(0.95));
  const double last = boundary.look(1.0);
  CHECK(last > 0.95);
  CHECK(last < 0.953);
  // A thousand looks come close to looking all the time: a Brownian motion that has to stay below 1.96, which is the function's
  // own origin, ends with a chance of 5 % of having crossed.
  const std::vector<double> many = quantiles(0.95, equal_looks(1000));
  CHECK(many.back() == Approx(1.96).epsilon(0.01));
}
