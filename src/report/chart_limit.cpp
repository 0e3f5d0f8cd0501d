// A criterion against its limit, and the spread of the points.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/charts.h"
#include "report/layout.h"
#include "report/plot_data.h"

namespace gate::report {
namespace {

using svg::Anchor;
using svg::Extent;
using svg::Point;

/// Of the drawing on either side, so that labels at the ends have a place.
constexpr double kAir = 0.3;

/// Where a drawing's rows lie, in pixels.
struct Rows {
  double height;
  double top;     ///< of the track
  double bottom;  ///< of the track
  double middle;  ///< of the bar
};
constexpr Rows kLarge{72.0, 18.0, 54.0, 42.0};
constexpr Rows kSmall{26.0, 4.0, 22.0, 13.0};
constexpr double kLimitText = 12.0;
constexpr double kEndsText = 31.0;
constexpr double kBottomText = 68.0;

/// A range is longer than a limit, and needs more room.
Anchor anchor_of_range(double x) {
  return x < 25.0 ? Anchor::start : x > 75.0 ? Anchor::end : Anchor::middle;
}

void stretch_over(Extent& extent, double value) {
  if (std::isfinite(value)) extent = {std::min(extent.low, value), std::max(extent.high, value)};
}

svg::Scale scale_over(Extent extent, double air) {
  const double span = std::max({extent.span(), 1e-9 * std::max(std::abs(extent.low), std::abs(extent.high)), 1e-300});
  return {{extent.low - air * span, extent.high + air * span}, {0.0, 100.0}};
}

std::string box(const Rows& rows, std::string_view css_class, const std::string& label, const std::string& content) {
  if (label.empty()) {
    return svg::element(
        "svg",
        {{"class", std::string(css_class)}, {"width", "100%"}, {"height", svg::number(rows.height)}, {"aria-hidden", "true"}},
        content);
  }
  return svg::element("svg",
                      {{"class", std::string(css_class)},
                       {"width", "100%"},
                       {"height", svg::number(rows.height)},
                       {"role", "img"},
                       {"aria-label", label}},
                      content);
}

enum class Words { drawn, left_out };

class LimitChart {
 public:
  LimitChart(const core::MetricReport& metric, const core::CriterionReport& criterion, const Drawn& drawn, Words words)
      : metric_(metric), criterion_(criterion), drawn_(drawn), words_(words), rows_(words == Words::drawn ? kLarge : kSmall) {
    Extent extent{0.0, 0.0};
    stretch_over(extent, drawn.value);
    for (const Limit& limit : drawn.limits) stretch_over(extent, limit.at);
    if (drawn.interval) {
      stretch_over(extent, drawn.interval->lower);
      stretch_over(extent, drawn.interval->upper);
    }
    x_ = scale_over(extent, words == Words::drawn ? kAir : 0.1);
    band_ = {rows_.top, rows_.bottom};
    if (!drawn.is_change) {
      const double half = words == Words::drawn ? 6.0 : 4.0;
      band_ = {rows_.middle - half, rows_.middle + half};
    }
    // A track that shows how much there is begins at none.
    if (!drawn.is_change && extent.low >= 0.0) x_.domain.low = 0.0;
  }

  [[nodiscard]] std::string draw() const {
    std::string out;
    if (!drawn_.is_change) out += svg::rectangle({0, band_.low}, 100.0, band_.span(), "track");
    for (const Limit& limit : drawn_.limits) out += harmful(limit);
    for (const Limit& limit : drawn_.limits)
      out += svg::line({x_(limit.at), rows_.top - 3.0}, {x_(limit.at), rows_.bottom + 3.0}, "limit");
    out += drawn_.is_change ? change() : value();
    for (const Limit& limit : drawn_.limits) {
      const double x = x_(limit.at);
      if (words_ == Words::drawn) out += svg::text({x, kLimitText}, svg::anchor_at(x), "lim", "limit " + limit_text(limit));
    }
    const std::string name = fmt::format("chart {} {}", words_ == Words::drawn ? "bound" : "small", tone());
    return box(rows_, name, words_ == Words::drawn ? summary() : "", out);
  }

 private:
  [[nodiscard]] std::string exact(double value) const { return core::printable(drawn_text(value, metric_, criterion_)); }
  /// As the gate file's limit is written, where it is one; else the one that was the stricter.
  [[nodiscard]] std::string limit_text(const Limit& limit) const {
    const bool several = drawn_.limits.size() > 1 || criterion_.limit.find(" and ") != std::string::npos;
    return several || criterion_.limit.empty() ? exact(limit.at) : core::printable(criterion_.limit);
  }

