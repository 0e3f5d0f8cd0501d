// Reads what bounds have to do with time: `goals`, which change with it, and `from`, before which none is judged. Private to
// config.
#pragma once

#include <optional>
#include <vector>

#include "config/gate.h"
#include "config/table_reader.h"

namespace gate::config {

/// The criterion of `goals = [{ after = "7d", at_least = "10%" }, …]`; nothing when there is none. RG0247: a goal without one
/// bound, not later than the one before it, or beside a bound that says what the value must be all the time.
std::optional<Criterion> read_goals(TableReader& reader, core::Level level, const Metric& metric, const ReadContext& context);

/// `from = TIME`: the criteria of one table are not evaluated earlier. RG0221, RG0407.
void read_from(TableReader& reader, std::vector<Criterion>& criteria, const ReadContext& context);

}  // namespace gate::config
