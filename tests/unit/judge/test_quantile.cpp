// Metrics judged by a quantile: which method, when there is too little, and what lies beyond the buckets.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "gates.h"
#include "judge/beyond.h"
#include "judge/comparison.h"
#include "judge/judge.h"
#include "judge/quantile.h"

using namespace gate;
using namespace gate::judge::test;
using config::Rule;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

config::Metric quantile(double probability, std::vector<config::Criterion> criteria) {
  config::Metric metric = latency(std::move(criteria));
  metric.aggregate = config::Aggregate::quantile;
  metric.aggregate_quantile = probability;
  return metric;
}

/// Rows of a log-normal kind in no order, `count` a side, the candidate's `factor` times the baseline's.
core::Measurement rows(std::size_t count, double factor) {
  core::Measurement out;
  for (core::SideMeasurement* side : {&out.baseline, &out.candidate}) {
    const bool after = side == &out.candidate;
    side->window = core::Window{at(after ? 0 : -30), at(after ? 30 : 0)};
    for (std::size_t i = 0; i < count; ++i) {
      const double turn = std::fmod(0.6180339887498949 * static_cast<double>(i + (after ? 7 : 1)), 1.0);
      side->samples.values.push_back((after ? factor : 1.0) * std::exp(turn));
    }
    side->rows = count;
    side->group_sizes.assign(30, static_cast<double>(count) / 30.0);
  }
  return out;
}

/// Buckets 0 to 0.1, 0.5, 1 and beyond, the same counts in each of ten slices.
core::Measurement buckets(const std::vector<double>& before, const std::vector<double>& after) {
  core::Measurement out;
  out.metric = "latency";
  for (core::SideMeasurement* side : {&out.baseline, &out.candidate}) {
    const bool is_after = side == &out.candidate;
    side->window = core::Window{at(is_after ? 0 : -10), at(is_after ? 10 : 0)};
    side->buckets.edges = {0.0, 0.1, 0.5, 1.0, kInfinity};
    for (const double count : is_after ? after : before) side->buckets.counts.emplace_back(10, count);
    for (int i = 1; i <= 10; ++i) side->buckets.times.push_back(side->window->start + std::chrono::minutes(i));
    side->present = true;
  }
  return out;
}

config::Metric histogram(double probability, std::vector<config::Criterion> criteria) {
  config::Metric metric = quantile(probability, std::move(criteria));
  metric.kind = config::Kind::histogram;
  return metric;
}

core::MetricReport judged(const config::Metric& metric, const core::Measurement& measurement) {
  return judge::judge_metric(metric, measurement, at(60));
}

const config::Criterion kTenPercent = criterion(Rule::increase_over, {bound("10%", 0.1, true)});

}  // namespace

TEST_CASE("a quantile is what is shown, whatever its interval comes from") {
  const config::Metric metric = quantile(0.9, {kTenPercent});
  const auto report = judged(metric, rows(3000, 1.5));
  CHECK(report.verdict == core::Verdict::fail);
  CHECK(*report.baseline->value == Approx(std::exp(0.9)).epsilon(0.01));
  CHECK(*report.candidate->value == Approx(1.5 * std::exp(0.9)).epsilon(0.01));
  CHECK(report.change->relative.value() == Approx(0.5).epsilon(0.02));
  CHECK(judged(metric, rows(3000, 1.0)).verdict == core::Verdict::pass);
}

TEST_CASE("five values beyond the quantile are needed") {
  const auto few = judged(quantile(0.99, {kTenPercent}), rows(300, 1.5));
  CHECK(few.evidence == core::Evidence::thin);
  CHECK(few.headline ==
        "Too little: the samples are worth 300 independent ones, and this quantile needs 500, five of them beyond it.");
  CHECK(judged(quantile(0.9, {kTenPercent}), rows(300, 1.5)).evidence == core::Evidence::enough);
}

TEST_CASE("resamples are said in the report") {
  core::Measurement measured = rows(3000, 1.0);
  for (core::SideMeasurement* side : {&measured.baseline, &measured.candidate})
    for (std::size_t i = 0; i < 3000; ++i) side->samples.values[i] *= 1.0 + 0.01 * std::sin(static_cast<double>(i / 300));
  const auto report = judged(quantile(0.9, {kTenPercent}), measured);
  REQUIRE(report.change->bootstrap.has_value());
  CHECK(report.change->bootstrap->resamples == 2000);
  CHECK(report.change->method == "quantile-block-bootstrap");
  REQUIRE_FALSE(report.notes.empty());
  CHECK(report.notes.front().starts_with("interval from 2000 resamples in blocks of "));
}

TEST_CASE("autocorrelation = none and clusters take ranks") {
  config::Metric metric = quantile(0.9, {kTenPercent});
  metric.autocorrelation = config::Switch::off;
  CHECK(judged(metric, rows(3000, 1.0)).change->method == "quantile-order-statistics");
  metric.cluster = "user";
  CHECK(judged(metric, rows(3000, 1.0)).change->method == "quantile-dispersed-ranks");
}

