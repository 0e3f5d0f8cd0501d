// Rows: what happened, with times of their own, in the shape that a question wants: counted in equal parts of a window,
// averaged there, or as they are.
#pragma once

#include <cstddef>
#include <vector>

#include "core/question.h"
#include "core/samples.h"
#include "core/time.h"

namespace gate::sources {

/// One thing that happened: an issue, an incident, a ticket.
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

/// Puts `rows` into `answer` in the shape of `question`. No row at all: counted in parts (Shape::slices) they are 0, in any
/// other shape there is no series, which is no data. Without a window nothing is cut into parts.
void put_rows(core::Answer& answer, const core::Question& question, std::vector<Row> rows);

}  // namespace gate::sources
