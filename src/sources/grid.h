// Grid: the parts of a window whose ends are the points that a question wants, for systems that are asked for buckets.
#pragma once

#include <cstddef>

#include "core/question.h"
#include "core/time.h"

namespace gate::sources {

/// `count` parts of the length `step`, next to each other, from `start`; each without its end.
struct Grid {
  core::Time start;
  core::Duration step;
  std::size_t count = 1;
  [[nodiscard]] core::Time end() const { return start + step * static_cast<std::int64_t>(count); }
};

/// The parts that end at the points of `question`, which has a window; for other shapes than Shape::range its window, whole.
Grid grid_of(const core::Question& question);

}  // namespace gate::sources
