#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/impossible.h"
#include "cli/input.h"
#include "config/diagnostic_text.h"
#include "core/text.h"

namespace gate::cli {
namespace {

nlohmann::ordered_json to_json(const core::Diagnostic& diagnostic, const std::string& file) {
  const core::Error& error = diagnostic.error;
  return {{"file", error.location.file.empty() ? file : error.location.file},
          {"line", error.location.line},
          {"column", error.location.column},
          {"length", error.location.length},
          {"severity", diagnostic.severity == core::Severity::error ? "error" : "warning"},
          {"code", error.code},
          {"message", error.message},
          {"hint", error.hint}};
}

/// Everything that can be told of one file without asking anybody.
config::Loaded examine(const std::string& file, const std::vector<std::pair<std::string, std::string>>& settings,
                       const Trust& trust, World& world) {
  const auto texts = read_gate_texts(file, trust, world);
  if (!texts) {
    config::Loaded unread;
    unread.diagnostics.push_back({core::Severity::error, texts.error()});
    return unread;
  }
  config::Loaded loaded = load(*texts, settings, world.surroundings, trust);
  plan::Options options;
  options.spec = source_spec;
  options.now = world.now();
  const auto plan = plan_loaded(loaded, Deployment::assumed, options);
  if (plan && loaded.gate && !core::has_errors(loaded.diagnostics)) {
    for (core::Diagnostic& refused : impossible_questions(*loaded.gate, *plan))
      loaded.diagnostics.push_back(std::move(refused));
    config::sort_by_place(loaded.diagnostics, loaded.file_order);
  }
  return loaded;
}

/// "; never judged, for want of a bound: `latency`": `judge = false` says that it is meant.
std::string unjudged_metrics(const config::Gate& gate) {
  std::vector<std::string> ids;
  for (const config::Metric& metric : gate.metrics) {
    if (metric.judged && metric.criteria.empty()) ids.push_back(metric.id);
  }
  return ids.empty() ? "" : "; never judged, for want of a bound: " + core::list_names(ids, "and");
}

}  // namespace

int validate(const ValidateOptions& options, World& world) {
  const auto settings = parse_settings(options.settings);
  const auto trust = read_trust(options.trust);
  if (!settings || !trust) {
    print_error(settings ? trust.error() : settings.error(), world);
    return kUsage;
  }
  const std::vector<std::string> files = options.files.empty() ? std::vector<std::string>{"gate.toml"} : options.files;
  bool wrong = false;
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const std::string& file : files) {
    const config::Loaded loaded = examine(file, *settings, *trust, world);
    wrong = wrong || core::has_errors(loaded.diagnostics);
    if (options.format == "json") {
      for (const core::Diagnostic& diagnostic : loaded.diagnostics) all.push_back(to_json(diagnostic, file));
      continue;
    }
    print_diagnostics(loaded.diagnostics, loaded.files, world);
    if (core::has_errors(loaded.diagnostics)) {
      world.err << config::summarize(loaded.diagnostics, file) << " Nothing was asked.\n";
    } else {
      const auto metrics = loaded.gate->metrics.size();
      const auto sources = loaded.gate->sources.size();
      world.out << core::without_commands(fmt::format("{}: valid, {} metric{} from {} source{}{}\n", core::printable(file),
                                                      metrics, metrics == 1 ? "" : "s", sources, sources == 1 ? "" : "s",
                                                      unjudged_metrics(*loaded.gate)));
    }
  }
  if (options.format == "json") {
    world.out << core::with_json_escapes(all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)) << "\n";
  }
  return wrong ? kUsage : kPass;
}

}  // namespace gate::cli
