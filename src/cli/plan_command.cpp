#include <fmt/format.h>

#include <map>
#include <set>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "core/text.h"
#include "sources/source.h"

namespace gate::cli {
namespace {

using plan::MetricPlan;

std::string window_text(std::string_view name, const std::optional<core::Window>& window) {
  if (!window) return "";
  return fmt::format("  {} [{}, {})", name, core::format_time(window->start), core::format_time(window->end));
}

std::string points_text(const MetricPlan& metric) {
  if (metric.rows && (metric.whole_window || !metric.candidate)) return "  whole";
  if (metric.rows) return fmt::format("  slices of {}", core::format_duration(metric.step));
  if (metric.whole_window) return "  one instant a side";
  const auto points = [&](const std::optional<core::Window>& window) {
    return window ? (window->length() - metric.range) / metric.step + 1 : 0;
  };
  return fmt::format("  step {}  {} + {} points", core::format_duration(metric.step), points(metric.baseline),
                     points(metric.candidate));
}

std::string bounds_text(const config::Metric& metric) {
  std::string out;
  for (const config::Criterion& criterion : metric.criteria) {
    out += fmt::format("{}{} when {} {}", out.empty() ? "" : ", ", core::name(criterion.level) == "fail" ? "fails" : "warns",
                       config::name(criterion.rule), criterion.text);
  }
  return out.empty() ? "no bound: shown, not judged" : out;
}

struct Printer {
  World& world;
  std::map<std::string, std::unique_ptr<sources::Source>> sources;
  std::set<std::string> seen;  ///< identical questions are one request

  void print(const MetricPlan& metric, const config::Gate& gate) {
    if (metric.state == MetricPlan::State::left_out) return;
    world.out << fmt::format("{}  {}{}{}{}\n", metric.metric->id, metric.metric->source, window_text("before", metric.baseline),
                             window_text("after", metric.candidate), points_text(metric));
    for (const plan::Ask& ask : metric.asks) print(ask, gate);
    world.out << fmt::format("    {}\n", bounds_text(*metric.metric));
    if (metric.state == MetricPlan::State::pending) {
      world.out << fmt::format("    not due before {}\n", core::format_time(*metric.due));
    }
    for (const std::string& note : metric.notes) world.out << fmt::format("    note: {}\n", core::printable(note));
  }

  void print(const plan::Ask& ask, const config::Gate& gate) {
    auto& source = sources[ask.source];
    if (!source) {
      const config::SourceConfig* config = gate.find_source(ask.source);
      source =
          sources::find_type(config->type)->make(ask.source, config->settings, {nullptr, nullptr, gate.directory, nullptr});
    }
    for (const sources::PlannedRequest& request : source->preview(ask.question)) {
      const std::string identity = fmt::format("{}\n{}\n{}\n{}", ask.source, request.method, request.target, request.text);
      const bool shared = !seen.insert(identity).second;
      world.out << fmt::format("    {:<9} {} {}  {}{}\n", plan::name(ask.side), request.method, request.target,
                               core::printable(request.text), shared ? "  (asked already)" : "");
    }
  }
};

}  // namespace

int plan(const GateOptions& options, World& world) {
  const auto input = read_input(options, Deployment::needed, world);
  if (!input) return kUsage;
  Printer printer{world, {}, {}};
  std::set<std::string> asked;
  for (const MetricPlan& metric : input->plan.metrics) {
    printer.print(metric, input->gate);
    for (const plan::Ask& ask : metric.asks) asked.insert(ask.source);
  }
  for (const std::string& note : input->plan.notes) world.out << "note: " << core::printable(note) << "\n";
  const std::size_t requests = printer.seen.size();
  world.out << fmt::format("{} request{} to {} source{}; nothing was sent.\n", requests, requests == 1 ? "" : "s", asked.size(),
                           asked.size() == 1 ? "" : "s");
  return kPass;
}

}  // namespace gate::cli
