// Reads [metrics.ID.fail] and [metrics.ID.warn]: rules, bounds and their units. Private to config.
#pragma once

#include <vector>

#include "config/gate.h"
#include "config/table_reader.h"

namespace gate::config {

/// The criteria of one table, rules on the value first. `metric` gives the unit that bounds are converted to and what is
/// better.
std::vector<Criterion> read_criteria(const core::Node& node, core::Level level, const Metric& metric,
                                     const ReadContext& context);

}  // namespace gate::config
