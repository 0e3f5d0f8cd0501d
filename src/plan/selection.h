// Which metrics are asked: what --only and --stage keep, and what formulas need of the others. Private to plan.
#pragma once

#include <set>
#include <string>

#include "config/gate.h"
#include "plan/plan.h"

namespace gate::plan {

bool is_kept(const config::Metric& metric, const Options& options);

/// The metrics that formulas of kept ones need, through as many formulas as it takes.
std::set<std::string> needed_by_formulas(const config::Gate& gate, const Options& options);

/// RG0303: --only or --stage names nothing.
void check_selection(const config::Gate& gate, const Options& options, core::Diagnostics& diagnostics);

}  // namespace gate::plan
