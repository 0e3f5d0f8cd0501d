#include "report/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/text.h"
#include "core/unit.h"

namespace gate::report {
namespace {

using core::Verdict;

bool is_pending(const core::MetricReport& metric) {
  return metric.evidence == core::Evidence::pending && metric.verdict == Verdict::inconclusive;
}

bool is_proportion(const core::MetricReport& metric) {
  return metric.kind == "ratio" || metric.unit.is_percent();
}

std::string value_text(const std::optional<core::Side>& side, const core::MetricReport& metric) {
  if (!side || !side->value) return "–";
  if (metric.unit.is_percent()) return core::format_number(*side->value) + " %";
  return core::format_quantity(*side->value, metric.unit,
                               metric.kind == "ratio" ? core::Style::proportion : core::Style::plain);
}

/// How a change is written: of the baseline, in percentage points, or in the metric's unit.
enum class Scale { relative, points, unit };

Scale scale_of(const core::MetricReport& metric, const core::CriterionReport* criterion) {
  if (criterion != nullptr && criterion->margin && criterion->relative && metric.change->relative) return Scale::relative;
  if (is_proportion(metric)) return Scale::points;
  const bool in_unit = criterion != nullptr && criterion->harm_interval.has_value() && !criterion->relative;
  return metric.change->relative && !in_unit ? Scale::relative : Scale::unit;
}

std::string one_end(double value, Scale scale, const core::MetricReport& metric, core::Rounding rounding) {
  if (!std::isfinite(value)) return value > 0 ? "+∞" : "−∞";
  constexpr int kDigits = 2;
  switch (scale) {
    case Scale::relative:
      return core::format_signed(value * 100.0, kDigits, rounding);
    case Scale::points:
      return core::format_signed(value * metric.unit.scale * 100.0, kDigits, rounding);
    case Scale::unit:
      break;
  }
  const std::string text = core::format_quantity(value, metric.unit);
  return value > 0 ? "+" + text : text;
}

std::string change_text(const core::MetricReport& metric, Scale scale) {
  const core::ChangeReport& change = *metric.change;
  switch (scale) {
    case Scale::relative:
      return core::format_signed(*change.relative * 100.0) + " %";
    case Scale::points:
      return core::format_signed(change.absolute * metric.unit.scale * 100.0) + " pp";
    case Scale::unit:
      break;
  }
  const std::string text = core::format_quantity(change.absolute, metric.unit);
  return change.absolute > 0 ? "+" + text : text;
}

std::string interval_text(const core::MetricReport& metric, Scale scale) {
  const auto& range = scale == Scale::relative ? metric.change->relative_interval : metric.change->interval;
  if (!range) return "";
  return fmt::format("[{}, {}]", one_end(range->lower, scale, metric, core::Rounding::down),
                     one_end(range->upper, scale, metric, core::Rounding::up));
}

std::string limit_text(const core::CriterionReport& criterion) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kSigns = {{{"above", "≤ "},
                                                                                           {"below", "≥ "},
                                                                                           {"equals", "not "},
                                                                                           {"target", "near "},
                                                                                           {"increase_over", "+"},
                                                                                           {"decrease_over", "−"},
                                                                                           {"change_over", "±"},
                                                                                           {"improve_by", "gain "}}};
  for (const auto& [rule, sign] : kSigns) {
    if (criterion.rule == rule) return std::string(sign) + core::printable(criterion.bound);
  }
  return core::printable(criterion.bound);
}

/// In words, so that it does not hang on colour; a question mark while it is not proven.
std::string tendency_of(const core::MetricReport& metric, const core::CriterionReport* criterion) {
  if (!metric.change || metric.change->absolute == 0.0) return "";
  const bool rises = metric.change->absolute > 0.0;
  bool worse = false;
  if (metric.better == "lower" || metric.better == "higher") {
    worse = rises == (metric.better == "lower");
  } else if (criterion != nullptr && (criterion->rule == "increase_over" || criterion->rule == "decrease_over")) {
    worse = rises == (criterion->rule == "increase_over");
  } else {
    return "";
  }
  const auto& interval = metric.change->interval;
  const bool sure = interval && (interval->lower > 0.0 || interval->upper < 0.0);
  return std::string(worse ? "worse" : "better") + (sure || !interval ? "" : "?");
}

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
    const double share = high > low ? (value - low) / (high - low) : 0.4;
    out += marks[std::min<std::size_t>(7, static_cast<std::size_t>(share * 8.0))];
  }
  return out;
}

}  // namespace

