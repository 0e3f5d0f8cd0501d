// Parts that are another metric's question: { metric = "id" }. Private to config.
#pragma once

#include <string>
#include <vector>

#include "config/gate.h"
#include "config/table_reader.h"

namespace gate::config {

/// Puts the questions of other metrics where parts name them. `declared` holds the ids of all metrics of the file, also of
/// those that could not be read or are off. RG0515: there is no such metric; RG0516: it has no question that could be a part. A
/// metric that is named and could not be read leaves its part out.
void resolve_parts(Gate& gate, const std::vector<std::string>& declared, const ReadContext& context);

}  // namespace gate::config
