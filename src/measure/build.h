// Builds the measurements of one metric from the answers to its questions. Pure: the asking is run.cpp's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/measurement.h"
#include "core/result.h"
#include "core/samples.h"
#include "plan/plan.h"

namespace gate::measure {

/// What came of one Ask: an answer, or the error that prevented it.
struct Reply {
  const plan::Ask* ask = nullptr;
  std::optional<core::Answer> answer;
  std::optional<core::Error> error;
};

/// One measurement, or one for each series when the metric says `each`. Errors are in the measurement, with the source, side
/// and window they came from; a metric that is pending or left out needs no replies.
std::vector<core::Measurement> build_measurements(const plan::MetricPlan& plan, const std::vector<Reply>& replies);

}  // namespace gate::measure