std::string_view symbol(Verdict verdict, Charset charset) {
  const bool unicode = charset == Charset::unicode;
  switch (verdict) {
    case Verdict::fail:
      return unicode ? "✗" : "x";
    case Verdict::error:
      return "!";
    case Verdict::inconclusive:
      return "?";
    case Verdict::warn:
      return unicode ? "▲" : "^";
    case Verdict::pass:
      return unicode ? "✓" : "+";
    case Verdict::skipped:
      return "-";
  }
  return "?";
}

std::string_view symbol(const core::MetricReport& metric, Charset charset) {
  if (is_pending(metric)) return charset == Charset::unicode ? "…" : ".";
  return symbol(metric.verdict, charset);
}

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return "FAIL";
    case Verdict::error:
      return "ERROR";
    case Verdict::inconclusive:
      return "INCONCLUSIVE";
    case Verdict::warn:
      return "WARN";
    case Verdict::pass:
      return "PASS";
    case Verdict::skipped:
      return "SKIPPED";
  }
  return "INCONCLUSIVE";
}

std::string_view word(const core::MetricReport& metric) {
  return is_pending(metric) ? "PENDING" : word(metric.verdict);
}

std::vector<const core::MetricReport*> worst_first(const core::Report& report) {
  std::vector<const core::MetricReport*> rows;
  for (const core::MetricReport& metric : report.metrics) rows.push_back(&metric);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const core::MetricReport* a, const core::MetricReport* b) { return a->verdict > b->verdict; });
  return rows;
}

bool needs_attention(const core::MetricReport& metric) {
  return metric.verdict != Verdict::pass && metric.verdict != Verdict::skipped;
}

const core::CriterionReport* deciding(const core::MetricReport& metric) {
  for (const core::CriterionReport& criterion : metric.criteria) {
    if (criterion.reason == metric.headline) return &criterion;
  }
  return metric.criteria.empty() ? nullptr : &metric.criteria.front();
}

Cells cells_of(const core::MetricReport& metric) {
  Cells cells;
  const core::CriterionReport* criterion = deciding(metric);
  cells.title = core::printable(metric.title);
  cells.before = value_text(metric.baseline, metric);
  cells.after = value_text(metric.candidate, metric);
  if (metric.change) {
    const Scale scale = scale_of(metric, criterion);
    cells.change = change_text(metric, scale);
    cells.interval = interval_text(metric, scale);
  }
  if (criterion != nullptr) cells.limit = limit_text(*criterion);
  cells.tendency = tendency_of(metric, criterion);
  return cells;
}

std::string tally(const core::Report& report) {
  std::string out;
  for (const std::string_view name : {"FAIL", "ERROR", "INCONCLUSIVE", "PENDING", "WARN", "PASS", "SKIPPED"}) {
    const auto count = std::count_if(report.metrics.begin(), report.metrics.end(),
                                     [&](const core::MetricReport& metric) { return word(metric) == name; });
    if (count == 0) continue;
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, lower);
  }
  return out;
}

std::string sparkline(const core::MetricReport& metric, std::size_t cells, Charset charset) {
  const std::vector<double> after = resample(metric.candidate_series, cells);
  if (after.empty()) return "";
  const std::vector<double> before = resample(metric.baseline_series, cells);
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const auto* side : {&before, &after}) {
    for (const double value : *side) {
      if (std::isnan(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  return draw(before, low, high, charset) + (charset == Charset::unicode ? "┃" : "|") + draw(after, low, high, charset);
}

std::string window_text(const core::Window& window, core::Time now) {
  const std::string start = core::format_time(window.start);
  constexpr std::size_t kDate = 10;
  const bool today = start.substr(0, kDate) == core::format_time(now).substr(0, kDate);
  const std::string clocks = core::format_clock(window.start) + "–" + core::format_clock(window.end);
  return today ? clocks : start.substr(0, kDate) + " " + clocks;
}

}  // namespace gate::report