TEST_CASE("a histogram is judged by its buckets") {
  const config::Metric metric = histogram(0.9, {kTenPercent, criterion(Rule::above, {bound("800ms", 0.8)})});
  const auto worse = judged(metric, buckets({900, 99, 1, 0}, {700, 100, 200, 0}));
  CHECK(worse.verdict == core::Verdict::fail);
  CHECK(*worse.baseline->value == Approx(0.1));
  CHECK(*worse.candidate->value == Approx(0.75));
  CHECK(worse.change->method == "histogram-ranks");
  CHECK(worse.baseline->samples == 10);
  CHECK(worse.criteria[1].outcome == core::Outcome::holds);
  // Inside one bucket nothing about a change can be proven.
  const auto same = judged(metric, buckets({800, 150, 50, 0}, {800, 150, 50, 0}));
  CHECK(same.criteria[0].outcome == core::Outcome::unproven);
}

TEST_CASE("beyond the highest bucket there is no number") {
  const config::Metric metric =
      histogram(0.9, {kTenPercent, criterion(Rule::above, {bound("800ms", 0.8)}), criterion(Rule::above, {bound("5s", 5.0)})});
  const auto report = judged(metric, buckets({900, 99, 1, 0}, {700, 100, 0, 200}));
  CHECK_FALSE(report.candidate->value.has_value());
  CHECK(report.candidate->at_least == 1.0);
  CHECK_FALSE(report.change.has_value());
  CHECK(report.criteria[0].outcome == core::Outcome::violated);
  CHECK(report.criteria[0].reason ==
        "p99 latency changed by more than its limit: 100 ms → ≥ 1 s (limit +10 %); how far its buckets do not say.");
  CHECK_FALSE(report.criteria[0].observed.has_value());
  CHECK(report.criteria[0].harm_interval->upper == kInfinity);
  CHECK(report.criteria[1].outcome == core::Outcome::violated);
  CHECK(report.criteria[2].outcome == core::Outcome::not_evaluated);
  CHECK(report.criteria[2].next == "add buckets above 1 s");
  CHECK(report.verdict == core::Verdict::fail);

  const auto better = judged(metric, buckets({700, 100, 0, 200}, {900, 99, 1, 0}));
  CHECK(better.criteria[0].outcome == core::Outcome::holds);
  CHECK(better.baseline->at_least == 1.0);
  const auto both = judged(metric, buckets({700, 100, 0, 200}, {700, 100, 0, 200}));
  CHECK(both.criteria[0].outcome == core::Outcome::not_evaluated);
  CHECK(both.verdict == core::Verdict::fail);
  CHECK(both.criteria[0].next == "add buckets above 1 s");
}

TEST_CASE("limits on a value beyond the buckets") {
  using judge::Beyond;
  struct Case {
    Rule rule;
    double bound;
    Beyond beyond;
    std::optional<bool> violated;
  };
  for (const Case& c :
       {Case{Rule::above, 0.8, Beyond::above, true}, Case{Rule::above, 1.0, Beyond::above, true},
        Case{Rule::above, 5.0, Beyond::above, std::nullopt}, Case{Rule::below, 0.8, Beyond::above, false},
        Case{Rule::below, 5.0, Beyond::above, std::nullopt}, Case{Rule::above, 5.0, Beyond::below, false},
        Case{Rule::above, 0.5, Beyond::below, std::nullopt}, Case{Rule::equals, 1.0, Beyond::above, std::nullopt}}) {
    const auto limit = criterion(c.rule, {bound("x", c.bound)});
    CHECK(judge::violates_beyond(limit, limit.bounds.front(), {1.0, c.beyond}) == c.violated);
  }
}

TEST_CASE("a histogram without observations is no data, one with few too little") {
  config::Metric metric = histogram(0.9, {kTenPercent});
  CHECK(judged(metric, buckets({9, 1, 0, 0}, {0, 0, 0, 0})).evidence == core::Evidence::none);
  metric.min_events = 1000;
  const auto few = judged(metric, buckets({900, 99, 1, 0}, {9, 1, 0, 0}));
  CHECK(few.evidence == core::Evidence::thin);
  CHECK(few.brief == "needs 1000 observations");
}

TEST_CASE("at a look of a watch the limits of a quantile are those of its level") {
  const std::vector<config::Criterion> limit{criterion(Rule::increase_over, {bound("10%", 0.1, true)})};
  const auto level_of = [](config::Metric metric, const core::Measurement& measurement, std::optional<double> look) {
    metric.rules.look_confidence = look;
    const judge::MadeComparison made = judge::make_comparison(metric, measurement);
    REQUIRE(made.comparison);
    return made.comparison->change().level;
  };
  const config::Metric p90 = quantile(0.9, limit);
  const config::Metric median_of_buckets = histogram(0.5, limit);
  const core::Measurement counted = buckets({400, 300, 100, 0}, {380, 310, 110, 0});
  for (const auto& [look, level] : {std::pair(std::optional<double>(), 0.9), std::pair(std::optional(0.9995), 0.999)}) {
    CHECK(level_of(p90, rows(3000, 1.0), look) == Approx(level));
    CHECK(level_of(median_of_buckets, counted, look) == Approx(level));
  }
}
