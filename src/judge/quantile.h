// Metrics that are judged by a quantile: of single values, or of the buckets of a histogram. Private to judge.
#pragma once

#include <optional>

#include "config/gate.h"
#include "core/measurement.h"
#include "judge/comparison.h"
#include "stats/histogram.h"

namespace gate::judge {

/// The quantile of one side's values; nothing without any.
std::optional<double> sample_quantile(const config::Metric& metric, const core::SideMeasurement& side);

/// Where the quantile of one side's buckets lies; nothing without a count.
std::optional<stats::BucketQuantile> bucket_quantile(const config::Metric& metric, const core::SideMeasurement& side);

/// The same as a number; nothing when it lies beyond the edges, too.
std::optional<double> histogram_quantile(const config::Metric& metric, const core::SideMeasurement& side);

MadeComparison compare_quantiles(const config::Metric& metric, const core::SideMeasurement& baseline,
                                 const core::SideMeasurement& candidate);
MadeComparison compare_histograms(const config::Metric& metric, const core::SideMeasurement& baseline,
                                  const core::SideMeasurement& candidate);

/// How many independent values a side must be worth: 3, or for a quantile of single values five beyond it.
double least_independent(const config::Metric& metric);

}  // namespace gate::judge
