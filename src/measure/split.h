// The declared split of a side-by-side comparison, from the system that knows it. Private to measure.
#pragma once

#include <functional>
#include <vector>

#include "core/measurement.h"
#include "measure/build.h"
#include "plan/plan.h"

namespace gate::measure {

/// The measurements that `build` makes of the other replies, with the share that the part "split" answered. RG1962: it is no
/// share, or there is none; an error of its source is that of all measurements.
std::vector<core::Measurement> with_split(
    const plan::MetricPlan& plan, const std::vector<Reply>& replies,
    const std::function<std::vector<core::Measurement>(const plan::MetricPlan& plan, const std::vector<Reply>& replies)>&
        build);

}  // namespace gate::measure
