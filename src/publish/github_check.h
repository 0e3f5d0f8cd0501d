// Github check: what a check run and a commit status say of a report. Bodies of requests, no requests.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/report.h"

namespace gate::publish {

/// https://docs.github.com/rest/checks/runs
inline constexpr std::size_t kMostCheckAnnotations = 50;
inline constexpr std::size_t kMostCheckCharacters = 65535;
/// Ten requests full: what nobody reads any more is counted instead.
inline constexpr std::size_t kMostAnnotationsOfAll = 500;
/// https://docs.github.com/rest/commits/statuses
inline constexpr std::size_t kMostStatusDescription = 140;

/// "release-gate: checkout-api".
std::string check_name(const core::Report& report);
/// "success", "failure", "action_required" (inconclusive: somebody has to wait or decide, and the branch stays protected), or
/// "neutral" for what was let through in spite of its verdict.
std::string check_conclusion(const core::Report& report);

/// Bodies in JSON: the first makes the check run, the others add annotations to it.
struct CheckPieces {
  std::string create;
  std::vector<std::string> updates;
};

/// One annotation a criterion that does not hold, worst first, on its line of `gate_path` (from the root of the repository; ""
/// for none): failure for what fails or errs, warning for what warns or blocks because it is open, notice for the rest. What
/// stands in a pack is shown on the first line.
CheckPieces check_pieces(const core::Report& report, const std::string& gate_path, const std::string& sha,
                         const std::string& report_url);

/// "success", "failure" or "error", as the exit code has it.
std::string status_body(const core::Report& report, const std::string& report_url);
/// "FAIL: p99 latency +31 % (limit +10 %)", with who let it through.
std::string status_description(const core::Report& report);

}  // namespace gate::publish
