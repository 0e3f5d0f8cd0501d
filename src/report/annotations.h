// Annotations: what needs an eye, as the commands by which a pipeline shows it beside its log or on the diff. Not the log
// itself (log.h).
#pragma once

#include <cstddef>
#include <string>

#include "core/report.h"

namespace gate::report {

enum class Pipeline { github, azure };

/// GitHub and Azure show no more of each kind from one step, and say nothing of the rest.
inline constexpr std::size_t kMostAnnotations = 10;

/// One command a line, worst first: an error for each metric that fails or could not be asked, a warning for what is open or
/// warns, at the deciding criterion's line of the gate file (a pack's line is no line of the repository); at most
/// kMostAnnotations of each, then how many more. Text from outside cannot end a command or begin one.
/// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions,
/// https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
std::string annotations(const core::Report& report, Pipeline pipeline);

}  // namespace gate::report
