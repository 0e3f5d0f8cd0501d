#include <catch2/catch.hpp>
#include <cmath>

#include "gates.h"
#include "judge/course.h"

using namespace gate;
using namespace gate::judge::test;

namespace {

/// Thirty minutes in points of 15 seconds, around 1 before and after, moved by `lift` from point `from` on, up to `to`.
core::Measurement course(double lift, int from, int to) {
  core::Measurement out;
  const auto noise = [](int i) { return 0.1 * std::sin(static_cast<double>(i * i)); };
  for (core::SideMeasurement* side : {&out.baseline, &out.candidate}) {
    const bool after = side == &out.candidate;
    side->window = core::Window{at(after ? 0 : -30), at(after ? 30 : 0)};
    for (int i = 0; i < 120; ++i) {
      side->shown.times.push_back(side->window->start + std::chrono::seconds(15 * (i + 1)));
      const bool moved = after && i >= from && i < to;
      side->shown.values.push_back(1.0 + noise(after ? i + 500 : i) + (moved ? lift : 0.0));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("the course of a window in words") {
  struct Case {
    config::Better better;
    double lift;
    int from, to;
    const char* words;
  };
  const auto lower = config::Better::lower;
  const auto higher = config::Better::higher;
  for (const Case& c : {
           Case{lower, 0.0, 0, 120, ""},
           Case{lower, 0.5, 0, 120, ""},
           Case{lower, 0.5, 0, 12, "worst in the first 3 min, back since"},
           Case{lower, 0.5, 80, 120, "as before for the first 20 min, worse since"},
           Case{lower, -0.5, 0, 12, ""},
           Case{higher, -0.5, 0, 12, "worst in the first 3 min, back since"},
           Case{higher, 0.5, 0, 12, ""},
           Case{config::Better::unsaid, 0.5, 0, 12, ""},
       }) {
    config::Metric metric = latency({});
    metric.better = c.better;
    INFO(c.lift << " from " << c.from << " to " << c.to);
    CHECK(judge::course_of(metric, course(c.lift, c.from, c.to)) == c.words);
  }
}

TEST_CASE("better, and not back; worse, and not as before") {
  core::Measurement measured = course(1.0, 0, 40);
  for (std::size_t i = 40; i < 120; ++i) measured.candidate.shown.values[i] += 0.5;
  CHECK(judge::course_of(latency({}), measured) == "worst in the first 10 min, better since");
  measured = course(1.0, 80, 120);
  for (std::size_t i = 0; i < 80; ++i) measured.candidate.shown.values[i] += 0.5;
  CHECK(judge::course_of(latency({}), measured) == "worst in the last 10 min");
}
