// Points over time.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/text.h"
#include "core/unit.h"
#include "report/charts.h"
#include "report/layout.h"
#include "report/plot_data.h"

namespace gate::report {
namespace {

using svg::Anchor;
using svg::Extent;
using svg::Point;

constexpr double kTop = 22.0;
constexpr double kBottom = 196.0;
constexpr double kHeight = 218.0;
constexpr double kTopText = 14.0;
constexpr double kAxisWidth = 64.0;
constexpr std::size_t kMostTicks = 5;
/// Labels of the axis nearer than this to the limit's make room for it.
constexpr double kLineOfText = 13.0;
/// Above this many points dots would be a band.
constexpr std::size_t kMostDots = 36;
constexpr double kSmallHeight = 26.0;
constexpr std::size_t kSmallPoints = 24;

std::optional<core::Window> window_of(const std::optional<core::Side>& side, const core::Samples& samples) {
  if (samples.times.empty()) return std::nullopt;
  core::Window out{samples.times.front(), samples.times.back()};
  if (side && side->window) out = {std::min(out.start, side->window->start), std::max(out.end, side->window->end)};
  return out;
}

std::optional<double> value_of(const std::optional<core::Side>& side) {
  return side ? side->value : std::nullopt;
}

/// The level of the points before; with a placebo the side's value is what they lead to expect afterwards.
std::optional<double> value_before(const core::MetricReport& metric) {
  return metric.placebo && metric.placebo->expected ? metric.placebo->before : value_of(metric.baseline);
}

/// In which steps people count: whole seconds, minutes, hours, days, and powers of 1024 for sizes.
double grain_of(const core::Unit& unit, const Extent& extent) {
  const double size = std::max(std::abs(extent.low), std::abs(extent.high)) * unit.scale;
  double grain = 1.0;
  if (unit.dimension == "time") grain = size >= 172800 ? 86400 : size >= 7200 ? 3600 : size >= 120 ? 60 : 1.0;
  if (unit.dimension.starts_with("size"))
    while (size >= grain * 1024.0) grain *= 1024.0;
  return grain / unit.scale;
}

/// With the limits, unless they are so far off that they would flatten the points; with a little air.
Extent axis_of(Extent points, const std::vector<Limit>& limits) {
  const double span = std::max({points.span(), 0.02 * std::max(std::abs(points.low), std::abs(points.high)), 1e-300});
  Extent out = points;
  for (const Limit& limit : limits) {
    if (limit.at < points.low - 1.5 * span || limit.at > points.high + 1.5 * span) continue;
    out = {std::min(out.low, limit.at), std::max(out.high, limit.at)};
  }
  const double air = 0.08 * std::max(out.span(), span);
  const double low = out.low - air;
  return {points.low >= 0.0 && low < 0.0 ? 0.0 : low, out.high + air};
}

/// "0.3 %" for "0.300 %": ticks are round.
std::string short_text(const std::string& text) {
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return text;
  const std::size_t end = std::min(text.find_first_not_of("0123456789", point + 1), text.size());
  std::size_t last = end;
  while (text[last - 1] == '0') --last;
  if (last - 1 == point) --last;
  return text.substr(0, last) + text.substr(end);
}

std::string time_text(core::Time time, core::Time now) {
  const std::string day = core::format_day(time, now);
  return (day == core::format_day(now, now) ? "" : day + " ") + core::format_clock(time);
}

class SeriesChart {
 public:
  SeriesChart(const core::MetricReport& metric, const ChartContext& context)
      : metric_(metric),
        context_(context),
        before_(window_of(metric.baseline, metric.baseline_series)),
        after_(window_of(metric.candidate, metric.candidate_series)),
        axis_(time_axis(before_, after_, context.released)) {
    if (const core::CriterionReport* criterion = deciding(metric)) limits_ = value_limits(metric, *criterion);
    std::vector<double> values = metric.baseline_series.values;
    values.insert(values.end(), metric.candidate_series.values.begin(), metric.candidate_series.values.end());
    // What the limit is compared with may lie outside of the points: a rate over the whole window, a burn rate.
    for (const auto& side : {value_before(metric), value_of(metric.candidate)})
      if (side) values.push_back(*side);
    const auto points = extent_of(values);
    // The range of huge numbers may be none itself.
    drawable_ = points && std::isfinite(points->span()) && !axis_.pieces.empty();
    if (drawable_) y_ = {axis_of(*points, limits_), {kBottom, kTop}};
  }

