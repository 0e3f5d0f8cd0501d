// Reads the questions of a metric: the keys of its source, and the parts events, total, exposure, baseline and candidate.
// Private to config.
#pragma once

#include "config/gate.h"
#include "config/load.h"
#include "config/table_reader.h"

namespace gate::config {

/// Fills metric.split from `compare.split_question`, where there is one.
void read_split_question(Metric& metric, const Gate& gate, const LoadOptions& options, const ReadContext& context);

/// Fills metric.parts. Keys of the metric's source that stand in the metric itself hold for all its parts; a part's own keys
/// are laid over them.
void read_parts(TableReader& reader, Metric& metric, const Gate& gate, const LoadOptions& options, const ReadContext& context);

}  // namespace gate::config
