// From the criteria of one metric to its verdict, its sentence and what to do. Also after a correction has changed them.
#pragma once

#include "config/gate.h"
#include "core/report.h"
#include "core/time.h"

namespace gate::judge {

/// The verdict is the worst of `report.criteria`, which stand in the order of `metric.criteria`; the first of the worst gives
/// the headline and what to do. Criteria whose `from` lies after `now` are not evaluated and count for nothing. Without any
/// criterion that counts, the metric is skipped: shown, not judged.
void settle(core::MetricReport& report, const config::Metric& metric, core::Time now);

}  // namespace gate::judge
