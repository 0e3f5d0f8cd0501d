#include "sources/rows.h"

#include <algorithm>
#include <utility>

namespace gate::sources {

Parts cut(const std::vector<Row>& rows, const core::Window& window, std::size_t parts) {
  const auto count = static_cast<std::int64_t>(std::max<std::size_t>(1, parts));
  const core::Duration length = window.length();
  Parts out;
  for (std::int64_t i = 0; i < count; ++i) out.ends.push_back(window.start + length * (i + 1) / count);
  out.sums.assign(out.ends.size(), 0.0);
  out.counts.assign(out.ends.size(), 0.0);
  for (const Row& row : rows) {
    if (!window.contains(row.time)) continue;
    const auto part = static_cast<std::size_t>((row.time - window.start).count() * count / length.count());
    out.sums[part] += row.value;
    out.counts[part] += 1.0;
  }
  return out;
}

core::Series slices_of(const std::vector<Row>& rows, const core::Window& window, std::size_t parts) {
  Parts cut_rows = cut(rows, window, parts);
  core::Series series;
  series.times = std::move(cut_rows.ends);
  series.values = std::move(cut_rows.sums);
  return series;
}

core::Series batches_of(const std::vector<Row>& rows, const core::Window& window, std::size_t parts) {
  Parts cut_rows = cut(rows, window, parts);
  core::Series series;
  series.times = std::move(cut_rows.ends);
  for (std::size_t i = 0; i < cut_rows.counts.size(); ++i)
    series.values.push_back(cut_rows.counts[i] == 0.0 ? 0.0 : cut_rows.sums[i] / cut_rows.counts[i]);
  series.weights = std::move(cut_rows.counts);
  return series;
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

void put_rows(core::Answer& answer, const core::Question& question, std::vector<Row> rows) {
  const bool counted = question.shape == core::Shape::slices && question.window;
  if (counted) {
    answer.series.push_back(slices_of(rows, *question.window, question.parts));
  } else if (rows.empty()) {
    return;
  } else if (question.shape == core::Shape::batches && question.window) {
    answer.series.push_back(batches_of(rows, *question.window, question.parts));
  } else {
    answer.series.push_back(series_of(std::move(rows)));
  }
}

}  // namespace gate::sources
