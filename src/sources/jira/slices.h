// Slices: rows with times of their own, counted in slices of a window.
#pragma once

#include <vector>

#include "core/samples.h"
#include "core/time.h"

namespace gate::sources::jira {

/// One thing that happened: an issue, a sprint, a version.
struct Row {
  core::Time time;
  double value = 1.0;
};

struct Sliced {
  core::Series series;       ///< a point at the end of each whole slice, the sum of its rows; 0 where there are none
  std::size_t left_out = 0;  ///< rows after the last whole slice, or outside the window
};

/// The rows of `window` summed in slices of `step`; a step that is not positive or longer than the window makes one slice of
/// it.
Sliced slice_rows(const std::vector<Row>& rows, const core::Window& window, core::Duration step);

/// The rows as they are, ordered by time.
core::Series series_of(std::vector<Row> rows);

}  // namespace gate::sources::jira