  [[nodiscard]] bool is_drawable() const { return drawable_; }

  [[nodiscard]] std::string axis() const {
    std::string out;
    std::vector<double> taken;
    for (const Limit& limit : limits_) {
      if (!y_.domain.holds(limit.at)) continue;
      taken.push_back(y_(limit.at));
      out += label(taken.back(), "lim", limit.at);
    }
    for (const double tick : ticks()) {
      const double y = y_(tick);
      const bool free = std::none_of(taken.begin(), taken.end(), [&](double one) { return std::abs(one - y) < kLineOfText; });
      if (free) out += label(y, "ax", tick);
    }
    return svg::element("svg",
                        {{"class", "chart axis"},
                         {"width", svg::number(kAxisWidth)},
                         {"height", svg::number(kHeight)},
                         {"aria-hidden", "true"}},
                        out);
  }

  [[nodiscard]] std::string drawing() const {
    std::string out = windows();
    for (const double tick : ticks()) out += svg::line({0, y_(tick)}, {100, y_(tick)}, "grid");
    out += side_value(value_before(metric_), axis_.before, "mean b") +
           side_value(value_of(metric_.candidate), axis_.after, "mean c");
    out += svg::stretched(
        kHeight, curve(metric_.baseline_series, axis_.before, "b") + curve(metric_.candidate_series, axis_.after, "c"));
    for (const Limit& limit : limits_) {
      if (y_.domain.holds(limit.at)) out += svg::line({0, y_(limit.at)}, {100, y_(limit.at)}, "limit");
    }
    out += release() + times();
    out += fmt::format(R"(<g class="hov" visibility="hidden"><line y1="{}" y2="{}"/><circle r="5"/></g>)", kTop, kBottom);
    return svg::element("svg",
                        {{"class", "chart series"},
                         {"width", "100%"},
                         {"height", svg::number(kHeight)},
                         {"role", "img"},
                         {"tabindex", "0"},
                         {"aria-label", summary()},
                         {"data-points", points()}},
                        out);
  }

 private:
  [[nodiscard]] std::vector<double> ticks() const {
    return svg::round_values(y_.domain, kMostTicks, grain_of(metric_.unit, y_.domain));
  }

  [[nodiscard]] std::string label(double y, std::string_view css_class, double value) const {
    return svg::element(
        "text",
        {{"class", std::string(css_class)},
         {"x", svg::number(kAxisWidth - 6.0)},
         {"y", svg::number(y + 4.0)},
         {"text-anchor", "end"}},
        svg::escaped(core::printable(css_class == "ax" ? short_text(value_text(value, metric_)) : value_text(value, metric_))));
  }

  [[nodiscard]] bool overlaps() const {
    return before_ && after_ && before_->start < after_->end && after_->start < before_->end;
  }

  [[nodiscard]] std::string shade(const core::Window& window, std::size_t piece, std::string_view css_class,
                                  std::string_view title = "") const {
    const double left = axis_.pieces[piece].x(window.start);
    const double width = axis_.pieces[piece].x(window.end) - left;
    const std::string name = title.empty() ? "" : svg::element("title", {}, svg::escaped(title));
    return svg::element("rect",
                        {{"class", std::string(css_class)},
                         {"x", svg::percent(left)},
                         {"y", svg::number(kTop)},
                         {"width", svg::percent(width)},
                         {"height", svg::number(kBottom - kTop)}},
                        name);
  }

