#include <catch2/catch.hpp>
#include <list>

#include "measure/build.h"

using namespace gate;
using plan::Side;
using Values = std::vector<double>;

namespace {

core::Time at(std::int64_t minutes) {
  return core::Time(std::chrono::minutes(minutes));
}

/// Two groups of users, whose rows are given side by side and part by part.
struct Scene {
  config::Metric metric;
  plan::MetricPlan plan;
  std::list<plan::Ask> asks;
  std::vector<measure::Reply> replies;

  explicit Scene(config::Kind kind) {
    metric.id = "m";
    metric.kind = kind;
    metric.cluster = "user";
    metric.covariate = true;
    metric.compare.design = config::Design::side_by_side;
    plan.metric = &metric;
    plan.baseline = plan.candidate = core::Window{at(10), at(20)};
    plan.pre_period = core::Window{at(0), at(10)};
    plan.step = std::chrono::minutes(1);
    plan.rows = true;
  }

  measure::Reply& add(Side side, bool before, const std::string& part) {
    plan::Ask ask;
    ask.side = side;
    ask.part = part;
    ask.source = "rows";
    ask.pre_period = before;
    ask.question.shape = part == "value" ? core::Shape::rows : core::Shape::clusters;
    ask.question.window = before ? plan.pre_period : plan.candidate;
    asks.push_back(std::move(ask));
    measure::Reply reply;
    reply.ask = &asks.back();
    reply.answer = core::Answer{};
    replies.push_back(std::move(reply));
    return replies.back();
  }

  void answer(Side side, bool before, const std::string& part, std::vector<std::string> ids, Values values,
              core::Labels labels = {}) {
    measure::Reply& reply = add(side, before, part);
    core::Series series;
    series.labels = std::move(labels);
    if (part == "value")
      for (std::size_t i = 0; i < ids.size(); ++i) series.times.push_back(reply.ask->question.window->start);
    series.ids = std::move(ids);
    series.values = std::move(values);
    reply.answer->series.push_back(std::move(series));
  }
};

}  // namespace

TEST_CASE("pre-period: each user's past, on whichever side it was found") {
  Scene scene(config::Kind::samples);
  scene.answer(Side::baseline, false, "value", {"b", "a", "b"}, {1, 2, 3});
  scene.answer(Side::candidate, false, "value", {"d", "c"}, {5, 6});
  // The candidate's users were served by the old version then; c was seen by both.
  scene.answer(Side::baseline, true, "value", {"b", "d", "c", "x"}, {10, 30, 40, 99});
  scene.answer(Side::candidate, true, "value", {"c"}, {60});
  const auto built = measure::build_measurements(scene.plan, scene.replies);
  REQUIRE(built.size() == 1);
  const core::Measurement& one = built.front();
  CHECK_FALSE(one.error);
  CHECK(one.pre_period == scene.plan.pre_period);
  CHECK(one.baseline.samples.values == Values{2, 2});  // a, b
  CHECK(one.baseline.pre_period.sums == Values{0, 10});
  CHECK(one.baseline.pre_period.sizes == Values{0, 1});
  CHECK(one.candidate.samples.values == Values{6, 5});  // c, d
  CHECK(one.candidate.pre_period.sums == Values{100, 30});
  CHECK(one.candidate.pre_period.sizes == Values{2, 1});
}

TEST_CASE("pre-period: events and totals") {
  Scene scene(config::Kind::ratio);
  for (const Side side : {Side::baseline, Side::candidate}) {
    const std::string user = side == Side::baseline ? "a" : "b";
    scene.answer(side, false, "events", {user}, {1});
    scene.answer(side, false, "total", {user}, {4});
  }
  scene.answer(Side::baseline, true, "events", {"b"}, {2});
  scene.answer(Side::baseline, true, "total", {"a", "b"}, {3, 5});
  scene.answer(Side::candidate, true, "events", {}, {});
  scene.answer(Side::candidate, true, "total", {}, {});
  const auto built = measure::build_measurements(scene.plan, scene.replies);
  CHECK(built.front().baseline.pre_period.sums == Values{0});
  CHECK(built.front().baseline.pre_period.sizes == Values{3});
  CHECK(built.front().candidate.pre_period.sums == Values{2});
  CHECK(built.front().candidate.pre_period.sizes == Values{5});
}

TEST_CASE("pre-period: series of an each have their own, and what cannot be asked is an error") {
  Scene scene(config::Kind::samples);
  scene.metric.each = "country";
  for (const char* country : {"de", "fr"}) {
    for (const Side side : {Side::baseline, Side::candidate})
      scene.answer(side, false, "value", {"a"}, {1}, {{"country", country}});
    scene.answer(Side::baseline, true, "value", {"a"}, {std::string(country) == "de" ? 7.0 : 8.0}, {{"country", country}});
  }
  const auto built = measure::build_measurements(scene.plan, scene.replies);
  REQUIRE(built.size() == 2);
  CHECK(built[0].baseline.pre_period.sums == Values{7});
  CHECK(built[1].candidate.pre_period.sums == Values{8});
  measure::Reply& failed = scene.add(Side::candidate, true, "value");
  failed.answer.reset();
  failed.error = core::Error{"RG1001", "no answer", "", {}, {}};
  for (const core::Measurement& one : measure::build_measurements(scene.plan, scene.replies)) {
    REQUIRE(one.error);
    CHECK(one.error->code == "RG1001");
    CHECK(one.error->context.front().starts_with("rows, candidate, 1970-01-01T00:00:00Z"));
  }
}
