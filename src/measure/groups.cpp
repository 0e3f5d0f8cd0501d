#include "measure/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "core/unit.h"
#include "measure/reduce.h"
#include "stats/batch.h"
#include "stats/quantiles.h"

namespace gate::measure {
namespace {

std::vector<core::Time> ends_of(const core::Window& span, std::size_t parts) {
  std::vector<core::Time> ends;
  for (std::size_t i = 0; i < parts; ++i)
    ends.push_back(span.start + span.length() * static_cast<std::int64_t>(i + 1) / static_cast<std::int64_t>(parts));
  return ends;
}

stats::Batches batches_of(const core::Samples& samples, const core::Window& span, std::size_t parts) {
  std::vector<double> seconds;
  seconds.reserve(samples.times.size());
  for (const core::Time time : samples.times) seconds.push_back(core::unix_seconds(time));
  const double start = core::unix_seconds(span.start);
  const double length = std::chrono::duration<double>(span.length()).count();
  return stats::batch_rows(seconds, samples.values, start, start + length, parts);
}

void put_in_order(core::Samples& samples) {
  if (std::is_sorted(samples.times.begin(), samples.times.end())) return;
  std::vector<std::pair<core::Time, double>> rows;
  for (std::size_t i = 0; i < samples.times.size(); ++i) rows.emplace_back(samples.times[i], samples.values[i]);
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < rows.size(); ++i) std::tie(samples.times[i], samples.values[i]) = rows[i];
}

/// What charts show of rows in order of time: the mean of each part, or its quantile.
void show_parts(core::SideMeasurement& side, const stats::Batches& batches, const std::vector<core::Time>& ends,
                const config::Metric& metric) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto size = static_cast<std::size_t>(batches.counts[i]);
    if (size == 0) continue;
    const std::span<const double> rows(side.samples.values.data() + next, size);
    next += size;
    side.shown.times.push_back(ends[i]);
    side.shown.values.push_back(config::is_quantile(metric) ? stats::quantile(rows, metric.aggregate_quantile)
                                                            : batches.means[i]);
  }
}

}  // namespace

void group_by_time(core::SideMeasurement& side, const core::Window& span, std::size_t parts, const config::Metric& metric) {
  put_in_order(side.samples);
  stats::Batches batches = batches_of(side.samples, span, parts);
  const std::vector<core::Time> ends = ends_of(span, parts);
  show_parts(side, batches, ends, metric);
  if (config::is_quantile(metric)) {
    side.group_sizes = std::move(batches.counts);
    return;
  }
  side.samples.values = std::move(batches.means);
  side.batch_sizes = std::move(batches.counts);
  side.samples.times = ends;
}

void group_by_cluster(core::SideMeasurement& side, const std::vector<std::string>& ids, const core::Window& span,
                      std::size_t parts, const config::Metric& metric) {
  show_parts(side, batches_of(side.samples, span, parts), ends_of(span, parts), metric);
  std::map<std::string, std::vector<double>> clusters;
  for (std::size_t i = 0; i < ids.size(); ++i) clusters[ids[i]].push_back(side.samples.values[i]);
  side.samples.values.clear();
  side.samples.times.clear();
  for (const auto& [id, values] : clusters) {
    const auto size = static_cast<double>(values.size());
    if (config::is_quantile(metric)) {
      side.samples.values.insert(side.samples.values.end(), values.begin(), values.end());
      side.group_sizes.push_back(size);
    } else {
      side.samples.ids.push_back(id);
      side.samples.values.push_back(*aggregate(values, config::Aggregate::mean, 0.5));
      side.batch_sizes.push_back(size);
    }
  }
}

core::Result<core::Counts> pair_by_cluster(const core::Series& events, const core::Series& totals) {
  std::map<std::string, std::pair<double, double>> clusters;
  for (std::size_t i = 0; i < totals.ids.size(); ++i) clusters[totals.ids[i]].second = totals.values[i];
  for (std::size_t i = 0; i < events.ids.size(); ++i) clusters[events.ids[i]].first = events.values[i];
  core::Counts out;
  double sum_events = 0.0;
  double sum_totals = 0.0;
  for (const auto& [id, counts] : clusters) {
    out.ids.push_back(id);
    out.events.push_back(counts.first);
    out.totals.push_back(counts.second);
    sum_events += counts.first;
    sum_totals += counts.second;
  }
  if (sum_events > sum_totals * (1.0 + 1e-9)) return more_events_than_total(sum_events, sum_totals);
  return out;
}

}  // namespace gate::measure
