#include "sources/influxdb/points.h"

#include <fmt/format.h>

#include <algorithm>

namespace gate::sources::influxdb {
namespace {

core::Series placed(const RawSeries& raw, const core::Question& question, Stamp stamp, std::size_t& outside) {
  core::Series out;
  out.labels = raw.labels;
  const core::Duration bucket = stamp == Stamp::bucket_start ? question.step : core::Duration(0);
  for (const auto& [time, value] : raw.points) {
    const core::Time latest = question.window->end - (stamp == Stamp::own ? core::Duration(1) : bucket);
    if (time < question.window->start || time > latest) {
      ++outside;
      continue;
    }
    out.times.push_back(time + bucket);
    out.values.push_back(value);
  }
  return out;
}

}  // namespace

core::Result<std::vector<core::Series>> series_of(std::vector<RawSeries> series, const core::Question& question, Stamp stamp,
                                                  std::size_t& outside) {
  std::vector<core::Series> out;
  for (RawSeries& raw : series) {
    std::stable_sort(raw.points.begin(), raw.points.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    if (question.shape != core::Shape::instant) {
      core::Series one = placed(raw, question, stamp, outside);
      if (!one.times.empty()) out.push_back(std::move(one));
    } else if (raw.points.size() > 1) {
      return core::Error{"RG1977",
                         fmt::format("one number of the window is wanted, and the query gives {} points", raw.points.size()),
                         R"(leave GROUP BY time() or aggregateWindow() out, or say aggregate = "mean")",
                         {},
                         {}};
    } else if (!raw.points.empty()) {
      core::Series one;
      one.labels = raw.labels;
      one.times = {question.window->end};
      one.values = {raw.points.front().second};
      out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace gate::sources::influxdb
