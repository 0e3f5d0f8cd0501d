// Releases as a watch sees them: thirty minutes before and thirty after, with a known change.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "random.h"
#include "scenarios.h"

namespace gate::bench {

inline constexpr std::size_t kLooks = 30;

/// Both sides of a release, all of them; a look sees the first part of the candidate, and of a baseline beside it.
struct Release {
  core::SideMeasurement baseline;
  core::SideMeasurement candidate;
};

struct LookRow {
  std::string name;
  config::Kind kind = config::Kind::samples;
  config::Design design = config::Design::before_after;
  std::size_t per_look = 0;  ///< points, or slices, that each look adds
  std::function<Release(Random& random, double change)> draw;
  double least_found = 0.0;  ///< the smallest share of runs in which ours must see +30 %
  Limits limits{0.06};       ///< of ours, over all looks together
};

std::vector<LookRow> look_rows();

}  // namespace gate::bench
