// A status judged: what a system has decided itself, by the last row of the table in docs/verdict.md.
#pragma once

#include "config/gate.h"
#include "core/measurement.h"
#include "core/report.h"
#include "core/time.h"

namespace gate::judge {

/// Judges the state in `measurement` and settles `out`. The one criterion of a status is at level warn for a warning, so that
/// its violation warns. No state, or one without an opinion, is no data.
void judge_status(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement, core::Time now);

}  // namespace gate::judge
