// Goals in time: which goal of a criterion counts, and what is said of those whose time has not come. Private to judge.
#pragma once

#include <string>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/report.h"

namespace gate::judge {

/// `metric` with the bound of the goal that counts in each criterion with goals, as `measurement` says where they stand.
config::Metric with_goals(const config::Metric& metric, const core::Measurement& measurement);

/// "≥ 25 % after 30 d": the goal that counts, or the first.
std::string goal_text(const config::Metric& metric, const config::Criterion& criterion);

/// Whether the time of the goals of `criterion` has not come.
bool is_ahead(const core::CriterionReport& criterion);

/// "due 24 Mar 12:05 UTC": the next whole minute, since nothing is run again to the second.
std::string due_text(core::Time due, core::Time now);

/// Of a criterion whose first goal is ahead: why it is not judged, and what to do.
void say_ahead(core::CriterionReport& out, const config::Metric& metric, core::Time now);

/// "the next goal, ≥ 25 % after 30 d, is due 16 Apr": for each criterion with one.
void note_next_goals(core::MetricReport& report, const config::Metric& metric, core::Time now);

}  // namespace gate::judge
