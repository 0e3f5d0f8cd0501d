#include "config/guest.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/text.h"

namespace gate::config {
namespace {

/// Whether both say the same, wherever they stand and in whatever order.
bool says_the_same(const core::Node& one, const core::Node& other) {
  if (one.table() != nullptr && other.table() != nullptr) {
    return one.table()->size() == other.table()->size() &&
           std::all_of(one.table()->begin(), one.table()->end(), [&](const core::Member& member) {
             const core::Node* found = other.find(member.key);
             return found != nullptr && says_the_same(member.node, *found);
           });
  }
  if (one.array() != nullptr && other.array() != nullptr) {
    return std::equal(one.array()->begin(), one.array()->end(), other.array()->begin(), other.array()->end(), says_the_same);
  }
  return one.kind_name() == other.kind_name() && core::scalar_text(one) == core::scalar_text(other);
}

void warn_that_policy_stands(Loading& load, const std::string& key, const core::Location& place) {
  load.out.diagnostics.push_back(
      {core::Severity::warning,
       {"RG0416",
        fmt::format("`{}` is not what the policy says, which stands: {} only adds metrics of new names", core::printable(key),
                    core::printable(load.options.guest->path)),
        "have it merged into the policy first, where it is meant",
        {},
        place}});
}

core::Node& metrics_of(core::Node& tree) {
  auto& members = *tree.table();
  auto found = std::find_if(members.begin(), members.end(), [](const core::Member& member) { return member.key == "metrics"; });
  if (found == members.end()) found = members.insert(found, {"metrics", tree.location, {core::Node::Table{}, tree.location}});
  return found->node;
}

void add_metrics(Loading& load, core::Node& metrics, const core::Node* written, const core::Node& guests) {
  if (guests.table() == nullptr || metrics.table() == nullptr) {
    warn_that_policy_stands(load, "metrics", guests.location);
    return;
  }
  for (const core::Member& guest : *guests.table()) {
    if (metrics.find(guest.key) == nullptr) {
      load.guests.insert(guest.key);
      metrics.table()->push_back(guest);
      continue;
    }
    const core::Node* own = written == nullptr ? nullptr : written->find(guest.key);
    if (own == nullptr || !says_the_same(*own, guest.node))
      warn_that_policy_stands(load, "metrics." + guest.key, guest.key_location);
  }
}

bool starts_programs(const std::string& type, const LoadOptions& options) {
  return std::any_of(options.sources.begin(), options.sources.end(),
                     [&](const SourceEntry& entry) { return entry.spec->type == type && entry.spec->runs_programs; });
}

/// The first key of `part` that only those may write who are trusted, and that the guest has written: one that says so, or
/// that stands in place of what the source says (another index, another repository).
const core::Setting* trusted_key(const Part& part, const std::string& type, const LoadOptions& options) {
  const auto entry = std::find_if(options.sources.begin(), options.sources.end(),
                                  [&](const SourceEntry& one) { return one.spec->type == type; });
  if (entry == options.sources.end()) return nullptr;
  for (const core::Setting& setting : part.query.all()) {
    if (setting.key_location.known() && setting.key_location.file != options.guest->path) continue;
    const auto& own = entry->spec->source_keys;
    const bool is_of_source =
        std::any_of(own.begin(), own.end(), [&](const core::KeySpec& spec) { return spec.name == setting.key; });
    const bool is_trusted =
        is_of_source ||
        std::any_of(entry->spec->query_keys.begin(), entry->spec->query_keys.end(), [&](const core::KeySpec& spec) {
          return spec.name == setting.key && spec.writer == core::KeySpec::Writer::trusted;
        });
    if (is_trusted) return &setting;
  }
  return nullptr;
}

void check_part(const Metric& metric, const Part& part, const Gate& gate, const LoadOptions& options,
                const ReadContext& context) {
  const SourceConfig* source = gate.find_source(part.source);
  if (source == nullptr) return;
  if (starts_programs(source->type, options)) {
    context.error(
        "RG1960",
        fmt::format("[metrics.{}] would have [sources.{}] start a program, and its file is not trusted", metric.id, source->id),
        metric.location, "have it merged into the policy first");
  }
  if (const core::Setting* key = trusted_key(part, source->type, options)) {
    context.error("RG1961",
                  fmt::format("`metrics.{}.{}` must not stand in a gate file that is not trusted", metric.id, key->key),
                  key->key_location,
                  "remove it, so that what the policy's source says holds, or have the metric merged into the policy first");
  }
}

}  // namespace

bool add_guests(Loading& load, core::Node& tree, const core::Node& written) {
  const auto guest = parse_file(load, load.options.guest->text, load.options.guest->path);
  if (!guest) return false;
  for (const core::Member& member : *guest->table()) {
    const core::Node* own = written.find(member.key);
    if (member.key == "metrics") {
      add_metrics(load, metrics_of(tree), own, member.node);
    } else if (own == nullptr || !says_the_same(*own, member.node)) {
      warn_that_policy_stands(load, member.key, member.key_location);
    }
  }
  if (!load.guests.empty()) {
    load.notes.push_back(fmt::format("{} {} from {}, which is not trusted, on the sources of the policy",
                                     core::list_names({load.guests.begin(), load.guests.end()}, "and"),
                                     load.guests.size() == 1 ? "is" : "are", core::printable(load.options.guest->path)));
  }
  return true;
}

std::set<std::string> withheld_tracks(const core::Node& tree, const Variables& variables) {
  std::set<std::string> out;
  const core::Node* compare = tree.find("compare");
  const core::Node* tracks = compare == nullptr ? nullptr : compare->find("tracks");
  if (tracks == nullptr || tracks->table() == nullptr) return out;
  for (const core::Member& side : *tracks->table()) {
    if (side.node.table() == nullptr) continue;
    for (const core::Member& variable : *side.node.table()) {
      std::set<std::string> used;
      if (const std::string* text = variable.node.string()) collect_variables(*text, used);
      const bool is_reference = variable.node.table() != nullptr;
      const bool is_made_of_one =
          std::any_of(used.begin(), used.end(), [&](const std::string& name) { return variables.is_from_outside(name); });
      if (is_reference || is_made_of_one) out.insert(variable.key);
    }
  }
  return out;
}

void settle_guest(Metric& metric, const Gate& gate, const LoadOptions& options, const ReadContext& context) {
  metric.is_guest = true;
  metric.weight = 0.0;
  for (const auto& [name, part] : metric.parts) check_part(metric, part, gate, options, context);
  if (metric.split) check_part(metric, *metric.split, gate, options, context);
}

}  // namespace gate::config
