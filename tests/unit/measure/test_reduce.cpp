#include <catch2/catch.hpp>
#include <cmath>

#include "measure/reduce.h"

using namespace gate;
using config::Metric;

namespace {

core::Series series(std::vector<std::int64_t> seconds, std::vector<double> values, core::Labels labels = {}) {
  core::Series out;
  out.labels = std::move(labels);
  for (const std::int64_t second : seconds) out.times.push_back(core::Time(std::chrono::seconds(second)));
  out.values = std::move(values);
  return out;
}

core::Answer answer(std::vector<core::Series> all) {
  core::Answer out;
  out.series = std::move(all);
  return out;
}

std::vector<std::int64_t> seconds_of(const std::vector<core::Time>& times) {
  std::vector<std::int64_t> out;
  for (const core::Time time : times) out.push_back(time.time_since_epoch().count() / 1000);
  return out;
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("one series is taken as it is, none is none") {
  const Metric metric;
  const auto none = measure::single_series(answer({}), metric);
  REQUIRE(none.ok());
  CHECK(none->values.empty());
  const auto one = measure::single_series(answer({series({1, 2}, {3, kNan})}), metric);
  REQUIRE(one.ok());
  CHECK(one->values[0] == 3.0);
  CHECK(std::isnan(one->values[1]));
}

TEST_CASE("several series are an error that says what to do with them") {
  std::vector<core::Series> all;
  for (const char* shard : {"a", "b", "c", "d"}) all.push_back(series({1}, {1}, {{"job", "x"}, {"shard", shard}}));
  const auto refused = measure::single_series(answer(all), Metric{});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "RG2001");
  CHECK(refused.error().message == "the query returned 4 series, and one is needed");
  CHECK_THAT(refused.error().hint, Catch::Contains("each = \"shard\""));
  CHECK(refused.error().context ==
        std::vector<std::string>{R"({job="x",shard="a"})", R"({job="x",shard="b"})", R"({job="x",shard="c"})", "and 1 more"});
  const auto nameless = measure::single_series(answer({series({1}, {1}), series({1}, {2})}), Metric{});
  REQUIRE_FALSE(nameless.ok());
  CHECK_THAT(nameless.error().hint, !Catch::Contains("each ="));
}

TEST_CASE("combine makes one series of several, time by time") {
  struct Case {
    config::Combine how;
    std::vector<double> values;  // at 1, 2, 3, 4
  };
  const auto all = answer({series({1, 2, 3}, {1, 2, kNan}, {{"s", "a"}}), series({1, 3, 4}, {10, kNan, 40}, {{"s", "b"}})});
  for (const Case& c : {Case{config::Combine::sum, {11, 2, kNan, 40}}, Case{config::Combine::mean, {5.5, 2, kNan, 40}},
                        Case{config::Combine::max, {10, 2, kNan, 40}}, Case{config::Combine::min, {1, 2, kNan, 40}}}) {
    Metric metric;
    metric.combine = c.how;
    const auto combined = measure::single_series(all, metric);
    REQUIRE(combined.ok());
    CHECK(seconds_of(combined->times) == std::vector<std::int64_t>{1, 2, 3, 4});
    for (std::size_t i = 0; i < 4; ++i) {
      if (std::isnan(c.values[i])) {
        CHECK(std::isnan(combined->values[i]));
      } else {
        CHECK(combined->values[i] == c.values[i]);
      }
    }
  }
}

TEST_CASE("each splits by a label that all series have, with different values") {
  Metric metric;
  metric.each = "shard";
  const auto split =
      measure::series_by_label(answer({series({1}, {1}, {{"shard", "a"}}), series({1}, {2}, {{"shard", "b"}})}), metric);
  REQUIRE(split.ok());
  REQUIRE(split->size() == 2);
  CHECK((*split)[1].first == "b");
  CHECK((*split)[1].second.values == std::vector<double>{2});
  const auto twice = measure::series_by_label(
      answer({series({1}, {1}, {{"shard", "a"}, {"x", "1"}}), series({1}, {2}, {{"shard", "a"}, {"x", "2"}})}), metric);
  REQUIRE_FALSE(twice.ok());
  CHECK(twice.error().code == "RG2002");
  const auto missing = measure::series_by_label(answer({series({1}, {1}, {{"job", "a"}})}), metric);
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().code == "RG2003");
  CHECK(missing.error().hint == "it has `job`");
}

