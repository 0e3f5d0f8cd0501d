// Windows that grow from look to look of a watch: how long they are when, and what share of the last look's data that is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/looks.h"
#include "core/time.h"

namespace gate::plan {

struct Grid;
struct MetricPlan;
struct Options;
struct Plan;

/// A candidate window that starts at `start` and ends with the newest point or slice whose data are in.
struct Growing {
  core::Time start{};
  core::Duration first{};         ///< from the start to the first point or the end of the first slice
  core::Duration step{};          ///< between them; 0: any length will do
  core::Duration ingest_delay{};  ///< the newest data are this old
  core::Duration baseline{};      ///< length of a baseline that stays as it is; 0: it grows along, or there is none

  /// 0 before the first point.
  [[nodiscard]] core::Duration length_at(core::Time look) const;
  /// The variance of a difference of means is that of its sides: with lengths L and B, I = 1/(1/L + 1/B), or L where both
  /// grow. Of I at `horizon`, in [0, 1].
  [[nodiscard]] double information_at(core::Time look, core::Time horizon) const;
};

/// Whether the candidate of `compare` grows: windows that look back from now slide instead, and snapshots have none.
bool grows(const config::Compare& compare);

/// Whether `metric` is planned for a look: it grows, and declares no longer candidate window than LookAt::longest_declared.
bool is_watched(const config::Metric& metric, const Options& options);

/// The shortest of the windows of `metric` that one grid is made for: of a candidate that grows, as long as it will be.
core::Duration shortest_window(const MetricPlan& metric, core::Duration ingest_delay, const Options& options);

/// Makes the candidate of `metric`, whose windows are set, as long as its data reach at `now`, in whole steps of `grid`;
/// pending before the first point, which takes at least `least`. A baseline on the other track grows along.
void grow(MetricPlan& metric, const Grid& grid, core::Duration least, core::Duration ingest_delay, core::Time now);

/// What can only be asked as it is now is left out of `plan`, and what is made of it.
void leave_out_present(Plan& plan);

/// The looks of a watch over the metrics of `plan`, made for `check`: they open with the first of the candidates, or at the
/// release or now where none has a window.
core::Looks make_looks(const Plan& plan, core::Duration every, core::Duration longest, core::Duration least);

/// The shortest candidate window that a growing metric of `plan` declares; `longest` where that is longer. A metric that asks
/// for more than both is not judged by a watch: a month's retention says nothing within minutes.
core::Duration longest_watched(const Plan& plan, core::Duration longest);

}  // namespace gate::plan
