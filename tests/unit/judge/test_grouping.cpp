// From too few parts of a window, or users, nobody learns how their values hang together.
#include <catch2/catch.hpp>

#include "judge/grouping.h"

using namespace gate;

namespace {

core::Measurement with_sizes(const std::vector<double>& baseline, const std::vector<double>& candidate) {
  core::Measurement out;
  out.baseline.group_sizes = baseline;
  out.candidate.group_sizes = candidate;
  return out;
}

config::Metric median() {
  config::Metric metric;
  metric.aggregate = config::Aggregate::median;
  metric.aggregate_quantile = 0.5;
  return metric;
}

}  // namespace

TEST_CASE("rows in few parts of the window") {
  const std::vector<double> even(20, 10.0);
  std::vector<double> one(20, 0.0);
  one[3] = 400.0;
  std::vector<double> three(20, 0.0);
  three[0] = three[7] = three[19] = 5.0;
  std::vector<double> lopsided(20, 1.0);
  lopsided[4] = 1000.0;
  const config::Metric metric = median();
  CHECK(judge::few_groups(metric, with_sizes(even, even)).why.empty());
  CHECK(judge::few_groups(metric, with_sizes(even, three)).why.empty());
  CHECK(judge::few_groups(metric, with_sizes(even, one)).brief == "from one part of the window");
  CHECK_THAT(judge::few_groups(metric, with_sizes(one, even)).why,
             Catch::Contains("nearly all of the baseline lies in one part of its window"));
  CHECK_FALSE(judge::few_groups(metric, with_sizes(even, lopsided)).why.empty());
  std::vector<double> two(20, 0.0);
  two[1] = two[2] = 8.0;
  CHECK(judge::few_groups(metric, with_sizes(even, two)).brief == "worth 2 parts of the window");
  // Points at equal steps have no parts.
  CHECK(judge::few_groups(metric, with_sizes({}, {})).why.empty());
  config::Metric independent = metric;
  independent.autocorrelation = config::Switch::off;
  CHECK(judge::few_groups(independent, with_sizes(one, one)).why.empty());
}

TEST_CASE("few users") {
  config::Metric metric = median();
  metric.cluster = "user_id";
  metric.autocorrelation = config::Switch::off;
  CHECK(judge::few_groups(metric, with_sizes({9, 9, 9}, {200, 200})).brief == "worth 2 user_id");
  metric.aggregate.reset();
  metric.kind = config::Kind::ratio;
  core::Measurement ratio;
  ratio.baseline.counts.totals = {5, 5, 5, 5};
  ratio.candidate.counts.totals = {400};
  CHECK_FALSE(judge::few_groups(metric, ratio).why.empty());
  ratio.candidate.counts.totals = {4, 5, 6};
  CHECK_FALSE(judge::few_groups(metric, ratio).why.empty());
  ratio.candidate.counts.totals = {4, 5, 6, 5};
  CHECK(judge::few_groups(metric, ratio).why.empty());
}

TEST_CASE("slices of a histogram") {
  config::Metric metric;
  metric.kind = config::Kind::histogram;
  core::Measurement measurement;
  for (core::SideMeasurement* side : {&measurement.baseline, &measurement.candidate}) {
    side->buckets.times.resize(4);
    side->buckets.counts = {{10, 10, 10, 10}, {2, 2, 2, 2}};
  }
  CHECK(judge::few_groups(metric, measurement).why.empty());
  measurement.candidate.buckets.counts = {{0, 40, 0, 0}, {0, 8, 0, 0}};
  CHECK_FALSE(judge::few_groups(metric, measurement).why.empty());
  // Asked at once, on purpose.
  measurement.whole_window = true;
  CHECK(judge::few_groups(metric, measurement).why.empty());
  measurement.whole_window = false;
  metric.dispersion = config::Switch::off;
  CHECK(judge::few_groups(metric, measurement).why.empty());
}
