// Log: the report in the log of a CI job: words, not symbols, so that `grep ^FAIL` works; no Unicode; nothing is redrawn or
// cut.
#pragma once

#include <cstddef>
#include <string>

#include "core/report.h"
#include "report/terminal.h"

namespace gate::report {

/// The headline and a line a metric, each starting with its verdict's word in 12 columns; what to do is indented below it.
std::string to_log(const core::Report& report, Colour colour, Detail detail);

/// Workflow commands of GitHub Actions that put the findings on the diff: ::error for fail and error, ::warning for
/// inconclusive and warn, at the criterion's line of the gate file; at most kMostAnnotations of each, then how many more.
/// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
std::string github_annotations(const core::Report& report);

/// GitHub shows no more of each kind from one step.
inline constexpr std::size_t kMostAnnotations = 10;

}  // namespace gate::report
