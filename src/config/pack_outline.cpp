#include "config/pack_outline.h"

#include <algorithm>
#include <utility>

#include "config/loading.h"

namespace gate::config {
namespace {

constexpr const char* kFile = "gate.toml";

void add_source(const core::Node& table, const Variables& variables, std::vector<std::string>& sources) {
  const core::Node* source = table.find("source");
  if (source == nullptr || source->string() == nullptr) return;
  core::Diagnostics ignored;
  const auto id = variables.expand(*source, ignored);
  if (id && std::find(sources.begin(), sources.end(), *id) == sources.end()) sources.push_back(*id);
}

/// A metric asks its own source, and each of its parts may ask another.
void add_sources(const core::Node& metric, const Variables& variables, std::vector<std::string>& sources) {
  add_source(metric, variables, sources);
  if (metric.table() == nullptr) return;
  for (const core::Member& member : *metric.table()) {
    if (member.node.table() != nullptr) add_source(member.node, variables, sources);
  }
}

}  // namespace

PackOutline outline_packs(const std::vector<std::string>& names, const LoadOptions& options) {
  Loading load{options, {}, {}, {}, {}, {}};
  core::Node use{core::Node::Array{}, {}};
  for (const std::string& name : names) std::get<core::Node::Array>(use.value).push_back({name, {}});
  core::Node root{core::Node::Table{}, {}};
  root.table()->push_back({"use", {}, std::move(use)});
  const core::Node merged = with_packs(load, std::move(root), kFile);

  Loading aside{options, {}, {}, {}, {}, {}};
  const Variables variables = read_variables(aside, merged, {});
  PackOutline out{load.packs, {}, std::move(load.out.diagnostics)};
  if (const core::Node* metrics = merged.find("metrics"); metrics != nullptr && metrics->table() != nullptr) {
    for (const core::Member& metric : *metrics->table()) add_sources(metric.node, variables, out.sources);
  }
  return out;
}

std::vector<PackChoice> choices_of(const std::string& name, const LoadOptions& options) {
  std::vector<PackChoice> out;
  const auto text = options.packs.find(name);
  if (text == options.packs.end()) return out;
  Loading load{options, {}, {}, {}, {}, {}};
  const auto tree = parse_file(load, text->second, name);
  const core::Node* use = tree ? tree->find("use") : nullptr;
  if (use == nullptr || use->array() == nullptr) return out;
  const core::Node* defaults = tree->find("vars");
  for (const core::Node& one : *use->array()) {
    const std::string written = one.string() == nullptr ? "" : *one.string();
    const std::size_t start = written.find("{{");
    const auto braces = start == std::string::npos ? std::nullopt : braces_at(written, start);
    if (!braces) continue;
    PackChoice choice{braces->name, "", flavours_of(options.packs, written, *use)};
    const core::Node* value = defaults == nullptr ? nullptr : defaults->find(braces->name);
    if (value != nullptr) choice.by_default = core::scalar_text(*value);
    out.push_back(std::move(choice));
  }
  return out;
}

}  // namespace gate::config
