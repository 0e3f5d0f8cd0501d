// The pre-period of a covariate: what the units of a side-by-side comparison did before the rollout. Private to plan.
#pragma once

#include "plan/plan.h"

namespace gate::plan {

/// Gives `metric`, whose own questions are made, the same again over the window before the rollout, for both sides: whoever is
/// the candidate's now may have been counted on either side then. Nothing for metrics without a covariate.
void add_pre_period(MetricPlan& metric, const Clock& clock);

}  // namespace gate::plan
