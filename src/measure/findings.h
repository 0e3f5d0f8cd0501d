// Findings against the history: what is new, fixed and still there since the release before. Private to measure.
#pragma once

#include "config/gate.h"
#include "core/measurement.h"
#include "core/past.h"

namespace gate::measure {

/// Compares the findings of `one` with those that the newest release that passed had open, and sets both sides: the candidate
/// to what `count` asks for, the baseline of open ones to how many there were. Several of one identity are compared by their
/// number; what is suppressed now was not fixed. Where nothing can be compared, what needs it is no data, with the reason.
void compare_findings(core::Measurement& one, const config::Metric& metric);

/// Whether it cannot be judged without them: what is new or fixed, or a bound on the change.
bool hangs_on_history(const config::Metric& metric);

}  // namespace gate::measure
