// A candidate whose data stop before its window does: it crashed, is no longer scraped, or lost its traffic. Not for metrics
// that pause by nature.
#pragma once

#include <cstddef>
#include <optional>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/time.h"

namespace gate::judge {

/// The last of the candidate's data when they have fallen silent: the rest of the window is more than a third of it, longer
/// than any pause of the baseline, and would stay empty by chance in fewer than 2 % of windows (`chance_of_silence`). Points
/// and slices with a total count as data; rows of files, which come when they come, and single values are never silent.
std::optional<core::Time> stopped_at(const config::Metric& metric, const core::Measurement& measurement);

/// How likely `present` points, put at random on `slots` places in time, all lie on the first `reached`: C(reached, present) /
/// C(slots, present). present <= reached <= slots.
double chance_of_silence(std::size_t present, std::size_t reached, std::size_t slots);

}  // namespace gate::judge
