// Reads one [metrics.ID] table. Private to config.
#pragma once

#include <optional>
#include <string>

#include "config/gate.h"
#include "config/load.h"
#include "config/sections.h"
#include "config/table_reader.h"

namespace gate::config {

/// What a metric takes over from the sections of the file.
struct MetricDefaults {
  Compare compare;
  Statistics statistics;
  VerdictRules rules;
};

/// The metric, read as far as it can be; mistakes are diagnostics. nullopt when it is disabled. `gate` gives the sources.
std::optional<Metric> read_metric(const std::string& id, const core::Node& node, const Gate& gate,
                                  const MetricDefaults& defaults, const LoadOptions& options, const ReadContext& context);

}  // namespace gate::config
