// Svg: small pure functions that write SVG elements, and the geometry behind charts. Not for what a chart means: charts.h.
// Horizontal places are in per cent of the drawing's width and vertical ones in pixels, so that a chart fills its place without
// stretching its text; lines and dots are drawn in a box that is stretched, on a grid of `kGrid` columns.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gate::report::svg {

inline constexpr double kGrid = 1000.0;

struct Extent {
  double low = 0.0;
  double high = 0.0;

  [[nodiscard]] double span() const { return high - low; }
  [[nodiscard]] bool holds(double value) const { return low <= value && value <= high; }
};

/// From `domain` onto `range`, linear and clamped to it; the middle of `range` where the domain is empty.
struct Scale {
  Extent domain;
  Extent range;

  [[nodiscard]] double operator()(double value) const;
};

/// In per cent and pixels.
struct Point {
  double x = 0.0;
  double y = 0.0;
};

/// Round values (1, 2 or 5 times a power of ten, times `grain`) inside `extent`, at most `most` of them; none where the extent
/// is empty or not finite.
std::vector<double> round_values(Extent extent, std::size_t most, double grain = 1.0);

/// `text` with &, <, > and quotes written as entities.
std::string escaped(std::string_view text);
/// At most two decimals, without trailing zeros: "12.5", "0"; "0" for what is not finite.
std::string number(double value);
/// "12.5%".
std::string percent(double value);

using Attributes = std::initializer_list<std::pair<std::string_view, std::string>>;
/// `<name a="b">content</name>`: values of attributes are escaped, `content` is markup already.
std::string element(std::string_view name, Attributes attributes, std::string_view content = "");

std::string line(Point from, Point to, std::string_view css_class);
std::string rectangle(Point corner, double width, double height, std::string_view css_class);
enum class Anchor { start, middle, end };
std::string text(Point at, Anchor anchor, std::string_view css_class, std::string_view content);
/// How text at `x` stays inside the drawing: start near the left edge, end near the right one.
Anchor anchor_at(double x);

/// "m0 5l10 2": one line through the points of each run, on the grid. A run of one point is a dot.
std::string line_path(std::span<const std::vector<Point>> runs);
/// "m0 5h0m10 2h0": a dot at each point, as lines of no length with round or square ends.
std::string dots_path(std::span<const Point> points);
/// A box of `height` pixels that is stretched to the drawing's width, with `content` on the grid.
std::string stretched(double height, std::string_view content);

}  // namespace gate::report::svg
