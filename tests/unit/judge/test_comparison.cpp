#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "judge/comparison.h"
#include "judge/criterion.h"
#include "judge/judge.h"

using namespace gate;
using config::Kind;
using config::Method;
using config::Rule;
using core::Outcome;

namespace {

using Values = std::vector<double>;

// R 4.2: t.test(candidate, baseline, alternative = "greater", var.equal = FALSE): difference 1.01, 90 % interval 0.39761 to
// 1.62239, p 0.010155533959007777.
const Values kBaseline{10.1, 9.8, 10.4, 10.0, 9.7, 10.3};
const Values kCandidate{11.0, 11.4, 10.2, 11.9, 10.8};

Approx near(double value) {
  return Approx(value).epsilon(1e-9).margin(1e-12);
}

config::Metric metric_of(Kind kind, Method method = Method::automatic) {
  config::Metric metric;
  metric.id = metric.title = "m";
  metric.source = "s";
  metric.kind = kind;
  metric.method = method;
  metric.autocorrelation = config::Switch::off;
  metric.required = true;
  return metric;
}

core::Measurement samples(const Values& baseline, const Values& candidate) {
  core::Measurement out;
  out.baseline.samples.values = baseline;
  out.candidate.samples.values = candidate;
  out.baseline.window = core::Window{core::Time{}, core::Time{} + std::chrono::minutes(30)};
  out.candidate.window = core::Window{core::Time{} + std::chrono::minutes(30), core::Time{} + std::chrono::minutes(40)};
  return out;
}

core::Measurement counts(const Values& events_b, const Values& totals_b, const Values& events_c, const Values& totals_c) {
  core::Measurement out;
  out.baseline.counts.events = events_b;
  out.baseline.counts.totals = totals_b;
  out.candidate.counts.events = events_c;
  out.candidate.counts.totals = totals_c;
  return out;
}

/// Values with bursts: ten slices of 1, five of 20, and so on.
Values bursty(std::size_t count) {
  Values values(count, 1.0);
  for (std::size_t i = 0; i < count; ++i)
    if (i % 15 >= 10) values[i] = 20.0;
  return values;
}

core::CriterionReport judged(const config::Metric& metric, const core::Measurement& measurement, Rule rule,
                             std::vector<config::Bound> bounds) {
  config::Metric copy = metric;
  config::Criterion criterion;
  criterion.rule = rule;
  criterion.bounds = std::move(bounds);
  copy.criteria = {criterion};
  return judge::judge_metric(copy, measurement, core::Time{}).criteria.front();
}

config::Bound absolute(double value) {
  return {value, false, ""};
}
config::Bound relative(double value) {
  return {value, true, ""};
}

}  // namespace

TEST_CASE("kind and method pick the estimator") {
  struct Case {
    Kind kind;
    Method method;
    std::string name;  // "": two bare numbers
  };
  for (const Case& c :
       {Case{Kind::samples, Method::automatic, "mean-long-run-variance"},
        Case{Kind::samples, Method::mean, "mean-long-run-variance"}, Case{Kind::samples, Method::rank, "rank-mann-whitney"},
        Case{Kind::samples, Method::point, ""}, Case{Kind::ratio, Method::automatic, "ratio-score"},
        Case{Kind::ratio, Method::score, "ratio-score"}, Case{Kind::ratio, Method::newcombe, "ratio-newcombe"},
        Case{Kind::ratio, Method::point, ""}, Case{Kind::count, Method::automatic, "count-exact-conditional"},
        Case{Kind::count, Method::point, ""}, Case{Kind::value, Method::automatic, ""}, Case{Kind::value, Method::point, ""}}) {
    // Whatever the data are: even, heavy-tailed, constant.
    for (const Values& values : {kBaseline, Values{1, 1, 2, 1, 9000}, Values{3, 3, 3, 3, 3}}) {
      core::Measurement measurement = samples(values, values);
      measurement.baseline.counts.events = measurement.candidate.counts.events = values;
      measurement.baseline.counts.totals = measurement.candidate.counts.totals = Values(values.size(), 10000.0);
      const auto made = judge::make_comparison(metric_of(c.kind, c.method), measurement);
      CHECK_FALSE(made.unusable.has_value());
      CHECK((made.comparison ? made.comparison->change().method : "") == c.name);
    }
  }
}

