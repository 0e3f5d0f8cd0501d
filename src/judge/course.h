// The course of the candidate window in words: "worst in the first 3 minutes, back since". Only what the data prove; no
// decisions hang on it.
#pragma once

#include <string>

#include "config/gate.h"
#include "core/measurement.h"

namespace gate::judge {

/// A sentence, or "" when nothing about the course of the candidate window is proven. Three things must be, each at 99 %: that
/// its level changed (stats/level_shift.h), that the worse of the two parts is worse than the baseline (stats/mean.h), and that
/// it is worse than the other part. "Back since" and "as before until then" are said of a part that is not proven worse than
/// the baseline and lies nearer to it, by three quarters of the way, than the worse part. Needs `better`, a window on both
/// sides, and points at equal steps.
std::string course_of(const config::Metric& metric, const core::Measurement& measurement);

}  // namespace gate::judge
