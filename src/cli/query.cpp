#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "core/text.h"

namespace gate::cli {
namespace {

constexpr int kChartRows = 10;
constexpr int kChartColumns = 64;

struct Extent {
  double lowest = 0.0;
  double highest = 0.0;
};

Extent extent_of(const core::MetricReport& metric) {
  Extent extent{INFINITY, -INFINITY};
  for (const core::Samples* side : {&metric.baseline_series, &metric.candidate_series}) {
    for (const double value : side->values) {
      extent.lowest = std::min(extent.lowest, value);
      extent.highest = std::max(extent.highest, value);
    }
  }
  if (extent.highest == extent.lowest) extent.highest = extent.lowest + 1.0;
  return extent;
}

/// One side as columns of dots: the mean of the points that fall into each column.
void draw(std::vector<std::string>& rows, const core::Samples& side, const Extent& extent) {
  std::vector<std::string> grid(kChartRows, std::string(kChartColumns / 2, ' '));
  const std::size_t count = side.values.size();
  for (std::size_t column = 0; column < kChartColumns / 2; ++column) {
    const std::size_t first = column * count / (kChartColumns / 2);
    const std::size_t last = std::max(first + 1, (column + 1) * count / (kChartColumns / 2));
    double sum = 0.0;
    std::size_t found = 0;
    for (std::size_t i = first; i < std::min(last, count); ++i, ++found) sum += side.values[i];
    if (found == 0) continue;
    const double height = (sum / static_cast<double>(found) - extent.lowest) / (extent.highest - extent.lowest);
    const auto row = static_cast<std::size_t>(std::lround((1.0 - height) * (kChartRows - 1)));
    grid[row][column] = '*';
  }
  for (int row = 0; row < kChartRows; ++row) rows[static_cast<std::size_t>(row)] += grid[static_cast<std::size_t>(row)] + "|";
}

void print_chart(const core::MetricReport& metric, World& world) {
  if (metric.baseline_series.values.empty() && metric.candidate_series.values.empty()) return;
  const Extent extent = extent_of(metric);
  std::vector<std::string> rows(kChartRows);
  draw(rows, metric.baseline_series, extent);
  draw(rows, metric.candidate_series, extent);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const double value = extent.highest - (extent.highest - extent.lowest) * static_cast<double>(row) / (kChartRows - 1);
    const bool labelled = row == 0 || row + 1 == rows.size();
    world.out << fmt::format("  {:>12} |{}\n", labelled ? core::format_quantity(value, metric.unit) : "", rows[row]);
  }
  world.out << fmt::format("  {:>12} |{:<{}}|{:<{}}|\n", "", "baseline", kChartColumns / 2, "candidate", kChartColumns / 2);
}

void print_side(std::string_view name, const core::Side& side, const core::Samples& series, const core::MetricReport& metric,
                World& world) {
  const std::string window =
      side.window ? fmt::format("  [{}, {})", core::format_time(side.window->start), core::format_time(side.window->end)) : "";
  world.out << fmt::format("  {:<10} {:>12}  {} samples, {} dropped{}\n", name,
                           side.value ? core::format_quantity(*side.value, metric.unit) : "–", side.samples, side.dropped,
                           window);
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    world.out << fmt::format("    {}  {:.17g}\n", core::format_time(series.times[i]), series.values[i]);
  }
}

void print_metric(const core::MetricReport& metric, World& world) {
  world.out << fmt::format("{}  {}  unit {}\n", core::printable(metric.id), metric.source, metric.unit.symbol);
  for (const core::ResolvedQuery& query : metric.queries) {
    world.out << fmt::format("  {} {}: {}\n", query.side, query.part, core::printable(query.text));
  }
  if (metric.error) {
    world.out << fmt::format("  error {}: {}\n", metric.error->code, core::printable(metric.error->message));
    for (const std::string& line : metric.error->context) world.out << "    " << core::printable(line) << "\n";
    return;
  }
  if (metric.baseline) print_side("baseline", *metric.baseline, metric.baseline_series, metric, world);
  if (metric.candidate) print_side("candidate", *metric.candidate, metric.candidate_series, metric, world);
  print_chart(metric, world);
  for (const std::string& note : metric.notes) world.out << "  note: " << core::printable(note) << "\n";
  if (!metric.graph_url.empty()) world.out << "  graph: " << core::printable(metric.graph_url) << "\n";
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
  for (const core::MetricReport& report : session->report.metrics) {
    if (report.id != metric && report.parent != metric) continue;
    print_metric(report, world);
    failed = failed || report.error.has_value();
  }
  if (session->report.exit_code > 128) return session->report.exit_code;
  return failed ? kSourceError : kPass;
}

}  // namespace gate::cli
