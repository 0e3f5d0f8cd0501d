// Quantiles that lie beyond the buckets of their histogram: what can still be said of them, and in which words. Private to
// judge.
#pragma once

#include <optional>
#include <string>

#include "config/gate.h"
#include "core/report.h"

namespace gate::judge {

/// Where a value lies when it is no number: at or above the edge that stands in its place, or at or below it.
enum class Beyond { nowhere, above, below };

/// A value, or the edge that it lies beyond.
struct Reached {
  double value = 0.0;
  Beyond beyond = Beyond::nowhere;
};

/// "≥ 10 s".
std::string reached_text(const Reached& reached, const config::Metric& metric);

/// Whether a limit on the value is violated; nothing when the buckets do not tell.
std::optional<bool> violates_beyond(const config::Criterion& criterion, const config::Bound& bound, const Reached& candidate);

/// The outcome, reason and next of a bound on the value of a quantile beyond the buckets.
void judge_value_beyond(core::CriterionReport& out, const config::Metric& metric, const config::Criterion& criterion,
                        const Reached& candidate);

/// The reason and next of a bound on a change to or from beyond the buckets, whose outcome is known. No change is observed.
void explain_change_beyond(core::CriterionReport& out, const config::Metric& metric, const Reached& baseline,
                           const Reached& candidate);

/// "add buckets above 10 s".
std::string more_buckets(const Reached& beyond, const config::Metric& metric);

}  // namespace gate::judge