  /// The windows with their names, and what lies between them.
  [[nodiscard]] std::string windows() const {
    std::string out;
    if (before_) out += shade(*before_, axis_.before, "win b");
    if (after_) out += shade(*after_, axis_.after, "win c");
    if (overlaps()) return out + svg::text({100, kTopText}, Anchor::end, "ax", "both sides at the same time");
    if (before_) out += svg::text({axis_.pieces[axis_.before].x(before_->start), kTopText}, Anchor::start, "ax", "before");
    if (!after_) return out;
    const double end = axis_.pieces[axis_.after].x(after_->end);
    out += svg::text({end, kTopText}, Anchor::end, "ax", "after");
    const core::Time from = axis_.is_broken() || !before_ ? axis_.pieces[axis_.after].window.start : before_->end;
    if (from < after_->start) out += shade({from, after_->start}, axis_.after, "gap", "between the windows: not counted");
    return out;
  }

  [[nodiscard]] std::string side_value(std::optional<double> value, std::size_t piece, std::string_view css_class) const {
    const auto& window = css_class.ends_with('b') ? before_ : after_;
    if (!value || !window || !y_.domain.holds(*value)) return "";
    const AxisPiece& at = axis_.pieces[piece];
    return svg::line({at.x(window->start), y_(*value)}, {at.x(window->end), y_(*value)}, css_class);
  }

  [[nodiscard]] std::string curve(const core::Samples& samples, std::size_t piece, std::string_view side) const {
    std::vector<std::vector<Point>> runs;
    std::vector<Point> all;
    for (const core::Samples& run : runs_of(samples, context_.most_points)) {
      runs.emplace_back();
      for (std::size_t i = 0; i < run.times.size(); ++i) {
        runs.back().push_back({axis_.pieces[piece].x(run.times[i]), y_(run.values[i])});
        all.push_back(runs.back().back());
      }
    }
    if (all.empty()) return "";
    std::string out = svg::element("path", {{"class", fmt::format("ln {}", side)}, {"d", svg::line_path(runs)}});
    if (all.size() <= kMostDots)
      out += svg::element("path", {{"class", fmt::format("pt {}", side)}, {"d", svg::dots_path(all)}});
    return out;
  }

  [[nodiscard]] std::string release() const {
    const auto x = context_.released ? axis_.x(*context_.released) : std::nullopt;
    if (!x) return "";
    // Where it would run into the name of a window, the label stands on that window's inner side.
    const Anchor anchor = *x < 24.0 ? Anchor::start : *x > 76.0 ? Anchor::end : Anchor::middle;
    return svg::line({*x, kTop - 4.0}, {*x, kBottom}, "rel") +
           svg::text({*x, kTopText}, anchor, "rl", "release " + core::format_clock(*context_.released));
  }

  [[nodiscard]] std::string times() const {
    constexpr double kText = kBottom + 16.0;
    std::string out;
    for (const AxisPiece& piece : axis_.pieces) {
      if (axis_.is_broken()) {
        const double middle = (piece.place.low + piece.place.high) / 2.0;
        out += svg::text({middle, kText}, Anchor::middle, "ax", window_text(piece.window, context_.now));
        continue;
      }
      out += svg::text({0, kText}, Anchor::start, "ax", time_text(piece.window.start, context_.now));
      out += svg::text({100, kText}, Anchor::end, "ax", time_text(piece.window.end, context_.now));
    }
    return out;
  }

  /// "x,y,time,value" of each point that is drawn, with bars between, and a semicolon between the sides: what the script shows.
  [[nodiscard]] std::string points() const {
    std::string out;
    const auto add = [&](const core::Samples& samples, std::size_t piece) {
      const char* separator = "";
      for (const core::Samples& run : runs_of(samples, context_.most_points)) {
        for (std::size_t i = 0; i < run.times.size(); ++i) {
          out += fmt::format("{}{:.1f},{:.0f},{},{}", separator, axis_.pieces[piece].x(run.times[i]), y_(run.values[i]),
                             time_text(run.times[i], context_.now), core::printable(value_text(run.values[i], metric_)));
          separator = "|";
        }
      }
    };
    add(metric_.baseline_series, axis_.before);
    out += ';';
    add(metric_.candidate_series, axis_.after);
    return out;
  }

