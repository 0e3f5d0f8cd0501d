#include <catch2/catch.hpp>

#include "measure/groups.h"

using namespace gate;

namespace {

using Values = std::vector<double>;

const core::Window kSpan{core::Time(std::chrono::minutes(0)), core::Time(std::chrono::minutes(4))};

/// One row every half minute.
core::SideMeasurement rows(const Values& values) {
  core::SideMeasurement side;
  side.samples.values = values;
  for (std::size_t i = 0; i < values.size(); ++i)
    side.samples.times.push_back(kSpan.start + std::chrono::seconds(30) * static_cast<int>(i));
  return side;
}

config::Metric quantile(double probability) {
  config::Metric metric;
  metric.aggregate = config::Aggregate::quantile;
  metric.aggregate_quantile = probability;
  return metric;
}

core::Series by_id(std::vector<std::string> ids, Values values) {
  core::Series series;
  series.ids = std::move(ids);
  series.values = std::move(values);
  return series;
}

}  // namespace

TEST_CASE("rows in parts of time: batches for a mean, sizes for a quantile") {
  core::SideMeasurement mean = rows({1, 3, 5, 5, 2, 2});
  measure::group_by_time(mean, kSpan, 4, {});
  CHECK(mean.samples.values == Values{2, 5, 2, 0});
  CHECK(mean.batch_sizes == Values{2, 2, 2, 0});
  CHECK(mean.shown.values == Values{2, 5, 2});
  core::SideMeasurement highest = rows({1, 3, 5, 5, 2, 2});
  measure::group_by_time(highest, kSpan, 4, quantile(0.999999));
  CHECK(highest.samples.values == Values{1, 3, 5, 5, 2, 2});
  CHECK(highest.group_sizes == Values{2, 2, 2, 0});
  CHECK(highest.shown.values.front() == Approx(3.0).epsilon(1e-4));
}

TEST_CASE("rows out of order are put into it") {
  core::SideMeasurement side = rows({1, 3, 5, 7});
  std::swap(side.samples.times[0], side.samples.times[3]);
  measure::group_by_time(side, kSpan, 2, quantile(0.5));
  CHECK(side.samples.values == Values{7, 3, 5, 1});
  CHECK(side.group_sizes == Values{4, 0});
}

TEST_CASE("rows of one cluster are one unit") {
  const std::vector<std::string> ids{"b", "a", "b", "c", "b", "a"};
  core::SideMeasurement mean = rows({1, 10, 2, 7, 3, 20});
  measure::group_by_cluster(mean, ids, kSpan, 4, {});
  CHECK(mean.samples.values == Values{15, 2, 7});
  CHECK(mean.batch_sizes == Values{2, 3, 1});
  CHECK(mean.shown.times.size() == 3);
  core::SideMeasurement median = rows({1, 10, 2, 7, 3, 20});
  measure::group_by_cluster(median, ids, kSpan, 4, quantile(0.5));
  CHECK(median.samples.values == Values{10, 20, 1, 2, 3, 7});
  CHECK(median.group_sizes == Values{2, 3, 1});
}

TEST_CASE("events and totals of the same clusters") {
  const auto found = measure::pair_by_cluster(by_id({"b", "d"}, {1, 2}), by_id({"a", "b", "d"}, {4, 5, 6}));
  REQUIRE(found.ok());
  CHECK(found->events == Values{0, 1, 2});
  CHECK(found->totals == Values{4, 5, 6});
  CHECK(found->times.empty());
  CHECK(measure::pair_by_cluster(by_id({"x"}, {9}), by_id({"a"}, {4})).error().code == "RG2004");
}
