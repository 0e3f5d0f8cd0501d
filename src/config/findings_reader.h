// Reads what only metrics of kind findings have: which of them are counted, and what that asks of the source. Private to
// config.
#pragma once

#include "config/gate.h"
#include "config/loading.h"
#include "config/table_reader.h"

namespace gate::config {

/// `count` of a metric of kind findings; RG0219 in a metric of another kind. RG0248: none, or what has no meaning beside it.
void read_findings(TableReader& reader, Metric& metric, const ReadContext& context);

/// RG0248 for a bound on the change of what is a change already.
void check_findings_bounds(const Metric& metric, const ReadContext& context);

/// Puts the measure that `count` stands for into the question. False, and RG0248, when the source knows no findings or the
/// question says itself what is measured.
bool ask_for_findings(Part& part, const SourceEntry& entry, Metric& metric, const ReadContext& context);

}  // namespace gate::config
