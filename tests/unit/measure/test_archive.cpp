#include <catch2/catch.hpp>

#include "measure/archive.h"

using namespace gate;
using measure::Archive;

namespace {

constexpr core::Duration kMinute = std::chrono::minutes(1);

core::Time at(std::int64_t minutes) {
  return core::Time(kMinute * minutes);
}

/// Points every minute of a window from 0 to `end`.
plan::Ask ask_until(std::int64_t end, core::Shape shape = core::Shape::range) {
  plan::Ask ask;
  ask.side = plan::Side::candidate;
  ask.part = "value";
  ask.source = "prom";
  ask.question.metric = "latency";
  ask.question.part = "value";
  core::Setting query;
  query.key = "query";
  query.node.value = std::string("latency");
  ask.question.query.all().push_back(query);
  ask.question.shape = shape;
  ask.question.window = core::Window{at(0), at(end)};
  ask.question.step = kMinute;
  ask.question.first = kMinute;
  return ask;
}

core::Answer answer_until(std::int64_t end) {
  core::Answer answer;
  core::Series early;
  core::Series late;
  for (std::int64_t minute = 1; minute <= end; ++minute) {
    core::Series& series = minute <= 3 ? early : late;
    series.times.push_back(at(minute));
    series.values.push_back(static_cast<double>(minute));
  }
  early.labels = {{"pod", "early"}};
  late.labels = {{"pod", "late"}};
  answer.series = {early, late};
  return answer;
}

}  // namespace

TEST_CASE("an answer on a grid is cut for a window that ends earlier") {
  Archive archive;
  archive.keep(ask_until(10), answer_until(10));
  const auto cut = archive.find(ask_until(5));
  REQUIRE(cut);
  REQUIRE(cut->series.size() == 2);
  CHECK(cut->series[0].times.size() == 3);
  CHECK(cut->series[1].values == std::vector<double>{4.0, 5.0});  // the point at the end is of the window
  // A series that has no point yet is not there yet.
  REQUIRE(archive.find(ask_until(3))->series.size() == 1);
  CHECK(archive.find(ask_until(10))->series[1].times.size() == 7);
  CHECK_FALSE(archive.find(ask_until(11)));
}

TEST_CASE("what belongs to a point is cut with it") {
  core::Answer answer = answer_until(10);
  for (const double value : answer.series[1].values) {
    answer.series[1].histograms.push_back({{0.0, 1.0, value}});
    answer.series[1].ids.push_back("user");
  }
  Archive archive;
  archive.keep(ask_until(10), answer);
  const auto cut = archive.find(ask_until(5));
  REQUIRE(cut);
  REQUIRE(cut->series[1].histograms.size() == 2);
  CHECK(cut->series[1].histograms[1][0].count == 5.0);
  CHECK(cut->series[1].ids.size() == 2);
  CHECK(cut->series[1].weights.empty());
}

TEST_CASE("what is not the same question is asked") {
  struct Case {
    const char* what;
    void (*change)(plan::Ask& ask);
  };
  Archive archive;
  archive.keep(ask_until(10), answer_until(10));
  for (const Case& c : {Case{"source", [](plan::Ask& ask) { ask.source = "other"; }},
                        Case{"side", [](plan::Ask& ask) { ask.side = plan::Side::baseline; }},
                        Case{"part", [](plan::Ask& ask) { ask.part = "events"; }},
                        Case{"metric", [](plan::Ask& ask) { ask.question.metric = "errors"; }},
                        Case{"query", [](plan::Ask& ask) { ask.question.query.all()[0].node.value = std::string("x"); }},
                        Case{"start", [](plan::Ask& ask) { ask.question.window->start += kMinute; }},
                        Case{"step", [](plan::Ask& ask) { ask.question.step = 2 * kMinute; }},
                        Case{"first", [](plan::Ask& ask) { ask.question.first = 2 * kMinute; }},
                        Case{"each", [](plan::Ask& ask) { ask.question.each = "pod"; }},
                        Case{"shape", [](plan::Ask& ask) { ask.question.shape = core::Shape::instant; }},
                        Case{"window", [](plan::Ask& ask) { ask.question.window.reset(); }}}) {
    INFO(c.what);
    plan::Ask ask = ask_until(5);
    c.change(ask);
    CHECK_FALSE(archive.find(ask));
  }
}

TEST_CASE("other shapes are given again as they are, or not at all") {
  struct Case {
    core::Shape shape;
    bool same, shorter;
  };
  for (const Case& c :
       {Case{core::Shape::range, true, true}, Case{core::Shape::instant, true, false}, Case{core::Shape::slices, true, false},
        Case{core::Shape::batches, true, false}, Case{core::Shape::rows, true, false}, Case{core::Shape::latest, false, false},
        Case{core::Shape::state, false, false}}) {
    Archive archive;
    archive.keep(ask_until(10, c.shape), answer_until(10));
    CHECK(archive.find(ask_until(10, c.shape)).has_value() == c.same);
    CHECK(archive.find(ask_until(5, c.shape)).has_value() == c.shorter);
    plan::Ask more = ask_until(10, c.shape);
    more.question.parts = 7;
    CHECK(archive.find(more).has_value() == c.shorter);  // a grid has no parts
  }
}

TEST_CASE("the latest answer takes the place of the one before") {
  Archive archive;
  archive.keep(ask_until(5), answer_until(5));
  archive.keep(ask_until(8), answer_until(8));
  CHECK(archive.find(ask_until(8))->series[1].times.size() == 5);
  CHECK_FALSE(archive.find(ask_until(9)));
}
