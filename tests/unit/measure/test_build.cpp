#include <catch2/catch.hpp>
#include <list>

#include "measure/build.h"

using namespace gate;
using measure::build_measurements;
using measure::Reply;
using plan::Side;

namespace {

constexpr core::Duration kMinute = std::chrono::minutes(1);

core::Time at(std::int64_t minutes) {
  return core::Time(kMinute * minutes);
}

/// A metric planned over ten minutes a side, with the replies to its questions.
struct Scene {
  config::Metric metric;
  plan::MetricPlan plan;
  std::list<plan::Ask> asks;
  std::vector<Reply> replies;

  explicit Scene(config::Kind kind = config::Kind::samples) {
    metric.id = "m";
    metric.kind = kind;
    plan.metric = &metric;
    plan.baseline = core::Window{at(0), at(10)};
    plan.candidate = core::Window{at(10), at(20)};
    plan.step = kMinute;
  }

  Reply& add(Side side, const std::string& part, const core::Shape shape = core::Shape::range) {
    plan::Ask ask;
    ask.side = side;
    ask.part = part;
    ask.source = "prom";
    ask.question.part = part;
    ask.question.shape = shape;
    ask.question.window = side == Side::baseline ? plan.baseline : plan.candidate;
    ask.question.step = kMinute;
    ask.question.first = kMinute;
    asks.push_back(std::move(ask));
    Reply reply;
    reply.ask = &asks.back();
    reply.answer = core::Answer{};
    replies.push_back(std::move(reply));
    return replies.back();
  }

  void answer(Side side, const std::string& part, std::vector<double> values, core::Labels labels = {}) {
    auto found = std::find_if(replies.begin(), replies.end(),
                              [&](const Reply& reply) { return reply.ask->side == side && reply.ask->part == part; });
    Reply& reply = found == replies.end() ? add(side, part) : *found;
    core::Series series;
    series.labels = std::move(labels);
    const core::Time start = reply.ask->question.window->start;
    for (std::size_t i = 0; i < values.size(); ++i) series.times.push_back(start + kMinute * static_cast<std::int64_t>(i + 1));
    series.values = std::move(values);
    reply.answer->series.push_back(std::move(series));
  }

  std::vector<core::Measurement> build() { return build_measurements(plan, replies); }
};

const std::vector<double> kTen = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

}  // namespace

TEST_CASE("points of both sides, and those that did not come") {
  Scene scene;
  scene.answer(Side::baseline, "value", kTen);
  scene.answer(Side::candidate, "value", {1, 2, 3});
  const auto all = scene.build();
  REQUIRE(all.size() == 1);
  CHECK_FALSE(all[0].error.has_value());
  CHECK(all[0].baseline.samples.values == kTen);
  CHECK(all[0].baseline.dropped == 0);
  CHECK(all[0].candidate.samples.values == std::vector<double>{1, 2, 3});
  CHECK(all[0].candidate.dropped == 7);
  CHECK(all[0].candidate.window == scene.plan.candidate);
  CHECK(all[0].candidate.present);
}

TEST_CASE("an answer without a series is no data, never zero") {
  for (const config::Kind kind : {config::Kind::samples, config::Kind::value}) {
    Scene scene(kind);
    scene.add(Side::baseline, "value");
    scene.add(Side::candidate, "value");
    const auto all = scene.build();
    CHECK_FALSE(all[0].error.has_value());
    CHECK(all[0].candidate.samples.values.empty());
    CHECK_FALSE(all[0].candidate.value.has_value());
    CHECK(all[0].candidate.dropped == 10);
    CHECK_FALSE(all[0].candidate.present);
  }
}

TEST_CASE("a value is the last point, or the aggregate") {
  Scene last(config::Kind::value);
  last.answer(Side::candidate, "value", kTen);
  CHECK(last.build()[0].candidate.value == 10.0);
  Scene mean(config::Kind::value);
  mean.metric.aggregate = config::Aggregate::mean;
  mean.answer(Side::candidate, "value", kTen);
  CHECK(mean.build()[0].candidate.value == 5.5);
}

TEST_CASE("a ratio of which one part has no point says which") {
  Scene neither(config::Kind::ratio);
  neither.add(Side::candidate, "events");
  neither.add(Side::candidate, "total");
  CHECK(neither.build()[0].candidate.empty_part.empty());
  for (const auto& [full, empty] : {std::pair("events", "total"), std::pair("total", "events")}) {
    Scene scene(config::Kind::ratio);
    scene.answer(Side::candidate, full, {1, 2});
    scene.add(Side::candidate, empty);
    CHECK(scene.build()[0].candidate.empty_part == empty);
  }
}