  [[nodiscard]] std::string range() const { return core::printable(drawn_range_text(*drawn_.interval, metric_, criterion_)); }

  [[nodiscard]] std::string harmful(const Limit& limit) const {
    const double x = x_(limit.at);
    std::string out = limit.harm_above ? svg::rectangle({x, band_.low}, 100.0 - x, band_.span(), "harm")
                                       : svg::rectangle({0, band_.low}, x, band_.span(), "harm");
    if (words_ == Words::left_out) return out;
    const bool gain = criterion_.rule == "improve_by";
    const std::string_view word = gain ? "too little" : drawn_.is_change ? "too much" : "beyond the limit";
    return out + (limit.harm_above ? svg::text({100, kBottomText}, Anchor::end, "ax", fmt::format("{} →", word))
                                   : svg::text({0, kBottomText}, Anchor::start, "ax", fmt::format("← {}", word)));
  }

  [[nodiscard]] std::string change() const {
    const double zero = x_(0.0);
    std::string out = svg::line({zero, rows_.top}, {zero, rows_.bottom}, "zero");
    if (words_ == Words::drawn) out += zero_text(zero);
    if (drawn_.interval) {
      const double left = std::isfinite(drawn_.interval->lower) ? x_(drawn_.interval->lower) : 0.0;
      const double right = std::isfinite(drawn_.interval->upper) ? x_(drawn_.interval->upper) : 100.0;
      const double thickness = words_ == Words::drawn ? 6.0 : 5.0;
      out += svg::rectangle({left, rows_.middle - thickness / 2.0}, right - left, thickness, "bar");
      const double middle = (left + right) / 2.0;
      if (words_ == Words::drawn) out += svg::text({middle, kEndsText}, anchor_of_range(middle), "end", range());
    } else if (words_ == Words::drawn) {
      const double x = x_(drawn_.value);
      out += svg::text({x, kEndsText}, svg::anchor_at(x), "end", exact(drawn_.value));
    }
    return out + dot(x_(drawn_.value));
  }

  /// Away from the word at the edge on which harm lies, and left out where there is no room beside it.
  [[nodiscard]] std::string zero_text(double zero) const {
    constexpr double kWord = 25.0;
    constexpr double kHalf = 12.0;
    Anchor anchor = Anchor::middle;
    for (const Limit& limit : drawn_.limits) {
      const double room = (limit.harm_above ? 100.0 - zero : zero) - kWord;
      if (room < 0.0) return "";
      if (room < kHalf) anchor = limit.harm_above ? Anchor::end : Anchor::start;
    }
    return svg::text({zero, kBottomText}, anchor, "ax", "no change");
  }

  [[nodiscard]] std::string value() const {
    const double zero = x_(std::max(0.0, x_.domain.low));
    const double end = x_(drawn_.value);
    std::string out = svg::rectangle({std::min(zero, end), band_.low}, std::abs(end - zero), band_.span(), "fill");
    if (drawn_.interval) {
      const double right = std::isfinite(drawn_.interval->upper) ? x_(drawn_.interval->upper) : 100.0;
      out += svg::line({x_(drawn_.interval->lower), rows_.middle}, {right, rows_.middle}, "whisker");
    }
    if (words_ == Words::drawn) out += svg::text({end, kEndsText}, svg::anchor_at(end), "end", exact(drawn_.value));
    return out;
  }

  /// The colour of the criterion's own outcome: one that holds is no part of its metric's failure.
  [[nodiscard]] std::string_view tone() const {
    if (criterion_.outcome == core::Outcome::holds) return "pass";
    if (criterion_.outcome == core::Outcome::unproven) return "open";
    return criterion_.level == core::Level::fail ? "fail" : "warn";
  }

  [[nodiscard]] std::string dot(double x) const {
    return svg::element("circle", {{"class", "dot"},
                                   {"cx", svg::percent(x)},
                                   {"cy", svg::number(rows_.middle)},
                                   {"r", words_ == Words::drawn ? "6" : "4.5"}});
  }

  [[nodiscard]] std::string summary() const {
    std::string out = fmt::format("{} {}", drawn_.is_change ? "change" : "value", exact(drawn_.value));
    if (drawn_.interval) out += ", interval " + range();
    return core::printable(fmt::format("{}, limit {}", out, criterion_.limit));
  }

