#include "sources/prometheus/grid.h"

#include <algorithm>

namespace gate::sources::prometheus {

std::vector<Segment> segments(const core::Question& question) {
  std::vector<Segment> all;
  const core::Duration step = question.step;
  if (!question.window || step <= core::Duration(0)) return all;
  const core::Time first = question.window->start + question.first;
  if (first > question.window->end) return all;
  const std::int64_t points = (question.window->end - first) / step + 1;
  for (std::int64_t done = 0; done < points; done += kMostPoints) {
    const std::int64_t count = std::min(kMostPoints, points - done);
    all.push_back({first + done * step, first + (done + count - 1) * step, step});
  }
  return all;
}

}  // namespace gate::sources::prometheus