TEST_CASE("points that are no numbers are dropped, made zero, or an error; missing ones are counted") {
  struct Case {
    config::OnNan on_nan;
    std::size_t expected;
    std::vector<double> values;
    std::size_t dropped;
    bool ok;
  };
  const auto points = series({1, 2, 3, 4}, {5, kNan, kInf, -kInf});
  for (const Case& c : {Case{config::OnNan::drop, 4, {5}, 3, true}, Case{config::OnNan::drop, 10, {5}, 9, true},
                        Case{config::OnNan::drop, 0, {5}, 3, true}, Case{config::OnNan::zero, 4, {5, 0, 0, 0}, 0, true},
                        Case{config::OnNan::zero, 10, {5, 0, 0, 0}, 6, true}, Case{config::OnNan::fail, 4, {}, 0, false}}) {
    Metric metric;
    metric.on_nan = c.on_nan;
    const auto samples = measure::usable(points, c.expected, metric);
    REQUIRE(samples.ok() == c.ok);
    if (!c.ok) {
      CHECK(samples.error().code == "RG2006");
      continue;
    }
    CHECK(samples->values == c.values);
    CHECK(samples->times.size() == c.values.size());
    CHECK(samples->dropped == c.dropped);
  }
}

TEST_CASE("events stand beside totals of the same slice") {
  struct Case {
    core::Series events;
    core::Series totals;
    config::OnNan on_nan;
    std::size_t expected;
    std::vector<double> kept_events;
    std::vector<double> kept_totals;
    std::size_t dropped;
  };
  using config::OnNan;
  for (const Case& c : {
           Case{series({1, 2}, {1, 0}), series({1, 2}, {10, 20}), OnNan::drop, 2, {1, 0}, {10, 20}, 0},
           Case{series({1}, {1}), series({1, 2}, {10, 20}), OnNan::drop, 2, {1}, {10}, 1},
           Case{series({1}, {1}), series({1, 2}, {10, 20}), OnNan::zero, 2, {1, 0}, {10, 20}, 0},
           Case{series({}, {}), series({1, 2}, {10, 20}), OnNan::drop, 2, {}, {}, 2},
           Case{series({}, {}), series({1, 2}, {10, 20}), OnNan::zero, 2, {0, 0}, {10, 20}, 0},
           Case{series({1, 2, 3}, {1, 1, 1}), series({2}, {10}), OnNan::drop, 3, {1}, {10}, 2},
           Case{series({1, 2}, {kNan, 1}), series({1, 2}, {10, kNan}), OnNan::drop, 2, {}, {}, 2},
           Case{series({1, 2}, {kNan, 1}), series({1, 2}, {10, 10}), OnNan::zero, 2, {0, 1}, {10, 10}, 0},
           Case{series({1}, {0}), series({1}, {0}), OnNan::drop, 1, {0}, {0}, 0},
           Case{series({1}, {1}), series({1}, {1}), OnNan::drop, 5, {1}, {1}, 4},
       }) {
    Metric metric;
    metric.kind = config::Kind::ratio;
    metric.on_nan = c.on_nan;
    const auto counts = measure::pair_up(c.events, c.totals, c.expected, metric);
    REQUIRE(counts.ok());
    CHECK(counts->events == c.kept_events);
    CHECK(counts->totals == c.kept_totals);
    CHECK(counts->dropped == c.dropped);
  }
}

