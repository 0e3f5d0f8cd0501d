// Quantiles of two sides: by ranks against R, by blocks against the standard error they must have, and which of the two is
// taken.
#include <cmath>
#include <numeric>
#include <vector>

#include "near.h"
#include "series.h"
#include "stats/order_statistics.h"
#include "stats/quantile_comparison.h"
#include "stats/quantiles.h"

using namespace gate::stats;

namespace {

constexpr Contrast kIncrease{Direction::increase, MarginKind::absolute, 0.0};

std::vector<double> exponential(std::vector<double> values, double factor) {
  for (double& value : values) value = factor * std::exp(value);
  return values;
}

QuantileComparison compare(const GroupedValues& baseline, const GroupedValues& candidate, double probability,
                           Grouping grouping) {
  const auto made = QuantileComparison::prepare(baseline, candidate, probability, grouping, 0.95);
  REQUIRE(made.ok());
  return *made;
}

}  // namespace

TEST_CASE("independent values: order statistics of each side, by MOVER") {
  // R 4.2: x <- exp(lehmer(200, 21)); y <- 1.3 * exp(lehmer(150, 22)); quantile(x, .9); lim(x): sort(x)[c(k + 1, n - m)] with k
  // and m by qbinom (test_order_statistics.cpp); d - sqrt((y - ly)^2 + (ux - x)^2), d + sqrt((uy - y)^2 + (x - lx)^2)
  const auto x = exponential(lehmer(200, 21), 1.0);
  const auto y = exponential(lehmer(150, 22), 1.3);
  const Change change = compare({x, {}}, {y, {}}, 0.9, Grouping::independent).change();
  CHECK(change.method == "quantile-order-statistics");
  CHECK(change.baseline == near(1.48751276713535));
  CHECK(change.candidate == near(1.99043495197868));
  CHECK(change.interval->lower == near(0.4239743062969));
  CHECK(change.interval->upper == near(0.623643531173991));
  CHECK(change.effective_baseline == 200.0);
  CHECK_FALSE(change.bootstrap.has_value());
}

TEST_CASE("dependence changes the interval, never the estimate") {
  const auto alone = exponential(lehmer(2000, 5), 1.0);
  const auto hanging = exponential(autoregression({0.8}, 2000, 6), 1.0);
  for (const double probability : {0.5, 0.9, 0.99}) {
    const Change ranked = compare({alone, {}}, {hanging, {}}, probability, Grouping::independent).change();
    const Change blocks = compare({alone, {}}, {hanging, {}}, probability, Grouping::time).change();
    CHECK(blocks.method == "quantile-block-bootstrap");
    CHECK(blocks.baseline == ranked.baseline);
    CHECK(blocks.candidate == ranked.candidate);
    CHECK(blocks.candidate == quantile(hanging, probability));
    CHECK(blocks.interval->upper - blocks.interval->lower > ranked.interval->upper - ranked.interval->lower);
    CHECK(blocks.effective_candidate < 2000.0);
    REQUIRE(blocks.bootstrap.has_value());
    CHECK(blocks.bootstrap->resamples == 2000);
    CHECK(blocks.bootstrap->seed == 1);
    CHECK(blocks.bootstrap->blocks[1] > 1);
  }
}

TEST_CASE("the same data give the same digits") {
  const auto x = exponential(autoregression({0.7}, 400, 8), 1.0);
  const auto y = exponential(autoregression({0.7}, 400, 9), 1.1);
  const auto one = compare({x, {}}, {y, {}}, 0.9, Grouping::time).harm(kIncrease);
  const auto two = compare({x, {}}, {y, {}}, 0.9, Grouping::time).harm(kIncrease);
  CHECK(one->interval.lower == two->interval.lower);
  CHECK(one->p_value == two->p_value);
}

