// Sample-ratio mismatch: a side-by-side comparison whose units were not divided as the gate file says.
#pragma once

#include <optional>

#include "config/gate.h"
#include "core/measurement.h"
#include "judge/evidence.h"

namespace gate::judge {

/// Thin evidence, when the units of both sides (clusters, or the totals of a ratio) are so far from the declared split that it
/// happens in one of a thousand releases: whatever divides them wrongly may make the difference, too. Nothing where no split is
/// declared, or nothing is counted.
std::optional<SideEvidence> split_mismatch(const config::Metric& metric, const core::Measurement& measurement);

}  // namespace gate::judge
