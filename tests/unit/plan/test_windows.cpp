#include <catch2/catch.hpp>

#include "plan_text.h"

using namespace gate;
using plan::MetricPlan;
using plan_text::at;
using plan_text::make;
using plan_text::window;

namespace {

constexpr const char* kMetric = "[metrics.m]\nsource = 'points'\nquery = 'x'\n";
constexpr std::int64_t kMinute = 60;

}  // namespace

TEST_CASE("windows lie around the release") {
  struct Case {
    const char* keys;
    core::Window baseline;
    core::Window candidate;
  };
  for (const Case& c : {
           Case{"", window(-30 * kMinute, 0), window(0, 30 * kMinute)},
           Case{"baseline = { window = '1h' }\ncandidate = { window = '20m' }", window(-60 * kMinute, 0),
                window(0, 20 * kMinute)},
           Case{"baseline = { window = '10m', gap = '5m' }", window(-15 * kMinute, -5 * kMinute), window(0, 30 * kMinute)},
           Case{"candidate = { window = '10m', settle = '90s' }", window(-30 * kMinute, 0), window(90, 690)},
           Case{"anchor = '2026-03-17T12:14:00Z'", window(-20 * kMinute, 10 * kMinute), window(10 * kMinute, 40 * kMinute)},
           Case{"anchor = 'deployed_at'", window(-30 * kMinute, 0), window(0, 30 * kMinute)},
           // Looking back from now (an hour after the release) less the delay of 15 s.
           Case{"anchor = 'now'\ncandidate = { window = '10m' }\nbaseline = { window = '20m', gap = '5m' }",
                window(3585 - 35 * kMinute, 3585 - 15 * kMinute), window(3585 - 10 * kMinute, 3585)},
           Case{"anchor = 'now'\ningest_delay = '1m'\ncandidate = { window = '10m' }\nbaseline = { window = '10m' }",
                window(3540 - 20 * kMinute, 3540 - 10 * kMinute), window(3540 - 10 * kMinute, 3540)},
       }) {
    INFO(c.keys);
    const auto made = make(std::string(kMetric) + c.keys);
    REQUIRE(made.codes().empty());
    CHECK(made.first().baseline == c.baseline);
    CHECK(made.first().candidate == c.candidate);
    REQUIRE(made.first().asks.size() == 2);
    CHECK(made.first().asks[0].question.window == c.baseline);
    CHECK(made.first().asks[1].question.window == c.candidate);
  }
}

TEST_CASE("windows are half-open: what happens at the release is the candidate's") {
  const core::Window before = window(-60, 0);
  const core::Window after = window(0, 60);
  CHECK(before.contains(at(-60)));
  CHECK_FALSE(before.contains(at(0)));
  CHECK(after.contains(at(0)));
  CHECK_FALSE(after.contains(at(60)));
}

TEST_CASE("the baseline ends where the rollout starts") {
  plan::Options options;
  options.now = at(3600);
  const std::string head = R"(
version = 1
name    = "test"
[release]
deployed_at = "2026-03-17T12:04:00Z"
started_at  = "2026-03-17T11:54:00Z"
[sources.points]
type = "points"
)";
  const auto made = plan_text::make_whole(head + kMetric, options);
  REQUIRE(made.codes().empty());
  CHECK(made.first().baseline == window(-40 * kMinute, -10 * kMinute));
  CHECK(made.first().candidate == window(0, 30 * kMinute));
}

TEST_CASE("a metric is due once its window is over and its data have arrived") {
  struct Case {
    std::int64_t now;
    const char* keys;
    MetricPlan::State state;
    std::int64_t due;
  };
  for (const Case& c : {
           Case{1815, "", MetricPlan::State::due, 1815},
           Case{1814, "", MetricPlan::State::pending, 1815},
           Case{1800, "ingest_delay = '0s'", MetricPlan::State::due, 1800},
           Case{1860, "ingest_delay = '2m'", MetricPlan::State::pending, 1920},
           Case{-60, "", MetricPlan::State::pending, 1815},
           Case{0, "anchor = 'now'", MetricPlan::State::due, 0},
           Case{86400, "candidate = { window = '7d' }", MetricPlan::State::pending, 7 * 86400 + 15},
       }) {
    INFO(c.now << " " << c.keys);
    const auto made = make(std::string(kMetric) + c.keys, at(c.now));
    REQUIRE(made.planned.plan.has_value());
    CHECK(made.first().state == c.state);
    CHECK(made.first().due == at(c.due));
  }
}

