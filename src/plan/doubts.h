// Doubts: questions that can be asked, and whose answers would hardly be what is meant. Private to plan.
#pragma once

#include "core/error.h"
#include "plan/steps.h"

namespace gate::plan {

/// Warns of parts of a ratio that count over different times (RG0315), and of values in another unit than the names of what is
/// asked say (RG0316).
void warn_of_doubts(const config::Metric& metric, const MetricFacts& facts, const Grid& grid, core::Diagnostics& diagnostics);

}  // namespace gate::plan