TEST_CASE("the estimand of a side") {
  core::SideMeasurement side;
  CHECK_FALSE(judge::estimate(metric_of(Kind::samples), side).has_value());
  CHECK_FALSE(judge::estimate(metric_of(Kind::samples, Method::rank), side).has_value());
  CHECK_FALSE(judge::estimate(metric_of(Kind::ratio), side).has_value());
  CHECK_FALSE(judge::estimate(metric_of(Kind::value), side).has_value());
  side.value = 7.5;
  side.samples.values = {1, 2, 9};
  side.counts.events = {1, 2};
  side.counts.totals = {100, 50};
  CHECK(*judge::estimate(metric_of(Kind::value), side) == 7.5);
  CHECK(*judge::estimate(metric_of(Kind::samples), side) == 4.0);
  CHECK(*judge::estimate(metric_of(Kind::samples, Method::rank), side) == 2.0);
  CHECK(*judge::estimate(metric_of(Kind::ratio), side) == near(0.02));
  CHECK(*judge::estimate(metric_of(Kind::count), side) == near(0.02));
  config::Metric percent = metric_of(Kind::ratio);
  percent.unit = {"%", "1", 0.01};
  CHECK(*judge::estimate(percent, side) == near(2.0));
  // Batches weigh by their rows; a batch without rows is no value.
  side.batch_sizes = {3, 1, 0};
  CHECK(*judge::estimate(metric_of(Kind::samples), side) == near(1.25));
  CHECK(*judge::estimate(metric_of(Kind::samples, Method::rank), side) == near(1.5));
  // The mean of equal values is that value.
  side.batch_sizes.clear();
  side.samples.values = Values(7, 0.1);
  CHECK(*judge::estimate(metric_of(Kind::samples), side) == 0.1);
  side.samples.values = Values(7, 1.7e308);
  CHECK(*judge::estimate(metric_of(Kind::samples), side) == 1.7e308);
}

TEST_CASE("dependence and dispersion are looked for unless they are switched off") {
  for (const Method method : {Method::automatic, Method::rank}) {
    config::Metric metric = metric_of(Kind::samples, method);
    const core::Measurement measurement = samples(bursty(60), bursty(60));
    CHECK(judge::make_comparison(metric, measurement).comparison->change().effective_baseline == 60.0);
    metric.autocorrelation = config::Switch::automatic;
    CHECK(judge::make_comparison(metric, measurement).comparison->change().effective_baseline < 59.0);
  }
  for (const Kind kind : {Kind::ratio, Kind::count}) {
    config::Metric metric = metric_of(kind);
    const Values totals(60, 100.0);
    const core::Measurement measurement = counts(bursty(60), totals, bursty(60), totals);
    const double with = judge::make_comparison(metric, measurement).comparison->change().effective_baseline;
    metric.dispersion = config::Switch::off;
    const double without = judge::make_comparison(metric, measurement).comparison->change().effective_baseline;
    CHECK(without == (kind == Kind::ratio ? 6000.0 : 40.0 + 20.0 * 20.0));
    CHECK(with < without / 5.0);
  }
}

