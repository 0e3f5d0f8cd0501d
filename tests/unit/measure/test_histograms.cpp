#include <catch2/catch.hpp>
#include <limits>

#include "measure/histograms.h"

using namespace gate;
using measure::buckets_of;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
using Values = std::vector<double>;

core::Time at(int minutes) {
  return core::Time(std::chrono::minutes(minutes));
}

/// Points at minutes 1, 2, …
core::Series series(core::Labels labels, const Values& values) {
  core::Series out;
  out.labels = std::move(labels);
  out.values = values;
  for (std::size_t i = 0; i < values.size(); ++i) out.times.push_back(at(static_cast<int>(i) + 1));
  return out;
}

core::Series native(std::vector<std::vector<core::Bucket>> histograms) {
  core::Series out = series({}, Values(histograms.size(), 1.0));
  out.histograms = std::move(histograms);
  return out;
}

core::BucketCounts counts(const std::vector<core::Series>& all, std::size_t expected = 2, const config::Metric& metric = {}) {
  auto found = buckets_of(all, expected, metric);
  REQUIRE(found.ok());
  return found.value();
}

std::string code(const std::vector<core::Series>& all) {
  const auto found = buckets_of(all, 2, {});
  return found.ok() ? "" : found.error().code;
}

}  // namespace

TEST_CASE("classic buckets are differences of what lies up to their bounds") {
  const auto found =
      counts({series({{"le", "0.5"}}, {7, 9}), series({{"le", "0.1"}}, {4, 2}), series({{"le", "+Inf"}}, {8, 9.5})});
  CHECK(found.edges == Values{0.0, 0.1, 0.5, kInfinity});
  CHECK(found.counts == std::vector<Values>{{4, 2}, {3, 7}, {1, 0.5}});
  CHECK_FALSE(found.grow_by_factor);
  CHECK(found.dropped == 0);
}

TEST_CASE("a bound at or below zero opens the lowest bucket downwards") {
  CHECK(counts({series({{"le", "0"}}, {1, 1}), series({{"le", "+Inf"}}, {3, 3})}).edges == Values{-kInfinity, 0.0, kInfinity});
}

TEST_CASE("counts that fall from bound to bound, gaps, and slices without +Inf") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto found = counts(
      {series({{"le", "1"}}, {5, nan, 5, 5}), series({{"le", "2"}}, {4, 3, 6, nan}), series({{"le", "+Inf"}}, {5, 6, nan, 7})},
      5);
  CHECK(found.times == std::vector<core::Time>{at(1), at(2), at(4)});
  CHECK(found.counts == std::vector<Values>{{5, 0, 5}, {0, 3, 0}, {0, 3, 2}});
  CHECK(found.dropped == 2);
}

TEST_CASE("native buckets, with gaps between them and a bucket around zero") {
  const auto found = counts({native({{{-0.001, 0.001, 2}, {1, 2, 3}}, {{1, 2, 1}, {4, 8, 5}}})});
  CHECK(found.edges == Values{0.0, 0.001, 1, 2, 4, 8});
  CHECK(found.counts == std::vector<Values>{{2, 0}, {0, 0}, {3, 1}, {0, 0}, {0, 5}});
  CHECK(found.grow_by_factor);
  // With a value below zero it stays a bucket of both signs.
  CHECK(counts({native({{{-2, -1, 1}, {-0.001, 0.001, 2}}})}, 1).edges == Values{-2, -1, -0.001, 0.001});
}

TEST_CASE("native buckets whose resolution was halved midway are merged into the coarser") {
  const auto found = counts({native({{{1, 2, 1}, {2, 4, 2}, {4, 8, 3}}, {{1, 4, 5}, {4, 16, 7}}})});
  CHECK(found.edges == Values{1, 4, 16});
  CHECK(found.counts == std::vector<Values>{{3, 5}, {3, 7}});
}

TEST_CASE("several histograms are one with combine = sum") {
  config::Metric metric;
  metric.combine = config::Combine::sum;
  const std::vector<core::Series> two{
      series({{"le", "1"}, {"pod", "a"}}, {1, 1}), series({{"le", "+Inf"}, {"pod", "a"}}, {2, 2}),
      series({{"le", "1"}, {"pod", "b"}}, {10, 0}), series({{"le", "+Inf"}, {"pod", "b"}}, {10, 5})};
  CHECK(code(two) == "RG2001");
  CHECK(counts(two, 2, metric).counts == std::vector<Values>{{11, 1}, {1, 6}});
  const std::vector<core::Series> natives{native({{{1, 2, 1}}}), native({{{2, 4, 3}}})};
  CHECK(code(natives) == "RG2001");
  CHECK(counts(natives, 1, metric).counts == std::vector<Values>{{1}, {3}});
}

TEST_CASE("what is no histogram is refused") {
  CHECK(code({series({{"pod", "a"}}, {1})}) == "RG2007");
  CHECK(code({series({{"le", "wide"}}, {1})}) == "RG2007");
  CHECK(code({series({{"le", "0.5"}}, {1})}) == "RG2007");
  CHECK(code({series({{"le", "+Inf"}}, {1}), native({{{1, 2, 1}}})}) == "RG2007");
  CHECK(counts({}, 3).dropped == 3);
  CHECK(counts({native({{}, {}})}).edges.empty());
}

TEST_CASE("the histograms of `each` value are measurements of their own") {
  config::Metric metric;
  metric.id = "m";
  metric.kind = config::Kind::histogram;
  metric.each = "route";
  metric.aggregate_quantile = 0.5;
  plan::MetricPlan plan;
  plan.metric = &metric;
  plan::Ask ask;
  ask.side = plan::Side::candidate;
  ask.part = "buckets";
  ask.question.window = core::Window{at(0), at(2)};
  ask.question.step = ask.question.first = std::chrono::minutes(1);
  std::vector<measure::Reply> replies(1);
  replies.front().ask = &ask;
  replies.front().answer.emplace();
  for (const char* route : {"/a", "/b"}) {
    const double total = route[1] == 'a' ? 4.0 : 6.0;
    replies.front().answer->series.push_back(series({{"le", "1"}, {"route", route}}, {total, total}));
    replies.front().answer->series.push_back(series({{"le", "+Inf"}, {"route", route}}, {total, total}));
  }
  const auto found = measure::fill_histograms({}, plan, replies);
  REQUIRE(found.size() == 2);
  CHECK(found[0].metric == "m[route=/a]");
  CHECK(found[0].parent == "m");
  CHECK(found[1].candidate.buckets.counts == std::vector<Values>{{6, 6}, {0, 0}});
  CHECK(found[1].candidate.shown.values == Values{0.5, 0.5});
  CHECK(found[1].candidate.present);
  replies.front().answer->series.front().labels.erase("route");
  CHECK(measure::fill_histograms({}, plan, replies).front().error->code == "RG2003");
}
