// Puts what the history knows beside what was measured now. Private to measure.
#pragma once

#include <vector>

#include "core/measurement.h"
#include "core/past.h"
#include "plan/plan.h"

namespace gate::measure {

/// Gives each of `measurements`, all of the metric of `plan`, its past, where that is what the metric is compared with. A past
/// that could not be read is the measurements' error. Of an `each`, a series that the newest release had and that is missing
/// now is a measurement of its own, and one that no release had is new, unless there is no past at all.
void attach_past(std::vector<core::Measurement>& measurements, const plan::MetricPlan& plan, const core::Past& past);

}  // namespace gate::measure