TEST_CASE("counts that cannot be are errors") {
  Metric ratio;
  ratio.kind = config::Kind::ratio;
  Metric count;
  count.kind = config::Kind::count;
  const auto more = measure::pair_up(series({1, 2}, {5, 6}), series({1, 2}, {5, 5}), 2, ratio);
  REQUIRE_FALSE(more.ok());
  CHECK(more.error().code == "RG2004");
  CHECK_THAT(more.error().hint, Catch::Contains("kind = \"count\""));
  CHECK(measure::pair_up(series({1, 2}, {6, 4}), series({1, 2}, {5, 5}), 2, ratio).ok());
  CHECK(measure::pair_up(series({1}, {6}), series({1}, {5}), 1, count).ok());
  for (const auto& [events, total] : {std::pair{-1.0, 5.0}, std::pair{1.0, -5.0}}) {
    const auto negative = measure::pair_up(series({1}, {events}), series({1}, {total}), 1, count);
    REQUIRE_FALSE(negative.ok());
    CHECK(negative.error().code == "RG2005");
  }
}

TEST_CASE("a count over time has the same exposure in every slice") {
  Metric metric;
  metric.kind = config::Kind::count;
  const auto counts = measure::over_time(series({60, 120}, {3, kNan}), 3, 60.0, metric);
  REQUIRE(counts.ok());
  CHECK(counts->events == std::vector<double>{3});
  CHECK(counts->totals == std::vector<double>{60});
  CHECK(counts->dropped == 2);
}

TEST_CASE("slices of which nothing says whether events happened") {
  Metric ratio;
  ratio.kind = config::Kind::ratio;
  Metric count;
  count.kind = config::Kind::count;
  const auto traffic = series({1, 2, 3, 4}, {10, 10, 0, kNan});
  CHECK(measure::pair_up(series({1}, {2}), traffic, 4, ratio)->unsaid == 1);
  CHECK(measure::pair_up(series({1, 2}, {2, kNan}), traffic, 4, ratio)->unsaid == 1);
  CHECK(measure::pair_up(series({1, 2, 3}, {2, 0, 0}), traffic, 4, ratio)->unsaid == 0);
  // Over time: few events a slice and never 0 are the mark of a source without zeros; otherwise a scrape failed.
  CHECK(measure::over_time(series({1, 3}, {2, 1}), 10, 60.0, count)->unsaid == 8);
  CHECK(measure::over_time(series({1, 3}, {2, 0}), 10, 60.0, count)->unsaid == 0);
  CHECK(measure::over_time(series({1, 3}, {6, 5}), 10, 60.0, count)->unsaid == 0);
  CHECK(measure::over_time(series({}, {}), 10, 60.0, count)->unsaid == 0);
}

TEST_CASE("a point at every step, zero where there was none") {
  const core::Window window{core::Time{} + std::chrono::seconds(0), core::Time{} + std::chrono::seconds(240)};
  const auto filled = [&](const core::Series& some) { return measure::with_zeros(some, window, std::chrono::seconds(60)); };
  CHECK(filled(series({60, 180}, {3, 1})).values == std::vector<double>{3, 0, 1, 0});
  CHECK(filled(series({120, 180}, {3, 1})).times == series({60, 120, 180, 240}, {0, 3, 1, 0}).times);
  CHECK(filled(series({150}, {3})).times == series({30, 90, 150, 210}, {0, 0, 0, 0}).times);
  CHECK(filled(series({240}, {3})).values == std::vector<double>{0, 0, 0, 3});
  CHECK(filled(series({}, {})).times.empty());
}

TEST_CASE("one number from many") {
  using config::Aggregate;
  const std::vector<double> values = {4, 1, 3, 2};
  struct Case {
    Aggregate how;
    double quantile, value;
  };
  for (const Case& c :
       {Case{Aggregate::mean, 0, 2.5}, Case{Aggregate::median, 0, 2.5}, Case{Aggregate::min, 0, 1}, Case{Aggregate::max, 0, 4},
        Case{Aggregate::sum, 0, 10}, Case{Aggregate::last, 0, 2}, Case{Aggregate::count, 0, 4},
        Case{Aggregate::quantile, 0.25, 1.75}, Case{Aggregate::quantile, 0.95, 3.85}}) {
    CHECK(measure::aggregate(values, c.how, c.quantile) == Approx(c.value).epsilon(1e-12));
    CHECK_FALSE(measure::aggregate({}, c.how, c.quantile).has_value());
  }
}
