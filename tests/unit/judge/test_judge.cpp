#include "judge/judge.h"

#include <catch2/catch.hpp>
#include <csignal>

#include "gates.h"

using namespace gate::judge;
using namespace gate::judge::test;
namespace core = gate::core;
namespace config = gate::config;
using config::Rule;
using core::Verdict;

namespace {

/// A metric of kind value with a limit of 1 on its value, and a measurement of it.
struct Part {
  config::Metric metric;
  core::Measurement measurement;
};

enum class State { passes, fails, warns, errs, absent, waits, bug };

Part part(const std::string& id, State state, bool required = true) {
  Part out;
  const core::Level level = state == State::warns ? core::Level::warn : core::Level::fail;
  out.metric = latency({criterion(Rule::above, {bound("1", 1.0)}, level)});
  out.metric.id = id;
  out.metric.kind = config::Kind::value;
  out.metric.compare.design = config::Design::none;
  out.metric.required = required;
  out.measurement.metric = id;
  out.measurement.has_baseline = false;
  if (state != State::absent) out.measurement.candidate.value = state == State::passes ? 0.5 : 2.0;
  out.measurement.pending = state == State::waits;
  if (state == State::errs) out.measurement.error = core::Error{"RG1101", "prom: refused", "", {}, {}};
  if (state == State::bug) out.measurement.error = core::Error{"RG9001", "internal error", "", {}, {}};
  return out;
}

core::Report judged(const std::vector<Part>& parts, const Ending& ending = {}, std::optional<double> pass_score = {}) {
  std::vector<config::Metric> metrics;
  std::vector<core::Measurement> measurements;
  for (const Part& one : parts) {
    metrics.push_back(one.metric);
    measurements.push_back(one.measurement);
  }
  config::Gate gate = gate_of(metrics);
  gate.pass_score = pass_score;
  return judge(gate, measurements, at(60), ending);
}

}  // namespace

TEST_CASE("the gate's verdict is the worst of what is required") {
  struct Case {
    const char* name;
    std::vector<Part> parts;
    Verdict verdict;
    int code;
  };
  const std::vector<Case> cases = {
      {"pass", {part("a", State::passes)}, Verdict::pass, 0},
      {"warn", {part("a", State::warns), part("b", State::passes)}, Verdict::warn, 0},
      {"inconclusive over warn", {part("a", State::warns), part("b", State::absent)}, Verdict::inconclusive, 3},
      {"error over inconclusive", {part("a", State::absent), part("b", State::errs)}, Verdict::error, 4},
      {"fail over error", {part("a", State::errs), part("b", State::fails)}, Verdict::fail, 1},
      {"pending", {part("a", State::waits), part("b", State::passes)}, Verdict::inconclusive, 3},
      {"optional fails", {part("a", State::fails, false), part("b", State::passes)}, Verdict::warn, 0},
      {"optional errs", {part("a", State::errs, false), part("b", State::passes)}, Verdict::warn, 0},
      {"optional absent", {part("a", State::absent, false), part("b", State::passes)}, Verdict::warn, 0},
      {"optional passes", {part("a", State::passes, false), part("b", State::passes)}, Verdict::pass, 0},
      {"optional does not better", {part("a", State::fails, false), part("b", State::absent)}, Verdict::inconclusive, 3},
      {"nothing required", {part("a", State::passes, false)}, Verdict::inconclusive, 3},
      {"nothing required, one fails", {part("a", State::fails, false)}, Verdict::inconclusive, 3},
      {"nothing at all", {}, Verdict::inconclusive, 3},
      {"a bug beats everything", {part("a", State::fails), part("b", State::bug)}, Verdict::fail, 5},
  };
  for (const Case& one : cases) {
    const core::Report report = judged(one.parts);
    CAPTURE(one.name);
    CHECK(core::name(report.verdict) == core::name(one.verdict));
    CHECK(report.exit_code == one.code);
    CHECK_FALSE(report.would_exit.has_value());
  }
}

TEST_CASE("endings") {
  const auto code = [](State state, const Ending& ending) { return judged({part("a", state)}, ending); };
  Ending shadow;
  shadow.exit_zero = true;
  Ending overridden;
  overridden.override_ = core::Override{"why", "who"};
  Ending stopped;
  stopped.signal = SIGTERM;
  Ending both = shadow;
  both.signal = SIGINT;
  CHECK(code(State::fails, shadow).exit_code == 0);
  CHECK(code(State::fails, shadow).would_exit == 1);
  CHECK(code(State::absent, shadow).would_exit == 3);
  CHECK(code(State::errs, overridden).would_exit == 4);
  CHECK(code(State::errs, overridden).exit_code == 0);
  CHECK(code(State::errs, overridden).override_->reason == "why");
  CHECK(code(State::bug, shadow).exit_code == 5);
  CHECK(code(State::passes, stopped).exit_code == 143);
  CHECK(code(State::passes, stopped).notes == std::vector<std::string>{"interrupted by signal 15: this is what was known"});
  CHECK(code(State::fails, both).exit_code == 130);
}

