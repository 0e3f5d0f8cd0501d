// What the units of both sides did before the rollout, from the answers to the questions about it. Private to measure.
#pragma once

#include <vector>

#include "core/measurement.h"
#include "measure/build.h"
#include "measure/placebo.h"
#include "plan/plan.h"

namespace gate::measure {

/// The measurements of the release, made by `build`, each unit with its sums and rows of `plan.pre_period`, series by series.
/// A unit's rows count on whichever side they were found. What could not be asked or used is the error of all of them. As
/// `build` makes them where nothing was asked about it.
std::vector<core::Measurement> with_pre_period(const plan::MetricPlan& plan, const std::vector<Reply>& replies,
                                               const BuildSides& build);

}  // namespace gate::measure
