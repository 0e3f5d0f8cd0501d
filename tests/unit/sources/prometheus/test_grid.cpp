#include <catch2/catch.hpp>

#include "sources/prometheus/grid.h"

using namespace gate;
using sources::prometheus::kMostPoints;
using sources::prometheus::Segment;
using sources::prometheus::segments;

namespace {

constexpr std::int64_t kStart = 1773749040000;

core::Question question(std::int64_t length, std::int64_t first, std::int64_t step) {
  core::Question out;
  out.window = core::Window{core::Time(core::Duration(kStart)), core::Time(core::Duration(kStart + length))};
  out.first = core::Duration(first);
  out.step = core::Duration(step);
  return out;
}

std::int64_t points(const Segment& segment) {
  return (segment.end - segment.start) / segment.step + 1;
}

}  // namespace

TEST_CASE("every point of the grid is asked once, in requests that the server answers") {
  struct Case {
    std::int64_t length, first, step, points;
    std::size_t requests;
  };
  for (const Case& c : {
           Case{1'800'000, 60'000, 60'000, 30, 1},
           Case{1'800'000, 15'000, 15'000, 120, 1},
           Case{1'800'000, 1'800'000, 1'800'000, 1, 1},
           Case{1'800'000, 120'000, 15'000, 113, 1},
           Case{1'800'000, 70'000, 60'000, 29, 1},
           Case{1'100'000, 100, 100, 11'000, 1},
           Case{1'100'100, 100, 100, 11'001, 2},
           Case{2'200'000, 100, 100, 22'000, 2},
           Case{2'200'050, 100, 100, 22'000, 2},
           Case{2'592'000'000, 1000, 1000, 2'592'000, 236},
           Case{60'000, 61'000, 1000, 0, 0},
       }) {
    INFO(c.length << " " << c.first << " " << c.step);
    const auto all = segments(question(c.length, c.first, c.step));
    REQUIRE(all.size() == c.requests);
    std::int64_t sum = 0;
    std::int64_t next = kStart + c.first;
    for (const Segment& segment : all) {
      CHECK(segment.start.time_since_epoch().count() == next);
      CHECK(points(segment) <= kMostPoints);
      CHECK((segment.end - segment.start).count() % c.step == 0);
      sum += points(segment);
      next = segment.end.time_since_epoch().count() + c.step;
    }
    CHECK(sum == c.points);
    if (!all.empty()) CHECK(next > kStart + c.length);
  }
}

TEST_CASE("no grid without a window or a step") {
  core::Question without_window = question(60'000, 1000, 1000);
  without_window.window.reset();
  CHECK(segments(without_window).empty());
  CHECK(segments(question(60'000, 0, 0)).empty());
}
