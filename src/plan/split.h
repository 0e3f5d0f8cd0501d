// The question for the share of the units that the candidate should get. Private to plan.
#pragma once

#include "config/gate.h"
#include "core/settings.h"
#include "plan/plan.h"

namespace gate::plan {

/// Adds the question of `out.metric->split`, as part "split" of the candidate: what holds now, where its source of `spec` knows
/// the present alone, else one number for the candidate's window. RG0310: its rows are no one number.
void add_split(MetricPlan& out, const config::Gate& gate, const core::SourceTypeSpec& spec, core::Diagnostics& diagnostics);

}  // namespace gate::plan
