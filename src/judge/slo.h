// Judges a metric of kind slo: burn rates over several windows, and what is left of the error budget. Private to judge.
#pragma once

#include "config/gate.h"
#include "core/measurement.h"
#include "core/report.h"

namespace gate::judge {

/// Fills criteria, evidence, the candidate's value, verdict and headline of `out`. `measurement` has its spans: no error, not
/// pending.
///
/// The burn rate of a window is its share of bad events over the share that the objective allows (Beyer et al., The Site
/// Reliability Workbook, chapter 5: Alerting on SLOs). A bound is violated when it is proven in every window, holds when the
/// opposite is proven in one; a window without traffic says nothing, and neither does the bound. What is left of the budget is
/// counted, not estimated: the point decides.
void judge_slo(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement, core::Time now);

}  // namespace gate::judge
