// What can be told of the questions of a metric before they are asked. Private to plan.
#pragma once

#include <string_view>

#include "config/gate.h"
#include "core/settings.h"
#include "core/time.h"
#include "plan/plan.h"
#include "plan/steps.h"

namespace gate::plan {

/// What the type of the source that `part` asks says of itself.
const core::SourceTypeSpec& spec_of(const config::Part& part, const config::Gate& gate, const Options& options);

/// Whether the part `name` is one number for the window, spread over slices.
bool has_spread(const config::Metric& metric, std::string_view name, const config::Gate& gate, const Options& options);

MetricFacts facts_of(const config::Metric& metric, const config::Gate& gate, const Options& options);

/// The metric's own, or the longest that its sources take.
core::Duration ingest_delay_of(const config::Metric& metric, const config::Gate& gate, const Options& options);

}  // namespace gate::plan
