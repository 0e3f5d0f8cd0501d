// History: how earlier runs of a gate ended, kept as a hidden line in the comment itself, and the line of it that people see.
// Not for a store of measurements: this knows a word and a commit a run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/report.h"

namespace gate::publish {

/// How many runs are remembered, and how many of them are shown.
inline constexpr std::size_t kKeptRuns = 10;
inline constexpr std::size_t kShownRuns = 5;
/// history_line() and history_state() together are never longer.
inline constexpr std::size_t kMostHistoryBytes = 1900;

struct PastRun {
  std::string word;    ///< "fail", "error", "inconclusive", "pending", "warn" or "pass"
  std::string commit;  ///< 7 to 64 hexadecimal digits, "" when unknown
  std::string key;     ///< report_key()
};

/// `runs` counts all there were, also those that are no longer remembered.
struct History {
  std::uint64_t runs = 0;
  std::vector<PastRun> latest_first;
};

/// Tells one run from another: 16 hexadecimal digits of the digest of the JSON report. The same report published twice is one
/// run.
std::string report_key(const core::Report& report);
/// The run behind `report`, of `commit` (anything but hexadecimal digits counts as unknown).
PastRun run_of(const core::Report& report, std::string_view commit);

/// What history_state() wrote on the last line of `body`. Anybody who may edit the comment may have changed it: whatever is not
/// exactly of its form is no history, and the count starts anew.
History read_history(std::string_view body);
/// `history` with `run` as its latest; a run that is in it already is not counted twice.
History with_run(History history, PastRun run);

/// "<!-- release-gate-runs 3 fail:9f2c1ab:… pass:…:… -->", without a line break.
std::string history_state(const History& history);
/// "run 3: FAIL ← PASS ← PASS · `9f2c1ab` · [full report](url)"; the parts that are not known are left out.
std::string history_line(const History& history, const std::string& report_url);

}  // namespace gate::publish
