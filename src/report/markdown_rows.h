// Rows and items of the Markdown report: what one metric becomes in it. Which of them there is room for, markdown.cpp decides.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/report.h"

namespace gate::report {

using Metrics = std::vector<const core::MetricReport*>;

enum class Trends { drawn, left_out };

/// True when one of `metrics` has enough points for a trend.
bool any_trend(const Metrics& metrics);
/// Both lines of the head: six columns with the trend, five without.
std::string table_head(const core::Report& report, Trends trends);
/// One row, with as many cells as the head. Text from outside is cut at `longest` bytes a cell. What was judged is bold in
/// a row that fails: the change, or the value itself.
std::string table_row(const core::MetricReport& metric, Trends trends, std::size_t longest);

/// What happened and what to do about it, with the questions to paste and the graph: one item of a list a metric, but one for
/// all metrics that could not be asked for the same reason.
std::vector<std::string> advice_items(const Metrics& metrics);

/// Both windows of a metric.
struct Windows {
  std::optional<core::Window> before;
  std::optional<core::Window> after;
  friend bool operator==(const Windows&, const Windows&) = default;
};
/// Those that most metrics share; nothing in them when no metric has any.
Windows usual_windows(const core::Report& report);
/// The windows in UTC, with their lengths, as an item; "" without any.
std::string windows_item(const Windows& windows);
/// How one metric was measured: samples, what they are worth, what was left out, the method, notes, and its windows where they
/// are not the usual ones.
std::string measured_item(const core::MetricReport& metric, const Windows& usual);

}  // namespace gate::report
