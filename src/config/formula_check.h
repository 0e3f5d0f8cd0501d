// The formula of a metric of kind derived: reads it, and checks it against the metrics it names. Private to config.
#pragma once

#include <string>
#include <vector>

#include "config/gate.h"
#include "config/table_reader.h"

namespace gate::config {

/// `formula` of a metric of kind derived; keys of questions beside it are RG0219. RG0240: it cannot be read; RG0242: it divides
/// by zero. RG0220 (warning): windows, which are those of its metrics.
void read_formula(TableReader& reader, Metric& metric, const ReadContext& context);

/// All formulas of `gate` against its metrics, of which `declared` are the names, read or not. RG0515: no such metric; RG0516:
/// a metric that cannot be in a formula, or formulas that go in a circle; RG0241: dimensions that do not fit each other or the
/// `unit`; RG0218: a bound on a change where a part has no baseline. A derived metric takes the design of its parts. One whose
/// formula is wrong loses it.
void check_formulas(Gate& gate, const std::vector<std::string>& declared, const ReadContext& context);

}  // namespace gate::config
