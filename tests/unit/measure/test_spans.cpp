// The windows of an SLO, and an exposure that is spread.
#include <catch2/catch.hpp>
#include <list>

#include "measure/build.h"
#include "measure/reduce.h"

using namespace gate;

namespace {

constexpr core::Duration kMinute = std::chrono::minutes(1);

core::Time at(std::int64_t minutes) {
  return core::Time(kMinute * minutes);
}

/// An SLO over the ten and the five minutes before minute 10.
struct Scene {
  config::Metric metric;
  plan::MetricPlan plan;
  std::list<plan::Ask> asks;
  std::vector<measure::Reply> replies;

  Scene() {
    metric.id = "m";
    metric.kind = config::Kind::slo;
    metric.slo = config::Slo{0.99, std::chrono::hours(720), {}};
    config::Criterion burn;
    burn.windows = {kMinute * 10, kMinute * 5};
    metric.criteria = {burn};
    plan.metric = &metric;
    plan.candidate = core::Window{at(5), at(10)};
    for (const core::Duration length : burn.windows) {
      plan::Span span;
      span.window = {at(10) - length, at(10)};
      plan.spans.push_back(span);
    }
  }

  void answer(std::size_t span, const std::string& part, std::vector<double> values) {
    plan::Ask ask;
    ask.side = plan::Side::candidate;
    ask.part = part;
    ask.source = "prom";
    ask.span = span;
    ask.question.window = plan.spans[span].window;
    ask.question.step = ask.question.first = kMinute;
    asks.push_back(std::move(ask));
    core::Series series;
    for (std::size_t i = 0; i < values.size(); ++i)
      series.times.push_back(plan.spans[span].window.start + kMinute * static_cast<std::int64_t>(i + 1));
    series.values = std::move(values);
    measure::Reply reply;
    reply.ask = &asks.back();
    reply.answer = core::Answer{};
    if (!series.times.empty()) reply.answer->series.push_back(std::move(series));
    replies.push_back(std::move(reply));
  }
};

}  // namespace

TEST_CASE("each window of an SLO has its own slices") {
  Scene scene;
  scene.answer(0, "events", {0, 1, 0, 0, 0, 0, 0, 0, 0, 3});
  scene.answer(0, "total", {10, 10, 10, 10, 10, 10, 10, 10, 10, 10});
  scene.answer(1, "events", {0, 0, 3});
  scene.answer(1, "total", {10, 10, 10});
  const auto all = measure::build_measurements(scene.plan, scene.replies);
  REQUIRE(all.size() == 1);
  CHECK_FALSE(all[0].error.has_value());
  REQUIRE(all[0].spans.size() == 2);
  CHECK(all[0].spans[0].counts.events == std::vector<double>{0, 1, 0, 0, 0, 0, 0, 0, 0, 3});
  CHECK(all[0].spans[0].window == core::Window{at(0), at(10)});
  CHECK(all[0].spans[1].counts.totals == std::vector<double>{10, 10, 10});
  CHECK(all[0].spans[1].counts.dropped == 2);
  // What is shown is a burn rate: 3 of 10 at an objective of 99 %.
  REQUIRE(all[0].candidate.shown.values.size() == 10);
  CHECK(all[0].candidate.shown.values.back() == Approx(30.0));
}

TEST_CASE("an SLO whose parts do not fit is an error with its window; one without events says so once") {
  Scene scene;
  scene.answer(0, "events", {20});
  scene.answer(0, "total", {10});
  const auto failed = measure::build_measurements(scene.plan, scene.replies);
  REQUIRE(failed[0].error.has_value());
  CHECK(failed[0].error->code == "RG2004");
  CHECK(failed[0].error->context.front() == "prom, candidate (total), 1970-01-01T00:00:00Z to 1970-01-01T00:10:00Z");
  Scene silent;
  for (std::size_t span : {0U, 1U}) {
    silent.answer(span, "events", {});
    silent.answer(span, "total", {10, 10, 10, 10, 10});
  }
  const auto none = measure::build_measurements(silent.plan, silent.replies);
  CHECK_FALSE(none[0].error.has_value());
  REQUIRE(none[0].notes.size() == 1);
  CHECK(none[0].notes.front().starts_with("no events at all, though there is a total"));
  CHECK(none[0].spans[0].counts.totals.empty());
  silent.metric.on_nan = config::OnNan::zero;
  const auto filled = measure::build_measurements(silent.plan, silent.replies);
  REQUIRE(filled[0].notes.size() == 1);
  CHECK(filled[0].notes.front().starts_with("no series of events came, though there is a total: on_nan = \"zero\" put 0"));
}

TEST_CASE("an exposure for the window is laid evenly beside the events") {
  const core::Series events{{}, {at(1), at(2), at(3), at(4)}, {1, 0, 2, 5}, {}, 0};
  const core::Series users{{}, {at(4)}, {100}, {}, 0};
  const core::Series spread = measure::spread(users, events);
  CHECK(spread.times == events.times);
  CHECK(spread.values == std::vector<double>{25, 25, 25, 25});
  CHECK(measure::spread(core::Series{}, events).times.empty());
  CHECK(measure::spread(users, core::Series{}).values == std::vector<double>{100});
  CHECK(measure::spread(events, events).values == events.values);
}
