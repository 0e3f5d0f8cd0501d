// The windows of one metric: where baseline and candidate lie in time, and when the candidate is due. Private to plan.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/time.h"
#include "plan/plan.h"

namespace gate::plan {

struct Windows {
  std::optional<core::Window> baseline;
  std::optional<core::Window> candidate;
  std::optional<core::Time> due;
  bool pending = false;
  std::vector<std::string> notes;
};

/// The windows of `compare` around the release in `clock`. `ingest_delay` is how long data take to arrive. A candidate window
/// that is not over is pending, or cut short when the author wants that and at least `shortest` is left, which is what one
/// point takes. With a `goal` the candidate window ends there and not `candidate.window` after the release; it does not reach
/// back before the release and its `settle`.
Windows make_windows(const config::Compare& compare, const Clock& clock, core::Duration ingest_delay, core::Duration shortest,
                     std::optional<core::Time> goal = std::nullopt);

/// The baseline window before the rollout, which a side-by-side comparison does not ask about otherwise: what units did before.
core::Window window_before(const config::Compare& compare, const Clock& clock);

/// Whether `compare` needs the time of the deployment.
bool needs_deployment(const config::Compare& compare);

}  // namespace gate::plan
