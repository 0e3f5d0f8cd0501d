// The history of a run: where it lies, what is read from it before judging, and the run that is kept in it afterwards.
#pragma once

#include <optional>
#include <string>

#include "cli/input.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "core/past.h"
#include "core/result.h"
#include "history/location.h"
#include "history/store.h"

namespace gate::cli {

/// The environment variable that --history falls back to, so that a password need not stand on a command line.
inline constexpr const char* kHistoryVariable = "RELEASE_GATE_HISTORY";

/// The history that is meant; nothing when none is. RG0601.
core::Result<std::optional<history::Location>> history_location(const std::string& option, const World& world);

/// How long a history is waited for. A signal ends the wait.
history::Limits history_limits(core::Duration longest);

/// Whether a metric that is asked cannot be judged without earlier releases.
bool needs_past(const Input& input);
/// Whether one is compared with them where there is a history.
bool asks_past(const Input& input);

/// What the history has of the metrics that are compared with it; an error in it when it cannot be read. RG0602 in it without a
/// location.
core::Past read_past(const std::optional<history::Location>& location, const Input& input, core::Duration longest);

/// Whether a metric that is asked has a placebo, so that the days of earlier releases matter.
bool needs_releases(const Input& input);

/// When this gate judged releases before; an error in it when the history cannot be read.
core::Releases read_releases(const history::Location& location, const Input& input, core::Duration longest);

/// "20260317T120400Z-1f0a9c…": by time, and unlike any other.
std::string make_run_id(core::Time started);

/// Who runs the program, as the pipeline or the machine says; "unknown" when neither does.
std::string current_actor(const World& world);

/// The commit that the pipeline says it runs for; "" when it does not say.
std::string current_revision(const World& world);

/// Keeps the run of `session` where it is to be kept, and says so or what went wrong on world.err. False when it is not kept.
bool keep_run(const Session& session, bool quiet, World& world);

}  // namespace gate::cli