TEST_CASE("a score can only worsen the verdict") {
  const auto weighted = [](Part one, double weight) {
    one.metric.weight = weight;
    return one;
  };
  struct Case {
    std::vector<Part> parts;
    double pass_score;
    double score;
    Verdict verdict;
  };
  const std::vector<Case> cases = {
      {{part("a", State::passes), part("b", State::passes)}, 100, 100, Verdict::pass},
      {{weighted(part("a", State::warns), 3), part("b", State::passes)}, 80, 62.5, Verdict::fail},
      {{weighted(part("a", State::warns), 3), part("b", State::passes)}, 62.5, 62.5, Verdict::warn},
      {{part("a", State::fails), weighted(part("b", State::passes), 9)}, 50, 90, Verdict::fail},
      {{part("a", State::absent), part("b", State::passes)}, 50, 50, Verdict::inconclusive},
      {{part("a", State::errs), part("b", State::passes)}, 60, 50, Verdict::fail},
  };
  for (const Case& one : cases) {
    const core::Report report = judged(one.parts, {}, one.pass_score);
    CAPTURE(one.pass_score, one.score);
    CHECK(report.score == Approx(one.score));
    CHECK(core::name(report.verdict) == core::name(one.verdict));
  }
  CHECK_FALSE(judged({part("a", State::passes)}).score.has_value());
}

TEST_CASE("a ratio without data names the question that has none") {
  config::Metric metric = latency({criterion(Rule::above, {bound("5%", 0.05)})});
  metric.kind = config::Kind::ratio;
  metric.unit = {};
  core::Measurement measurement;
  measurement.has_baseline = false;
  measurement.queries = {{"events", "candidate", "failed"}, {"total", "candidate", "all"}};
  const auto next = [&](const char* empty) {
    measurement.candidate.empty_part = empty;
    return judge_metric(metric, measurement, at(60)).next;
  };
  CHECK(next("") == "check the labels: failed");
  CHECK(next("total") == "check the labels: all");
  CHECK(next("events") == "say on_nan = \"zero\" if there were none, or check the labels: failed");
}

TEST_CASE("headlines and what to do") {
  const auto said = [](const std::vector<Part>& parts) {
    const core::Report report = judged(parts);
    return report.headline + " | " + report.next;
  };
  CHECK(said({part("a", State::passes)}) == "the one metric is shown to be within its limits | ");
  CHECK(said({part("a", State::passes), part("b", State::passes)}) == "all 2 metrics shown to be within their limits | ");
  CHECK(said({part("a", State::fails)}) == "p99 latency 2 s (limit ≤ 1 s) | hold or roll back");
  CHECK(said({part("a", State::errs), part("b", State::passes)}) ==
        "p99 latency could not be asked: prom: refused | not a verdict on the release: 1 of 2 judged, none failed");
  CHECK(said({part("a", State::absent)}) ==
        "p99 latency: no data | nothing is proven wrong; check the labels, or accept with --override \"reason\"");
  CHECK(said({part("a", State::passes, false)}) ==
        "no required metric was judged | give a metric a `fail`, or mark one with required = true");
  CHECK(said({}) == "no metric was judged | give a metric a `fail`, or mark one with required = true");
  CHECK(said({part("a", State::fails, false), part("b", State::passes)}) == "p99 latency 2 s (limit ≤ 1 s) | ");
}

TEST_CASE("two bare numbers inside their limit pass, and show nothing") {
  config::Metric metric = latency({criterion(Rule::increase_over, {bound("10%", 0.1, true)})});
  metric.kind = config::Kind::value;
  core::Measurement numbers;
  numbers.metric = "latency";
  numbers.baseline.value = numbers.candidate.value = 0.3;
  CHECK(judge(gate_of({metric}), {numbers}, at(60), {}).headline == "the one metric passes");
}

TEST_CASE("a proven change says how sure it is") {
  const config::Metric metric = latency({criterion(Rule::increase_over, {bound("10%", 0.1, true)})});
  const core::Report report = judge(gate_of({metric}), {measured(0.4)}, at(60), {});
  CHECK(report.headline == "p99 latency +33.3 % (limit +10 %)");
  CHECK(report.certainty == "at least +32 % at 95 %");
  const core::Report safe = judge(gate_of({metric}), {measured(0.3)}, at(60), {});
  CHECK(safe.closest == "p99 latency 0 % [−0.78, +0.79], limit +10 %");
  CHECK(safe.certainty.empty());
}

