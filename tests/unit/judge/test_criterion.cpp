#include "judge/criterion.h"

#include <catch2/catch.hpp>

#include "gates.h"
#include "judge/judge.h"

using namespace gate::judge;
using namespace gate::judge::test;
namespace core = gate::core;
namespace config = gate::config;
using config::Fallback;
using config::Rule;
using core::Outcome;
using core::Verdict;

TEST_CASE("the last column of the outcome table") {
  config::VerdictRules defaults;
  config::VerdictRules strict;
  strict.on_no_data = strict.unproven_within = strict.unproven_beyond = Fallback::fail;
  strict.on_pending = Fallback::skip;
  struct Case {
    Outcome outcome;
    bool within;
    core::Level level;
    core::Evidence evidence;
    Verdict by_default;
    Verdict when_strict;
  };
  constexpr auto fail = core::Level::fail;
  constexpr auto warn = core::Level::warn;
  constexpr auto enough = core::Evidence::enough;
  const std::vector<Case> cases = {
      {Outcome::holds, true, fail, enough, Verdict::pass, Verdict::pass},
      {Outcome::holds, true, warn, enough, Verdict::pass, Verdict::pass},
      {Outcome::violated, false, fail, enough, Verdict::fail, Verdict::fail},
      {Outcome::violated, false, warn, enough, Verdict::warn, Verdict::warn},
      {Outcome::unproven, true, fail, enough, Verdict::warn, Verdict::fail},
      {Outcome::unproven, true, warn, enough, Verdict::pass, Verdict::pass},
      {Outcome::unproven, false, fail, enough, Verdict::inconclusive, Verdict::fail},
      {Outcome::unproven, false, warn, enough, Verdict::warn, Verdict::warn},
      {Outcome::not_evaluated, true, fail, core::Evidence::thin, Verdict::inconclusive, Verdict::fail},
      {Outcome::not_evaluated, true, warn, core::Evidence::none, Verdict::inconclusive, Verdict::fail},
      {Outcome::not_evaluated, true, fail, core::Evidence::pending, Verdict::inconclusive, Verdict::skipped},
      {Outcome::not_evaluated, true, warn, core::Evidence::pending, Verdict::inconclusive, Verdict::skipped},
      {Outcome::not_evaluated, true, fail, core::Evidence::error, Verdict::error, Verdict::error},
      {Outcome::not_evaluated, true, warn, core::Evidence::error, Verdict::error, Verdict::error},
  };
  for (const Case& one : cases) {
    core::CriterionReport report;
    report.outcome = one.outcome;
    report.within = one.within;
    report.level = one.level;
    CAPTURE(core::name(one.outcome), one.within, core::name(one.level), core::name(one.evidence));
    CHECK(verdict_of(report, defaults, one.evidence) == one.by_default);
    CHECK(verdict_of(report, strict, one.evidence) == one.when_strict);
  }
}

TEST_CASE("values against every rule") {
  struct Case {
    Rule rule;
    double limit;
    double value;
    Outcome outcome;
  };
  const std::vector<Case> cases = {
      {Rule::above, 0.8, 0.8, Outcome::holds},      {Rule::above, 0.8, 0.81, Outcome::violated},
      {Rule::below, 0.8, 0.8, Outcome::holds},      {Rule::below, 0.8, 0.79, Outcome::violated},
      {Rule::equals, 0.8, 0.8, Outcome::violated},  {Rule::equals, 0.8, 0.81, Outcome::holds},
      {Rule::target, 0.8, 0.85, Outcome::holds},    {Rule::target, 0.8, 0.95, Outcome::violated},
      {Rule::target, 0.8, 0.65, Outcome::violated},
  };
  for (const Case& one : cases) {
    config::Criterion rule = criterion(one.rule, {bound("x", one.limit)});
    rule.tolerance = 0.1;
    Evidence evidence;
    evidence.candidate = core::Evidence::enough;
    evidence.candidate_value = one.value;
    const core::CriterionReport report = judge_criterion(latency({rule}), rule, evidence);
    CAPTURE(config::name(one.rule), one.value);
    CHECK(report.outcome == one.outcome);
    CHECK(report.observed == one.value);
    CHECK(report.line == 7);
    CHECK(report.file == "gate.toml");
  }
}

namespace {

/// The one criterion of a metric, judged on 100 points a side around 0.3 s and `after`.
core::CriterionReport judged(Rule rule, std::vector<config::Bound> bounds, double after, double spread = 0.01) {
  const config::Metric metric = latency({criterion(rule, std::move(bounds))});
  return judge_metric(metric, measured(after, spread), at(60)).criteria.at(0);
}

}  // namespace

