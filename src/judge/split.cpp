#include "judge/split.h"

#include <fmt/format.h>

#include <vector>

#include "core/unit.h"
#include "stats/split.h"

namespace gate::judge {
namespace {

constexpr double kSuspicious = 0.001;

/// Units of a side: one number for its clusters, or the totals of its slices.
std::vector<double> units_of(const config::Metric& metric, const core::SideMeasurement& side) {
  if (metric.kind == config::Kind::ratio && metric.cluster.empty()) return side.counts.totals;
  if (metric.cluster.empty()) return {};
  if (metric.kind == config::Kind::ratio) return {static_cast<double>(side.counts.totals.size())};
  const std::size_t clusters = side.group_sizes.empty() ? side.samples.values.size() : side.group_sizes.size();
  return {static_cast<double>(clusters)};
}

std::string percent(double share) {
  return core::format_number(share * 100.0, 3) + " %";
}

}  // namespace

std::optional<SideEvidence> split_mismatch(const config::Metric& metric, const core::Measurement& measurement) {
  const std::optional<double> declared = measurement.declared_split ? measurement.declared_split : metric.compare.split;
  if (!declared || metric.compare.design != config::Design::side_by_side) return std::nullopt;
  const std::vector<double> baseline = units_of(metric, measurement.baseline);
  const std::vector<double> candidate = units_of(metric, measurement.candidate);
  const auto check = stats::split_check(baseline, candidate, *declared);
  if (!check || check->p_value >= kSuspicious) return std::nullopt;
  SideEvidence out;
  out.evidence = core::Evidence::thin;
  out.why = fmt::format(
      "Not comparable: the candidate got {} of the units and not {} (p = {}), so that the sides may differ by who is in them.",
      percent(check->share), percent(*declared), core::format_number(check->p_value, 2));
  out.brief = fmt::format("split {}, not {}", percent(check->share), percent(*declared));
  out.next = "find out what divides the traffic, and what is lost on one side";
  return out;
}

}  // namespace gate::judge
