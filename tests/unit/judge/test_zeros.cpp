#include <catch2/catch.hpp>

#include "gates.h"
#include "judge/judge.h"
#include "judge/zeros.h"

using namespace gate;
using namespace gate::judge::test;

namespace {

core::Measurement counted(std::vector<double> before, std::vector<double> after, double total) {
  core::Measurement out;
  out.baseline.counts.events = std::move(before);
  out.candidate.counts.events = std::move(after);
  for (core::SideMeasurement* side : {&out.baseline, &out.candidate})
    side->counts.totals.assign(side->counts.events.size(), total / static_cast<double>(side->counts.events.size()));
  return out;
}

core::MetricReport said(config::Metric metric, const core::Measurement& measurement) {
  core::MetricReport out;
  out.baseline.emplace();
  out.candidate.emplace();
  judge::say_zeros(out, metric, measurement);
  return out;
}

config::Metric counting(config::Kind kind, core::Unit unit) {
  config::Metric metric = latency({});
  metric.kind = kind;
  metric.unit = std::move(unit);
  return metric;
}

}  // namespace

TEST_CASE("0 of n is not none at all") {
  const config::Metric ratio = counting(config::Kind::ratio, *core::parse_unit("%"));
  const auto report = said(ratio, counted({1, 1}, {0, 0}, 400));
  CHECK(report.notes == std::vector<std::string>{"0 of 400: at most 0.75 % at 95 %"});
  CHECK(*report.candidate->zero_limit == Approx(0.746135552879956));
  CHECK_FALSE(report.baseline->zero_limit.has_value());
  CHECK(said(ratio, counted({0, 0}, {1, 0}, 10000)).notes ==
        std::vector<std::string>{"baseline: 0 of 10000: at most 0.030 % at 95 %"});
  CHECK(said(ratio, counted({1, 0}, {1, 0}, 400)).notes.empty());
  CHECK(said(ratio, counted({0, 0}, {0, 0}, 0)).notes.empty());
}

TEST_CASE("a share without a unit, and a rate") {
  const auto share = said(counting(config::Kind::ratio, {}), counted({1, 1}, {0, 0}, 400));
  CHECK(*share.candidate->zero_limit == Approx(0.00746135552879956));
  // 30 minutes in the metric's own time.
  const auto rate = said(counting(config::Kind::count, *core::parse_unit("1/min")), counted({1, 2}, {0, 0}, 30));
  CHECK(*rate.candidate->zero_limit == Approx(0.0998577424517997));
  CHECK(rate.notes == std::vector<std::string>{"0 events: at most 0.10/min at 95 %"});
}

TEST_CASE("bursts of the other side make none worth less") {
  const config::Metric ratio = counting(config::Kind::ratio, *core::parse_unit("%"));
  std::vector<double> bursty(30, 0.0);
  bursty[3] = bursty[17] = 40;
  const auto report = said(ratio, counted(bursty, std::vector<double>(30, 0.0), 30000));
  CHECK(*report.candidate->zero_limit > 0.05);
}
