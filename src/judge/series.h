// Several series of one metric (`each`), or a family of metrics: harm must stand the correction for having looked at all of
// them.
#pragma once

#include <vector>

#include "config/gate.h"
#include "core/report.h"
#include "core/time.h"

namespace gate::judge {

/// Adjusts the p-values of every criterion over the series of `metric` in `metrics` by Holm's step-down method (Scandinavian
/// Journal of Statistics 6:65, 1979). Harm that is no longer shown at the metric's confidence becomes unproven, and the series'
/// verdict with it. Safety needs no correction: all series must be safe for the metric to pass.
void correct_for_series(std::vector<core::MetricReport>& metrics, const config::Metric& metric, core::Time now);

/// The same over every fail-level promise of the required metrics, their series included: family = "holm". Harm has to be shown
/// for one of all of them; a gate that fails by chance in 5 % of quiet releases fails in no more, however many promises it has.
void correct_for_family(std::vector<core::MetricReport>& metrics, const config::Gate& gate, core::Time now);

/// The adjusted p-values, in the order given.
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace gate::judge
