// Charts: the drawings of one metric as inline SVG: its points over time, their spread, each criterion against its limit.
// Styled by the classes of templates/style.css; legible without colour by dashes, shapes and words. Judges nothing: every limit
// and interval that is drawn stands in the report.
#pragma once

#include <optional>
#include <string>

#include "core/report.h"

namespace gate::report {

/// What all charts of a report share.
struct ChartContext {
  core::Time now{};
  std::optional<core::Time> released;
  std::size_t most_points = 120;  ///< that are drawn of one side
};

/// A drawing that fills the width it is given, with the labels of its vertical axis as a drawing of their own.
struct Chart {
  std::string axis;
  std::string drawing;
};

/// Both sides over time: the windows shaded, the release line, what lies between the windows hatched, the limit dashed and the
/// value of each side as a thin line. Holds what the page's script shows for the point under the pointer. nullopt with fewer
/// than two points.
std::optional<Chart> series_chart(const core::MetricReport& metric, const ChartContext& context);

/// A strip a side: its points, and a box from quartile to quartile with the median in it where there are at least five.
/// nullopt without a point.
std::optional<Chart> spread_chart(const core::MetricReport& metric, const ChartContext& context);

/// One criterion against its limit: the interval of the change as a bar with the estimate as a ring, or the value as a filled
/// track. nullopt where there is nothing to draw.
std::optional<std::string> limit_chart(const core::MetricReport& metric, const core::CriterionReport& criterion);

/// The same in the height of a line, without words: for a row whose cells say them. "" where there is nothing to draw.
std::string small_limit_chart(const core::MetricReport& metric, const core::CriterionReport& criterion);
/// Both sides over time in the height of a line; "" with fewer than two points.
std::string small_series_chart(const core::MetricReport& metric, const ChartContext& context);

/// "48 points before, 50 after", and of how many these are drawn where some are left out; "" without a point.
std::string points_text(const core::MetricReport& metric, std::size_t most_points);

}  // namespace gate::report
