#include "report/plot_data.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <limits>

using namespace gate::report;
namespace core = gate::core;

namespace {

core::Time at(int minutes) {
  return core::Time(std::chrono::minutes(29'562'484 + minutes));
}

core::Samples every(int step, std::vector<double> values) {
  core::Samples out;
  for (std::size_t i = 0; i < values.size(); ++i) out.times.push_back(at(static_cast<int>(i) * step));
  out.values = std::move(values);
  return out;
}

}  // namespace

TEST_CASE("both sides share an axis where they stand near each other") {
  const TimeAxis axis = time_axis(core::Window{at(-30), at(0)}, core::Window{at(5), at(30)}, at(0));
  REQUIRE(axis.pieces.size() == 1);
  CHECK_FALSE(axis.is_broken());
  CHECK(axis.x(at(-30)) == 0.0);
  CHECK(axis.x(at(0)) == 50.0);
  CHECK(axis.x(at(30)) == 100.0);
  CHECK_FALSE(axis.x(at(31)).has_value());
}

TEST_CASE("last week beside today is drawn in two pieces, the release in the second") {
  const TimeAxis axis = time_axis(core::Window{at(-10080), at(-10050)}, core::Window{at(5), at(30)}, at(0));
  REQUIRE(axis.is_broken());
  CHECK(axis.pieces[axis.before].x(at(-10080)) == 0.0);
  CHECK(axis.pieces[axis.before].x(at(-10050)) == 48.0);
  CHECK(axis.x(at(0)) == 52.0);
  CHECK(axis.pieces[axis.after].x(at(30)) == 100.0);
  CHECK_FALSE(axis.x(at(-5000)).has_value());
}

TEST_CASE("axes of one side, of the same time, and of none") {
  CHECK(time_axis(std::nullopt, core::Window{at(0), at(10)}, std::nullopt).x(at(5)) == 50.0);
  const TimeAxis canary = time_axis(core::Window{at(0), at(10)}, core::Window{at(0), at(10)}, at(-600));
  CHECK(canary.pieces.size() == 1);
  CHECK(canary.x(at(10)) == 100.0);
  CHECK(time_axis(std::nullopt, std::nullopt, at(0)).pieces.empty());
  CHECK(time_axis(core::Window{at(3), at(3)}, std::nullopt, at(0)).pieces.empty());
}

TEST_CASE("thinning keeps every spike, in its order") {
  std::vector<double> values(100, 1.0);
  values[42] = 9.0;
  values[77] = -3.0;
  const core::Samples few = thinned(every(1, values), 10);
  CHECK(few.values.size() <= 10);
  CHECK(std::count(few.values.begin(), few.values.end(), 9.0) == 1);
  CHECK(std::count(few.values.begin(), few.values.end(), -3.0) == 1);
  CHECK(std::is_sorted(few.times.begin(), few.times.end()));
  CHECK(thinned(every(1, {1, 2, 3}), 3).values == std::vector<double>{1, 2, 3});
}

TEST_CASE("a gap in the data is a gap in the line") {
  core::Samples samples = every(1, {1, 2, 3, 4, 5, 6});
  for (std::size_t i = 3; i < 6; ++i) samples.times[i] += std::chrono::minutes(30);
  const std::vector<core::Samples> runs = runs_of(samples, 60);
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].values == std::vector<double>{1, 2, 3});
  CHECK(runs[1].values == std::vector<double>{4, 5, 6});
  CHECK(runs_of(samples, 2).size() == 1);
  CHECK(runs_of({}, 60).empty());
}

TEST_CASE("quartiles are those of R") {
  // R: quantile(c(7, 1, 3, 10, 4, 8), type = 7) is 1.00 3.25 5.50 7.75 10.00
  const auto spread = spread_of({7, 1, 3, 10, 4, 8});
  REQUIRE(spread);
  CHECK(spread->least == 1.0);
  CHECK(spread->lower == Approx(3.25));
  CHECK(spread->median == Approx(5.5));
  CHECK(spread->upper == Approx(7.75));
  CHECK(spread->most == 10.0);
  CHECK(spread_of({2.0})->median == 2.0);
  CHECK_FALSE(spread_of({}).has_value());
}

TEST_CASE("an extent is that of finite values") {
  const double infinite = std::numeric_limits<double>::infinity();
  const auto extent = extent_of(std::vector<double>{3.0, -infinite, -1.0, infinite});
  REQUIRE(extent);
  CHECK(extent->low == -1.0);
  CHECK(extent->high == 3.0);
  CHECK_FALSE(extent_of(std::vector<double>{infinite}).has_value());
}