TEST_CASE("a proportion in per cent is asked and answered in per cent") {
  const core::Measurement measurement = counts({100}, {20000}, {9}, {800});
  config::Metric metric = metric_of(Kind::ratio);
  const auto fraction = judge::make_comparison(metric, measurement).comparison;
  metric.unit = {"%", "1", 0.01};
  const auto percent = judge::make_comparison(metric, measurement).comparison;
  const stats::Contrast tenth{stats::Direction::increase, stats::MarginKind::relative, 0.1};
  for (const auto& [of_fraction, of_percent] :
       {std::pair(stats::Contrast{stats::Direction::increase, stats::MarginKind::absolute, 0.002},
                  stats::Contrast{stats::Direction::increase, stats::MarginKind::absolute, 0.2}),
        std::pair(tenth, tenth)}) {
    const auto a = fraction->harm(of_fraction, 0.95);
    const auto b = percent->harm(of_percent, 0.95);
    CHECK(b->point == near(100.0 * a->point));
    CHECK(b->interval.lower == near(100.0 * a->interval.lower));
    CHECK(b->interval.upper == near(100.0 * a->interval.upper));
    CHECK(b->standard_error == near(100.0 * a->standard_error));
    CHECK(b->margin_absolute == near(100.0 * a->margin_absolute));
    CHECK(b->p_value == near(a->p_value));
    const bool is_relative = of_percent.kind == stats::MarginKind::relative;
    CHECK(b->detectable == near((is_relative ? 1.0 : 100.0) * a->detectable));
    CHECK(*percent->needs_factor(of_percent, 0.95) == near(*fraction->needs_factor(of_fraction, 0.95)));
  }
  CHECK(percent->change().absolute == near(100.0 * fraction->change().absolute));
  CHECK(percent->change().interval->lower == near(100.0 * fraction->change().interval->lower));
  CHECK(*percent->change().relative == near(*fraction->change().relative));
  CHECK(percent->change().relative_interval->upper == near(fraction->change().relative_interval->upper));
}

TEST_CASE("bounds on the change") {
  const auto up = samples(kBaseline, kCandidate);
  const auto down = samples(kCandidate, kBaseline);
  struct Case {
    const char* what;
    Rule rule;
    const core::Measurement& measurement;
    config::Better better;
    std::vector<config::Bound> bounds;
    Outcome outcome;
    bool within;
  };
  const auto lower = config::Better::lower;
  const auto higher = config::Better::higher;
  const auto unsaid = config::Better::unsaid;
  for (const Case& c : {
           Case{"any increase", Rule::increase_over, up, lower, {relative(0.0)}, Outcome::violated, false},
           Case{"below the lower limit", Rule::increase_over, up, lower, {absolute(0.39)}, Outcome::violated, false},
           Case{"above the lower limit", Rule::increase_over, up, lower, {absolute(0.40)}, Outcome::unproven, false},
           Case{"above the point", Rule::increase_over, up, lower, {absolute(1.1)}, Outcome::unproven, true},
           Case{"below the upper limit", Rule::increase_over, up, lower, {absolute(1.62)}, Outcome::unproven, true},
           Case{"above the upper limit", Rule::increase_over, up, lower, {absolute(1.63)}, Outcome::holds, true},
           Case{"an increase is no decrease", Rule::decrease_over, up, lower, {relative(0.0)}, Outcome::holds, true},
           Case{"a decrease", Rule::decrease_over, down, higher, {absolute(0.39)}, Outcome::violated, false},
           // Two-sided harm needs half the level: t_0.975 leaves 0.2314 (R 4.2: conf.level = 0.95).
           Case{"half the level", Rule::change_over, up, unsaid, {absolute(0.23)}, Outcome::violated, false},
           Case{"one-sided would do", Rule::change_over, up, unsaid, {absolute(0.24)}, Outcome::unproven, false},
           Case{"mirrored", Rule::change_over, down, unsaid, {absolute(0.23)}, Outcome::violated, false},
           Case{"safe on both sides", Rule::change_over, up, unsaid, {absolute(1.63)}, Outcome::holds, true},
           Case{"safe on one side only", Rule::change_over, up, unsaid, {absolute(1.62)}, Outcome::unproven, true},
           Case{"a proven gain", Rule::improve_by, down, lower, {absolute(0.39)}, Outcome::holds, true},
           Case{"a likely gain", Rule::improve_by, down, lower, {absolute(1.0)}, Outcome::unproven, true},
           Case{"an unlikely gain", Rule::improve_by, down, lower, {absolute(1.1)}, Outcome::unproven, false},
           Case{"a refuted gain", Rule::improve_by, down, lower, {absolute(1.63)}, Outcome::violated, false},
           Case{"a gain upwards", Rule::improve_by, up, higher, {absolute(0.39)}, Outcome::holds, true},
           Case{"the wrong way", Rule::improve_by, up, lower, {relative(0.01)}, Outcome::violated, false},
           Case{"both exceeded", Rule::increase_over, up, lower, {relative(0.01), absolute(0.2)}, Outcome::violated, false},
           Case{"one is safe", Rule::increase_over, up, lower, {relative(0.01), absolute(2.0)}, Outcome::holds, true},
           Case{"one is open", Rule::increase_over, up, lower, {relative(0.01), absolute(0.9)}, Outcome::unproven, false},
           Case{
               "one is open, inside", Rule::increase_over, up, lower, {relative(0.01), absolute(1.1)}, Outcome::unproven, true},
       }) {
    INFO(c.what);
    config::Metric metric = metric_of(Kind::samples);
    metric.better = c.better;
    const core::CriterionReport report = judged(metric, c.measurement, c.rule, c.bounds);
    CHECK(report.outcome == c.outcome);
    CHECK(report.within == c.within);
  }
}