  [[nodiscard]] std::string summary() const {
    std::string out = core::printable(metric_.title) + " over time";
    if (const auto value = value_before(metric_)) out += ", before " + value_text(*value, metric_);
    if (const auto value = value_of(metric_.candidate)) out += ", after " + value_text(*value, metric_);
    if (context_.released && axis_.x(*context_.released))
      out += ", release at " + core::format_moment(*context_.released, context_.now);
    return core::printable(out);
  }

  const core::MetricReport& metric_;
  const ChartContext& context_;
  std::optional<core::Window> before_;
  std::optional<core::Window> after_;
  TimeAxis axis_;
  std::vector<Limit> limits_;
  svg::Scale y_;
  bool drawable_ = false;
};

std::size_t drawn_points(const core::Samples& samples, std::size_t most) {
  std::size_t out = 0;
  for (const core::Samples& run : runs_of(samples, most)) out += run.times.size();
  return out;
}

}  // namespace

std::optional<Chart> series_chart(const core::MetricReport& metric, const ChartContext& context) {
  if (metric.baseline_series.times.size() + metric.candidate_series.times.size() < 2) return std::nullopt;
  const SeriesChart chart(metric, context);
  if (!chart.is_drawable()) return std::nullopt;
  return Chart{chart.axis(), chart.drawing()};
}

std::string small_series_chart(const core::MetricReport& metric, const ChartContext& context) {
  const core::Samples& before = metric.baseline_series;
  const core::Samples& after = metric.candidate_series;
  if (before.times.size() + after.times.size() < 2) return "";
  const TimeAxis axis = time_axis(window_of(metric.baseline, before), window_of(metric.candidate, after), context.released);
  std::vector<double> values = before.values;
  values.insert(values.end(), after.values.begin(), after.values.end());
  const auto extent = extent_of(values);
  if (!extent || !std::isfinite(extent->span()) || axis.pieces.empty()) return "";
  const svg::Scale y{*extent, {kSmallHeight - 3.0, 3.0}};
  const auto path = [&](const core::Samples& samples, std::size_t piece, std::string_view css_class) -> std::string {
    if (samples.times.empty()) return "";
    std::vector<std::vector<Point>> runs;
    for (const core::Samples& run : runs_of(samples, std::min(kSmallPoints, context.most_points))) {
      runs.emplace_back();
      for (std::size_t i = 0; i < run.times.size(); ++i)
        runs.back().push_back({axis.pieces[piece].x(run.times[i]), y(run.values[i])});
    }
    return svg::element("path", {{"class", std::string(css_class)}, {"d", svg::line_path(runs)}});
  };
  std::string out = svg::stretched(kSmallHeight, path(before, axis.before, "ln b") + path(after, axis.after, "ln c"));
  if (const auto x = context.released ? axis.x(*context.released) : std::nullopt)
    out += svg::line({*x, 0}, {*x, kSmallHeight}, "rel");
  return svg::element(
      "svg", {{"class", "chart small"}, {"width", "100%"}, {"height", svg::number(kSmallHeight)}, {"aria-hidden", "true"}},
      out);
}

std::string points_text(const core::MetricReport& metric, std::size_t most_points) {
  const std::size_t before = metric.baseline_series.times.size();
  const std::size_t after = metric.candidate_series.times.size();
  if (before + after == 0) return "";
  std::string out = before > 0 ? fmt::format("{} points before, {} after", before, after) : fmt::format("{} points", after);
  const std::size_t drawn =
      drawn_points(metric.baseline_series, most_points) + drawn_points(metric.candidate_series, most_points);
  if (drawn < before + after) out += fmt::format("; {} drawn, the lowest and highest of each slice of time", drawn);
  return out;
}

}  // namespace gate::report
