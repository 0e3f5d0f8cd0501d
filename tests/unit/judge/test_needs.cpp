#include "judge/needs.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace gate::judge;
using gate::config::Design;
using std::chrono::minutes;

namespace {

DataAtHand data(Design design, int baseline, int candidate, double effective_baseline, double effective_candidate) {
  return {design, minutes(baseline), minutes(candidate), effective_baseline, effective_candidate};
}

}  // namespace

TEST_CASE("what would settle it") {
  struct Case {
    const char* name;
    std::optional<double> factor;
    DataAtHand data;
    std::optional<double> seconds;
    const char* text;
  };
  const std::vector<Case> cases = {
      {"both windows grow side by side", 4.0, data(Design::side_by_side, 30, 30, 100, 100), 7200.0,
       "needs about 2 h of this traffic (the window is 30 min)"},
      // 1/100 + 1/400 over 2 less 1/400 leaves 0.00375: 2.67 times the candidate.
      {"only the candidate grows", 2.0, data(Design::before_after, 120, 30, 400, 100), 4800.0,
       "needs about 1 h 20 min of this traffic (the window is 30 min)"},
      {"a baseline that is too short", 4.0, data(Design::before_after, 30, 30, 100, 100), 7200.0,
       "widen baseline to 2 h and candidate with it (waiting will not do)"},
      {"beyond all patience", 1e6, data(Design::side_by_side, 30, 30, 100, 100), std::nullopt,
       "too close to the limit to be settled by waiting"},
      {"snapshots have no time", 3.0, data(Design::snapshot, 0, 0, 100, 100), std::nullopt, "needs about 3 times as much data"},
      {"nothing is known", std::nullopt, data(Design::before_after, 30, 30, 100, 100), std::nullopt, ""},
      {"nothing would do", std::numeric_limits<double>::infinity(), data(Design::before_after, 30, 30, 9, 9), std::nullopt, ""},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    const Needs needs = needs_of(one.factor, 1.0, one.data);
    CHECK(needs.seconds == one.seconds);
    CHECK(needs.text == one.text);
  }
}

TEST_CASE("a relative margin weighs the baseline more") {
  const DataAtHand at_hand = data(Design::before_after, 120, 30, 400, 100);
  CHECK(*needs_of(2.0, 1.0, at_hand).seconds < *needs_of(2.0, 1.21, at_hand).seconds);
}
