// Reads [metrics.ID.fail] and [metrics.ID.warn]: rules, bounds and their units. Private to config.
#pragma once

#include <optional>
#include <vector>

#include "config/gate.h"
#include "config/table_reader.h"

namespace gate::config {

/// The criteria of one table, rules on the value first. `metric` gives the unit that bounds are converted to and what is
/// better.
std::vector<Criterion> read_criteria(const core::Node& node, core::Level level, const Metric& metric,
                                     const ReadContext& context);

/// One bound of `rule`. On the change it is a share of the baseline ("10%"), percentage points of a proportion ("0.2pp"), or an
/// amount in the metric's unit; on the value an amount in it. nullopt, and a diagnostic, when it is none.
std::optional<Bound> read_bound(const core::Node& node, Rule rule, const Metric& metric, const ReadContext& context);

}  // namespace gate::config
