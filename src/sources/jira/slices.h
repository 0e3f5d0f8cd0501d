// Slices: rows with times of their own, counted in equal parts of a window.
#pragma once

#include <cstddef>
#include <vector>

#include "core/samples.h"
#include "core/time.h"

namespace gate::sources::jira {

/// One thing that happened: an issue, a sprint, a version.
struct Row {
  core::Time time;
  double value = 1.0;
};

/// Per part: how many rows lay in it, their sum, and when it ends.
struct Parts {
  std::vector<core::Time> ends;
  std::vector<double> sums;
  std::vector<double> counts;
};

/// The rows of `window` (others are left out) in `parts` equal parts of it, at least one.
Parts cut(const std::vector<Row>& rows, const core::Window& window, std::size_t parts);

/// A point at the end of each part, the sum of its rows; 0 where there are none.
core::Series slices_of(const std::vector<Row>& rows, const core::Window& window, std::size_t parts);

/// A point at the end of each part, the mean of its rows, which `weights` counts; 0 where there are none.
core::Series batches_of(const std::vector<Row>& rows, const core::Window& window, std::size_t parts);

/// The rows as they are, ordered by time.
core::Series series_of(std::vector<Row> rows);

}  // namespace gate::sources::jira
