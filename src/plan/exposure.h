// Parts of one metric from different systems: an exposure that is one number for the window beside events in slices, and slices
// of rows beside points of a database. Private to plan.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "config/gate.h"
#include "plan/plan.h"
#include "plan/steps.h"

namespace gate::plan {

/// Whether part `name` ("exposure", "baseline.exposure") of `metric` is one number for the whole window while its events come
/// in slices. `whole` says of a question whether it is asked for the whole window ({{window}}, different values). Only an
/// exposure may be so: a ratio needs events and total of the same slices.
bool is_spread(const config::Metric& metric, std::string_view name, const std::function<bool(const config::Part&)>& whole);

/// How such an exposure is asked beside events on `grid`.
Grid grid_of_exposure(const Grid& grid, core::SourceTypeSpec::Data data, core::Duration length);

/// What to know of such an exposure when the windows are not equally long; "" when they are.
std::string unequal_note(const MetricPlan& plan);

/// RG0309 when slices of rows and points of a database do not meet: the step must divide both windows.
void check_meeting(const config::Metric& metric, const MetricPlan& plan, core::Diagnostics& diagnostics);

}  // namespace gate::plan
