// Several series of one metric (`each`), or a family of metrics: harm must stand the correction for having looked at all of
// them.
#pragma once

#include <vector>

#include "config/gate.h"
#include "core/report.h"
#include "core/time.h"

namespace gate::judge {

/// Adjusts the p-values of every criterion over the series of `metric` in `metrics` by Holm's step-down method, or by Benjamini
/// and Hochberg's where the gate's `family` says so. Harm that is no longer shown at the metric's confidence becomes unproven,
/// and the series' verdict with it. Safety needs no correction: all series must be safe for the metric to pass.
void correct_for_series(std::vector<core::MetricReport>& metrics, const config::Metric& metric, config::Correction family,
                        core::Time now);

/// The same over every fail-level promise of the required metrics, their series included, by the gate's `family`; those of
/// guests are not among them, since they would make the others' harm harder to show. A gate that
/// fails by chance in 5 % of quiet releases fails in no more, however many promises it has. Precondition: gate.family is one.
void correct_for_family(std::vector<core::MetricReport>& metrics, const config::Gate& gate, core::Time now);

/// Adjusted p-values, in the order given. Holm (Scandinavian Journal of Statistics 6:65, 1979): the chance that any claim is
/// wrong stays below the level, whatever depends on what.
std::vector<double> holm(const std::vector<double>& p_values);
/// Benjamini & Hochberg (Journal of the Royal Statistical Society B 57:289, 1995): of all claims at most the level's share are
/// wrong on average, for independent p-values and for those that rise and fall together.
std::vector<double> benjamini_hochberg(const std::vector<double>& p_values);

}  // namespace gate::judge
