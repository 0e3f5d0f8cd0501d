#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <sstream>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "core/text.h"

namespace gate::cli {
namespace {

constexpr std::size_t kChartRows = 11;  // odd, so that there is a row in the middle
constexpr std::size_t kSideColumns = 32;
constexpr std::size_t kShownPoints = 200;

struct Extent {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();
};

/// One side of the chart.
struct Panel {
  std::string_view name;
  core::Window window;
  const core::Samples* series = nullptr;
};

/// The window, or what the points cover when there is none (a snapshot).
core::Window extent_in_time(const core::Side& side, const core::Samples& series) {
  if (side.window) return *side.window;
  const auto [first, last] = std::minmax_element(series.times.begin(), series.times.end());
  return {*first, *last + core::Duration(1)};
}

std::vector<Panel> panels_of(const core::MetricReport& metric) {
  std::vector<Panel> panels;
  const auto add = [&](std::string_view name, const std::optional<core::Side>& side, const core::Samples& series) {
    if (!side || side->at || (!side->window && series.times.empty())) return;
    panels.push_back({name, extent_in_time(*side, series), &series});
  };
  add("baseline", metric.baseline, metric.baseline_series);
  add("candidate", metric.candidate, metric.candidate_series);
  return panels;
}

Extent extent_of(const std::vector<Panel>& panels) {
  Extent extent;
  for (const Panel& panel : panels) {
    for (const double value : panel.series->values) {
      extent.lowest = std::min(extent.lowest, value);
      extent.highest = std::max(extent.highest, value);
    }
  }
  const double spread = extent.highest - extent.lowest;
  if (spread <= 0.0) {
    const double room = std::max(std::abs(extent.highest) * 0.1, 1e-9);
    extent.lowest -= room;
    extent.highest += room;
  }
  return extent;
}

/// Which column a point falls into; points stand at the end of what they tell about.
std::size_t column_of(core::Time time, const core::Window& window) {
  const double share = static_cast<double>((time - window.start).count()) / static_cast<double>(window.length().count());
  const double column = std::ceil(share * static_cast<double>(kSideColumns)) - 1.0;
  return static_cast<std::size_t>(std::clamp(column, 0.0, static_cast<double>(kSideColumns - 1)));
}

/// Each column shows the mean of its points; a column without any stays empty, so that gaps are seen.
std::vector<std::string> draw(const Panel& panel, const Extent& extent) {
  std::vector<double> sums(kSideColumns, 0.0);
  std::vector<std::size_t> counts(kSideColumns, 0);
  for (std::size_t i = 0; i < panel.series->values.size(); ++i) {
    const std::size_t column = column_of(panel.series->times[i], panel.window);
    sums[column] += panel.series->values[i];
    ++counts[column];
  }
  std::vector<std::string> rows(kChartRows, std::string(kSideColumns, ' '));
  for (std::size_t column = 0; column < kSideColumns; ++column) {
    if (counts[column] == 0) continue;
    const double mean = sums[column] / static_cast<double>(counts[column]);
    const double height = (mean - extent.lowest) / (extent.highest - extent.lowest);
    // Numbers that are too large to be drawn.
    if (!(height >= 0.0 && height <= 1.0)) continue;
    rows[static_cast<std::size_t>(std::lround((1.0 - height) * static_cast<double>(kChartRows - 1)))][column] = '*';
  }
  return rows;
}

void print_chart(const core::MetricReport& metric, const std::vector<Panel>& panels, std::ostream& out) {
  if (panels.empty() || (metric.baseline_series.values.empty() && metric.candidate_series.values.empty())) return;
  const Extent extent = extent_of(panels);
  std::vector<std::string> rows(kChartRows, "|");
  for (const Panel& panel : panels) {
    const auto drawn = draw(panel, extent);
    for (std::size_t row = 0; row < kChartRows; ++row) rows[row] += drawn[row] + "|";
  }
  out << "\n";
  for (std::size_t row = 0; row < kChartRows; ++row) {
    const double share = static_cast<double>(row) / static_cast<double>(kChartRows - 1);
    const bool labelled = row == 0 || row == kChartRows / 2 || row + 1 == kChartRows;
    const double value = extent.highest - (extent.highest - extent.lowest) * share;
    out << fmt::format("  {:>12} {}\n", labelled ? core::format_quantity(value, metric.unit) : "", rows[row]);
  }
  std::string times;
  std::string names;
  for (const Panel& panel : panels) {
    const std::string start = core::format_clock(panel.window.start);
    times += fmt::format(" {}{:>{}}", start, core::format_clock(panel.window.end), kSideColumns - start.size());
    names += fmt::format(" {:^{}}", panel.name, kSideColumns);
  }
  out << fmt::format("  {:>12}{} UTC\n  {:>12}{}\n\n", "", times, "", names.substr(0, names.find_last_not_of(' ') + 1));
}

void print_side(std::string_view name, const core::Side& side, const core::MetricReport& metric, std::ostream& out) {
  const std::string window =
      side.window ? fmt::format("  [{}, {})", core::format_time(side.window->start), core::format_time(side.window->end))
      : side.at   ? "  newest of " + core::format_time(*side.at)
                  : "";
  out << fmt::format("  {:<10} {:>12}  {} sample{}, {} dropped{}\n", name,
                     side.value ? core::format_quantity(*side.value, metric.unit) : "–", side.samples,
                     side.samples == 1 ? "" : "s", side.dropped, window);
}

void print_points(const Panel& panel, const core::MetricReport& metric, std::ostream& out) {
  const std::size_t count = panel.series->values.size();
  if (count == 0) return;
  out << fmt::format("  {} ({})\n", panel.name, metric.unit.symbol);
  for (std::size_t i = 0; i < std::min(count, kShownPoints); ++i)
    out << fmt::format("    {}  {}\n", core::format_time(panel.series->times[i]), panel.series->values[i]);
  if (count > kShownPoints) out << fmt::format("    … and {} more: check --format json has them all\n", count - kShownPoints);
}

void print_queries(const core::MetricReport& metric, std::ostream& out) {
  std::vector<std::pair<std::string, std::string>> shown;
  for (const core::ResolvedQuery& query : metric.queries) {
    const auto same = [&](const core::ResolvedQuery& other) { return other.part == query.part && other.text != query.text; };
    const bool differs = std::any_of(metric.queries.begin(), metric.queries.end(), same);
    const std::string label = differs ? fmt::format("{}, {}", query.part, query.side) : query.part;
    if (std::find(shown.begin(), shown.end(), std::pair(label, query.text)) != shown.end()) continue;
    shown.emplace_back(label, query.text);
    out << fmt::format("  {}: {}\n", label, core::printable(query.text));
  }
}

void print_metric(const core::MetricReport& metric, std::ostream& out) {
  out << fmt::format("{}  {}  in {}\n", core::printable(metric.id), metric.source, metric.unit.symbol);
  print_queries(metric, out);
  if (metric.error) {
    out << fmt::format("  error[{}]: {}\n", metric.error->code, core::printable(metric.error->message));
    for (const std::string& line : metric.error->context) out << "    " << core::printable(line) << "\n";
    if (!metric.error->hint.empty()) out << "    = next: " << core::printable(metric.error->hint) << "\n";
    return;
  }
  if (metric.kind == "status") {
    out << fmt::format("  {}\n", core::printable(metric.headline));
    for (const std::string& note : metric.notes) out << "  note: " << core::printable(note) << "\n";
    if (!metric.graph_url.empty()) out << "  graph: " << core::printable(metric.graph_url) << "\n";
    return;
  }
  if (metric.baseline) print_side("baseline", *metric.baseline, metric, out);
  if (metric.candidate) print_side("candidate", *metric.candidate, metric, out);
  const auto panels = panels_of(metric);
  print_chart(metric, panels, out);
  for (const Panel& panel : panels) print_points(panel, metric, out);
  for (const std::string& note : metric.notes) out << "  note: " << core::printable(note) << "\n";
  if (metric.evidence == core::Evidence::pending && metric.due)
    out << "  not due before " << core::format_time(*metric.due) << "\n";
  if (!metric.graph_url.empty()) out << "  graph: " << core::printable(metric.graph_url) << "\n";
}

}  // namespace

int query(const CheckOptions& given, const std::string& metric, World& world) {
  const SignalGuard signals;
  CheckOptions options = given;
  options.gate.only = {metric};
  int status = kUsage;
  const auto session = evaluate(options, world, status);
  if (!session) return status;
  if (!options.record.empty()) {
    if (const auto kept = write_bundle(options.record, session->record, session->report); !kept)
      print_error(kept.error(), world);
  }
  bool failed = false;
  std::ostringstream out;
  for (const core::MetricReport& report : session->report.metrics) {
    if (report.id != metric && report.parent != metric) continue;
    print_metric(report, out);
    failed = failed || report.error.has_value();
  }
  world.out << core::without_commands(out.str());
  if (session->report.exit_code > 128) return session->report.exit_code;
  return failed ? kSourceError : kPass;
}

}  // namespace gate::cli
