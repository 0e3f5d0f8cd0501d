#include "judge/silence.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace gate::judge {
namespace {

constexpr int kSilentShare = 3;
constexpr double kChance = 0.02;

/// When there were data, in order.
std::vector<core::Time> times_of(const core::SideMeasurement& side) {
  std::vector<core::Time> times = side.samples.times;
  for (std::size_t i = 0; i < side.counts.times.size(); ++i) {
    if (side.counts.totals[i] > 0.0) times.push_back(side.counts.times[i]);
  }
  const core::BucketCounts& buckets = side.buckets;
  for (std::size_t i = 0; i < buckets.times.size(); ++i) {
    const bool any =
        std::any_of(buckets.counts.begin(), buckets.counts.end(), [i](const auto& bucket) { return bucket[i] > 0.0; });
    if (any) times.push_back(buckets.times[i]);
  }
  std::sort(times.begin(), times.end());
  return times;
}

/// The longest time without data in the window of `side`; nothing where it has none at all.
core::Duration longest_pause(const core::SideMeasurement& side) {
  const std::vector<core::Time> times = times_of(side);
  if (!side.window || times.empty()) return core::Duration(0);
  core::Duration longest = std::max(times.front() - side.window->start, side.window->end - times.back());
  for (std::size_t i = 1; i < times.size(); ++i) longest = std::max(longest, times[i] - times[i - 1]);
  return longest;
}

}  // namespace

double chance_of_silence(std::size_t present, std::size_t reached, std::size_t slots) {
  double chance = 1.0;
  for (std::size_t i = 0; i < present; ++i) chance *= static_cast<double>(reached - i) / static_cast<double>(slots - i);
  return chance;
}

std::optional<core::Time> stopped_at(const config::Metric& metric, const core::Measurement& measurement) {
  const core::SideMeasurement& side = measurement.candidate;
  if (!side.window || side.rows || metric.kind == config::Kind::value || metric.kind == config::Kind::findings ||
      measurement.step <= core::Duration(0))
    return std::nullopt;
  const std::vector<core::Time> times = times_of(side);
  if (times.empty()) return std::nullopt;
  const core::Duration silence = side.window->end - times.back();
  if (silence <= side.window->length() / kSilentShare || silence <= longest_pause(measurement.baseline)) return std::nullopt;
  const auto steps = [&](core::Duration length) { return static_cast<std::size_t>(length / measurement.step); };
  const std::size_t reached = std::max(steps(times.back() - side.window->start), times.size());
  const std::size_t slots = std::max(steps(side.window->length()), reached);
  if (chance_of_silence(times.size(), reached, slots) >= kChance) return std::nullopt;
  return times.back();
}

}  // namespace gate::judge