TEST_CASE("early = shorten judges what is there, if that is enough for a point") {
  struct Case {
    const char* keys;
    std::int64_t now;
    MetricPlan::State state;
    std::int64_t end;
  };
  for (const Case& c : {
           Case{"query = 'x'", 630, MetricPlan::State::due, 600},
           Case{"query = 'x'", 60, MetricPlan::State::pending, 1800},
           Case{"query = 'x'", 2000, MetricPlan::State::due, 1800},
           Case{"query = 'x'\ncandidate = { window = '10m' }", 50, MetricPlan::State::due, 30},
           Case{"query = 'rate(x[5m])'", 250, MetricPlan::State::pending, 1800},
           Case{"query = 'rate(x[5m])'", 315, MetricPlan::State::due, 300},
           Case{"query = 'x'\nrange = '5m'", 250, MetricPlan::State::pending, 1800},
       }) {
    INFO(c.keys << " at " << c.now);
    const auto made = make("[metrics.m]\nsource = 'points'\nearly = 'shorten'\n" + std::string(c.keys), at(c.now));
    REQUIRE(made.planned.plan.has_value());
    CHECK(made.first().state == c.state);
    CHECK(made.first().candidate == window(0, c.end));
    CHECK(made.first().due == at((std::string(c.keys).find("10m") == std::string::npos ? 1800 : 600) + 15));
  }
  const auto made = make("[metrics.m]\nsource = 'points'\nearly = 'shorten'\nquery = 'x'", at(630));
  CHECK(made.first().notes ==
        std::vector<std::string>{"judged early: 10 min of the 30 min that the candidate window should have"});
}

TEST_CASE("side-by-side asks both tracks for the same window, with their own variables") {
  const auto made = make(R"([compare]
design = "side-by-side"
candidate = { window = "10m", settle = "1m" }
[compare.tracks.baseline]
version = "1.41"
[compare.tracks.candidate]
version = "1.42"
[metrics.m]
source = "points"
query  = 'x{track="{{track}}",version="{{version}}"}'
)");
  REQUIRE(made.codes().empty());
  const MetricPlan& metric = made.first();
  CHECK(metric.baseline == window(60, 660));
  CHECK(metric.candidate == window(60, 660));
  REQUIRE(metric.asks.size() == 2);
  CHECK(metric.asks[0].question.query.text("query") == R"(x{track="stable",version="1.41"})");
  CHECK(metric.asks[1].question.query.text("query") == R"(x{track="canary",version="1.42"})");
}

TEST_CASE("design = none has a candidate alone") {
  const auto made = make(std::string(kMetric) + "design = 'none'\nfail = { above = 1 }");
  REQUIRE(made.codes().empty());
  CHECK_FALSE(made.first().baseline.has_value());
  REQUIRE(made.first().asks.size() == 1);
  CHECK(made.first().asks[0].side == plan::Side::candidate);
}

TEST_CASE("a covariate asks the same of both tracks again, before the rollout") {
  const auto made = make(R"(
[compare]
design = "side-by-side"
baseline = { window = "7d", gap = "1h" }
candidate = { window = "20m", settle = "5m" }
[metrics.m]
kind = "ratio"
events = { source = "rows", query = "x{{track}}" }
total = { source = "rows", query = "y{{track}}" }
cluster = "user"
covariate = "baseline"
)");
  INFO(made.codes());
  REQUIRE(made.codes().empty());
  constexpr std::int64_t kHour = 3600;
  const auto& asks = made.first().asks;
  REQUIRE(asks.size() == 8);
  CHECK(made.first().pre_period == window(-169 * kHour, -kHour));
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK_FALSE(asks[i].pre_period);
    CHECK(asks[i].question.window == window(300, 1500));
    CHECK(asks[i + 4].pre_period);
    CHECK(asks[i + 4].side == asks[i].side);
    CHECK(asks[i + 4].part == asks[i].part);
    CHECK(asks[i + 4].question.window == window(-169 * kHour, -kHour));
    CHECK(asks[i + 4].question.query.text("query") == asks[i].question.query.text("query"));
    CHECK(asks[i + 4].question.cluster == "user");
  }
}
