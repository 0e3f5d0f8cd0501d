// Reads what of a metric's data is judged: the aggregate, the quantile of a histogram, the method and the units that count as
// independent. Private to config.
#pragma once

#include "config/gate.h"
#include "config/load.h"
#include "config/sections.h"
#include "config/table_reader.h"

namespace gate::config {

/// `aggregate`. RG0214: one that this kind does not have, or that has no interval.
void read_aggregate(TableReader& reader, Metric& metric, const ReadContext& context);

/// RG0215 when the metric's own `method` is for another kind, or contradicts its `aggregate`. `method = "median"` is an
/// aggregate, too.
void check_method(Metric& metric, const Statistics& statistics, const ReadContext& context);

/// `quantile` of a histogram: required there (RG0103), inside (0, 1) (RG0203), and RG0219 in a metric of another kind.
void read_quantile(TableReader& reader, Metric& metric, const ReadContext& context);

/// `cluster`, where the kind and the source have rows with columns. RG0238 for a metric's own that has none; that of [compare]
/// holds where it can.
void settle_cluster(Metric& metric, const Statistics& statistics, const Gate& gate, const LoadOptions& options,
                    const ReadContext& context);

/// `covariate`, for means and ratios of users side by side. RG0255 for a metric's own that cannot be had; that of [compare]
/// holds where it can.
void settle_covariate(Metric& metric, const Statistics& statistics, const ReadContext& context);

}  // namespace gate::config
