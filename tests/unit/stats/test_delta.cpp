#include <array>
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
  CHECK(compared->needs_factor({Direction::increase, MarginKind::relative, 0.1}).has_value());
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
