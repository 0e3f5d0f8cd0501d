// A metric under Kayenta's rules: what stats/kayenta.h says, as a criterion of a report. Not for our own claims.
#pragma once

#include <string>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/report.h"
#include "core/time.h"

namespace gate::judge {

/// Classifies the samples of `measurement` by `metric.kayenta` and settles `out`: High, Low and NodataFailMetric violate the
/// one criterion, Nodata and Error leave it without data. Precondition: metric.kayenta, and one criterion of rule kayenta.
void judge_kayenta(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement, core::Time now);

/// "no rise", "mean up to 1.1 ×": what the rules allow.
std::string kayenta_limit(const config::Kayenta& rules);

}  // namespace gate::judge
