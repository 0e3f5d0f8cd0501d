#include "sources/graphite/points.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace gate::sources::graphite {
namespace {

double consolidated(const std::vector<double>& values, Consolidation by) {
  if (values.empty()) return std::nan("");
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  switch (by) {
    case Consolidation::average:
      return sum / static_cast<double>(values.size());
    case Consolidation::min:
      return *std::min_element(values.begin(), values.end());
    case Consolidation::max:
      return *std::max_element(values.begin(), values.end());
    case Consolidation::first:
      return values.front();
    case Consolidation::last:
      return values.back();
    case Consolidation::none:
    case Consolidation::sum:
      break;
  }
  return sum;
}

/// Gives `put` the start and the value of each point that lies wholly in `window`, and counts them.
template <typename Put>
void each_inside(const core::Series& series, core::Duration length, const core::Window& window, LeftOut& left_out, Put put) {
  for (std::size_t i = 0; i < series.times.size(); ++i) {
    if (series.times[i] < window.start || series.times[i] + length > window.end) {
      ++left_out.outside;
      continue;
    }
    ++left_out.points;
    if (std::isnan(series.values[i])) ++left_out.nulls;
    put(series.times[i], series.values[i]);
  }
}

}  // namespace

std::vector<core::Series> read_series(const JsonAt& answer) {
  std::vector<core::Series> out;
  for (const JsonAt& one : answer.items()) {
    core::Series series;
    const std::string target = one.need("target").text();
    if (const auto tags = one.find("tags")) {
      for (const auto& [name, value] : tags->members()) {
        if (value.is_string()) series.labels.emplace(name, value.text());
      }
    }
    series.labels["target"] = target;
    for (const JsonAt& point : one.need("datapoints").items()) {
      const auto value = point.element(0);
      const auto time = point.element(1);
      if (!value || !time) point.refuse("a pair of a value and a time");
      const core::Time at{std::chrono::duration_cast<core::Duration>(std::chrono::duration<double>(time->number()))};
      if (!series.times.empty() && at <= series.times.back()) point.refuse("a point later than the one before it");
      series.times.push_back(at);
      series.values.push_back(value->is_null() ? std::nan("") : value->number());
    }
    out.push_back(std::move(series));
  }
  return out;
}

std::optional<core::Duration> length_of(const core::Series& series) {
  if (series.times.size() < 2) return std::nullopt;
  const core::Duration length = series.times[1] - series.times[0];
  for (std::size_t i = 2; i < series.times.size(); ++i) {
    if (series.times[i] - series.times[i - 1] != length) return std::nullopt;
  }
  return length;
}

core::Series on_grid(const core::Series& series, core::Duration length, const core::Window& window, core::Duration interval,
                     Consolidation by, LeftOut& left_out) {
  const auto into = [&](core::Time time) { return time.time_since_epoch() % interval; };
  const core::Duration before = into(window.start);
  const core::Time first = before == core::Duration(0) ? window.start : window.start - before + interval;
  std::map<core::Time, std::vector<double>> intervals;
  each_inside(series, length, {first, window.end - into(window.end)}, left_out, [&](core::Time start, double value) {
    std::vector<double>& values = intervals[start - into(start) + interval];
    if (!std::isnan(value)) values.push_back(value);
  });
  core::Series out;
  out.labels = series.labels;
  for (const auto& [end, values] : intervals) {
    out.times.push_back(end);
    out.values.push_back(consolidated(values, by));
  }
  return out;
}

core::Series over_window(const core::Series& series, core::Duration length, const core::Window& window, Consolidation by,
                         LeftOut& left_out) {
  std::vector<double> all;
  each_inside(series, length, window, left_out, [&](core::Time, double value) {
    if (!std::isnan(value)) all.push_back(value);
  });
  core::Series out;
  out.labels = series.labels;
  out.times = {window.end};
  out.values = {consolidated(all, by)};
  return out;
}

}  // namespace gate::sources::graphite
