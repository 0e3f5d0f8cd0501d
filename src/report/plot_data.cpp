#include "report/plot_data.h"

#include <algorithm>
#include <cmath>

namespace gate::report {
namespace {

/// A window narrower than this share of both would show nothing.
constexpr double kNarrowest = 0.12;
constexpr svg::Extent kWhole{0.0, 100.0};
constexpr svg::Extent kLeft{0.0, 48.0};
constexpr svg::Extent kRight{52.0, 100.0};

double seconds(core::Time time) {
  return core::unix_seconds(time);
}

double share(const core::Window& part, const core::Window& whole) {
  return std::chrono::duration<double>(part.length()) / std::chrono::duration<double>(whole.length());
}

/// Two and a half times the median distance of neighbours, in seconds; infinite with fewer than three points.
double widest_step(const std::vector<core::Time>& times) {
  if (times.size() < 3) return HUGE_VAL;
  std::vector<double> steps;
  for (std::size_t i = 1; i < times.size(); ++i) steps.push_back(seconds(times[i]) - seconds(times[i - 1]));
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return 2.5 * *middle;
}

double quantile(const std::vector<double>& sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

double AxisPiece::x(core::Time time) const {
  return svg::Scale{{seconds(window.start), seconds(window.end)}, place}(seconds(time));
}

std::optional<double> TimeAxis::x(core::Time time) const {
  for (const AxisPiece& piece : pieces) {
    if (piece.window.start <= time && time <= piece.window.end) return piece.x(time);
  }
  return std::nullopt;
}

TimeAxis time_axis(std::optional<core::Window> before, std::optional<core::Window> after, std::optional<core::Time> released) {
  if (before && before->length().count() <= 0) before.reset();
  if (after && after->length().count() <= 0) after.reset();
  if (after && released && *released < after->start && after->start - *released < after->length()) after->start = *released;
  TimeAxis out;
  if (!before && !after) return out;
  if (!before || !after) {
    out.pieces = {{before ? *before : *after, kWhole}};
    return out;
  }
  const core::Window both{std::min(before->start, after->start), std::max(before->end, after->end)};
  if (std::min(share(*before, both), share(*after, both)) >= kNarrowest) {
    out.pieces = {{both, kWhole}};
    return out;
  }
  out.pieces = {{*before, kLeft}, {*after, kRight}};
  out.after = 1;
  return out;
}

core::Samples thinned(const core::Samples& samples, std::size_t most) {
  const std::size_t count = samples.values.size();
  if (count <= most || most < 2) return samples;
  core::Samples out;
  const auto keep = [&](std::size_t i) {
    out.times.push_back(samples.times[i]);
    out.values.push_back(samples.values[i]);
  };
  const std::size_t slices = most / 2;
  for (std::size_t slice = 0; slice < slices; ++slice) {
    const auto first = samples.values.begin() + static_cast<std::ptrdiff_t>(slice * count / slices);
    const auto last = samples.values.begin() + static_cast<std::ptrdiff_t>((slice + 1) * count / slices);
    const auto [low, high] = std::minmax_element(first, last);
    const auto a = static_cast<std::size_t>(low - samples.values.begin());
    const auto b = static_cast<std::size_t>(high - samples.values.begin());
    keep(std::min(a, b));
    if (a != b) keep(std::max(a, b));
  }
  return out;
}

std::vector<core::Samples> runs_of(const core::Samples& samples, std::size_t most) {
  std::vector<core::Samples> runs;
  const double widest = widest_step(samples.times);
  for (std::size_t i = 0; i < samples.times.size(); ++i) {
    const bool apart = i == 0 || seconds(samples.times[i]) - seconds(samples.times[i - 1]) > widest;
    if (apart) runs.emplace_back();
    runs.back().times.push_back(samples.times[i]);
    runs.back().values.push_back(samples.values[i]);
  }
  if (2 * runs.size() > most) runs = {samples};
  for (core::Samples& run : runs) run = thinned(run, std::max<std::size_t>(2, most * run.times.size() / samples.times.size()));
  return runs;
}

std::optional<Spread> spread_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  return Spread{values.front(), quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75), values.back()};
}

std::optional<svg::Extent> extent_of(std::span<const double> values) {
  std::optional<svg::Extent> out;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    out = out ? svg::Extent{std::min(out->low, value), std::max(out->high, value)} : svg::Extent{value, value};
  }
  return out;
}

}  // namespace gate::report
