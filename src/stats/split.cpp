#include "stats/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gate::stats {
namespace {

bool are_counts(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value) && value >= 0.0; });
}

/// Pearson's dispersion of the candidate's shares in slices about their common share.
double dispersion_of(std::span<const double> baseline, std::span<const double> candidate, double share) {
  if (baseline.size() != candidate.size() || share <= 0.0 || share >= 1.0) return 1.0;
  double sum = 0.0;
  double slices = 0.0;
  for (std::size_t i = 0; i < baseline.size(); ++i) {
    const double units = baseline[i] + candidate[i];
    if (units <= 0.0) continue;
    const double distance = candidate[i] - share * units;
    sum += distance * distance / (units * share * (1.0 - share));
    slices += 1.0;
  }
  return slices < 2.0 ? 1.0 : std::max(1.0, sum / (slices - 1.0));
}

}  // namespace

std::optional<SplitCheck> split_check(std::span<const double> baseline, std::span<const double> candidate, double expected) {
  if (!(expected > 0.0 && expected < 1.0) || !are_counts(baseline) || !are_counts(candidate)) return std::nullopt;
  const double of_candidate = std::accumulate(candidate.begin(), candidate.end(), 0.0);
  const double units = of_candidate + std::accumulate(baseline.begin(), baseline.end(), 0.0);
  if (!(units > 0.0) || !std::isfinite(units)) return std::nullopt;
  SplitCheck out;
  out.share = of_candidate / units;
  out.dispersion = dispersion_of(baseline, candidate, out.share);
  const double distance = (of_candidate - expected * units) / std::sqrt(out.dispersion * units * expected * (1.0 - expected));
  out.p_value = std::erfc(std::abs(distance) / std::sqrt(2.0));
  return out;
}

}  // namespace gate::stats
