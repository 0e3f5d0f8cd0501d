// Checks: what is wrong with a question to Datadog, told before anything is sent, and what can be told from it for the plan.
#pragma once

#include "core/error.h"
#include "core/settings.h"

namespace gate::sources::datadog {

/// RG1602: not exactly one thing is asked for; RG1603: keys or words that do not fit it; RG1606: a query that cannot be
/// Datadog's; RG1607: a formula and its queries that do not fit; RG1608: {{window}} in a rollup. Warnings: RG1604: no explicit
/// rollup; RG1605: no aggregator; RG1609: counts that are averaged, or rates that are summed.
core::Diagnostics check_question(const core::Settings& query, const core::Settings& source);

/// An explicit rollup is the range of a question; without one it is asked step by step, as if {{step}} stood in it.
core::QueryFacts facts_of(const core::Settings& query);

}  // namespace gate::sources::datadog
