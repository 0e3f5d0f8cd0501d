#include "report/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace gate::report::svg {
namespace {

constexpr double kNearEdge = 14.0;

/// Writes points one behind the other as the distance from the last one, on the grid: a third shorter than their places.
class Pen {
 public:
  std::string to(char command, Point point) {
    const double x = std::round(point.x * kGrid / 100.0);
    const double y = std::round(point.y * 10.0) / 10.0;
    const std::string down = number(y - y_);
    std::string out = fmt::format("{}{}{}{}", command, number(x - x_), down.starts_with('-') ? "" : " ", down);
    x_ = x;
    y_ = y;
    return out;
  }

 private:
  double x_ = 0.0;
  double y_ = 0.0;
};

}  // namespace

double Scale::operator()(double value) const {
  const double span = domain.span();
  const double share = span > 0.0 && std::isfinite(span) ? std::clamp((value - domain.low) / span, 0.0, 1.0) : 0.5;
  return range.low + share * range.span();
}

std::vector<double> round_values(Extent extent, std::size_t most, double grain) {
  const double span = extent.span() / grain;
  if (most == 0 || !(span > 0.0) || !std::isfinite(span)) return {};
  const double rough = span / static_cast<double>(most);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double times : {1.0, 2.0, 5.0, 10.0, 20.0}) {
    const double step = times * power;
    const double first = std::ceil(extent.low / grain / step - 1e-9);
    const double last = std::floor(extent.high / grain / step + 1e-9);
    if (last - first + 1.0 > static_cast<double>(most)) continue;
    std::vector<double> out(static_cast<std::size_t>(std::max(last - first + 1.0, 0.0)));
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = (first + static_cast<double>(i)) * step * grain;
    return out;
  }
  return {};
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string number(double value) {
  const double rounded = std::round(value * 100.0) / 100.0;
  if (!std::isfinite(rounded) || rounded == 0.0) return "0";
  std::string text = fmt::format("{:.2f}", rounded);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string percent(double value) {
  return number(value) + "%";
}

std::string element(std::string_view name, Attributes attributes, std::string_view content) {
  std::string out = fmt::format("<{}", name);
  for (const auto& [key, value] : attributes) out += fmt::format(" {}=\"{}\"", key, escaped(value));
  return out + (content.empty() ? "/>" : fmt::format(">{}</{}>", content, name));
}

std::string line(Point from, Point to, std::string_view css_class) {
  return element("line", {{"class", std::string(css_class)},
                          {"x1", percent(from.x)},
                          {"x2", percent(to.x)},
                          {"y1", number(from.y)},
                          {"y2", number(to.y)}});
}

std::string rectangle(Point corner, double width, double height, std::string_view css_class) {
  return element("rect", {{"class", std::string(css_class)},
                          {"x", percent(corner.x)},
                          {"y", number(corner.y)},
                          {"width", percent(std::max(width, 0.0))},
                          {"height", number(std::max(height, 0.0))}});
}

std::string text(Point at, Anchor anchor, std::string_view css_class, std::string_view content) {
  static constexpr std::array<std::string_view, 3> kNames = {"start", "middle", "end"};
  const std::string place = percent(at.x);
  const std::string row = number(at.y);
  if (anchor == Anchor::start)
    return element("text", {{"class", std::string(css_class)}, {"x", place}, {"y", row}}, escaped(content));
  return element("text",
                 {{"class", std::string(css_class)},
                  {"x", place},
                  {"y", row},
                  {"text-anchor", std::string(kNames.at(static_cast<std::size_t>(anchor)))}},
                 escaped(content));
}

Anchor anchor_at(double x) {
  if (x < kNearEdge) return Anchor::start;
  return x > 100.0 - kNearEdge ? Anchor::end : Anchor::middle;
}

std::string line_path(std::span<const std::vector<Point>> runs) {
  Pen pen;
  std::string out;
  for (const std::vector<Point>& run : runs) {
    for (std::size_t i = 0; i < run.size(); ++i) out += pen.to(i == 0 ? 'm' : 'l', run[i]);
    if (run.size() == 1) out += "h0";
  }
  return out;
}

std::string dots_path(std::span<const Point> points) {
  Pen pen;
  std::string out;
  for (const Point& point : points) out += pen.to('m', point) + "h0";
  return out;
}

std::string stretched(double height, std::string_view content) {
  return element("svg",
                 {{"width", "100%"},
                  {"height", number(height)},
                  {"viewBox", fmt::format("0 0 {} {}", number(kGrid), number(height))},
                  {"preserveAspectRatio", "none"},
                  {"overflow", "visible"}},
                 content);
}

}  // namespace gate::report::svg
