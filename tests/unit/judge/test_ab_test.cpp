#include <catch2/catch.hpp>

#include "gates.h"
#include "judge/judge.h"

using namespace gate::judge;
using namespace gate::judge::test;
namespace core = gate::core;
namespace config = gate::config;
using Values = std::vector<double>;

namespace {

Approx near(double value) {
  return Approx(value).epsilon(1e-9).margin(1e-12);
}

config::Metric conversion(std::vector<config::Criterion> criteria) {
  config::Metric metric = latency(std::move(criteria));
  metric.id = "conversion";
  metric.title = "conversion";
  metric.kind = config::Kind::ratio;
  metric.unit = {"1", "1", 1.0};
  metric.dispersion = config::Switch::off;
  metric.compare.design = config::Design::side_by_side;
  return metric;
}

core::SideMeasurement counted(double events, double total) {
  core::SideMeasurement out;
  out.window = core::Window{at(5), at(35)};
  out.counts.events = {events};
  out.counts.totals = {total};
  out.counts.times = {at(35)};
  out.present = true;
  return out;
}

core::Measurement visits(const core::SideMeasurement& baseline, const core::SideMeasurement& candidate) {
  core::Measurement out;
  out.metric = "conversion";
  out.whole_window = true;
  out.step = std::chrono::minutes(30);
  out.baseline = baseline;
  out.candidate = candidate;
  return out;
}

config::Criterion over(const std::string& text, double share) {
  return criterion(config::Rule::increase_over, {bound(text, share, true)});
}

/// 40 users a side, each with 10 totals, as many events now as `now` says, and 20 totals before with those of `before`.
core::SideMeasurement users(const Values& now, const Values& before) {
  core::SideMeasurement out;
  out.window = core::Window{at(5), at(35)};
  out.present = true;
  for (std::size_t i = 0; i < 40; ++i) {
    out.counts.ids.push_back("u" + std::to_string(i));
    out.counts.events.push_back(now[i % now.size()]);
    out.counts.totals.push_back(10);
    if (before.empty()) continue;
    out.pre_period.sums.push_back(before[i % before.size()]);
    out.pre_period.sizes.push_back(20);
  }
  if (before.empty()) out.pre_period = {Values(40, 0.0), Values(40, 0.0)};
  return out;
}

config::Metric of_users() {
  config::Metric metric = conversion({over("50%", 0.5)});
  metric.cluster = "user_id";
  metric.covariate = true;
  return metric;
}

core::Measurement experiment(const core::SideMeasurement& baseline, const core::SideMeasurement& candidate) {
  core::Measurement out = visits(baseline, candidate);
  out.whole_window = false;
  out.pre_period = core::Window{at(-10080), at(0)};
  return out;
}

}  // namespace

TEST_CASE("an A/B test: lift, difference and p-value by one and the same score") {
  struct Case {
    double events, total, events_before, total_before;
    double lower, upper, lift_lower, lift_upper, p_value;
  };
  // R 4.2, from the formula of Laud (2017) alone: S <- pc - k*pb - d; restricted maximum likelihood by uniroot of the score;
  // V, mu3, A; Z <- (-1 + sqrt(1 + 4*A*(S/sqrt(V) + A)))/(2*A); uniroot(Z -+ qnorm(.95)) in d with k = 1, in k with d = 0;
  // 2 * min(pnorm(Z), pnorm(-Z)) at k = 1, d = 0
  for (const Case& c : {Case{480, 10100, 400, 10000, 0.002781004905755435, 0.012280840661660269, 0.06563282128953674,
                             0.32502496904439027, 0.009128901678790304},
                        Case{95, 1000, 1600, 20000, 0.0002373293356642678, 0.0314160820111937661, 0.002940111525060018,
                             0.396066838299369062, 0.09445794213461764}}) {
    const config::Metric metric = conversion({over("10%", 0.1)});
    const core::MetricReport report =
        judge_metric(metric, visits(counted(c.events_before, c.total_before), counted(c.events, c.total)), at(60));
    CHECK(report.ab_test);
    REQUIRE(report.change);
    CHECK(report.change->absolute == near(c.events / c.total - c.events_before / c.total_before));
    CHECK(report.change->interval->lower == near(c.lower));
    CHECK(report.change->interval->upper == near(c.upper));
    CHECK(report.change->relative_interval->lower == near(c.lift_lower));
    CHECK(report.change->relative_interval->upper == near(c.lift_upper));
    CHECK(*report.change->p_value == near(c.p_value));
    // The p-value is below 10 % exactly where the 90 % interval leaves out 0.
    CHECK((*report.change->p_value < 0.10) == (report.change->interval->lower > 0.0));
  }
}

TEST_CASE("an A/B test: verdict and lift never contradict each other") {
  const core::Measurement measurement = visits(counted(400, 10000), counted(480, 10100));
  const core::MetricReport whole = judge_metric(conversion({over("0%", 0.0)}), measurement, at(60));
  const core::Range lift = *whole.change->relative_interval;
  for (const double apart : {-1e-7, 1e-7}) {
    const auto outcome = [&](double limit) {
      return judge_metric(conversion({over("x", limit)}), measurement, at(60)).criteria[0].outcome;
    };
    CHECK(outcome(lift.lower + apart) == (apart < 0.0 ? core::Outcome::violated : core::Outcome::unproven));
    CHECK(outcome(lift.upper + apart) == (apart < 0.0 ? core::Outcome::unproven : core::Outcome::holds));
  }
}

