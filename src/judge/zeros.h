// What no event at all says: not that there can be none. Private to judge.
#pragma once

#include "config/gate.h"
#include "core/measurement.h"
#include "core/report.h"

namespace gate::judge {

/// Of a ratio or a count of 0 events: Side::zero_limit, and a note such as "0 of 400: at most 0.75 % at 95 %". The total is
/// divided by the dispersion of both sides' slices; a side without an event takes the other's.
void say_zeros(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement);

}  // namespace gate::judge
