// Reads `placebo` of [compare] and of metrics. Private to config.
#pragma once

#include <optional>

#include "config/gate.h"
#include "config/table_reader.h"

namespace gate::config {

/// The value of `placebo` in the table of `reader` over what `placebo` is already: its keys one by one, or `false` for none.
/// RG0203, RG0246.
void read_placebo(TableReader& reader, std::optional<Placebo>& placebo, const ReadContext& context);

/// Takes the placebo away from a metric that it cannot serve: RG0245 where the metric asks for one itself, or says that two
/// bare numbers decide.
void check_placebo(const TableReader& reader, Metric& metric, const ReadContext& context);

}  // namespace gate::config