TEST_CASE("the points of a ratio are shown in the metric's unit") {
  Scene scene(config::Kind::ratio);
  scene.metric.unit = {"%", "1", 0.01};
  scene.answer(Side::candidate, "events", {1, 0, 3});
  scene.answer(Side::candidate, "total", {100, 100, 100});
  CHECK(scene.build()[0].candidate.shown.values == std::vector<double>{1.0, 0.0, 3.0});
}

TEST_CASE("a ratio pairs its parts, a count takes its exposure or the time") {
  Scene ratio(config::Kind::ratio);
  ratio.answer(Side::candidate, "events", {1, 0, 2});
  ratio.answer(Side::candidate, "total", {10, 10, 10});
  const auto one = ratio.build()[0];
  CHECK(one.candidate.counts.events == std::vector<double>{1, 0, 2});
  CHECK(one.candidate.counts.totals == std::vector<double>{10, 10, 10});
  CHECK(one.candidate.dropped == 7);
  CHECK(one.candidate.shown.values == std::vector<double>{0.1, 0.0, 0.2});

  Scene exposed(config::Kind::count);
  exposed.answer(Side::candidate, "events", {1, 2});
  exposed.answer(Side::candidate, "exposure", {4, 5});
  CHECK(exposed.build()[0].candidate.counts.totals == std::vector<double>{4, 5});

  Scene timed(config::Kind::count);
  timed.metric.unit = *core::parse_unit("1/h");
  timed.answer(Side::candidate, "events", {1, 2});
  const auto counts = timed.build()[0].candidate.counts;
  REQUIRE(counts.totals.size() == 2);
  CHECK(counts.totals[0] == Approx(1.0 / 60.0));

  Scene whole(config::Kind::count);
  whole.metric.unit = *core::parse_unit("1/min");
  whole.plan.whole_window = true;
  whole.add(Side::candidate, "events", core::Shape::instant);
  whole.answer(Side::candidate, "events", {30});
  const auto at_once = whole.build()[0].candidate;
  CHECK(at_once.counts.totals == std::vector<double>{10});
  CHECK(at_once.dropped == 0);
}

TEST_CASE("events over time of a source without zeros") {
  Scene sparse(config::Kind::count);
  sparse.answer(Side::candidate, "events", {1, 2});
  CHECK(sparse.build()[0].candidate.counts.unsaid == 8);
  sparse.metric.on_nan = config::OnNan::zero;
  const auto counts = sparse.build()[0].candidate.counts;
  CHECK(counts.events == std::vector<double>{1, 2, 0, 0, 0, 0, 0, 0, 0, 0});
  CHECK(counts.totals == std::vector<double>(10, 60.0));
  CHECK(counts.unsaid == 0);
}

TEST_CASE("no events beside a total asks whether that means none happened") {
  Scene scene(config::Kind::ratio);
  scene.add(Side::candidate, "events");
  scene.answer(Side::candidate, "total", {10, 10});
  const auto one = scene.build()[0];
  REQUIRE(one.notes.size() == 1);
  CHECK_THAT(one.notes[0], Catch::Contains("or vector(0)"));
  CHECK(one.candidate.counts.events.empty());
  Scene zero(config::Kind::ratio);
  zero.metric.on_nan = config::OnNan::zero;
  zero.add(Side::candidate, "events");
  zero.answer(Side::candidate, "total", {10, 10});
  CHECK(zero.build()[0].candidate.counts.events == std::vector<double>{0, 0});
  const auto filled = zero.build()[0];
  REQUIRE(filled.notes.size() == 1);
  CHECK(filled.notes[0] ==
        "no series of events came, though there is a total: on_nan = \"zero\" put 0 in its place, as it would for a mistyped "
        "query");
  Scene some(config::Kind::ratio);
  some.metric.on_nan = config::OnNan::zero;
  some.answer(Side::candidate, "events", {0});
  some.answer(Side::candidate, "total", {10, 10});
  CHECK(some.build()[0].notes.empty());
}

TEST_CASE("an error of any question is the metric's, with its side and window") {
  Scene scene;
  scene.answer(Side::baseline, "value", kTen);
  Reply& failed = scene.add(Side::candidate, "value");
  failed.answer.reset();
  failed.error = core::Error{"RG1004", "could not connect", "", {"GET http://x"}, {}};
  const auto one = scene.build()[0];
  REQUIRE(one.error.has_value());
  CHECK(one.error->code == "RG1004");
  CHECK(one.error->context ==
        std::vector<std::string>{"prom, candidate, 1970-01-01T00:10:00Z to 1970-01-01T00:20:00Z", "GET http://x"});
}