TEST_CASE("what a criterion reports of its evidence") {
  const core::CriterionReport report =
      judged(metric_of(Kind::samples), samples(kBaseline, kCandidate), Rule::increase_over, {relative(0.1)});
  // SciPy 1.10: the margin's d, se and stats.t with Welch–Satterthwaite degrees.
  CHECK(*report.observed == near(1.01 / 10.05));
  CHECK(report.relative);
  CHECK(*report.margin == near(1.005));
  CHECK(report.harm_interval->lower == near(-0.6099935530489615));
  CHECK(report.harm_interval->upper == near(0.6199935530489595));
  CHECK(*report.p_value == near(0.49387161699208315));
  CHECK(*report.detectable == near(0.18942738527405656));
  // A year and more: nobody waits for that.
  const auto made = judge::make_comparison(metric_of(Kind::samples), samples(kBaseline, kCandidate));
  const double factor = *made.comparison->needs_factor({stats::Direction::increase, stats::MarginKind::relative, 0.1}, 0.95);
  CHECK(std::ceil(1800.0 * factor) == 43056987.0);
  CHECK_FALSE(report.needs_seconds.has_value());
  // Proven either way: nothing is needed.
  CHECK_FALSE(judged(metric_of(Kind::samples), samples(kBaseline, kCandidate), Rule::increase_over, {absolute(0.0)})
                  .needs_seconds.has_value());
  // Two-sided harm: twice the one-sided p, and what half the level detects.
  const core::CriterionReport both =
      judged(metric_of(Kind::samples), samples(kBaseline, kCandidate), Rule::change_over, {absolute(0.0)});
  CHECK(*both.p_value == near(2.0 * 0.010155533959007777));
  CHECK(*both.detectable ==
        near(made.comparison->harm({stats::Direction::increase, stats::MarginKind::absolute, 0.0}, 0.975)->detectable));
  // Ranks report the shift between the sides, not the difference of their medians (3).
  const core::CriterionReport ranks =
      judged(metric_of(Kind::samples, Method::rank), samples({1, 2, 3, 10, 11}, {2, 4, 6, 10.5, 30}), Rule::increase_over,
             {absolute(1.0)});
  CHECK(*ranks.observed == near(2.0));
}

