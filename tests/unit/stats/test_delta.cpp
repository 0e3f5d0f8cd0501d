#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "near.h"
#include "stats/delta.h"

using namespace gate::stats;

namespace {

// 1000 · cost / requests on both sides, as R 4.2 has them: g <- c(1000/b, -1000*a/b^2); se <- sqrt(sum((g*s)^2));
// df <- se^4 / sum((g*s)^4 / d).
Estimate quotient(double a, double error_a, double b, double error_b) {
  const std::array<Estimate, 2> parts = {Estimate{a, error_a, 30.0, 31.0}, Estimate{b, error_b, 19.0, 20.0}};
  const std::array<double, 2> gradient = {1000.0 / b, -1000.0 * a / (b * b)};
  return propagate(1000.0 * a / b, gradient, parts);
}

}  // namespace

TEST_CASE("the error of a quotient by the delta method") {
  const Estimate before = quotient(12.5, 0.4, 2000, 45);
  CHECK(before.value == near(6.25));
  CHECK(before.standard_error == near(0.24449006242585813));
  CHECK(before.degrees == near(48.340129446516869));
  CHECK(before.effective == 20.0);
  const Estimate after = quotient(14, 0.5, 1950, 40);
  CHECK(after.standard_error == near(0.2956943078530469));
  CHECK(after.degrees == near(45.277932703547307));
}

TEST_CASE("two such numbers compared") {
  // R: SE <- sqrt(se2^2 + ((1 + m) * se)^2); sh <- (se2 / SE)^2; DF <- 1 / (sh^2 / df2 + (1 - sh)^2 / df);
  // T - qt(.95, DF) * SE, T + …; pt(-T / SE, DF)
  const auto compared = DeltaComparison::prepare(quotient(12.5, 0.4, 2000, 45), quotient(14, 0.5, 1950, 40), 0.95);
  REQUIRE(compared.ok());
  struct Case {
    double margin, point, lower, upper, p_value;
  };
  for (const Case& c : {Case{0.0, 0.92948717948717974, 0.29177127366998434, 1.5672030853043752, 0.0087160019063185819},
                        Case{0.1, 0.30448717948717885, -0.35964615490613483, 0.96862051388049253, 0.22406812268932108}}) {
    const auto harm = compared->harm({Direction::increase, MarginKind::relative, c.margin}, 0.95);
    CHECK(harm->point == near(c.point));
    CHECK(harm->interval.lower == near(c.lower));
    CHECK(harm->interval.upper == near(c.upper));
    CHECK(harm->p_value == near(c.p_value));
  }
  const Change change = compared->change();
  CHECK(change.method == "delta-method");
  CHECK(change.baseline == near(6.25));
  CHECK(change.candidate == near(7.1794871794871797));
  CHECK(change.interval->lower == near(0.29177127366998434));
  CHECK(change.effective_baseline == 20.0);
  REQUIRE(change.relative_interval.has_value());
  // The edge of the relative interval is the margin at which the proof ends.
  const auto edge = compared->harm({Direction::increase, MarginKind::relative, change.relative_interval->lower}, 0.95);
  CHECK(edge->interval.lower == Approx(0.0).margin(1e-9));
  CHECK(compared->needs_factor({Direction::increase, MarginKind::relative, 0.1}, 0.95).has_value());
}

TEST_CASE("errors of counts and ratios, from whole totals") {
  // R: sqrt(60 / 1000^2), sqrt(.02 * .98 / 3000)
  const std::vector<double> events = {60}, exposure = {1000}, total = {3000};
  const auto counts = estimate_counts({events, exposure}, {events, exposure}, CountModel::poisson, DispersionRule::none);
  CHECK(counts->baseline.value == near(0.06));
  CHECK(counts->baseline.standard_error == near(0.0077459666924148338));
  CHECK(counts->baseline.effective == near(60));
  CHECK(counts->baseline.degrees == kInfinity);
  const auto ratio = estimate_counts({events, total}, {events, total}, CountModel::binomial, DispersionRule::none);
  CHECK(ratio->candidate.value == near(0.02));
  CHECK(ratio->candidate.standard_error == near(0.002556038601690775));
  CHECK(ratio->candidate.effective == near(3000));
  CHECK(estimate_counts({{}, {}}, {events, total}, CountModel::binomial, DispersionRule::none).reason() == Unusable::no_data);
}

