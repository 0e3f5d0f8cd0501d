// Buckets of a histogram from the answers to its questions: Prometheus' classic ones (a series for each `le`) and native ones.
// Private to measure.
#pragma once

#include <span>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/result.h"
#include "core/samples.h"
#include "measure/build.h"
#include "plan/plan.h"

namespace gate::measure {

/// The buckets of one histogram. Classic ones count up to their `le`: counts of one bucket are differences, never below 0 (as
/// histogram_quantile() takes them, since servers do not count all buckets at the same instant); the lowest starts at 0 when
/// its bound is above 0. Native ones of different resolution are merged into the coarser. A slice without a usable count is
/// left out; `expected` slices that did not come are counted as dropped. RG2007: a series without `le`, a bound that is no
/// number, no bound +Inf, or classic and native ones together; RG2001: buckets of several histograms, unless combine = "sum".
core::Result<core::BucketCounts> buckets_of(std::span<const core::Series> series, std::size_t expected,
                                            const config::Metric& metric);

/// The measurements of a histogram: one, or one for each value of `each`, from `common`, which has windows, evidence and notes.
std::vector<core::Measurement> fill_histograms(const core::Measurement& common, const plan::MetricPlan& plan,
                                               const std::vector<Reply>& replies);

}  // namespace gate::measure
