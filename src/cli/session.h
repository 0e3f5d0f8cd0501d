// One evaluation from plan to report: client, signals, tape, measuring and judging. Shared by check and query.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/bundle.h"
#include "cli/input.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "core/report.h"
#include "history/location.h"
#include "http/client.h"

namespace gate::cli {

struct Session {
  Input input;
  RunRecord record;
  core::Report report;
  std::optional<history::Location> history;     ///< where the run is to be kept
  std::chrono::steady_clock::time_point until;  ///< --deadline, for asking and for the history together
};

/// Until then; 0 when it is over.
core::Duration time_left(const Session& session);

/// Reads what `options` names (a gate file, or a recorded run), asks and judges. nullopt when nothing was asked, with `status`
/// the exit code to give. Errors are printed. SIGINT and SIGTERM end the asking early: the report holds what was known and the
/// exit code of the signal, if the command holds a SignalGuard.
std::optional<Session> evaluate(const CheckOptions& options, World& world, int& status);

/// No text from a server shows a secret of `gate` after this.
void protect_secrets(http::Client& client, const config::Gate& gate);

/// "the server's clock is 2 m ahead of ours", where that is more than half a minute; else "".
std::string skew_words(core::Duration skew);

}  // namespace gate::cli