TEST_CASE("parts without a say, without an error, and without an end") {
  const std::array<Estimate, 2> parts = {Estimate{1.0, 0.5, 3.0, 4.0}, Estimate{2.0, kInfinity, 1.0, 1.0}};
  const Estimate one = propagate(7.0, std::array{2.0, 0.0}, parts);
  CHECK(one.standard_error == near(1.0));
  CHECK(one.degrees == near(3.0));
  CHECK(one.effective == 4.0);
  CHECK(propagate(7.0, std::array{2.0, 1.0}, parts).standard_error == kInfinity);
  CHECK(propagate(7.0, std::array{0.0, 0.0}, parts).standard_error == 0.0);
  CHECK(DeltaComparison::prepare({1.0, kInfinity}, {2.0, 0.0}, 0.95)->harm({}, 0.95)->interval.lower == -kInfinity);
  CHECK(DeltaComparison::prepare({kInfinity, 0.0}, {2.0, 0.0}, 0.95).reason() == Unusable::not_finite);
  CHECK(DeltaComparison::prepare({1.0, 0.1}, {2.0, 0.1}, 1.5).reason() == Unusable::bad_confidence);
}

TEST_CASE("what is added to itself counts once") {
  // a + a has twice the error of a, not its root-two fold: the slope is per metric.
  const std::array<Estimate, 1> part = {Estimate{1.0, 0.5, 9.0, 10.0}};
  CHECK(propagate(2.0, std::array{2.0}, part).standard_error == near(1.0));
}

TEST_CASE("how often a quotient that is what it was is called worse") {
  // 2,000 releases without a change: a mean of 60 points with a spread of 20 % over a rate of 30 slices of 20 events. 5 % is
  // promised: 100 claims of harm, and 100 of safety at the very edge of a margin of 10 %, each give or take 10.
  std::mt19937_64 engine(20260317);
  const auto uniform = [&engine] { return (static_cast<double>(engine() >> 11U) + 0.5) * 0x1.0p-53; };
  const auto normal = [&] { return std::sqrt(-2.0 * std::log(uniform())) * std::cos(6.283185307179586 * uniform()); };
  const auto poisson = [&](double mean) {
    double count = 0.0;
    for (double product = uniform(); product > std::exp(-mean); product *= uniform()) count += 1.0;
    return count;
  };
  const std::vector<double> exposure(30, 1.0);
  const auto means = [&](double level) {
    std::vector<double> values(60);
    for (double& value : values) value = level * (1.0 + 0.2 * normal());
    return values;
  };
  const auto events = [&] {
    std::vector<double> values(30);
    for (double& value : values) value = poisson(20.0);
    return values;
  };
  const auto claims = [&](double level, const Contrast& contrast) {
    const auto counts =
        estimate_counts({events(), exposure}, {events(), exposure}, CountModel::poisson, DispersionRule::from_slices);
    const EstimatePair costs =
        estimate_means(*MeanComparison::prepare(means(1.0), means(level), Dependence::autocorrelated, 0.95));
    const auto side = [](const Estimate& cost, const Estimate& rate) {
      const std::array<double, 2> gradient = {1.0 / rate.value, -cost.value / rate.value / rate.value};
      return propagate(cost.value / rate.value, gradient, std::array<Estimate, 2>{cost, rate});
    };
    return *DeltaComparison::prepare(side(costs.baseline, counts->baseline), side(costs.candidate, counts->candidate), 0.95)
                ->harm(contrast, 0.95);
  };
  int harm = 0, safe = 0, seen = 0;
  for (int run = 0; run < 2000; ++run) {
    harm += claims(1.0, {Direction::increase, MarginKind::absolute, 0.0}).interval.lower > 0.0 ? 1 : 0;
    safe += claims(1.1, {Direction::increase, MarginKind::relative, 0.1}).interval.upper <= 0.0 ? 1 : 0;
    seen += claims(1.25, {Direction::increase, MarginKind::absolute, 0.0}).interval.lower > 0.0 ? 1 : 0;
  }
  INFO("harm " << harm << ", safety " << safe << ", a rise of 25 % seen " << seen << " of 2000");
  CHECK(harm >= 60);
  CHECK(harm <= 120);
  CHECK(safe >= 60);
  CHECK(safe <= 120);
  CHECK(seen >= 1600);
}