TEST_CASE("what would settle a change that is forbidden both ways") {
  config::Metric metric = metric_of(Kind::samples);
  metric.compare.design = config::Design::side_by_side;
  const auto up = samples(kBaseline, kCandidate);
  // SciPy 1.10: optimize.brentq of k = (0.30676/0.77·(t_p + t_0.8))² with 6.22·k − 1 degrees: 1.2469 times ten minutes at p =
  // 0.95, 1.5784 at 0.975, which harm on either side must reach.
  CHECK(judged(metric, up, Rule::increase_over, {absolute(0.24)}).outcome == Outcome::violated);
  CHECK(judged(metric, up, Rule::change_over, {absolute(0.24)}).needs_seconds == 960.0);
  // Safety is shown at the whole level on both sides, of the fall here: the baseline counts by 0.88.
  metric.compare.design = config::Design::before_after;
  Values longer;
  for (int i = 0; i < 8; ++i) longer.insert(longer.end(), kCandidate.begin(), kCandidate.end());
  const auto down = samples(longer, kBaseline);
  const auto fall = judged(metric, down, Rule::decrease_over, {relative(0.12)}).needs_seconds;
  CHECK(*fall == 3180.0);  // the same by SciPy: 5.2454 times ten minutes; 7.2 with a baseline that counts by 1.12
  CHECK(judged(metric, down, Rule::change_over, {relative(0.12)}).needs_seconds == fall);
}

TEST_CASE("the p-value of a list is that of its least certain bound") {
  // The amount is the closer bound, 0.035 to 0.03515; but the share's error is the greater one.
  const auto up = samples(kBaseline, kCandidate);
  const auto p_value = [&](std::vector<config::Bound> bounds) {
    return *judged(metric_of(Kind::samples), up, Rule::increase_over, std::move(bounds)).p_value;
  };
  CHECK(p_value({relative(0.097)}) > p_value({absolute(0.975)}));
  CHECK(p_value({relative(0.097), absolute(0.975)}) == p_value({relative(0.097)}));
}

TEST_CASE("a baseline that cannot be told from zero asks for an absolute bound") {
  const auto near_zero = samples({0.1, -0.2, 0.3, -0.1, 0.05}, kCandidate);
  struct Case {
    std::vector<config::Bound> bounds;
    Outcome outcome;
  };
  for (const Case& c : {Case{{relative(0.1)}, Outcome::not_evaluated}, Case{{absolute(0.1)}, Outcome::violated},
                        Case{{relative(0.0)}, Outcome::violated}, Case{{relative(0.1), absolute(0.1)}, Outcome::not_evaluated},
                        Case{{relative(0.1), absolute(100.0)}, Outcome::holds}}) {
    const core::CriterionReport report = judged(metric_of(Kind::samples), near_zero, Rule::increase_over, c.bounds);
    CHECK(report.outcome == c.outcome);
    if (c.outcome == Outcome::not_evaluated) CHECK(report.next == "give the limit as an amount in the metric's unit");
  }
  const core::MetricReport report = judge::judge_metric(metric_of(Kind::samples), near_zero, core::Time{});
  REQUIRE(report.change.has_value());
  CHECK(report.change->interval.has_value());
  CHECK_FALSE(report.change->relative_interval.has_value());
}

