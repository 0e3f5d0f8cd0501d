// [metrics.ID.kayenta]: the keys of Kayenta's judge.
#pragma once

#include "config/gate.h"
#include "config/table_reader.h"

namespace gate::config {

/// Whether `metric` is judged by Kayenta's rules: its method says so, and its kind has samples.
bool is_kayenta(const Metric& metric);

/// Reads [metrics.ID.kayenta] into `metric.kayenta`, and its one criterion with it. Only for metrics that is_kayenta says so
/// of: a table without the method is RG0220, bounds beside it and a design without samples of a baseline are RG0239.
void read_kayenta(TableReader& reader, Metric& metric, const ReadContext& context);

}  // namespace gate::config