TEST_CASE("only two groups at the same time are an A/B test") {
  const core::Measurement measurement = visits(counted(400, 10000), counted(480, 10100));
  config::Metric metric = conversion({over("10%", 0.1)});
  metric.compare.design = config::Design::before_after;
  core::MetricReport report = judge_metric(metric, measurement, at(60));
  CHECK_FALSE(report.ab_test);
  CHECK_FALSE(report.change->p_value);
  metric = conversion({over("10%", 0.1)});
  metric.method = config::Method::point;
  report = judge_metric(metric, measurement, at(60));
  CHECK_FALSE(report.ab_test);
}

TEST_CASE("a covariate takes the users' own habits off, and the report says how much that was") {
  const core::SideMeasurement before = users({0, 1, 2, 6, 9}, {1, 1, 5, 11, 19});
  const core::SideMeasurement after = users({1, 1, 3, 6, 9}, {1, 2, 4, 12, 18});
  const core::MetricReport adjusted = judge_metric(of_users(), experiment(before, after), at(60));
  config::Metric plain_metric = of_users();
  plain_metric.covariate = false;
  const core::MetricReport plain = judge_metric(plain_metric, experiment(before, after), at(60));
  CHECK(plain.criteria[0].outcome == core::Outcome::unproven);
  CHECK(adjusted.criteria[0].outcome == core::Outcome::holds);
  CHECK(adjusted.change->method == "cuped-delta-t");
  REQUIRE(adjusted.change->variance_reduction);
  const core::VarianceReduction& reduction = *adjusted.change->variance_reduction;
  CHECK(reduction.share > 0.9);
  CHECK(reduction.correlation > 0.95);
  CHECK(reduction.unadjusted == near(plain.change->absolute));
  CHECK(reduction.pre_period == core::Window{at(-10080), at(0)});
  CHECK(reduction.units == std::pair<std::size_t, std::size_t>{40, 40});
  CHECK(*adjusted.candidate->value - *adjusted.baseline->value == near(adjusted.change->absolute));
  CHECK(*plain.candidate->value - *plain.baseline->value == near(reduction.unadjusted));
  REQUIRE(adjusted.notes.size() == 1);
  CHECK(
      adjusted.notes[0].starts_with("CUPED: what each user_id did in the 7 d before the rollout (correlation 0.99) makes the "
                                    "variance of the change 98 % smaller; without it "));
  CHECK(adjusted.change->p_value.has_value());
}

TEST_CASE("without a past, or with few events, the comparison is the plain one and says so") {
  const core::SideMeasurement before = users({0, 1, 2, 6, 9}, {});
  const core::MetricReport blank = judge_metric(of_users(), experiment(before, before), at(60));
  CHECK(blank.change->method == "ratio-score");
  CHECK_FALSE(blank.change->variance_reduction);
  CHECK(
      blank.notes.back() ==
      "not adjusted by what each user_id did before (CUPED): the 7 d from 2026-03-10T12:04:00Z to 2026-03-17T12:04:00Z do not "
      "tell them apart");
  core::SideMeasurement rare = users({0}, {1, 2, 3});
  rare.counts.events[0] = 4;
  const core::MetricReport few = judge_metric(of_users(), experiment(rare, rare), at(60));
  CHECK(few.change->method == "ratio-score");
  CHECK(few.notes.back().ends_with("fewer than five events on a side, or all but five, are too few for it"));
}

TEST_CASE("means of users have a covariate, too") {
  config::Metric metric = of_users();
  metric.kind = config::Kind::samples;
  metric.criteria = {over("10%", 0.1)};
  const auto side = [](const Values& values, const Values& past) {
    core::SideMeasurement out;
    out.window = core::Window{at(5), at(35)};
    out.present = true;
    for (std::size_t i = 0; i < 40; ++i) {
      out.samples.ids.push_back("u" + std::to_string(i));
      out.samples.values.push_back(values[i % values.size()] + (i % 7 == 0 ? 0.5 : 0.0));
      out.batch_sizes.push_back(static_cast<double>(1 + i % 3));
      out.pre_period.sums.push_back(i % 8 == 3 ? 0.0 : past[i % past.size()] * 2.0);
      out.pre_period.sizes.push_back(i % 8 == 3 ? 0.0 : 2.0);
    }
    out.rows = 79;
    return out;
  };
  const core::MetricReport report = judge_metric(
      metric, experiment(side({10, 14, 19, 26}, {9, 15, 18, 27}), side({10, 14, 20, 26}, {9, 15, 18, 27})), at(60));
  CHECK(report.change->method == "cuped-delta-t");
  CHECK(report.change->variance_reduction->absent == std::pair<std::size_t, std::size_t>{5, 5});
  CHECK(report.change->variance_reduction->share > 0.3);
  CHECK(report.notes.back().ends_with("; 5 of 40 and 5 of 40 were not there before, and count as the average"));
  CHECK(report.ab_test);
}
