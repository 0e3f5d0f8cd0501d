// The present: questions without windows, about what a system holds now (the newest analysis, a state). Private to plan.
#pragma once

#include <optional>

#include "config/gate.h"
#include "core/error.h"
#include "core/time.h"
#include "plan/plan.h"
#include "plan/steps.h"

namespace gate::plan {

/// Whether `metric` is asked for as it is now.
bool is_present(const config::Metric& metric, const MetricFacts& facts);

/// Whether the time of the deployment must be known to ask for it: where it tells the baseline's value from the candidate's.
bool present_needs_deployment(const config::Metric& metric, const MetricFacts& facts);

/// How the two sides are asked.
struct Present {
  bool has_baseline = false;
  std::optional<core::Time> before;       ///< Question::before of the baseline
  std::optional<core::Time> released_at;  ///< Question::released_at of both
};

/// Without a time of the deployment nothing of before it is asked for. RG0320: a kind that needs many values.
Present make_present(const config::Metric& metric, const MetricFacts& facts, const Clock& clock,
                     core::Diagnostics& diagnostics);

}  // namespace gate::plan