TEST_CASE("too little, none, and what would help") {
  config::Metric metric = latency({criterion(Rule::increase_over, {bound("10%", 0.1, true)})});
  metric.min_samples = 300;
  core::Measurement short_baseline = measured(0.3);
  short_baseline.candidate = side(0.3, 0.01, 400, 5);
  const core::MetricReport thin = judge_metric(metric, short_baseline, at(60));
  CHECK(thin.evidence == core::Evidence::thin);
  CHECK(thin.headline == "Too little: 100 of at least 300 samples in the baseline window 11:34 UTC to 12:04 UTC.");
  CHECK(thin.brief == "needs 300 samples");
  CHECK(thin.next == "widen baseline to 1 h 30 min, or lower the minimum");
  metric.min_samples = 5;
  core::Measurement one = measured(0.3);
  one.candidate = side(0.3, 0.01, 2, 5);
  const core::MetricReport few = judge_metric(metric, one, at(60));
  CHECK(few.brief == "needs 5 samples");
  CHECK(few.next == "enough at about 13:24 UTC, with a candidate window of 1 h 15 min");
  const core::MetricReport none = judge_metric(metric, measured(0.3, 0.01, 0), at(60));
  CHECK(none.evidence == core::Evidence::none);
  CHECK(none.verdict == Verdict::inconclusive);
}

TEST_CASE("slices of which nothing says whether events happened prove nothing") {
  config::Metric metric = latency({criterion(Rule::increase_over, {bound("10%", 0.1, true)})});
  metric.kind = config::Kind::ratio;
  metric.unit = {"1", "", 1.0};
  core::Measurement one;
  one.metric = "latency";
  for (core::SideMeasurement* side : {&one.baseline, &one.candidate}) {
    side->window = core::Window{at(5), at(35)};
    side->counts.events.assign(29, side == &one.baseline ? 1.0 : 9.0);
    side->counts.totals.assign(29, 100.0);
    for (int minute = 6; minute < 35; ++minute) side->counts.times.push_back(at(minute));
    side->counts.unsaid = 1;
  }
  CHECK(judge_metric(metric, one, at(60)).verdict == Verdict::fail);
  one.candidate.counts.unsaid = 2;
  const core::MetricReport report = judge_metric(metric, one, at(60));
  CHECK(report.evidence == core::Evidence::thin);
  CHECK(report.verdict == Verdict::inconclusive);
  CHECK(report.headline ==
        "2 of 31 slices in the candidate window 12:09 UTC to 12:39 UTC have no point for the events: whether none happened is "
        "not said.");
  CHECK(report.next == R"(if no point means no event, write `… or vector(0)`, default_zero(…) or on_nan = "zero")");
}

TEST_CASE("a candidate that falls silent is not proven safe, and harm before that stands") {
  const config::Metric metric = latency({criterion(Rule::increase_over, {bound("10%", 0.1, true)})});
  const auto judged = [&](double after, int count) {
    core::Measurement one = measured(0.3);
    one.candidate = side(after, 0.01, count, 5);
    return judge_metric(metric, one, at(60));
  };
  const core::MetricReport silent = judged(0.3, 60);
  CHECK(silent.evidence == core::Evidence::thin);
  CHECK(silent.verdict == Verdict::inconclusive);
  CHECK(silent.criteria.at(0).outcome == core::Outcome::not_evaluated);
  CHECK(silent.headline ==
        "The data stopped at 12:23:45 UTC, 15 min 15 s before the candidate window 12:09 UTC to 12:39 UTC ended.");
  CHECK(silent.brief == "data stopped 12:23:45 UTC");
  CHECK(silent.next == "see whether the candidate still runs, is scraped and has traffic");
  CHECK(judged(0.4, 60).verdict == Verdict::fail);
  CHECK(judged(0.3, 90).verdict == Verdict::pass);
}

TEST_CASE("a value is judged though the baseline has nothing") {
  config::Metric metric = latency({criterion(Rule::above, {bound("800ms", 0.8)})});
  core::Measurement one = measured(0.9);
  one.baseline = side(0.3, 0.01, 0, -30);
  CHECK(judge_metric(metric, one, at(60)).verdict == Verdict::fail);
  CHECK(judge_metric(metric, one, at(60)).evidence == core::Evidence::enough);
}

TEST_CASE("what is not judged counts for nothing") {
  config::Metric metric = latency({criterion(Rule::above, {bound("1ms", 0.001)})});
  metric.judged = false;
  CHECK(judge_metric(metric, measured(0.9), at(60)).verdict == Verdict::skipped);
  metric.judged = true;
  metric.criteria[0].from = at(61);
  CHECK(judge_metric(metric, measured(0.9), at(60)).verdict == Verdict::skipped);
  CHECK(judge_metric(metric, measured(0.9), at(61)).verdict == Verdict::fail);
  core::Measurement left_out;
  left_out.metric = "latency";
  left_out.left_out = true;
  CHECK(judge_metric(metric, left_out, at(61)).verdict == Verdict::skipped);
}
