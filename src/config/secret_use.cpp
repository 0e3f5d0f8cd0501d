#include "config/secret_use.h"

#include <fmt/format.h>

#include <map>

namespace gate::config {
namespace {

/// Reference ("env NAME") → the key that reads it as a secret.
using Secrets = std::map<std::string, std::string>;

bool is_secret(const core::Setting& setting) {
  return !setting.secret.empty() || !setting.headers.empty();
}

Secrets secrets_of(const Gate& gate) {
  Secrets secrets;
  for (const SourceConfig& source : gate.sources) {
    for (const core::Setting& setting : source.settings.all()) {
      const std::string key = fmt::format("sources.{}.{}", source.id, setting.key);
      if (!setting.secret.empty()) secrets.emplace(setting.secret.name(), key);
      for (const auto& [name, value] : setting.headers) {
        if (!value.name().empty()) secrets.emplace(value.name(), key + "." + name);
      }
    }
  }
  return secrets;
}

std::string reference_in(const core::Node& node) {
  for (const char* kind : {"env", "file"}) {
    const core::Node* name = node.find(kind);
    if (name != nullptr && name->string() != nullptr) return fmt::format("{} {}", kind, *name->string());
  }
  return "";
}

void walk(const core::Node& node, const Secrets& secrets, const ReadContext& context) {
  if (const auto* items = node.array()) {
    for (const core::Node& item : *items) walk(item, secrets, context);
  }
  if (node.table() == nullptr) return;
  const auto found = secrets.find(reference_in(node));
  if (found != secrets.end()) {
    context.error("RG0505", fmt::format("{} is a secret (`{}`) and cannot be plain text here", found->first, found->second),
                  node.location, "its value would stand in reports: use another variable for what may be shown");
    return;
  }
  for (const core::Member& member : *node.table()) walk(member.node, secrets, context);
}

}  // namespace

void check_secret_use(const core::Node& tree, const Gate& gate, const ReadContext& context) {
  const Secrets secrets = secrets_of(gate);
  if (secrets.empty() || tree.table() == nullptr) return;
  for (const core::Member& section : *tree.table()) {
    if (section.key != "sources" || section.node.table() == nullptr) {
      walk(section.node, secrets, context);
      continue;
    }
    for (const core::Member& source : *section.node.table()) {
      const SourceConfig* config = gate.find_source(source.key);
      if (config == nullptr || source.node.table() == nullptr) continue;
      for (const core::Member& key : *source.node.table()) {
        const core::Setting* setting = config->settings.find(key.key);
        if (setting == nullptr || !is_secret(*setting)) walk(key.node, secrets, context);
      }
    }
  }
}

}  // namespace gate::config
