// Placebo windows: the same hours on earlier days, by a local calendar. Private to plan but for the types in plan.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/past.h"
#include "core/settings.h"
#include "core/time.h"

namespace gate::plan {

/// One earlier day: both windows moved back by as much, so that the clock on the wall shows the same.
struct PlaceboDay {
  core::Window baseline;
  core::Window candidate;
  std::string left_out;  ///< why nothing is asked for it; "" when it is asked for
};

struct PlaceboPlan {
  std::vector<PlaceboDay> days;  ///< oldest first
  std::string none_because;      ///< why there is no day at all: one clause, or ""
  core::Releases releases;       ///< what the history knew of earlier ones
};

/// As many days as `placebo` counts that have no release in their windows and on which the clocks were not changed between
/// them; days that are left out are in the list, too. Looks no further back than four times as many days.
PlaceboPlan plan_placebo(const config::Placebo& placebo, const core::Window& baseline, const core::Window& candidate,
                         const core::Releases& releases);

struct Options;

/// The days of `metric` by its windows; nothing without a placebo. A look of a watch has the days of the last look, each asked
/// for as long as this one's windows are. RG0317: the windows are longer than the days are apart.
std::optional<PlaceboPlan> make_placebo(const config::Metric& metric, const std::optional<core::Window>& baseline,
                                        const std::optional<core::Window>& candidate, const Options& options,
                                        core::Diagnostics& diagnostics);

/// How long the windows with what lies between them may be, so that no two days share data.
core::Duration longest_placebo(const config::Placebo& placebo);

}  // namespace gate::plan