TEST_CASE("rows that hang together within a minute are seen in their groups") {
  // Sixty groups of thirty rows, each group on a level of its own: row by row next to nothing hangs together.
  const auto make = [](std::uint64_t seed) {
    const std::vector<double> levels = lehmer(60, seed);
    std::vector<double> rows = lehmer(1800, seed + 1);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = std::exp(rows[i] + levels[i / 30]);
    return rows;
  };
  const auto x = make(3);
  const auto y = make(7);
  const std::vector<double> sizes(60, 30.0);
  const Change grouped = compare({x, sizes}, {y, sizes}, 0.9, Grouping::time).change();
  const Change flat = compare({x, {}}, {y, {}}, 0.9, Grouping::independent).change();
  CHECK(grouped.effective_baseline < 0.3 * flat.effective_baseline);
  CHECK(grouped.interval->upper - grouped.interval->lower > 1.5 * (flat.interval->upper - flat.interval->lower));
  // Groups in no order: users.
  const Change clustered = compare({x, sizes}, {y, sizes}, 0.9, Grouping::clusters).change();
  CHECK(clustered.method == "quantile-dispersed-ranks");
  CHECK(clustered.effective_baseline < 0.3 * flat.effective_baseline);
}

TEST_CASE("ties at the quantile: ranks, since no spacing shows an error") {
  std::vector<double> steps = autoregression({0.9}, 600, 4);
  for (double& value : steps) value = value > 0.0 ? 1.0 : 0.0;
  std::vector<double> moved = steps;
  for (double& value : moved) value += 3.0;
  const auto compared = compare({steps, {}}, {moved, {}}, 0.9, Grouping::time);
  CHECK(compared.change().method == "quantile-dispersed-ranks");
  CHECK(compared.harm(kIncrease)->interval.lower > 0.0);
}

TEST_CASE("a p-value agrees with the limits, and goes below one in two thousand") {
  const auto x = exponential(autoregression({0.6}, 500, 12), 1.0);
  const auto y = exponential(autoregression({0.6}, 500, 13), 1.06);
  const auto compared = compare({x, {}}, {y, {}}, 0.5, Grouping::time);
  const auto harm = compared.harm(kIncrease);
  // The confidence at which the limit is about to leave zero is 1 − p.
  REQUIRE(harm->p_value > 0.001);
  REQUIRE(harm->p_value < 0.2);
  CHECK(compared.harm(kIncrease, 1.0 - 1.1 * harm->p_value)->interval.lower > 0.0);
  CHECK(compared.harm(kIncrease, 1.0 - 0.9 * harm->p_value)->interval.lower <= 0.0);
  CHECK(harm->p_safe == near(1.0 - harm->p_value));
  const auto far = exponential(autoregression({0.6}, 500, 13), 3.0);
  CHECK(compare({x, {}}, {far, {}}, 0.5, Grouping::time).harm(kIncrease)->p_value < 1e-6);
}

TEST_CASE("a relative interval holds the margins at which the answer changes") {
  const auto x = exponential(autoregression({0.6}, 500, 12), 1.0);
  const auto y = exponential(autoregression({0.6}, 500, 14), 1.3);
  for (const Grouping grouping : {Grouping::time, Grouping::independent}) {
    const auto compared = compare({x, {}}, {y, {}}, 0.9, grouping);
    const Change change = compared.change();
    REQUIRE(change.relative_interval.has_value());
    const auto at = [&](double margin) { return *compared.harm({Direction::increase, MarginKind::relative, margin}); };
    CHECK(at(change.relative_interval->lower - 1e-6).interval.lower > 0.0);
    CHECK(at(change.relative_interval->lower + 1e-6).interval.lower <= 0.0);
    CHECK(at(change.relative_interval->upper - 1e-6).interval.upper > 0.0);
    CHECK(at(change.relative_interval->upper + 1e-6).interval.upper <= 0.0);
  }
}

TEST_CASE("five values beyond the quantile on its thinner side") {
  CHECK(least_effective(0.99) == near(500.0));
  CHECK(least_effective(0.5) == near(10.0));
  CHECK(least_effective(0.05) == near(100.0));
}

TEST_CASE("groups that do not add up are refused") {
  const std::vector<double> values{1, 2, 3}, wrong{1, 1}, right{2, 1}, none, bad{1, kInfinity, 3};
  const auto reason = [](const GroupedValues& a, const GroupedValues& b) {
    return QuantileComparison::prepare(a, b, 0.5, Grouping::time, 0.95).reason();
  };
  CHECK(reason({values, wrong}, {values, right}) == Unusable::bad_counts);
  CHECK(reason({values, right}, {none, {}}) == Unusable::no_data);
  CHECK(reason({bad, {}}, {values, {}}) == Unusable::not_finite);
}
