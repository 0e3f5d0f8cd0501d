// Placebo: the candidate against what the same hours of earlier days lead to expect. Private to judge.
#pragma once

#include <string>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/report.h"
#include "judge/comparison.h"
#include "judge/evidence.h"

namespace gate::judge {

/// Each day with its values, or why it does not count; `before` of the release. Days with too little data on a side, by the
/// rules that hold for the release itself, do not count. Precondition of all here: `measurement.placebo`.
core::PlaceboReport placebo_report(const config::Metric& metric, const core::Measurement& measurement, core::Time now);

/// Whether enough days count; where not, how many are missing and why the others do not count.
SideEvidence placebo_evidence(const config::Metric& metric, const core::Measurement& measurement,
                              const core::PlaceboReport& report);

/// stats/placebo.h over the days of `report` that count: by the ratio where a bound is a share, else by the difference.
MadeComparison compare_placebo(const config::Metric& metric, const core::PlaceboReport& report, double candidate);

/// Fills `expected` and its interval, from the same days.
void fill_expected(core::PlaceboReport& report, const config::Metric& metric, double candidate);

/// "what 6 earlier weeks did at these hours".
std::string placebo_text(const core::PlaceboReport& report);

/// What a reader should know of the days.
std::vector<std::string> placebo_notes(const config::Metric& metric, const core::Measurement& measurement,
                                       const core::PlaceboReport& report, core::Time now);

}  // namespace gate::judge
