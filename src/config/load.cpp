#include "config/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <tuple>

#include "config/formula_check.h"
#include "config/guest.h"
#include "config/loading.h"
#include "config/masking.h"
#include "config/metric_reader.h"
#include "config/part_references.h"
#include "config/sections.h"
#include "config/table_reader.h"

namespace gate::config {
namespace {

constexpr std::int64_t kLanguageVersion = 1;

void check_version(TableReader& root, const ReadContext& context) {
  const core::Node* version = root.take("version");
  if (version == nullptr) {
    context.error("RG0105", "the file does not say which version of the language it is written in", root.node().location,
                  "add: version = 1");
    return;
  }
  const auto* number = std::get_if<std::int64_t>(&version->value);
  if (number == nullptr || *number != kLanguageVersion) {
    context.error("RG0106", "this program reads version 1 of the language", version->location, "write: version = 1");
  }
}

void read_compare_section(TableReader& root, MetricDefaults& defaults, Gate& gate, const ReadContext& context) {
  const core::Node* node = root.take("compare");
  gate.baseline_variables["track"] = "stable";
  gate.candidate_variables["track"] = "canary";
  if (node == nullptr) return;
  TableReader reader(*node, "compare", context);
  read_compare(reader, defaults.compare, SideKeys::windows, context);
  read_statistics(reader, defaults.statistics);
  if (const core::Node* tracks = reader.take("tracks")) read_tracks(*tracks, gate, context);
  reader.finish();
}

void read_release_section(TableReader& root, Gate& gate, const ReadContext& context) {
  const core::Node* node = root.take("release");
  if (node == nullptr) return;
  TableReader reader(*node, "release", context);
  read_release(reader, gate);
  gate.deployed_at = read_moment(reader, "deployed_at", context);
  gate.started_at = read_moment(reader, "started_at", context);
  reader.finish();
}

void read_verdict_section(TableReader& root, MetricDefaults& defaults, Gate& gate, const ReadContext& context) {
  const core::Node* node = root.take("verdict");
  if (node == nullptr) return;
  TableReader reader(*node, "verdict", context);
  read_rules(reader, defaults.rules, context);
  static const std::vector<std::pair<std::string, Correction>> kFamilies = {
      {"none", Correction::none}, {"holm", Correction::holm}, {"benjamini-hochberg", Correction::benjamini_hochberg}};
  if (const auto family = reader.choice<Correction>("family", kFamilies)) gate.family = *family;
  if (const auto score = reader.number("pass_score")) {
    if (*score >= 0.0 && *score <= 100.0) {
      if (*score > 0.0) gate.pass_score = *score;
    } else {
      context.error("RG0203", "`verdict.pass_score` must be from 0 to 100", reader.value_place("pass_score"),
                    "100 is what a gate scores whose metrics all pass");
    }
  }
  reader.finish();
}

void read_publish_section(TableReader& root, Gate& gate, const ReadContext& context) {
  const core::Node* node = root.take("publish");
  if (node == nullptr) return;
  TableReader reader(*node, "publish", context);
  if (const auto comment = reader.choice<bool>("comment", {{"quiet", false}, {"always", true}})) gate.always_comment = *comment;
  reader.finish();
}

bool is_id(const std::string& id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

/// Calls `read` for every table below `section`, in the order of the file.
template <typename Read>
void for_each_table(TableReader& root, const std::string& section, const ReadContext& context, Read read) {
  const core::Node* node = root.take(section);
  if (node == nullptr) return;
  if (node->table() == nullptr) {
    context.error("RG0102", fmt::format("`{}` must be a table, not {}", section, node->kind_name()), node->location,
                  fmt::format("write [{}.NAME] and its keys below", section));
    return;
  }
  for (const core::Member& member : *node->table()) {
    if (is_id(member.key)) {
      read(member);
    } else {
      context.error("RG0107", fmt::format("\"{}\" cannot be a name in [{}]", member.key, section), member.key_location,
                    "names are made of letters, digits, _ and -");
    }
  }
}

std::ptrdiff_t errors_in(const core::Diagnostics& diagnostics) {
  return std::count_if(diagnostics.begin(), diagnostics.end(),
                       [](const core::Diagnostic& diagnostic) { return diagnostic.severity == core::Severity::error; });
}

bool has_known_sources(const Metric& metric, const Gate& gate) {
  if (metric.kind == Kind::derived) return metric.formula.has_value();
  return !metric.parts.empty() && std::all_of(metric.parts.begin(), metric.parts.end(), [&](const auto& part) {
    const SourceConfig* source = gate.find_source(part.second.source);
    return source != nullptr && !source->type.empty();
  });
}

/// Reads all metrics and keeps those without a mistake; what is wrong with the others are diagnostics.
void read_metrics(Loading& load, TableReader& root, const MetricDefaults& defaults, Gate& gate, const ReadContext& context) {
  std::vector<std::string> declared;
  std::set<std::string> flawed;
  const Variables variables_of_guests = context.variables.of_the_file(withheld_tracks(root.node(), context.variables));
  const Surroundings nothing = no_surroundings();
  const ReadContext of_guests{context.diagnostics, variables_of_guests, nothing, context.notes, context.references};
  for_each_table(root, "metrics", context, [&](const core::Member& member) {
    declared.push_back(member.key);
    const std::ptrdiff_t before = errors_in(context.diagnostics);
    const bool is_guest = load.guests.contains(member.key);
    auto metric = read_metric(member.key, member.node, gate, defaults, load.options, is_guest ? of_guests : context);
    if (metric && is_guest) settle_guest(*metric, gate, load.options, context);
    if (errors_in(context.diagnostics) != before) flawed.insert(member.key);
    if (metric) gate.metrics.push_back(std::move(*metric));
  });
  resolve_parts(gate, declared, context);
  check_formulas(gate, declared, context);
  std::erase_if(gate.metrics,
                [&](const Metric& metric) { return flawed.contains(metric.id) || !has_known_sources(metric, gate); });
}

/// Reads everything; true when the sections that all metrics rest on have no mistake.
bool read_root(Loading& load, const core::Node& tree, Gate& gate, const ReadContext& context) {
  TableReader root(tree, "", context);
  check_version(root, context);
  for (const std::string_view key : {"use", "vars", "description"}) root.take(key);
  gate.name = root.text("name").value_or("");
  if (gate.name.empty()) gate.name = std::filesystem::path(gate.file).stem().string();
  MetricDefaults defaults;
  read_release_section(root, gate, context);
  read_compare_section(root, defaults, gate, context);
  read_verdict_section(root, defaults, gate, context);
  read_publish_section(root, gate, context);
  const bool sound = !has_errors(context.diagnostics);
  for_each_table(root, "sources", context, [&](const core::Member& member) {
    gate.sources.push_back(read_source(member.key, member.node, load.options, context));
  });
  read_metrics(load, root, defaults, gate, context);
  root.finish();
  if (gate.metrics.empty() && !has_errors(context.diagnostics)) {
    context.error("RG0108", "the file declares no metric: there would be nothing to judge", {gate.file, 1, 1, 1},
                  "add a [metrics.NAME] table, or use = [\"performance\"]");
  }
  return sound;
}

}  // namespace

void sort_by_place(core::Diagnostics& diagnostics, const std::vector<std::string>& files) {
  const auto order = [&](const core::Diagnostic& diagnostic) {
    const core::Location& place = diagnostic.error.location;
    const auto found = std::find(files.begin(), files.end(), place.file);
    const std::ptrdiff_t file = found == files.end() ? -1 : found - files.begin();
    return std::tuple(file, place.line, place.column);
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const core::Diagnostic& a, const core::Diagnostic& b) { return order(a) < order(b); });
  const auto same = [&](const core::Diagnostic& a, const core::Diagnostic& b) {
    return a.error.code == b.error.code && a.error.message == b.error.message && order(a) == order(b);
  };
  diagnostics.erase(std::unique(diagnostics.begin(), diagnostics.end(), same), diagnostics.end());
}

Loaded load_gate(const std::string& text, const std::string& path, const LoadOptions& options) {
  Loading load{options, {}, {}, {}, {}, {}};
  auto own = parse_file(load, text, path);
  if (!own) return std::move(load.out);
  const core::Node written = *own;
  core::Node tree = with_packs(load, std::move(*own), path);
  if (options.guest && !add_guests(load, tree, written)) return std::move(load.out);
  const Variables variables = read_variables(load, tree, track_variable_names(tree));
  warn_of_unused_variables(load, tree, path);
  if (const core::Node* sources = tree.find("sources")) mask_credentials(load.out.files, *sources);
  const ReadContext context{load.out.diagnostics, variables, options.surroundings, load.notes, &load.references};
  Gate gate;
  gate.file = path;
  gate.untrusted = options.untrusted;
  gate.directory = std::filesystem::path(path).parent_path().string();
  const bool sound = read_root(load, tree, gate, context);
  check_references(load.references, load.out.diagnostics);
  for (const Reference& reference : load.references) {
    if (reference.secret) load.out.secrets.push_back(reference.value);
  }
  for (const core::Diagnostic& diagnostic : load.out.diagnostics) {
    if (diagnostic.error.code == "RG0501") mask(load.out.files, diagnostic.error.location);
  }
  gate.packs = load.packs;
  gate.notes = load.notes;
  sort_by_place(load.out.diagnostics, load.out.file_order);
  if (!has_errors(load.out.diagnostics)) {
    load.out.gate = std::move(gate);
  } else if (sound) {
    load.out.sound_part = std::move(gate);
  }
  return std::move(load.out);
}

}  // namespace gate::config
