// Goals in time: which goal of each criterion counts, and where that puts the window. Private to plan.
#pragma once

#include <optional>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/time.h"
#include "plan/plan.h"

namespace gate::plan {

/// What goals count from: the release, or the `anchor` of the windows where that is a time. Nothing when it is not known.
std::optional<core::Time> goals_from(const config::Metric& metric, const Clock& clock);

/// Where the goals of `metric` stand at `clock.now`, when data take `ingest_delay` to arrive: a goal is due when the data of
/// its moment are there. Empty when it has none, or when what they count from is not known.
std::vector<core::GoalStanding> stand(const config::Metric& metric, const Clock& clock, core::Duration ingest_delay);

/// The moment that the candidate window of `metric` ends at because of its goals: that of the last one that is due, of
/// whichever criterion, else that of the first of all. Nothing when it has none, or when its windows do not hang on the
/// release.
std::optional<core::Time> goal_moment(const config::Metric& metric, const std::vector<core::GoalStanding>& goals,
                                      core::Duration ingest_delay);

/// Whether nothing can be judged before `goals` are due: there is no other bound.
bool only_waits(const config::Metric& metric, const std::vector<core::GoalStanding>& goals);

/// When the first of `goals` that are not due is.
std::optional<core::Time> first_due(const std::vector<core::GoalStanding>& goals);

}  // namespace gate::plan
