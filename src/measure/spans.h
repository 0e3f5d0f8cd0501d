// The windows of an SLO, from the answers to their questions. Private to measure.
#pragma once

#include <vector>

#include "core/measurement.h"
#include "measure/build.h"
#include "plan/plan.h"

namespace gate::measure {

/// Fills `out.spans`, and what charts show: the burn rate per slice of the longest window that a burn rate is taken over. The
/// first error in an answer is the measurement's. Every reply has an answer.
void fill_spans(core::Measurement& out, const plan::MetricPlan& plan, const std::vector<Reply>& replies);

}  // namespace gate::measure
