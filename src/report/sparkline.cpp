// The trend of a metric in a few characters.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "report/layout.h"

namespace gate::report {
namespace {

/// Means of `cells` equal pieces in time; NaN where a piece has no point.
std::vector<double> resample(const core::Samples& samples, std::size_t cells) {
  std::vector<double> sums(cells, 0.0);
  std::vector<double> counts(cells, 0.0);
  if (samples.times.empty()) return {};
  const double first = core::unix_seconds(samples.times.front());
  const double span = std::max(core::unix_seconds(samples.times.back()) - first, 1e-3);
  for (std::size_t i = 0; i < samples.times.size(); ++i) {
    const double share = (core::unix_seconds(samples.times[i]) - first) / span;
    const auto cell = std::min(cells - 1, static_cast<std::size_t>(std::max(0.0, share * static_cast<double>(cells))));
    sums[cell] += samples.values[i];
    counts[cell] += 1.0;
  }
  for (std::size_t i = 0; i < cells; ++i)
    sums[i] = counts[i] > 0.0 ? sums[i] / counts[i] : std::numeric_limits<double>::quiet_NaN();
  return sums;
}

std::string draw(const std::vector<double>& values, double low, double high, Charset charset) {
  static constexpr std::array<std::string_view, 8> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static constexpr std::array<std::string_view, 8> kPlain = {".", ".", ":", "-", "=", "+", "*", "#"};
  const auto& marks = charset == Charset::unicode ? kBlocks : kPlain;
  std::string out;
  for (const double value : values) {
    if (std::isnan(value)) {
      out += ' ';
      continue;
    }
    // The range of huge numbers may be none itself.
    const double share = high > low && std::isfinite(high - low) ? (value - low) / (high - low) : 0.4;
    out += marks[std::min<std::size_t>(7, static_cast<std::size_t>(share * 8.0))];
  }
  return out;
}

struct Extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
};

Extent extent_of(std::initializer_list<const std::vector<double>*> sides) {
  Extent out;
  for (const auto* side : sides) {
    for (const double value : *side) {
      if (std::isnan(value)) continue;
      out.low = std::min(out.low, value);
      out.high = std::max(out.high, value);
    }
  }
  return out;
}

}  // namespace

std::string sparkline(const std::vector<double>& values, Charset charset) {
  const Extent extent = extent_of({&values});
  return draw(values, extent.low, extent.high, charset);
}

std::string sparkline(const core::MetricReport& metric, std::size_t cells, Charset charset) {
  if (metric.candidate_series.times.size() < 2) return "";
  const std::vector<double> after = resample(metric.candidate_series, cells);
  const std::vector<double> before = resample(metric.baseline_series, cells);
  const Extent extent = extent_of({&before, &after});
  return draw(before, extent.low, extent.high, charset) + (charset == Charset::unicode ? "┃" : "|") +
         draw(after, extent.low, extent.high, charset);
}

}  // namespace gate::report