TEST_CASE("several series without each or combine are an error with its place") {
  Scene scene;
  scene.answer(Side::baseline, "value", kTen, {{"shard", "a"}});
  scene.answer(Side::baseline, "value", kTen, {{"shard", "b"}});
  const auto one = scene.build()[0];
  REQUIRE(one.error.has_value());
  CHECK(one.error->code == "RG2001");
  CHECK(one.error->context[0] == "prom, baseline, 1970-01-01T00:00:00Z to 1970-01-01T00:10:00Z");
}

TEST_CASE("each makes a measurement of every series on either side") {
  Scene scene;
  scene.metric.each = "shard";
  scene.answer(Side::baseline, "value", kTen, {{"shard", "a"}});
  scene.answer(Side::baseline, "value", kTen, {{"shard", "old"}});
  scene.answer(Side::candidate, "value", kTen, {{"shard", "a"}});
  scene.answer(Side::candidate, "value", {1}, {{"shard", "new"}});
  const auto all = scene.build();
  REQUIRE(all.size() == 3);
  struct Expected {
    const char* id;
    const char* shard;
    bool baseline, candidate;
  };
  const Expected expected[] = {
      {"m[shard=a]", "a", true, true}, {"m[shard=new]", "new", false, true}, {"m[shard=old]", "old", true, false}};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(all[i].metric == expected[i].id);
    CHECK(all[i].parent == "m");
    CHECK(all[i].labels == core::Labels{{"shard", expected[i].shard}});
    CHECK(all[i].baseline.present == expected[i].baseline);
    CHECK(all[i].candidate.present == expected[i].candidate);
  }
  CHECK(all[1].candidate.dropped == 9);
}

TEST_CASE("a mistake in one series is that series' own, with its place") {
  Scene scene(config::Kind::ratio);
  scene.metric.each = "shard";
  for (const char* shard : {"a", "b"}) {
    scene.answer(Side::candidate, "events", {shard[0] == 'a' ? 1.0 : 11.0}, {{"shard", shard}});
    scene.answer(Side::candidate, "total", {10}, {{"shard", shard}});
  }
  const auto all = scene.build();
  REQUIRE(all.size() == 2);
  CHECK_FALSE(all[0].error.has_value());
  REQUIRE(all[1].error.has_value());
  CHECK(all[1].error->code == "RG2004");
  CHECK_THAT(all[1].error->context.at(0), Catch::StartsWith("prom, candidate"));
}

TEST_CASE("each without any series is one measurement without data") {
  Scene scene;
  scene.metric.each = "shard";
  scene.add(Side::baseline, "value");
  scene.add(Side::candidate, "value");
  const auto all = scene.build();
  REQUIRE(all.size() == 1);
  CHECK(all[0].metric == "m");
  CHECK_FALSE(all[0].candidate.present);
}

TEST_CASE("the evidence: requests, notes once, the graph of the candidate's first part") {
  Scene scene(config::Kind::ratio);
  for (const Side side : {Side::baseline, Side::candidate}) {
    for (const char* part : {"events", "total"}) {
      Reply& reply = scene.add(side, part);
      reply.answer->graph_url = std::string("http://") + (side == Side::baseline ? "before/" : "after/") + part;
      reply.answer->notes = {"the server notes: x"};
      reply.answer->requests = {{"POST", "http://prom", 200, 1, 2.0}};
    }
  }
  scene.plan.notes = {"step raised"};
  const auto one = scene.build()[0];
  CHECK(one.graph_url == "http://after/events");
  CHECK(one.requests.size() == 4);
  CHECK(one.notes == std::vector<std::string>{"step raised", "the server notes: x"});
}

TEST_CASE("what is pending or left out needs no replies") {
  for (const auto state : {plan::MetricPlan::State::pending, plan::MetricPlan::State::left_out}) {
    Scene scene;
    scene.plan.state = state;
    scene.plan.due = at(21);
    const auto all = scene.build();
    REQUIRE(all.size() == 1);
    CHECK(all[0].pending == (state == plan::MetricPlan::State::pending));
    CHECK(all[0].left_out == (state == plan::MetricPlan::State::left_out));
    CHECK(all[0].due == at(21));
  }
}
