#include "stats/batch.h"

#include <algorithm>
#include <cmath>

namespace gate::stats {

std::size_t batch_count(double window_seconds, double step_seconds) {
  if (!(window_seconds > 0.0) || !(step_seconds > 0.0)) return kLeastBatches;
  // A hundred million batches hold more than any window has rows; the limit keeps the conversion defined.
  const double steps = std::min(std::ceil(window_seconds / step_seconds - 1e-9), 1e8);
  return std::max(kLeastBatches, static_cast<std::size_t>(steps));
}

Batches batch_rows(std::span<const double> seconds, std::span<const double> values, double start_seconds, double end_seconds,
                   std::size_t count) {
  Batches batches{std::vector<double>(count, 0.0), std::vector<double>(count, 0.0)};
  const double width = (end_seconds - start_seconds) / static_cast<double>(count);
  for (std::size_t i = 0; i < std::min(seconds.size(), values.size()); ++i) {
    if (!(seconds[i] >= start_seconds && seconds[i] < end_seconds)) continue;
    const std::size_t index = std::min(static_cast<std::size_t>((seconds[i] - start_seconds) / width), count - 1);
    batches.counts[index] += 1.0;
    // A running mean: neither a sum nor a difference of large values overflows.
    const double weight = 1.0 / batches.counts[index];
    batches.means[index] += values[i] * weight - batches.means[index] * weight;
  }
  return batches;
}

}  // namespace gate::stats
