#include "judge/silence.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "gates.h"
#include "judge/judge.h"

using namespace gate::judge;
using namespace gate::judge::test;
namespace config = gate::config;
namespace core = gate::core;
using std::chrono::minutes;

namespace {

using Minutes = std::vector<int>;

Minutes from_to(int first, int last, int every = 1) {
  Minutes out;
  for (int minute = first; minute <= last; minute += every) out.push_back(minute);
  return out;
}

/// Points at these minutes of a window of 30 minutes.
core::SideMeasurement points_at(const Minutes& when) {
  core::SideMeasurement out;
  out.window = core::Window{at(0), at(30)};
  for (const int minute : when) {
    out.samples.times.push_back(at(minute));
    out.samples.values.push_back(0.3);
  }
  return out;
}

/// Slices of a minute, with traffic in those that end at these minutes.
core::SideMeasurement traffic_at(const Minutes& when) {
  core::SideMeasurement out;
  out.window = core::Window{at(0), at(30)};
  for (int minute = 1; minute <= 30; ++minute) {
    out.counts.times.push_back(at(minute));
    out.counts.events.push_back(0.0);
    out.counts.totals.push_back(std::find(when.begin(), when.end(), minute) == when.end() ? 0.0 : 40.0);
  }
  return out;
}

}  // namespace

TEST_CASE("what chance makes of the end of a window") {
  // SciPy 1.10: special.comb(reached, present) / special.comb(slots, present).
  CHECK(chance_of_silence(12, 80, 120) == Approx(0.005714449934499386).epsilon(1e-9));
  CHECK(chance_of_silence(5, 5, 9) == Approx(1.0 / 126.0).epsilon(1e-9));
  CHECK(chance_of_silence(5, 18, 30) == Approx(0.060123784261715295).epsilon(1e-9));
  CHECK(chance_of_silence(3, 30, 30) == 1.0);
}

TEST_CASE("silence is told from a pause") {
  const Minutes steady = from_to(1, 30);
  const Minutes sparse{2, 4, 9, 14, 18};  // five points: the last twelve minutes stay empty in 6 % of windows
  struct Case {
    const char* what;
    Minutes before, after;
    std::optional<int> stopped;
  };
  for (const Case& c :
       {Case{"to the end", steady, steady, {}}, Case{"a third is missing", steady, from_to(1, 20), {}},
        Case{"more than a third", steady, from_to(1, 19), 19}, Case{"a few points, then nothing", steady, from_to(1, 5), 5},
        Case{"few points by nature", from_to(2, 30, 4), sparse, {}},
        Case{"few points, all of them early", from_to(2, 30, 4), {2, 4, 9, 11, 12}, 12},
        Case{"the baseline pauses as long", {2, 4, 9, 11, 29}, {2, 4, 9, 11, 12}, {}},
        Case{"a job at the start of each half hour", from_to(1, 4), from_to(1, 4), {}},
        Case{"a baseline without data excuses nothing", {}, from_to(1, 12), 12},
        Case{"nothing at all is no silence but no data", steady, {}, {}}}) {
    INFO(c.what);
    const std::optional<core::Time> stopped = c.stopped ? std::optional(at(*c.stopped)) : std::nullopt;
    core::Measurement measurement;
    measurement.step = minutes(1);
    measurement.baseline = points_at(c.before);
    measurement.candidate = points_at(c.after);
    CHECK(stopped_at({}, measurement) == stopped);
    measurement.baseline = traffic_at(c.before);
    measurement.candidate = traffic_at(c.after);
    CHECK(stopped_at({}, measurement) == stopped);
    measurement.candidate.rows = 5;
    CHECK_FALSE(stopped_at({}, measurement).has_value());
  }
}
