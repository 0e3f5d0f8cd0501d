// The last row of the table: what a system has decided itself; and ratings, which are grades and no amounts.
#include <catch2/catch.hpp>

#include "gates.h"
#include "judge/judge.h"

using namespace gate::judge;
using namespace gate::judge::test;
namespace core = gate::core;
namespace config = gate::config;
using config::Rule;
using core::Verdict;
using Level = core::State::Level;

namespace {

config::Metric quality_gate() {
  config::Metric metric = latency({criterion(Rule::status, {})});
  metric.id = "quality_gate";
  metric.title = "quality gate";
  metric.kind = config::Kind::status;
  metric.unit = {};
  metric.better = config::Better::unsaid;
  metric.compare.design = config::Design::none;
  return metric;
}

core::Measurement stated(std::optional<core::State> state, const std::string& absence = "") {
  core::Measurement out;
  out.metric = "quality_gate";
  out.has_baseline = false;
  out.candidate.state = std::move(state);
  out.candidate.absence = absence;
  return out;
}

core::MetricReport judged(const config::Metric& metric, const core::Measurement& measurement) {
  return judge(gate_of({metric}), {measurement}, at(60), {}).metrics.front();
}

}  // namespace

TEST_CASE("a state is judged by the last row of the table") {
  struct Case {
    const char* name;
    std::optional<core::State> state;
    core::Outcome outcome;
    Verdict verdict;
    core::Evidence evidence;
    const char* reason;
  };
  const std::string why = "new_coverage is 71.4, at least 80";
  for (const Case& c : {Case{"ok", core::State{Level::ok, "OK", "", {}}, core::Outcome::holds, Verdict::pass,
                             core::Evidence::enough, "prom says OK."},
                        Case{"warning", core::State{Level::warning, "WARN", why, {}}, core::Outcome::violated, Verdict::warn,
                             core::Evidence::enough, "prom says WARN: new_coverage is 71.4, at least 80."},
                        Case{"error", core::State{Level::error, "ERROR", why, {}}, core::Outcome::violated, Verdict::fail,
                             core::Evidence::enough, "prom says ERROR: new_coverage is 71.4, at least 80."},
                        Case{"none", core::State{Level::none, "NONE", "", {}}, core::Outcome::not_evaluated,
                             Verdict::inconclusive, core::Evidence::none, "prom says NONE."},
                        Case{"no state", std::nullopt, core::Outcome::not_evaluated, Verdict::inconclusive,
                             core::Evidence::none, "prom answered, without a state."}}) {
    INFO(c.name);
    const core::MetricReport report = judged(quality_gate(), stated(c.state));
    REQUIRE(report.criteria.size() == 1);
    CHECK(report.criteria.front().rule == "status");
    CHECK(report.criteria.front().outcome == c.outcome);
    CHECK(report.criteria.front().reason == c.reason);
    CHECK(report.verdict == c.verdict);
    CHECK(report.evidence == c.evidence);
    CHECK(report.headline == c.reason);
    CHECK(report.status == (c.state ? std::optional<std::string>(c.state->word) : std::nullopt));
    CHECK_FALSE(report.baseline.has_value());
    CHECK_FALSE(report.candidate->value.has_value());
  }
}

TEST_CASE("a warning is at level warn, so that it cannot fail the gate") {
  const auto report = judge(gate_of({quality_gate()}), {stated(core::State{Level::warning, "WARN", "x is 1", {}})}, at(60), {});
  CHECK(report.metrics.front().criteria.front().level == core::Level::warn);
  CHECK(report.verdict == Verdict::warn);
  CHECK(report.headline == "quality gate is WARN: x is 1");
}

TEST_CASE("on_no_data says what a state without an opinion counts as") {
  config::Metric metric = quality_gate();
  for (const auto& [fallback, verdict] :
       {std::pair(config::Fallback::fail, Verdict::fail), std::pair(config::Fallback::warn, Verdict::warn),
        std::pair(config::Fallback::pass, Verdict::pass)}) {
    metric.rules.on_no_data = fallback;
    CHECK(judged(metric, stated(core::State{Level::none, "No Data", "", {}})).verdict == verdict);
    CHECK(judged(metric, stated(std::nullopt)).verdict == verdict);
  }
}

TEST_CASE("why there is no state is told in the words of the source") {
  const core::MetricReport report = judged(quality_gate(), stated(std::nullopt, "stale analysis of 2026-03-16T18:30:00Z"));
  CHECK(report.headline == "prom has no state: stale analysis of 2026-03-16T18:30:00Z.");
  CHECK(report.brief == "stale analysis of 2026-03-16T18:30:00Z");
}

TEST_CASE("every condition is noted, but for the one that the reason is made of") {
  const core::State state{Level::error, "Alert", "a is Alert", {"a is Alert", "b is OK"}};
  CHECK(judged(quality_gate(), stated(state)).notes == std::vector<std::string>{"b is OK"});
}

TEST_CASE("a value that is not there is told in the words of the source") {
  config::Metric metric = latency({criterion(Rule::below, {bound("80%", 80.0)})});
  metric.kind = config::Kind::value;
  metric.compare.design = config::Design::none;
  core::Measurement measurement;
  measurement.metric = "latency";
  measurement.has_baseline = false;
  measurement.candidate.absence = "stale analysis of 2026-03-16T18:30:00Z";
  const core::MetricReport report = judged(metric, measurement);
  CHECK(report.verdict == Verdict::inconclusive);
  CHECK(report.headline == "prom has nothing for the candidate: stale analysis of 2026-03-16T18:30:00Z.");
}

TEST_CASE("ratings are judged by letters and compared by steps") {
  struct Case {
    double before;
    double after;
    core::Outcome worse_than_b;
    core::Outcome increase;
    const char* first;
    const char* second;
  };
  for (const Case& c :
       {Case{2, 2, core::Outcome::holds, core::Outcome::holds, "p99 latency is B; the limit is B or better.",
             "p99 latency went B → B, 0 (limit +0). No uncertainty available: two bare numbers."},
        Case{2, 4, core::Outcome::violated, core::Outcome::violated, "p99 latency is D; the limit is B or better.",
             "p99 latency went B → D, +2 (limit +0). No uncertainty available: two bare numbers."},
        Case{5, 1, core::Outcome::holds, core::Outcome::holds, "p99 latency is A; the limit is B or better.",
             "p99 latency went E → A, −4 (limit +0). No uncertainty available: two bare numbers."}}) {
    config::Metric metric =
        latency({criterion(Rule::worse_than, {bound("B", 2.0)}), criterion(Rule::increase_over, {bound("0", 0.0)})});
    metric.kind = config::Kind::value;
    metric.unit = *core::parse_unit("rating");
    core::Measurement measurement;
    measurement.metric = "latency";
    measurement.baseline.value = c.before;
    measurement.candidate.value = c.after;
    const core::MetricReport report = judged(metric, measurement);
    CHECK(report.criteria[0].outcome == c.worse_than_b);
    CHECK(report.criteria[0].limit == "B or better");
    CHECK(report.criteria[0].margin == 2.0);
    CHECK(report.criteria[0].reason == c.first);
    CHECK(report.criteria[1].outcome == c.increase);
    CHECK(report.criteria[1].reason == c.second);
    REQUIRE(report.change);
    CHECK_FALSE(report.change->relative.has_value());
  }
}
