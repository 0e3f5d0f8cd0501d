#include "sources/cloudwatch/combine.h"

#include <algorithm>
#include <numeric>

namespace gate::sources::cloudwatch {
namespace {

double sum_of(const core::Series& series) {
  return std::accumulate(series.values.begin(), series.values.end(), 0.0);
}

}  // namespace

core::Series series_of(const Result& result, const Span& span, std::size_t& outside) {
  core::Series series;
  for (const auto& [time, value] : result.points) {
    if (time < span.start || time + span.period > span.end) {
      ++outside;
      continue;
    }
    series.times.push_back(time + span.period);
    series.values.push_back(value);
  }
  return series;
}

void put_zeros(std::map<core::Time, double>& points, const std::map<core::Time, double>& present) {
  for (const auto& [time, count] : present) points.emplace(time, 0.0);
}

std::optional<double> combined(const std::string& stat, const std::vector<core::Series>& parts) {
  if (parts.empty() || parts.front().values.empty()) return std::nullopt;
  const std::vector<double>& values = parts.front().values;
  if (stat == "Minimum") return *std::min_element(values.begin(), values.end());
  if (stat == "Maximum") return *std::max_element(values.begin(), values.end());
  if (stat != "Average") return sum_of(parts.front());
  if (parts.size() < 2 || parts[1].values.size() != values.size() || sum_of(parts[1]) <= 0.0) return std::nullopt;
  return sum_of(parts.front()) / sum_of(parts[1]);
}

}  // namespace gate::sources::cloudwatch
