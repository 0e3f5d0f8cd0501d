// Runner files: what a step leaves for its job: the summary and the outputs of GitHub Actions. No requests.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/report.h"
#include "core/result.h"

namespace gate::publish {

/// GitHub drops a longer summary of a step whole, and takes no more outputs of a job.
inline constexpr std::size_t kMostSummaryBytes = std::size_t{1} << 20U;
inline constexpr std::size_t kMostOutputBytes = std::size_t{1} << 20U;

/// Appends `text` to the file at `path`, which the runner made. RG3006: it cannot be written, or would have more than `most`
/// bytes (then it stays as it is).
core::Result<bool> append_to(const std::string& path, const std::string& text, std::size_t most);

using Outputs = std::vector<std::pair<std::string, std::string>>;

/// verdict, exit-code and headline, then `more`.
Outputs outputs_of(const core::Report& report, const Outputs& more);
/// Each output as "NAME<<DELIMITER", its text and the delimiter on lines of their own. RG3006 when a text holds the delimiter:
/// it would end there, and what follows would be an output of somebody else's choosing.
core::Result<std::string> outputs_text(const Outputs& outputs, const std::string& delimiter);
/// "ghadelimiter_" and 32 random hexadecimal digits.
std::string new_delimiter();

}  // namespace gate::publish
