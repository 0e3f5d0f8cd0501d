// A split that is not the declared one: nothing is claimed from it.
#include "judge/split.h"

#include <catch2/catch.hpp>

#include "gates.h"
#include "judge/judge.h"

using namespace gate;

namespace {

config::Metric of_ratio(std::optional<double> split) {
  config::Metric metric;
  metric.kind = config::Kind::ratio;
  metric.compare.design = config::Design::side_by_side;
  metric.compare.split = split;
  return metric;
}

core::Measurement with_totals(double baseline, double candidate) {
  core::Measurement out;
  out.baseline.counts.totals.assign(20, baseline / 20.0);
  out.candidate.counts.totals.assign(20, candidate / 20.0);
  return out;
}

}  // namespace

TEST_CASE("split: totals of a ratio against the declared share") {
  CHECK_FALSE(judge::split_mismatch(of_ratio(0.05), with_totals(9500, 500)));
  CHECK_FALSE(judge::split_mismatch(of_ratio(0.05), with_totals(9520, 540)));
  const auto off = judge::split_mismatch(of_ratio(0.05), with_totals(9500, 1000));
  REQUIRE(off);
  CHECK(off->evidence == core::Evidence::thin);
  CHECK(off->brief == "split 9.52 %, not 5 %");
  CHECK_THAT(off->why, Catch::StartsWith("Not comparable: the candidate got 9.52 % of the units and not 5 % (p = "));
}

TEST_CASE("split: clusters count, and not their rows") {
  config::Metric metric = of_ratio(0.5);
  metric.cluster = "user_id";
  CHECK_FALSE(judge::split_mismatch(metric, with_totals(1e6, 1e3)));
  metric.kind = config::Kind::samples;
  core::Measurement users;
  users.baseline.samples.values.assign(1000, 1.0);
  users.candidate.samples.values.assign(700, 1.0);
  REQUIRE(judge::split_mismatch(metric, users));
  CHECK(judge::split_mismatch(metric, users)->brief == "split 41.2 %, not 50 %");
  users.candidate.samples.values.assign(980, 1.0);
  CHECK_FALSE(judge::split_mismatch(metric, users));
}

TEST_CASE("split: what a flag system says goes before what the file says") {
  core::Measurement told = with_totals(9500, 1000);
  told.declared_split = 0.095;
  CHECK_FALSE(judge::split_mismatch(of_ratio(0.05), told));
  told.declared_split = 0.25;
  CHECK(judge::split_mismatch(of_ratio(std::nullopt), told)->brief == "split 9.52 %, not 25 %");
}

TEST_CASE("split: without a declaration, side by side or units nothing is held against it") {
  const core::Measurement off = with_totals(9500, 1000);
  CHECK_FALSE(judge::split_mismatch(of_ratio(std::nullopt), off));
  config::Metric before_after = of_ratio(0.05);
  before_after.compare.design = config::Design::before_after;
  CHECK_FALSE(judge::split_mismatch(before_after, off));
  config::Metric samples = of_ratio(0.05);
  samples.kind = config::Kind::samples;
  CHECK_FALSE(judge::split_mismatch(samples, off));
}

TEST_CASE("split: neither harm nor safety is claimed from a broken one") {
  config::Metric metric =
      judge::test::latency({judge::test::criterion(config::Rule::increase_over, {judge::test::bound("1pp", 0.01)})});
  metric.kind = config::Kind::ratio;
  metric.compare.design = config::Design::side_by_side;
  for (const double events : {10.0, 300.0}) {
    core::Measurement measurement = with_totals(20000, 4000);
    measurement.metric = metric.id;
    measurement.has_baseline = true;
    measurement.baseline.present = measurement.candidate.present = true;
    measurement.baseline.counts.events.assign(20, 2.0);
    measurement.candidate.counts.events.assign(20, events / 20.0);
    metric.compare.split.reset();
    const core::Report trusting = judge::judge(judge::test::gate_of({metric}), {measurement}, judge::test::at(60), {});
    CHECK(trusting.verdict == (events > 100.0 ? core::Verdict::fail : core::Verdict::pass));
    metric.compare.split = 0.05;
    const core::Report held = judge::judge(judge::test::gate_of({metric}), {measurement}, judge::test::at(60), {});
    CHECK(held.verdict == core::Verdict::inconclusive);
    CHECK(held.metrics[0].brief == "split 16.7 %, not 5 %");
  }
}