  const core::MetricReport& metric_;
  const core::CriterionReport& criterion_;
  const Drawn& drawn_;
  Words words_;
  const Rows& rows_;
  Extent band_;  ///< of what is hatched, in pixels
  svg::Scale x_;
};

constexpr double kStripTop = 16.0;
constexpr double kStripHeight = 32.0;
constexpr double kStripAxis = 18.0;
constexpr double kStripLabels = 64.0;
constexpr std::size_t kMostStripDots = 40;
constexpr std::size_t kLeastForBox = 5;

/// Evenly over the ranks, so that the shape stays.
std::vector<double> some_of(std::vector<double> values, std::size_t most) {
  std::sort(values.begin(), values.end());
  if (values.size() <= most) return values;
  std::vector<double> out;
  for (std::size_t i = 0; i < most; ++i) out.push_back(values[i * (values.size() - 1) / (most - 1)]);
  return out;
}

std::string strip(const std::vector<double>& values, const svg::Scale& x, double top, std::string_view side, std::size_t most) {
  const double middle = top + kStripHeight / 2.0;
  std::string out;
  if (const auto spread = spread_of(values); spread && values.size() >= kLeastForBox) {
    const double left = x(spread->lower);
    const double median = x(spread->median);
    out += svg::line({x(spread->least), middle}, {x(spread->most), middle}, "wh");
    out += svg::rectangle({left, middle - 9.0}, x(spread->upper) - left, 18.0, fmt::format("box {}", side));
    out += svg::line({median, middle - 10.0}, {median, middle + 10.0}, "med");
  }
  std::vector<Point> dots;
  const std::vector<double> shown = some_of(values, most);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const double shift = static_cast<double>((i * 7) % 5) * 2.5 - 5.0;
    dots.push_back({x(shown[i]), middle + shift});
  }
  return out + svg::stretched(top + kStripHeight,
                              svg::element("path", {{"class", fmt::format("pt {}", side)}, {"d", svg::dots_path(dots)}}));
}

}  // namespace

std::optional<std::string> limit_chart(const core::MetricReport& metric, const core::CriterionReport& criterion) {
  const auto drawn = drawn_of(metric, criterion);
  if (!drawn) return std::nullopt;
  return LimitChart(metric, criterion, *drawn, Words::drawn).draw();
}

std::string small_limit_chart(const core::MetricReport& metric, const core::CriterionReport& criterion) {
  const auto drawn = drawn_of(metric, criterion);
  return drawn ? LimitChart(metric, criterion, *drawn, Words::left_out).draw() : "";
}

std::optional<Chart> spread_chart(const core::MetricReport& metric, const ChartContext& context) {
  const std::vector<double>& before = metric.baseline_series.values;
  const std::vector<double>& after = metric.candidate_series.values;
  std::vector<double> all = before;
  all.insert(all.end(), after.begin(), after.end());
  const auto extent = extent_of(all);
  if (!extent || !std::isfinite(extent->span())) return std::nullopt;
  const svg::Scale x = scale_over(*extent, 0.06);
  std::string drawing;
  std::string axis;
  double top = kStripTop;
  for (const auto& [values, side, name] : {std::tuple(&before, "b", "before"), std::tuple(&after, "c", "after")}) {
    if (values->empty()) continue;
    drawing += strip(*values, x, top, side, std::min(kMostStripDots, context.most_points));
    axis += svg::element("text",
                         {{"class", "ax"},
                          {"x", svg::number(kStripLabels - 6.0)},
                          {"y", svg::number(top + kStripHeight / 2.0 + 4.0)},
                          {"text-anchor", "end"}},
                         name);
    top += kStripHeight;
  }
  if (const core::CriterionReport* criterion = deciding(metric)) {
    for (const Limit& limit : value_limits(metric, *criterion)) {
      if (!x.domain.holds(limit.at)) continue;
      const double at = x(limit.at);
      drawing += svg::line({at, kStripTop}, {at, top}, "limit");
      drawing +=
          svg::text({at, kStripTop - 4.0}, svg::anchor_at(at), "lim", "limit " + core::printable(value_text(limit.at, metric)));
    }
  }
  for (const double end : {extent->low, extent->high}) {
    if (end == extent->high && extent->span() == 0.0) break;
    const double at = x(end);
    drawing += svg::text({at, top + 14.0}, svg::anchor_at(at), "ax", core::printable(value_text(end, metric)));
  }
  const std::string height = svg::number(top + kStripAxis);
  return Chart{
      svg::element("svg",
                   {{"class", "chart axis"}, {"width", svg::number(kStripLabels)}, {"height", height}, {"aria-hidden", "true"}},
                   axis),
      svg::element(
          "svg",
          {{"class", "chart spread"},
           {"width", "100%"},
           {"height", height},
           {"role", "img"},
           {"aria-label", core::printable(fmt::format("spread of the points, {} to {}", value_text(extent->low, metric),
                                                      value_text(extent->high, metric)))}},
          drawing)};
}

}  // namespace gate::report