TEST_CASE("a target has a tolerance on both sides, and the point decides between bare numbers") {
  config::Metric metric = metric_of(Kind::value);
  core::Measurement measurement;
  measurement.baseline.value = 100.0;
  const auto outcome = [&](double value, Rule rule, config::Bound bound, double tolerance) {
    measurement.candidate.value = value;
    config::Criterion criterion;
    criterion.rule = rule;
    criterion.bounds = {bound};
    criterion.tolerance = tolerance;
    metric.criteria = {criterion};
    return judge::judge_metric(metric, measurement, core::Time{}).criteria.front().outcome;
  };
  struct Case {
    double value;
    Rule rule;
    config::Bound bound;
    double tolerance;
    Outcome outcome;
  };
  metric.better = config::Better::higher;
  for (const Case& c :
       {Case{195, Rule::target, absolute(200), 5, Outcome::holds}, Case{205, Rule::target, absolute(200), 5, Outcome::holds},
        Case{194.9, Rule::target, absolute(200), 5, Outcome::violated},
        Case{205.1, Rule::target, absolute(200), 5, Outcome::violated},
        Case{200.1, Rule::target, absolute(200), 0, Outcome::violated},
        Case{110, Rule::increase_over, relative(0.1), 0, Outcome::holds},
        Case{110.1, Rule::increase_over, relative(0.1), 0, Outcome::violated},
        Case{89.9, Rule::decrease_over, relative(0.1), 0, Outcome::violated},
        Case{95, Rule::change_over, absolute(5), 0, Outcome::holds},
        Case{94, Rule::change_over, absolute(5), 0, Outcome::violated},
        Case{102, Rule::improve_by, relative(0.02), 0, Outcome::holds},
        Case{101, Rule::improve_by, relative(0.02), 0, Outcome::violated}}) {
    INFO(c.value);
    CHECK(outcome(c.value, c.rule, c.bound, c.tolerance) == c.outcome);
  }
}

TEST_CASE("too little of anything is thin") {
  const auto evidence = [](const config::Metric& metric, const core::Measurement& measurement) {
    return judge::judge_metric(metric, measurement, core::Time{}).evidence;
  };
  config::Metric metric = metric_of(Kind::samples);
  const Values four{1, 2, 3, 4};
  CHECK(evidence(metric, samples(kBaseline, kCandidate)) == core::Evidence::enough);
  CHECK(evidence(metric, samples(four, kCandidate)) == core::Evidence::thin);
  CHECK(evidence(metric, samples(kBaseline, four)) == core::Evidence::thin);
  CHECK(evidence(metric, samples(kBaseline, {})) == core::Evidence::none);
  metric.min_samples = 4;
  CHECK(evidence(metric, samples(four, kCandidate)) == core::Evidence::enough);
  // Rows count, not the batches they are in.
  core::Measurement rows = samples({1, 2, 3}, {1, 2, 4});
  rows.baseline.batch_sizes = rows.candidate.batch_sizes = {2, 1, 2};
  rows.baseline.rows = rows.candidate.rows = 5;
  metric.min_samples = 6;
  CHECK(evidence(metric, rows) == core::Evidence::thin);
  // Worth fewer than three independent values: one step in the middle of the window, or rows in one batch.
  metric = metric_of(Kind::samples);
  metric.autocorrelation = config::Switch::automatic;
  Values step(120, 10.0);
  for (std::size_t i = 60; i < step.size(); ++i) step[i] = 12.0;
  CHECK(evidence(metric, samples(step, step)) == core::Evidence::thin);
  core::Measurement bundled = samples({0, 5, 0}, {0, 9, 0});
  bundled.baseline.batch_sizes = bundled.candidate.batch_sizes = {0, 50, 0};
  bundled.baseline.rows = bundled.candidate.rows = 50;
  CHECK(evidence(metric, bundled) == core::Evidence::thin);

  config::Metric ratio = metric_of(Kind::ratio);
  ratio.min_events = 100;
  CHECK(evidence(ratio, counts({1}, {100}, {1}, {100})) == core::Evidence::enough);
  CHECK(evidence(ratio, counts({1}, {100}, {1}, {99})) == core::Evidence::thin);
  CHECK(evidence(ratio, counts({1}, {100}, {0}, {0})) == core::Evidence::none);
  config::Metric count = metric_of(Kind::count);
  count.min_events = 10;
  CHECK(evidence(count, counts({10}, {600}, {12}, {600})) == core::Evidence::enough);
  CHECK(evidence(count, counts({9}, {600}, {12}, {600})) == core::Evidence::thin);
}
