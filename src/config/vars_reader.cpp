// Reads [vars]: values that may use each other, come from outside, or be set on the command line.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "config/loading.h"
#include "config/table_reader.h"
#include "core/text.h"

namespace gate::config {
namespace {

using Waiting = std::vector<const core::Member*>;

/// Names that the program gives a value.
constexpr std::array<std::string_view, 3> kReserved = {"step", "window", "track"};

constexpr std::size_t kMostVariables = 1000;

Waiting declared(Loading& load, const core::Node& root) {
  Waiting out;
  const core::Node* table = root.find("vars");
  if (table == nullptr) return out;
  if (table->table() == nullptr) {
    load.error("RG0102", fmt::format("`vars` must be a table, not {}", table->kind_name()), table->location,
               "write [vars] and name = value below");
    return out;
  }
  if (table->table()->size() > kMostVariables) {
    load.error("RG0417", fmt::format("there are more than {} variables", kMostVariables), table->location,
               "keep those that are used");
    return out;
  }
  for (const core::Member& member : *table->table()) {
    if (std::find(kReserved.begin(), kReserved.end(), member.key) == kReserved.end()) {
      out.push_back(&member);
    } else {
      load.error("RG0412", fmt::format("variable `{}` gets its value from the program", member.key), member.key_location,
                 "give yours another name");
    }
  }
  return out;
}

/// --set name=value; the last one wins.
void apply_settings(Loading& load, Waiting& waiting, Variables& variables) {
  std::vector<std::string> names;
  for (const core::Member* member : waiting) names.push_back(member->key);
  for (const auto& setting : load.options.settings) {
    const std::string& name = setting.first;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      const std::string near = core::nearest(name, names);
      load.error("RG0411", fmt::format("--set {}: the gate file has no such variable", name), {},
                 near.empty() ? "declare it under [vars]" : fmt::format("did you mean `{}`?", near));
      continue;
    }
    core::Location place;
    std::erase_if(waiting, [&](const core::Member* member) {
      if (member->key == name) place = member->key_location;
      return member->key == name;
    });
    variables.set(name, {setting.second, "", place, false, true});
  }
}

bool waits(const core::Diagnostics& found) {
  return std::any_of(found.begin(), found.end(),
                     [](const core::Diagnostic& diagnostic) { return diagnostic.error.code == "RG0401"; });
}

void collect_used(const core::Node& node, std::set<std::string>& used) {
  if (const std::string* text = node.string()) collect_variables(*text, used);
  if (const auto* items = node.array()) {
    for (const core::Node& item : *items) collect_used(item, used);
  }
  if (const auto* members = node.table()) {
    for (const core::Member& member : *members) collect_used(member.node, used);
  }
}

/// Reads one variable; false when it needs one that is not read yet.
bool read_one(Loading& load, const core::Member& member, Variables& variables) {
  core::Diagnostics found;
  std::vector<Reference> references;
  const ReadContext context{found, variables, load.options.surroundings, load.notes, &references};
  const auto text = read_text(member.node, "vars." + member.key, context);
  if (waits(found)) return false;
  load.references.insert(load.references.end(), references.begin(), references.end());
  load.out.diagnostics.insert(load.out.diagnostics.end(), found.begin(), found.end());
  if (!text) {
    variables.set(member.key, {"", "", member.key_location, true});
    return true;
  }
  const std::string why = text->unset.empty() ? "" : fmt::format("environment variable {} is not set", text->unset);
  std::set<std::string> used;
  collect_used(member.node, used);
  const bool is_from_outside =
      (!text->reference.empty() && !text->reference.starts_with("default of ")) ||
      std::any_of(used.begin(), used.end(), [&](const std::string& name) { return variables.is_from_outside(name); });
  variables.set(member.key, {text->text, why, member.key_location, false, is_from_outside});
  return true;
}

/// What is left waits for names that do not exist, or for each other.
void report_waiting(Loading& load, const Waiting& waiting, Variables& variables) {
  core::Diagnostics found;
  const ReadContext context{found, variables, load.options.surroundings, load.notes};
  for (const core::Member* member : waiting) (void)read_text(member->node, "vars." + member->key, context);
  for (core::Diagnostic& diagnostic : found) {
    for (const core::Member* member : waiting) {
      if (diagnostic.error.message != fmt::format("there is no variable `{}`", member->key)) continue;
      diagnostic.error.code = "RG0413";
      diagnostic.error.message = fmt::format("variable `{}` waits for itself: the variables go in a circle", member->key);
      diagnostic.error.hint = "give one of them a value of its own";
    }
    load.out.diagnostics.push_back(std::move(diagnostic));
  }
  for (const core::Member* member : waiting) {
    variables.set(member->key, {"", "", member->key_location, true});
  }
}

}  // namespace

void collect_variables(std::string_view text, std::set<std::string>& names) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const auto braces = braces_at(text, i)) names.insert(braces->name);
  }
}

Variables read_variables(Loading& load, const core::Node& root, const std::vector<std::string>& track_names) {
  std::set<std::string> deferred(kReserved.begin(), kReserved.end());
  deferred.insert(track_names.begin(), track_names.end());
  Variables variables(std::move(deferred));
  Waiting waiting = declared(load, root);
  apply_settings(load, waiting, variables);
  // A value may use other variables: those whose variables are all known are read first, until nothing moves any more.
  std::size_t before = 0;
  do {
    before = waiting.size();
    std::erase_if(waiting, [&](const core::Member* member) { return read_one(load, *member, variables); });
  } while (waiting.size() != before);
  report_waiting(load, waiting, variables);
  return variables;
}

void warn_of_unused_variables(Loading& load, const core::Node& root, const std::string& file) {
  const core::Node* table = root.find("vars");
  if (table == nullptr || table->table() == nullptr) return;
  std::set<std::string> used = load.used_in_use;
  collect_used(root, used);
  std::vector<std::string> declared;
  for (const core::Member& member : *table->table()) declared.push_back(member.key);
  std::sort(declared.begin(), declared.end());
  std::vector<std::string> undeclared;
  std::set_difference(used.begin(), used.end(), declared.begin(), declared.end(), std::back_inserter(undeclared));
  for (const core::Member& member : *table->table()) {
    const bool reserved = std::find(kReserved.begin(), kReserved.end(), member.key) != kReserved.end();
    // A slip where the variable is used is told there.
    const bool told = !core::nearest(member.key, undeclared).empty();
    if (used.contains(member.key) || member.key_location.file != file || reserved || told) continue;
    std::vector<std::string> others = declared;
    std::erase(others, member.key);
    const std::string near = core::nearest(member.key, others);
    load.out.diagnostics.push_back({core::Severity::warning,
                                    {"RG0220",
                                     fmt::format("variable `{}` has no effect: nothing uses it", member.key),
                                     near.empty() ? fmt::format("write {{{{{}}}}} where it belongs, or remove it", member.key)
                                                  : fmt::format("did you mean `{}`?", near),
                                     {},
                                     member.key_location}});
  }
}

}  // namespace gate::config
