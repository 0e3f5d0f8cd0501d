// The windows of an SLO: where each of them lies, and how it is sliced. Private to plan.
#pragma once

#include "config/gate.h"
#include "core/time.h"
#include "plan/plan.h"
#include "plan/steps.h"

namespace gate::plan {

/// Every window that a bound of `metric` (kind slo) needs, longest first, each once; all end at `end`. Without a bound: those
/// of the metric, or the period.
std::vector<Span> spans_of(const config::Metric& metric, core::Time end);

/// The grid of one of them. Slices are of a minute at least, unless the metric gives its own `step`, so that a counter that is
/// read every 15 or 30 seconds has grown in each; long windows have at most 120. Mistakes as make_grid's.
Grid grid_of_span(const config::Metric& metric, const MetricFacts& facts, core::Duration length,
                  core::Diagnostics& diagnostics);

/// "the window of 1 h reaches back before the release…" for spans that do; "" when none does.
std::string reach_note(const std::vector<Span>& spans, core::Time released);

}  // namespace gate::plan
