// The evidence of a run, as a folder: what was asked and answered, the gate file, the clock and what came from outside, the
// report, checksums, and a statement to sign. Written by --record, read by --replay.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/input.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "cli/watch.h"
#include "config/gate.h"
#include "core/backtest.h"
#include "core/past.h"
#include "core/report.h"
#include "core/result.h"
#include "core/time.h"
#include "http/tape.h"

namespace gate::cli {

/// The releases that never were, as the evidence of a backtest keeps them.
struct BacktestRecord {
  core::Time from{};
  core::Time to{};
  core::Duration every{};
  std::size_t taken = 0;  ///< of its times, in their order: fewer than all when a signal ended it
  int signal = 0;         ///< that ended it, 0 for none
};

/// What a run took from outside, beside the answers: enough to do it again elsewhere.
struct RunRecord {
  std::string gate_file;
  std::string gate_text;
  std::string tool_version;
  core::Time now{};
  core::Time started_at{};
  core::Time finished_at{};
  std::optional<core::Time> deployed_at;  ///< --deployed-at
  std::vector<std::string> settings;
  std::string stage;
  std::vector<std::string> only;
  TrustOptions trust;
  std::string guest_file;  ///< under a policy, which is the gate file: the file that added to it
  bool exit_zero = false;
  std::string override_reason;
  std::string override_actor;
  std::optional<WatchRecord> watch;
  std::optional<BacktestRecord> backtest;
  std::map<std::string, std::string> environment;  ///< values of variables that were read; secrets as "***"
  std::map<std::string, std::string> files;        ///< contents of files that were read; secrets as "***"
  std::string run_id;                              ///< under which a history keeps it
  std::string revision;                            ///< the commit
  std::optional<core::Past> past;                  ///< what was read from the history, if anything was wanted of it
  std::optional<core::Releases> releases;          ///< likewise, for placebos
};

/// Surroundings that keep what was read from `inner` in `record`.
config::Surroundings recording_surroundings(const config::Surroundings& inner, RunRecord& record);
/// Surroundings that know only what `record` holds, the gate file among it.
config::Surroundings recorded_surroundings(const RunRecord& record);
/// What was asked about, as `record` has it.
void take_over(const RunRecord& record, GateOptions& options);
/// The other way round, for what `options` say and `input` was read from; secrets are masked.
void put_down(RunRecord& record, const GateOptions& options, const Input& input);

/// The tape of a run that is recorded in one folder, or replayed from another, which exclude each other; none for neither.
/// Makes the folder of a recording. RG0020, RG1080, RG1081.
core::Result<std::optional<http::Tape>> open_tape(const std::string& record, const std::string& replay);
/// Writes everything but the exchanges, which the tape has written already; checksums last. RG0020.
core::Result<bool> write_bundle(const std::string& directory, const RunRecord& record, const core::Report& report);
/// Likewise for a backtest, whose report has no verdict and so no statement.
core::Result<bool> write_bundle(const std::string& directory, const RunRecord& record, const core::BacktestReport& report);

/// What a recording holds: one release, judged once or looked at, or a backtest.
enum class Recorded { run, backtest };
/// Reads run and gate file and checks every checksum. RG0021: no bundle, or none of this sort; RG0022: a file was changed.
core::Result<RunRecord> read_bundle(const std::string& directory, Recorded sort);

}  // namespace gate::cli
