// Plot data: what charts are made of, from the points of a metric: where times lie, which points are drawn, how points spread.
// Not for the numbers of a verdict: those stand in the report.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/samples.h"
#include "core/time.h"
#include "report/svg.h"

namespace gate::report {

/// One piece of a time axis: `window` lies at `place`, in per cent of the drawing.
struct AxisPiece {
  core::Window window;
  svg::Extent place;

  [[nodiscard]] double x(core::Time time) const;
};

/// Where both sides lie. One piece for both where they stand near each other in time; two beside each other where they would
/// be too narrow on one scale (last week against today, a month against an hour).
struct TimeAxis {
  std::vector<AxisPiece> pieces;
  std::size_t before = 0;  ///< the piece of the baseline
  std::size_t after = 0;   ///< the piece of the candidate

  [[nodiscard]] bool is_broken() const { return pieces.size() > 1; }
  /// nullopt outside of all pieces.
  [[nodiscard]] std::optional<double> x(core::Time time) const;
};

/// `released` is taken into the candidate's piece where it comes shortly before its window. Without a window no pieces.
TimeAxis time_axis(std::optional<core::Window> before, std::optional<core::Window> after, std::optional<core::Time> released);

/// At most `most` (≥ 2) of the points: of each slice of time its lowest and its highest, so that no spike is lost.
core::Samples thinned(const core::Samples& samples, std::size_t most);

/// At most about `most` of the points in runs, each thinned by itself: a new one begins where two points are more than two and
/// a half times as far apart as neighbours mostly are. One run where there would be too many.
std::vector<core::Samples> runs_of(const core::Samples& samples, std::size_t most);

/// What a box is drawn from: quartiles by linear interpolation (type 7 of Hyndman and Fan, 1996) and both ends.
struct Spread {
  double least = 0.0;
  double lower = 0.0;
  double median = 0.0;
  double upper = 0.0;
  double most = 0.0;
};
/// nullopt without a value.
std::optional<Spread> spread_of(std::vector<double> values);

/// The extent of finite values; nullopt without one.
std::optional<svg::Extent> extent_of(std::span<const double> values);

}  // namespace gate::report
