// The declared split among the replies.
#include <catch2/catch.hpp>
#include <list>

#include "measure/build.h"

using namespace gate;

namespace {

/// A ratio side by side whose split was asked for; `answer` is what came.
struct Scene {
  config::Metric metric;
  plan::MetricPlan plan;
  std::list<plan::Ask> asks;
  std::vector<measure::Reply> replies;

  explicit Scene(std::vector<double> answer, double unit) {
    metric.id = "m";
    metric.kind = config::Kind::ratio;
    metric.compare.design = config::Design::side_by_side;
    plan.metric = &metric;
    plan.candidate = core::Window{core::Time(), core::Time(std::chrono::minutes(10))};
    plan.baseline = plan.candidate;
    plan.step = std::chrono::minutes(10);
    plan.split_unit = unit;
    for (const plan::Side side : {plan::Side::baseline, plan::Side::candidate}) {
      for (const char* part : {"events", "total"}) add(side, part, {part == std::string("events") ? 1.0 : 10.0});
    }
    add(plan::Side::candidate, std::string(plan::kSplitPart), std::move(answer));
    replies.back().answer->notes.emplace_back("a note of the flag system");
  }

  void add(plan::Side side, const std::string& part, std::vector<double> values) {
    plan::Ask ask;
    ask.side = side;
    ask.part = part;
    ask.source = "flags";
    ask.question.part = part;
    ask.question.shape = core::Shape::slices;
    ask.question.window = plan.candidate;
    ask.question.step = plan.step;
    asks.push_back(std::move(ask));
    measure::Reply reply;
    reply.ask = &asks.back();
    reply.answer = core::Answer{};
    if (!values.empty()) {
      core::Series series;
      series.times.assign(values.size(), plan.candidate->end);
      series.values = std::move(values);
      reply.answer->series.push_back(std::move(series));
    }
    replies.push_back(std::move(reply));
  }

  core::Measurement build() { return measure::build_measurements(plan, replies).front(); }
};

std::string outcome(std::vector<double> answer, double unit = 1.0) {
  const core::Measurement one = Scene(std::move(answer), unit).build();
  if (one.error) return one.error->code + " " + one.error->message;
  return std::to_string(*one.declared_split);
}

}  // namespace

TEST_CASE("the answer to the split is a share, and no part of the value") {
  CHECK(outcome({0.25}) == "0.250000");
  CHECK(outcome({25}, 0.01) == "0.250000");
  const core::Measurement one = Scene({0.25}, 1.0).build();
  CHECK(one.candidate.counts.totals == std::vector<double>{10});
  CHECK(one.notes == std::vector<std::string>{"a note of the flag system"});
}

TEST_CASE("what is no share is the metric's error") {
  const std::string no = "RG1962 the declared split cannot be used: ";
  CHECK(outcome({}) == no + "the source has no answer");
  CHECK(outcome({0.1, 0.2}) == no + "the answer is more than one number");
  CHECK(outcome({0.0}) == no + "it is 0 %");
  CHECK(outcome({1.0}) == no + "it is 100 %");
  CHECK(outcome({25}) == no + "it is 2500 %");
  CHECK(outcome({std::numeric_limits<double>::quiet_NaN()}).starts_with(no));
}

TEST_CASE("an error of the system that knows the split is the metric's") {
  Scene scene({0.25}, 1.0);
  scene.replies.back().answer.reset();
  scene.replies.back().error = core::Error{"RG1150", "flags: the server failed", "", {}, {}};
  const core::Measurement one = scene.build();
  REQUIRE(one.error);
  CHECK(one.error->code == "RG1150");
  CHECK_FALSE(one.declared_split);
}
