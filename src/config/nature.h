// Nature: what a metric's question is by itself, as its source tells before anything else of the metric is read. Private to
// config.
#pragma once

#include <optional>

#include "config/gate.h"
#include "config/load.h"
#include "config/table_reader.h"
#include "core/settings.h"

namespace gate::config {

/// What the source tells of `keys`, a table of a question's keys as they are written, variables still in them. nullopt when
/// there is no key or the source tells nothing.
std::optional<core::QueryFacts> written_facts(const core::Node& keys, const SourceEntry& entry);

/// The same for the question that stands in the metric itself, or in its `candidate`; nullopt also when its source is not
/// known.
std::optional<core::QueryFacts> nature_of(const TableReader& reader, const Metric& metric, const Gate& gate,
                                          const LoadOptions& options);

/// The kind of a metric that names none.
Kind natural_kind(const core::QueryFacts& nature);

/// RG0235: the kind does not fit what is asked.
void check_nature(TableReader& reader, const Metric& metric, const std::optional<core::QueryFacts>& nature,
                  const ReadContext& context);

/// Reads `required` of a status and refuses what a state has no use for. RG0234: bounds, `each`.
void read_state_criterion(TableReader& reader, Metric& metric, const ReadContext& context);

}  // namespace gate::config
