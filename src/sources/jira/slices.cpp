#include "sources/jira/slices.h"

#include <algorithm>

namespace gate::sources::jira {

Sliced slice_rows(const std::vector<Row>& rows, const core::Window& window, core::Duration step) {
  Sliced out;
  const core::Duration length = window.length();
  if (length <= core::Duration(0)) return out;
  const core::Duration each = step <= core::Duration(0) ? length : std::min(step, length);
  const auto count = static_cast<std::size_t>(length / each);
  for (std::size_t i = 0; i < count; ++i) out.series.times.push_back(window.start + static_cast<std::int64_t>(i + 1) * each);
  out.series.values.assign(count, 0.0);
  for (const Row& row : rows) {
    const auto index = row.time < window.start ? count : static_cast<std::size_t>((row.time - window.start) / each);
    if (index < count) {
      out.series.values[index] += row.value;
    } else {
      ++out.left_out;
    }
  }
  return out;
}

core::Series series_of(std::vector<Row> rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.time < b.time; });
  core::Series series;
  for (const Row& row : rows) {
    series.times.push_back(row.time);
    series.values.push_back(row.value);
  }
  return series;
}

}  // namespace gate::sources::jira
