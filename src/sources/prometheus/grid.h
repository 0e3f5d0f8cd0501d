// Grid: the points that a range question wants, cut into requests that the server will answer.
#pragma once

#include <vector>

#include "core/question.h"

namespace gate::sources::prometheus {

/// What Prometheus answers at most, per series: web/api/v1 refuses more with "exceeded maximum resolution of 11,000 points".
inline constexpr std::int64_t kMostPoints = 11000;

/// One request: points at start, start + step, … up to and including end.
struct Segment {
  core::Time start;
  core::Time end;
  core::Duration step;
};

/// The requests for a question of Shape::range: together they name every point of its grid once. Empty when the window has no
/// point.
std::vector<Segment> segments(const core::Question& question);

}  // namespace gate::sources::prometheus
