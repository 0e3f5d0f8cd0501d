#include "config/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "config/merge.h"
#include "config/metric_reader.h"
#include "config/secret_use.h"
#include "config/sections.h"
#include "config/table_reader.h"
#include "config/toml_reader.h"
#include "core/text.h"

namespace gate::config {
namespace {

constexpr std::int64_t kLanguageVersion = 1;
constexpr int kDeepestPack = 8;

/// Everything that one load carries from step to step.
struct Loading {
  const LoadOptions& options;
  Loaded out;
  std::string directory;
  std::vector<std::string> notes;
  std::vector<std::string> packs;
  std::map<std::string, int> file_order;  ///< for sorting diagnostics: the gate file first
};

void add_file(Loading& load, const std::string& file, const std::string& text) {
  load.out.files[file] = text;
  load.file_order.emplace(file, static_cast<int>(load.file_order.size()));
}

std::optional<core::Node> parse(Loading& load, const std::string& text, const std::string& file) {
  add_file(load, file, text);
  auto tree = read_toml(text, file);
  if (tree) return std::move(tree).value();
  load.out.diagnostics.push_back({core::Severity::error, tree.error()});
  return std::nullopt;
}

/// A pack's text: by name from those that the program carries, by path (relative to the file that names it) otherwise.
std::optional<std::pair<std::string, std::string>> find_pack(Loading& load, const core::Node& name,
                                                             const std::string& directory) {
  const std::string& word = *name.string();
  const bool is_path = word.find('/') != std::string::npos || word.ends_with(".toml");
  if (!is_path) {
    const auto found = load.options.packs.find(word);
    if (found != load.options.packs.end()) return std::pair{"gates/" + word + ".toml", found->second};
    std::vector<std::string> names;
    for (const auto& [known, text] : load.options.packs) names.push_back(known);
    const std::string near = core::nearest(word, names);
    load.out.diagnostics.push_back(
        {core::Severity::error,
         {"RG0409",
          fmt::format("there is no pack `{}`: there is {}", word, core::list_names(names, "and")),
          near.empty() ? "a pack of your own is named by its path: \"./my.toml\"" : fmt::format("did you mean `{}`?", near),
          {},
          name.location}});
    return std::nullopt;
  }
  const std::string path = (std::filesystem::path(directory) / word).lexically_normal().string();
  auto text = load.options.surroundings.read_file(path);
  if (!text) {
    core::Error error = text.error();
    error.location = name.location;
    load.out.diagnostics.push_back({core::Severity::error, std::move(error)});
    return std::nullopt;
  }
  return std::pair{path, std::move(text).value()};
}

/// The packs named by `root`'s `use`, in order, and `root` laid over them.
core::Node with_packs(Loading& load, core::Node root, const std::string& directory, int depth) {
  const core::Node* use = root.find("use");
  if (use == nullptr) return root;
  if (depth > kDeepestPack) {
    load.out.diagnostics.push_back(
        {core::Severity::error,
         {"RG0410", "packs use each other without end", "remove the `use` that closes the circle", {}, use->location}});
    return root;
  }
  std::vector<const core::Node*> names;
  if (use->array() != nullptr) {
    for (const core::Node& item : *use->array()) names.push_back(&item);
  } else {
    names.push_back(use);
  }
  core::Node merged{core::Node::Table{}, root.location};
  for (const core::Node* name : names) {
    if (name->string() == nullptr) {
      load.out.diagnostics.push_back({core::Severity::error,
                                      {"RG0102",
                                       fmt::format("`use` must hold names of packs, not {}", name->kind_name()),
                                       R"(use = ["performance"])",
                                       {},
                                       name->location}});
      continue;
    }
    auto pack = find_pack(load, *name, directory);
    if (!pack) continue;
    auto tree = parse(load, pack->second, pack->first);
    if (!tree) continue;
    load.packs.push_back(*name->string());
    const std::string pack_directory = std::filesystem::path(pack->first).parent_path().string();
    core::Node whole = with_packs(load, std::move(*tree), pack_directory, depth + 1);
    std::erase_if(*whole.table(),
                  [](const core::Member& member) { return member.key == "name" || member.key == "description"; });
    merge_over(merged, whole);
  }
  merge_over(merged, root);
  return merged;
}

Variables read_variables(Loading& load, const core::Node& root, const std::vector<std::string>& track_names) {
  std::set<std::string> deferred = {"step", "window"};
  deferred.insert(track_names.begin(), track_names.end());
  Variables variables(std::move(deferred));
  const core::Node* table = root.find("vars");
  std::vector<const core::Member*> waiting;
  if (table != nullptr && table->table() != nullptr) {
    for (const core::Member& member : *table->table()) waiting.push_back(&member);
  } else if (table != nullptr) {
    load.out.diagnostics.push_back(
        {core::Severity::error,
         {"RG0102", fmt::format("`vars` must be a table, not {}", table->kind_name()), "", {}, table->location}});
  }
  std::vector<std::string> names;
  for (const core::Member* member : waiting) names.push_back(member->key);
  for (const auto& [name, value] : load.options.settings) {
    const auto found =
        std::find_if(waiting.begin(), waiting.end(), [&](const core::Member* member) { return member->key == name; });
    if (found != waiting.end()) {
      variables.set(name, {value, "", (*found)->key_location});
      waiting.erase(found);
    } else if (std::find(names.begin(), names.end(), name) == names.end()) {
      const std::string near = core::nearest(name, names);
      load.out.diagnostics.push_back({core::Severity::error,
                                      {"RG0411",
                                       fmt::format("--set {}: the gate file has no such variable", name),
                                       near.empty() ? "declare it under [vars]" : fmt::format("did you mean `{}`?", near),
                                       {},
                                       {}}});
    }
  }
  // A value may use other variables: those whose variables are all known are read first, until nothing moves any more.
  while (!waiting.empty()) {
    const std::size_t before = waiting.size();
    for (auto it = waiting.begin(); it != waiting.end();) {
      core::Diagnostics found;
      const ReadContext context{found, variables, load.options.surroundings, load.directory, load.notes};
      const auto text = read_text((*it)->node, "vars." + (*it)->key, context);
      const bool unknown = !found.empty() && found.front().error.code == "RG0401";
      if (unknown) {
        ++it;
        continue;
      }
      for (core::Diagnostic& diagnostic : found) load.out.diagnostics.push_back(std::move(diagnostic));
      if (text) {
        const std::string why = text->unset.empty() ? "" : fmt::format("environment variable {} is not set", text->unset);
        variables.set((*it)->key, {text->text, why, (*it)->key_location});
      } else {
        variables.set((*it)->key, {"", "its value could not be read", (*it)->key_location});
      }
      it = waiting.erase(it);
    }
    if (waiting.size() != before) continue;
    for (const core::Member* member : waiting) {
      core::Diagnostics found;
      const ReadContext context{found, variables, load.options.surroundings, load.directory, load.notes};
      (void)read_text(member->node, "vars." + member->key, context);
      for (core::Diagnostic& diagnostic : found) load.out.diagnostics.push_back(std::move(diagnostic));
      variables.set(member->key, {"", "its value could not be read", member->key_location});
    }
    break;
  }
  return variables;
}

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
  if (const auto score = reader.number("pass_score")) {
    if (*score >= 0.0 && *score <= 100.0) {
      if (*score > 0.0) gate.pass_score = *score;
    } else {
      context.error("RG0203", "`verdict.pass_score` must be from 0 to 100", reader.take("pass_score")->location);
    }
  }
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
    context.error("RG0102", fmt::format("`{}` must be a table, not {}", section, node->kind_name()), node->location);
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

void read_root(Loading& load, const core::Node& tree, Gate& gate, const ReadContext& context) {
  TableReader root(tree, "", context);
  check_version(root, context);
  root.take("use");
  root.take("vars");
  root.take("description");
  gate.name = root.text("name").value_or("");
  if (gate.name.empty() && !root.has("name")) gate.name = std::filesystem::path(gate.file).stem().string();
  MetricDefaults defaults;
  read_release_section(root, gate, context);
  read_compare_section(root, defaults, gate, context);
  read_verdict_section(root, defaults, gate, context);
  for_each_table(root, "sources", context, [&](const core::Member& member) {
    gate.sources.push_back(read_source(member.key, member.node, load.options, context));
  });
  for_each_table(root, "metrics", context, [&](const core::Member& member) {
    if (auto metric = read_metric(member.key, member.node, gate, defaults, load.options, context))
      gate.metrics.push_back(std::move(*metric));
  });
  if (gate.metrics.empty() && !has_errors(context.diagnostics)) {
    context.error("RG0108", "the file declares no metric: there would be nothing to judge", {},
                  "add a [metrics.NAME] table, or use = [\"performance\"]");
    context.diagnostics.back().error.location = core::Location{gate.file, 1, 1, 1};
  }
  root.finish();
}

void sort_diagnostics(Loading& load) {
  const auto order = [&](const core::Location& place) {
    const auto found = load.file_order.find(place.file);
    return std::tuple(found == load.file_order.end() ? -1 : found->second, place.line, place.column);
  };
  std::stable_sort(
      load.out.diagnostics.begin(), load.out.diagnostics.end(),
      [&](const core::Diagnostic& a, const core::Diagnostic& b) { return order(a.error.location) < order(b.error.location); });
  const auto same = [](const core::Diagnostic& a, const core::Diagnostic& b) {
    return a.error.code == b.error.code && a.error.message == b.error.message &&
           a.error.location.file == b.error.location.file && a.error.location.line == b.error.location.line &&
           a.error.location.column == b.error.location.column;
  };
  auto& all = load.out.diagnostics;
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
}

}  // namespace

Loaded load_gate(const std::string& text, const std::string& path, const LoadOptions& options) {
  Loading load{options, {}, std::filesystem::path(path).parent_path().string(), {}, {}, {}};
  auto own = parse(load, text, path);
  if (!own) return std::move(load.out);
  const core::Node tree = with_packs(load, std::move(*own), load.directory, 0);
  const Variables variables = read_variables(load, tree, track_variable_names(tree));
  const ReadContext context{load.out.diagnostics, variables, options.surroundings, load.directory, load.notes};
  Gate gate;
  gate.file = path;
  gate.directory = load.directory;
  read_root(load, tree, gate, context);
  check_secret_use(tree, gate, context);
  gate.packs = load.packs;
  gate.notes = load.notes;
  sort_diagnostics(load);
  if (!has_errors(load.out.diagnostics)) load.out.gate = std::move(gate);
  return std::move(load.out);
}

}  // namespace gate::config
