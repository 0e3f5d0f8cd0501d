// The change between the sides, as the report has it. No decisions here.
#pragma once

#include <string>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/report.h"
#include "judge/comparison.h"
#include "stats/harm.h"

namespace gate::judge {

core::ChangeReport change_report(const stats::Change& change);

/// Fills `out.change`. What compares proportions, or means of users, of two groups at the same time is an A/B test, whose
/// p-value of no difference at all comes from the same inversion as the intervals: it is below 1 − level exactly where the
/// interval leaves out 0.
void show_change(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement,
                 const Comparison& comparison);

/// Of two bare numbers. Ratings are grades in order, not amounts: no share of one means anything.
core::ChangeReport bare_change_report(double baseline, double candidate, const config::Metric& metric);

/// How an interval was found by resampling, and what a covariate was worth, for people.
std::vector<std::string> change_notes(const config::Metric& metric, const core::Measurement& measurement,
                                      const stats::Change& change);

}  // namespace gate::judge
