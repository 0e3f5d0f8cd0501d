// Asking a plan's questions: the client, its tape, progress and signals around measure. Shared by one evaluation and by watch.
#pragma once

#include <functional>
#include <vector>

#include "cli/streams.h"
#include "config/gate.h"
#include "core/past.h"
#include "core/report.h"
#include "core/time.h"
#include "http/client.h"
#include "http/tape.h"
#include "judge/judge.h"
#include "measure/run.h"
#include "plan/plan.h"

namespace gate::cli {

/// Where a client may go that asks for `gate`.
http::Options options_for(const config::Gate& gate);

struct Asking {
  core::Duration deadline{};
  http::Tape* tape = nullptr;  ///< records to it, or answers from it
  bool shows_progress = true;
  const core::Past* past = nullptr;  ///< what the history has; outlives the asking
};

/// What asking has found: the report that it comes to however the run ends, and who was asked.
struct Found {
  std::function<core::Report(const judge::Ending&)> report;
  std::vector<measure::SourceInfo> sources;
};

/// Runs `ask` with a client that a signal interrupts, that knows the secrets of `gate`, and whose progress is shown.
void with_client(const config::Gate& gate, const Asking& asking, World& world, const std::function<void(http::Client&)>& ask);

}  // namespace gate::cli
