// Covariate: two groups of users compared with less noise, by what the same users did before the rollout. Private to judge.
#pragma once

#include <string>

#include "config/gate.h"
#include "core/measurement.h"
#include "judge/comparison.h"
#include "stats/harm.h"

namespace gate::judge {

/// stats/cuped.h over the users of both sides. Unusable where the adjustment cannot be had (nothing is known of the users
/// before, or a side has fewer than five events, or five of the others): then the comparison without it is right, too.
MadeComparison compare_with_covariate(const config::Metric& metric, const core::Measurement& measurement);

/// What the adjustment was worth, or why there is none. Precondition: metric.covariate.
std::string covariate_note(const config::Metric& metric, const core::Measurement& measurement, const stats::Change& change);

}  // namespace gate::judge
