// Reads what only metrics of kind slo have: the objective, the period of the error budget, burn rates over windows. Private to
// config.
#pragma once

#include <vector>

#include "config/gate.h"
#include "config/table_reader.h"

namespace gate::config {

/// `objective`, `period` and `windows` of a metric of kind slo, which has a candidate alone and no unit of its own; in a metric
/// of another kind these keys are RG0219. RG0203: an objective that is no share between 0 and 100 %. RG0220 (warning): keys
/// without effect.
void read_slo(TableReader& reader, Metric& metric, const ReadContext& context);

/// The bounds of one table: burn_over with its windows, budget_left_below, from. RG0243: a burn rate that cannot be reached.
/// RG0244: no windows, or windows that make no sense.
std::vector<Criterion> read_slo_criteria(const core::Node& node, core::Level level, const Metric& metric,
                                         const ReadContext& context);

/// RG0219 for bounds of an SLO in a metric of another kind.
void refuse_slo_bounds(TableReader& reader, const Metric& metric, const ReadContext& context);

/// The tables of bounds in the value of `fail` or `warn`: itself, or, for an SLO, each of a list ([[metrics.ID.fail]]).
std::vector<const core::Node*> tables_of_bounds(const core::Node& node, const Metric& metric);

/// A share: "99.9%" or a bare fraction, in `text` as it was written. nullopt, and RG0203 or RG0407, when it is none.
std::optional<double> read_share(const core::Node& node, const std::string& path, const ReadContext& context,
                                 std::string& text);

}  // namespace gate::config
