// Rows in the groups that their statistics need: parts of the window, or clusters (the rows of one user). Private to measure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/result.h"

namespace gate::measure {

/// Rows of `side.samples` in `parts` equal parts of `span`. For a mean they become batches (samples.values are means,
/// batch_sizes the rows in each); for a quantile they stay, in order of time, and group_sizes says how many lie in each part.
/// Fills what charts show.
void group_by_time(core::SideMeasurement& side, const core::Window& span, std::size_t parts, const config::Metric& metric);

/// The same by `ids`, one a row; of means, samples.ids says whose each is. Nothing is in order of time then; charts show parts
/// of the window all the same.
void group_by_cluster(core::SideMeasurement& side, const std::vector<std::string>& ids, const core::Window& span,
                      std::size_t parts, const config::Metric& metric);

/// Events and totals of the same clusters; a cluster that only one of them has counts 0 in the other. RG2004: more events than
/// total.
core::Result<core::Counts> pair_by_cluster(const core::Series& events, const core::Series& totals);

}  // namespace gate::measure
