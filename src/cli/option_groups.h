// Options that several commands share, described once. Not for what they mean: that is the commands'.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/options.h"

namespace gate::cli {

/// Which gate is meant, at which time, and for which of its metrics.
void add_gate_options(CLI::App& command, GateOptions& gate);
/// Asking, recording and replaying.
/// --untrusted, and what such a file may use all the same.
void add_trust_options(CLI::App& command, TrustOptions& trust);
void add_run_options(CLI::App& command, CheckOptions& check);
/// What publishing needs to know.
void add_publish_options(CLI::App& command, PublishOptions& publish);
/// What becomes of the verdict: reports, publishing, exit codes. After add_run_options.
void add_report_options(CLI::App& command, CheckOptions& check);
/// Throws CLI::RequiresError where options about publishing are given and nothing is published.
void need_publish(const CLI::App& command);

}  // namespace gate::cli
