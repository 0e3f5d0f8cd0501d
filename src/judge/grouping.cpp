#include "judge/grouping.h"

#include <fmt/format.h>

#include <numeric>
#include <vector>

#include "core/text.h"

namespace gate::judge {
namespace {

constexpr double kLeastGroups = 3.0;
constexpr double kAlmostOne = 1.05;

/// The observations of each group; empty where groups do not count.
std::vector<double> sizes_of(const config::Metric& metric, const core::Measurement& measurement,
                             const core::SideMeasurement& side) {
  if (metric.kind == config::Kind::histogram) {
    if (measurement.whole_window || metric.dispersion == config::Switch::off) return {};
    std::vector<double> sizes(side.buckets.times.size(), 0.0);
    for (const std::vector<double>& bucket : side.buckets.counts) {
      for (std::size_t i = 0; i < sizes.size(); ++i) sizes[i] += bucket[i];
    }
    return sizes;
  }
  if (!metric.cluster.empty() && metric.kind == config::Kind::ratio) return side.counts.totals;
  if (metric.cluster.empty() && metric.autocorrelation == config::Switch::off) return {};
  return side.group_sizes;
}

double worth(const std::vector<double>& sizes) {
  const double all = std::accumulate(sizes.begin(), sizes.end(), 0.0);
  if (!(all > 0.0)) return 0.0;
  double squares = 0.0;
  for (const double size : sizes) squares += (size / all) * (size / all);
  return 1.0 / squares;
}

}  // namespace

FewGroups few_groups(const config::Metric& metric, const core::Measurement& measurement) {
  for (const core::SideMeasurement* side : {&measurement.candidate, &measurement.baseline}) {
    const std::vector<double> sizes = sizes_of(metric, measurement, *side);
    const double groups = worth(sizes);
    if (sizes.empty() || groups >= kLeastGroups * (1.0 - 1e-9)) continue;
    const std::string_view name = side == &measurement.candidate ? "candidate" : "baseline";
    const bool by_time = metric.cluster.empty();
    const std::string where = groups < kAlmostOne
                                  ? fmt::format("one {}", by_time ? "part of its window" : "value of `" + metric.cluster + "`")
                                  : fmt::format("so few {} that they are worth {}",
                                                by_time ? "parts of its window" : "values of `" + metric.cluster + "`",
                                                core::format_number(groups, 2));
    return {
        fmt::format("Too little: nearly all of the {} lies in {}, and fewer than {} do not tell how its values hang together.",
                    name, where, core::format_number(kLeastGroups)),
        fmt::format("{} {}", groups < kAlmostOne ? "from one" : "worth " + core::format_number(groups, 2),
                    by_time ? (groups < kAlmostOne ? "part of the window" : "parts of the window") : metric.cluster)};
  }
  return {};
}

}  // namespace gate::judge
