// The earlier days of a placebo, from the answers to their questions. Private to measure.
#pragma once

#include <functional>
#include <vector>

#include "core/measurement.h"
#include "measure/build.h"
#include "plan/plan.h"

namespace gate::measure {

/// How the sides of one day are made: as those of the release.
using BuildSides =
    std::function<std::vector<core::Measurement>(const plan::MetricPlan& plan, const std::vector<Reply>& replies)>;

/// The measurements of the release with each day of `plan.placebo` beside them, series by series. A day that could not be
/// asked, or whose answer could not be used, is the error of all of them, and so is a history that could not be read.
std::vector<core::Measurement> with_placebo(const plan::MetricPlan& plan, const std::vector<Reply>& replies,
                                            const BuildSides& build);

}  // namespace gate::measure
