// Steps and ranges: how far apart points must be so that they share no data, and how a window is sliced. Private to plan.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/settings.h"
#include "plan/plan.h"

namespace gate::plan {

/// What the parts of a metric tell together.
struct MetricFacts {
  core::Duration longest_range{};
  core::Location range_location;
  core::Duration beyond_step{};
  bool uses_step = false;
  bool uses_window = false;
  bool rows = false;            ///< a part is asked of files
  bool points = false;          ///< a part is asked of a time series database
  bool latest = false;          ///< a part knows the present alone
  bool names_baseline = false;  ///< and says itself what to compare it with
  bool spread = false;          ///< an exposure is one number for the window; nothing else here is said of it
  std::vector<std::string> notes;
  std::map<std::string, core::QueryFacts> parts;  ///< of each part by itself, by its name
};

/// How the questions of one metric are put.
struct Grid {
  core::Shape shape = core::Shape::range;
  core::Duration step{};
  core::Duration range{};
  bool whole_window = false;
  bool overlapping = false;
  bool growing = false;  ///< batches are as long as `step`, however few they are
  std::vector<std::string> notes;
};

/// Question::parts of a window of `length` (0: a snapshot).
std::size_t parts_of(const Grid& grid, core::Shape shape, core::Duration length);

/// The grid for `metric` over windows of at least `shortest` length. Mistakes (RG0306, RG0309, RG0310, RG0312) and RG0307 go to
/// `diagnostics`.
Grid make_grid(const config::Metric& metric, const MetricFacts& facts, core::Duration shortest, core::Diagnostics& diagnostics);

}  // namespace gate::plan
