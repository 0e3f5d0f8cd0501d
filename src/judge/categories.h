// Categories: the scorecard, from verdicts of metrics. Not for the gate's headline: that is headline.h.
#pragma once

#include <vector>

#include "core/report.h"

namespace gate::judge {

/// The worst verdict of the required metrics; a pass becomes a warning when an optional metric is not well. Skipped metrics
/// count not; skipped when no required metric was judged.
core::Verdict worst_of(const std::vector<const core::MetricReport*>& metrics);

/// A line a category: the ten of the packs in their order, measured or not, then what else the gate file names, in the order
/// of its metrics, then the metrics without a category. A category of optional metrics alone passes, or warns.
std::vector<core::CategoryReport> categories_of(const std::vector<core::MetricReport>& metrics);

}  // namespace gate::judge
