// The change between the sides, as the report has it. No decisions here.
#pragma once

#include "config/gate.h"
#include "core/report.h"
#include "stats/harm.h"

namespace gate::judge {

core::ChangeReport change_report(const stats::Change& change);

/// Of two bare numbers. Ratings are grades in order, not amounts: no share of one means anything.
core::ChangeReport bare_change_report(double baseline, double candidate, const config::Metric& metric);

/// How an interval was found by resampling, for people.
std::string bootstrap_note(const stats::Bootstrap& used);

}  // namespace gate::judge
