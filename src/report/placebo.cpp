#include "report/placebo.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/text.h"
#include "report/plot_data.h"
#include "report/svg.h"

namespace gate::report {
namespace {

/// How far the sides of a day lie apart, by day and for this release.
struct Moves {
  std::vector<double> earlier;  ///< oldest first, of the days that count
  double now = 0.0;
  std::optional<core::Range> expected;
};

double move(double before, double after, bool relative) {
  return relative ? after / before - 1.0 : after - before;
}

std::optional<Moves> moves_of(const core::MetricReport& metric) {
  if (!metric.placebo || !metric.candidate || !metric.candidate->value) return std::nullopt;
  const core::PlaceboReport& placebo = *metric.placebo;
  if (!placebo.expected || !placebo.before) return std::nullopt;
  const bool relative = placebo.relative;
  Moves out;
  for (const core::PlaceboDayReport& day : placebo.all) {
    if (day.left_out.empty() && day.baseline && day.candidate)
      out.earlier.push_back(move(*day.baseline, *day.candidate, relative));
  }
  out.now = move(*placebo.before, *metric.candidate->value, relative);
  if (placebo.expected_interval) {
    out.expected = core::Range{move(*placebo.before, placebo.expected_interval->lower, relative),
                               move(*placebo.before, placebo.expected_interval->upper, relative)};
  }
  const auto all_finite = std::all_of(out.earlier.begin(), out.earlier.end(), [](double one) { return std::isfinite(one); });
  if (out.earlier.empty() || !all_finite || !std::isfinite(out.now)) return std::nullopt;
  return out;
}

std::string text_of(double value, const core::MetricReport& metric) {
  return core::printable(move_text(value, metric.placebo->relative, metric));
}

std::string range_of(const Moves& moves, const core::MetricReport& metric) {
  const auto [least, most] = std::minmax_element(moves.earlier.begin(), moves.earlier.end());
  return core::printable(move_range_text({*least, *most}, metric.placebo->relative, metric));
}

std::string strip(const Moves& moves, Charset charset) {
  std::vector<double> all = moves.earlier;
  all.push_back(moves.now);
  const std::string drawn = sparkline(all, charset);
  // The last character is this release.
  const std::size_t last = charset == Charset::unicode ? std::string("█").size() : 1;
  return drawn.substr(0, drawn.size() - last) + (charset == Charset::unicode ? "┃" : "|") + drawn.substr(drawn.size() - last);
}

}  // namespace

std::string placebo_line(const core::MetricReport& metric, Charset charset) {
  const auto moves = moves_of(metric);
  if (!moves) return "";
  return fmt::format("before {}; {} {} moved it by {} at these hours, this release by {} {}",
                     core::printable(value_text(*metric.placebo->before, metric)), moves->earlier.size(),
                     core::printable(metric.placebo->days), range_of(*moves, metric), text_of(moves->now, metric),
                     strip(*moves, charset));
}

std::optional<std::string> placebo_chart(const core::MetricReport& metric) {
  const auto moves = moves_of(metric);
  if (!moves) return std::nullopt;
  constexpr double kAir = 0.12;
  constexpr double kMiddle = 34.0;
  constexpr double kHeight = 72.0;
  constexpr double kTopText = 12.0;
  constexpr double kBottomText = 66.0;
  std::vector<double> all = moves->earlier;
  all.push_back(moves->now);
  all.push_back(0.0);
  if (moves->expected) all.insert(all.end(), {moves->expected->lower, moves->expected->upper});
  const auto extent = extent_of(all);
  if (!extent || !std::isfinite(extent->span())) return std::nullopt;
  const double air = kAir * std::max(extent->span(), 1e-300);
  const svg::Scale x{{extent->low - air, extent->high + air}, {0.0, 100.0}};
  std::string out = svg::line({x(0.0), kMiddle - 16.0}, {x(0.0), kMiddle + 16.0}, "zero");
  if (moves->expected) {
    const double left = x(moves->expected->lower);
    const double right = x(moves->expected->upper);
    out += svg::rectangle({left, kMiddle - 9.0}, right - left, 18.0, "box b");
    const double middle = (left + right) / 2.0;
    out += svg::text({middle, kBottomText}, svg::anchor_at(middle), "ax",
                     "expected " + core::printable(move_range_text(*moves->expected, metric.placebo->relative, metric)));
  }
  std::vector<svg::Point> dots;
  for (const double one : moves->earlier) dots.push_back({x(one), kMiddle});
  const svg::Point now{x(moves->now), kMiddle};
  out += svg::stretched(kHeight, svg::element("path", {{"class", "pt b"}, {"d", svg::dots_path(dots)}}) +
                                     svg::element("path", {{"class", "pt c"}, {"d", svg::dots_path({&now, 1})}}));
  out += svg::line({now.x, kTopText + 5.0}, {now.x, kMiddle - 4.0}, "rel");
  out += svg::text({now.x, kTopText}, svg::anchor_at(now.x), "end", "this release " + text_of(moves->now, metric));
  return svg::element("svg",
                      {{"class", "chart spread placebo"},
                       {"width", "100%"},
                       {"height", svg::number(kHeight)},
                       {"role", "img"},
                       {"aria-label", fmt::format("{} {} moved by {}, this release by {}", moves->earlier.size(),
                                                  core::printable(metric.placebo->days), range_of(*moves, metric),
                                                  text_of(moves->now, metric))}},
                      out);
}

}  // namespace gate::report
