// The evidence of a run, as a folder: what was asked and answered, the gate file, the clock and what came from outside, the
// report, checksums, and a statement to sign. Written by --record, read by --replay.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/streams.h"
#include "cli/watch.h"
#include "config/gate.h"
#include "core/past.h"
#include "core/report.h"
#include "core/result.h"
#include "core/time.h"

namespace gate::cli {

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
  bool exit_zero = false;
  std::string override_reason;
  std::string override_actor;
  std::optional<WatchRecord> watch;
  std::map<std::string, std::string> environment;  ///< values of variables that were read; secrets as "***"
  std::map<std::string, std::string> files;        ///< contents of files that were read; secrets as "***"
  std::string run_id;                              ///< under which a history keeps it
  std::string revision;                            ///< the commit
  std::optional<core::Past> past;                  ///< what was read from the history, if anything was wanted of it
  std::optional<core::Releases> releases;          ///< likewise, for placebos
};

/// Surroundings that keep what was read from `inner` in `record`.
config::Surroundings recording_surroundings(const config::Surroundings& inner, RunRecord& record);
/// Surroundings that know only what `record` holds.
config::Surroundings recorded_surroundings(const RunRecord& record);
/// Replaces the values that `gate` uses as secrets by "***".
void mask_secrets(RunRecord& record, const config::Gate& gate);

/// Makes the folder and checks that it is empty and can be written. RG0020.
core::Result<bool> prepare_bundle(const std::string& directory);
/// Writes everything but the exchanges, which the tape has written already; checksums last. RG0020.
core::Result<bool> write_bundle(const std::string& directory, const RunRecord& record, const core::Report& report);
/// Reads run and gate file and checks every checksum. RG0021: no bundle; RG0022: a file was changed.
core::Result<RunRecord> read_bundle(const std::string& directory);

}  // namespace gate::cli