TEST_CASE("changes against every rule") {
  const config::Bound tenth = bound("10%", 0.1, true);
  struct Case {
    const char* name;
    Rule rule;
    std::vector<config::Bound> bounds;
    double after;
    double spread;
    Outcome outcome;
    bool within;
  };
  const std::vector<Case> cases = {
      {"safe", Rule::increase_over, {tenth}, 0.30, 0.01, Outcome::holds, true},
      {"harm", Rule::increase_over, {tenth}, 0.40, 0.01, Outcome::violated, false},
      {"within", Rule::increase_over, {tenth}, 0.32, 0.2, Outcome::unproven, true},
      {"beyond", Rule::increase_over, {tenth}, 0.34, 0.2, Outcome::unproven, false},
      {"a gain is no harm", Rule::increase_over, {tenth}, 0.20, 0.01, Outcome::holds, true},
      {"a fall", Rule::decrease_over, {tenth}, 0.20, 0.01, Outcome::violated, false},
      {"either way: up", Rule::change_over, {tenth}, 0.40, 0.01, Outcome::violated, false},
      {"either way: down", Rule::change_over, {tenth}, 0.20, 0.01, Outcome::violated, false},
      {"either way: steady", Rule::change_over, {tenth}, 0.30, 0.01, Outcome::holds, true},
      {"either way: open", Rule::change_over, {tenth}, 0.30, 0.3, Outcome::unproven, true},
      {"gained", Rule::improve_by, {tenth}, 0.20, 0.01, Outcome::holds, true},
      {"not gained", Rule::improve_by, {tenth}, 0.30, 0.01, Outcome::violated, false},
      {"gain open", Rule::improve_by, {tenth}, 0.28, 0.2, Outcome::unproven, false},
      {"amount", Rule::increase_over, {bound("50ms", 0.05)}, 0.40, 0.01, Outcome::violated, false},
      {"any change", Rule::increase_over, {bound("0%", 0, true)}, 0.31, 0.01, Outcome::violated, false},
      {"all exceeded", Rule::increase_over, {tenth, bound("50ms", 0.05)}, 0.40, 0.01, Outcome::violated, false},
      {"one holds", Rule::increase_over, {tenth, bound("500ms", 0.5)}, 0.40, 0.01, Outcome::holds, true},
      {"one open", Rule::increase_over, {bound("1%", 0.01, true), bound("100ms", 0.1)}, 0.395, 0.04, Outcome::unproven, true},
  };
  for (const Case& one : cases) {
    const core::CriterionReport report = judged(one.rule, one.bounds, one.after, one.spread);
    CAPTURE(one.name);
    CHECK(core::name(report.outcome) == core::name(one.outcome));
    if (one.outcome == Outcome::unproven) CHECK(report.within == one.within);
    CHECK(report.harm_interval.has_value());
    CHECK(*report.margin >= 0.0);
    CHECK(report.needs_seconds.has_value() <= (one.outcome == Outcome::unproven));
  }
}

TEST_CASE("the bound that a list is decided by gives the numbers") {
  const core::CriterionReport holds = judged(Rule::increase_over, {bound("10%", 0.1, true), bound("500ms", 0.5)}, 0.40);
  CHECK(holds.margin == 0.5);
  CHECK(holds.limit == "+10 % and +500 ms");
  CHECK_FALSE(holds.relative);
  const core::CriterionReport violated = judged(Rule::increase_over, {bound("10%", 0.1, true), bound("50ms", 0.05)}, 0.40);
  CHECK(violated.margin == Approx(0.05));
}

TEST_CASE("a demanded gain has a margin above zero, with and without an interval") {
  CHECK(judged(Rule::improve_by, {bound("10%", 0.1, true)}, 0.2).margin == Approx(0.03));
  config::Metric value = latency({criterion(Rule::improve_by, {bound("10%", 0.1, true)})});
  value.kind = config::Kind::value;
  core::Measurement numbers;
  numbers.metric = "latency";
  numbers.baseline.value = 0.3;
  numbers.candidate.value = 0.2;
  const core::MetricReport report = judge_metric(value, numbers, at(60));
  CHECK(report.criteria[0].margin == Approx(0.03));
  CHECK(report.criteria[0].outcome == Outcome::holds);
  CHECK(report.change->method == "two numbers");
  CHECK_FALSE(report.change->interval.has_value());
}

TEST_CASE("two bare numbers: the point decides") {
  struct Case {
    Rule rule;
    config::Bound limit;
    double before;
    double after;
    Outcome outcome;
  };
  const std::vector<Case> cases = {
      {Rule::increase_over, bound("50%", 0.5, true), 2, 3, Outcome::holds},
      {Rule::increase_over, bound("50%", 0.5, true), 2, 3.1, Outcome::violated},
      {Rule::decrease_over, bound("1", 1), 2, 0.5, Outcome::violated},
      {Rule::change_over, bound("1", 1), 2, 0.5, Outcome::violated},
      {Rule::change_over, bound("1", 1), 2, 2.9, Outcome::holds},
      {Rule::improve_by, bound("1", 1), 2, 1.5, Outcome::violated},
      {Rule::increase_over, bound("10%", 0.1, true), 0, 1, Outcome::not_evaluated},
      {Rule::increase_over, bound("0%", 0, true), 0, 1, Outcome::violated},
      {Rule::increase_over, bound("0%", 0, true), 0, 0, Outcome::holds},
  };
  for (const Case& one : cases) {
    config::Metric metric = latency({criterion(one.rule, {one.limit})});
    metric.kind = config::Kind::value;
    core::Measurement numbers;
    numbers.metric = "latency";
    numbers.baseline.value = one.before;
    numbers.candidate.value = one.after;
    const core::MetricReport report = judge_metric(metric, numbers, at(60));
    CAPTURE(config::name(one.rule), one.before, one.after);
    CHECK(core::name(report.criteria[0].outcome) == core::name(one.outcome));
    if (one.outcome == Outcome::not_evaluated) CHECK(report.brief == "limit not evaluable");
  }
}
