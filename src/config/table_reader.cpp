#include "config/table_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "config/planned.h"
#include "core/text.h"
#include "core/unit.h"

namespace gate::config {

void ReadContext::error(std::string code, std::string message, const core::Location& place, std::string hint) const {
  diagnostics.push_back({core::Severity::error, {std::move(code), std::move(message), std::move(hint), {}, place}});
}

void ReadContext::warning(std::string code, std::string message, const core::Location& place, std::string hint) const {
  diagnostics.push_back({core::Severity::warning, {std::move(code), std::move(message), std::move(hint), {}, place}});
}

namespace {

const core::Node kEmptyTable{core::Node::Table{}, {}};
/// A table with no more keys than this has them listed when one of them is unknown.
constexpr std::size_t kFewKeys = 16;

std::string join(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

bool is_scalar(const core::Node& node) {
  return !std::holds_alternative<std::monostate>(node.value) && node.table() == nullptr && node.array() == nullptr;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

std::optional<Text> read_env(const core::Node& node, const std::string& variable, const ReadContext& context) {
  Text out{"", "env " + variable, "", node.location};
  const auto value = context.surroundings.environment(variable);
  if (value && !value->empty()) {
    out.text = *value;
    return out;
  }
  if (const core::Node* fallback = node.find("default"); fallback != nullptr) {
    if (!is_scalar(*fallback)) {
      context.error("RG0102", fmt::format("`default` must be a string, not {}", fallback->kind_name()), fallback->location,
                    "write default = \"…\"");
      return std::nullopt;
    }
    auto expanded = context.variables.expand(*fallback, context.diagnostics);
    if (!expanded) return std::nullopt;
    out.text = *expanded;
    out.reference = "default of env " + variable;
    return out;
  }
  out.unset = variable;
  return out;
}

constexpr const char* kReferenceHint = "a reference is { env = \"NAME\", default = \"…\" } or { file = \"path\" }";

/// A path of a gate file or pack is relative to the file that it stands in.
std::string resolved(const core::Node& file) {
  return (std::filesystem::path(file.location.file).parent_path() / *file.string()).string();
}

std::optional<Text> read_reference(const core::Node& node, const std::string& path, const ReadContext& context) {
  const core::Node* env = node.find("env");
  const core::Node* file = node.find("file");
  if (env == nullptr && file == nullptr) {
    context.error("RG0102", fmt::format("`{}` must be a string or a reference, not a table", path), node.location,
                  kReferenceHint);
    return std::nullopt;
  }
  for (const core::Member& member : *node.table()) {
    if (member.key == "env" || member.key == "file" || member.key == "default") continue;
    context.error("RG0104", fmt::format("unknown key `{}`", member.key), member.key_location, kReferenceHint);
    return std::nullopt;
  }
  const core::Node* target = env != nullptr ? env : file;
  const bool both = env != nullptr && file != nullptr;
  const bool named = target != nullptr && target->string() != nullptr && !target->string()->empty();
  if (both || !named || (file != nullptr && node.find("default") != nullptr)) {
    context.error("RG0406", fmt::format("`{}` is not a reference", path), node.location, kReferenceHint);
    return std::nullopt;
  }
  if (env != nullptr) return read_env(node, *env->string(), context);
  const auto bytes = context.surroundings.read_file(resolved(*file));
  if (!bytes) {
    core::Error error = bytes.error();
    error.location = file->location;
    context.diagnostics.push_back({core::Severity::error, std::move(error)});
    return std::nullopt;
  }
  return Text{trimmed(*bytes), "file " + *file->string(), "", node.location};
}

}  // namespace

std::optional<Text> read_text(const core::Node& node, const std::string& path, const ReadContext& context) {
  if (node.table() != nullptr) {
    auto found = read_reference(node, path, context);
    if (context.references != nullptr && found && !(found->reference.empty() && found->unset.empty())) {
      const core::Node* file = node.find("file");
      const std::string origin = file != nullptr        ? "file " + resolved(*file)
                                 : found->unset.empty() ? found->reference
                                                        : "env " + found->unset;
      context.references->push_back({origin, path, node.location, false, core::Secret(found->text, origin)});
    }
    return found;
  }
  if (!is_scalar(node)) {
    context.error("RG0102", fmt::format("`{}` must be a string, not {}", path, node.kind_name()), node.location,
                  "write it in quotes, without brackets");
    return std::nullopt;
  }
  auto expanded = context.variables.expand(node, context.diagnostics);
  if (!expanded) return std::nullopt;
  return Text{*expanded, "", "", node.location};
}

void expand_strings(core::Node& node, const ReadContext& context) {
  if (auto* text = std::get_if<std::string>(&node.value)) {
    auto expanded = context.variables.expand(node, context.diagnostics);
    if (!expanded || *expanded == *text) return;
    *text = std::move(*expanded);
    node.text_start = {};
  }
  if (auto* items = std::get_if<core::Node::Array>(&node.value)) {
    for (core::Node& item : *items) expand_strings(item, context);
  }
  if (auto* members = node.table()) {
    for (core::Member& member : *members) expand_strings(member.node, context);
  }
}

TableReader::TableReader(const core::Node& node, std::string path, const ReadContext& context)
    : node_(node.table() != nullptr ? node : kEmptyTable), path_(std::move(path)), context_(context) {
  if (node.table() == nullptr) {
    context_.error("RG0102", fmt::format("`{}` must be a table, not {}", path_, node.kind_name()), node.location,
                   fmt::format("write [{}] and its keys below, or {{ key = value }}", path_));
  }
}

const core::Member* TableReader::member(std::string_view key) const {
  for (const core::Member& candidate : *node_.table()) {
    if (candidate.key == key) return &candidate;
  }
  return nullptr;
}

const core::Node* TableReader::take(std::string_view key) {
  taken_.emplace(key);
  const core::Member* found = member(key);
  return found == nullptr ? nullptr : &found->node;
}

bool TableReader::has(std::string_view key) const {
  return member(key) != nullptr;
}

core::Location TableReader::key_place(std::string_view key) const {
  const core::Member* found = member(key);
  return found == nullptr ? node_.location : found->key_location;
}

core::Location TableReader::value_place(std::string_view key) const {
  const core::Member* found = member(key);
  return found == nullptr ? node_.location : found->node.location;
}

void TableReader::no_value(std::string_view key, const Text& text) {
  context_.error("RG0407", fmt::format("`{}` has no value: environment variable {} is not set", join(path_, key), text.unset),
                 text.location, "set it, or give it a default: { env = \"NAME\", default = \"…\" }");
}

/// What to write instead, as far as it can be told from what stands there.
std::string type_hint(std::string_view key, std::string_view expected, const core::Node& node) {
  if (expected.starts_with("a string") && is_scalar(node))
    return fmt::format("write {} = \"{}\"", key, core::scalar_text(node));
  if (expected.starts_with("a duration") && is_scalar(node))
    return fmt::format("write {} = \"{}s\"", key, core::scalar_text(node));
  if (expected.starts_with("true")) return fmt::format("write {0} = true or {0} = false, without quotes", key);
  if (expected.find("number") != std::string_view::npos) return fmt::format("write {} = 5, without quotes", key);
  if (expected.starts_with("a table")) return fmt::format("write {} = {{ … }}, or a section of its own", key);
  return fmt::format("write {} = \"…\"", key);
}

void TableReader::wrong_type(std::string_view key, std::string_view expected, const core::Node& node) {
  context_.error("RG0102", fmt::format("`{}` must be {}, not {}", join(path_, key), expected, node.kind_name()), node.location,
                 type_hint(key, expected, node));
}

std::optional<Text> TableReader::text_or_reference(std::string_view key) {
  const core::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  return read_text(*node, join(path_, key), context_);
}

std::optional<std::string> TableReader::text(std::string_view key) {
  const core::Node* node = take(key);
  if (node != nullptr && node->table() == nullptr && node->string() == nullptr) {
    wrong_type(key, "a string", *node);
    return std::nullopt;
  }
  auto found = text_or_reference(key);
  if (!found) return std::nullopt;
  if (found->unset.empty()) return found->text;
  no_value(key, *found);
  return std::nullopt;
}

std::optional<bool> TableReader::boolean(std::string_view key) {
  const core::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* flag = std::get_if<bool>(&node->value)) return *flag;
  wrong_type(key, "true or false", *node);
  return std::nullopt;
}

std::optional<double> TableReader::number(std::string_view key) {
  const core::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  if (node->is_number() && std::isfinite(node->number())) return node->number();
  wrong_type(key, "a number", *node);
  return std::nullopt;
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, std::int64_t least, std::int64_t most) {
  const core::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = std::get_if<std::int64_t>(&node->value);
  if (value != nullptr && *value >= least && *value <= most) return *value;
  if (value == nullptr) {
    const auto* fraction = std::get_if<double>(&node->value);
    context_.error("RG0102",
                   fmt::format("`{}` must be a whole number, not {}", join(path_, key),
                               fraction == nullptr ? std::string(node->kind_name()) : fmt::format("{}", *fraction)),
                   node->location, fmt::format("write {} = 5, without quotes", key));
  } else {
    context_.error("RG0203", fmt::format("`{}` must be from {} to {}", join(path_, key), least, most), node->location,
                   fmt::format("it is {}", *value));
  }
  return std::nullopt;
}

std::optional<core::Duration> TableReader::duration(std::string_view key) {
  const core::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  if (node->string() == nullptr && node->table() == nullptr) {
    wrong_type(key, "a duration such as \"30m\"", *node);
    return std::nullopt;
  }
  const auto found = text_or_reference(key);
  if (!found) return std::nullopt;
  if (!found->unset.empty()) {
    no_value(key, *found);
    return std::nullopt;
  }
  auto parsed = core::parse_duration(found->text);
  if (!parsed) {
    core::Error error = parsed.error();
    error.location = node->location;
    context_.diagnostics.push_back({core::Severity::error, std::move(error)});
    return std::nullopt;
  }
  return *parsed;
}

std::optional<std::vector<std::string>> TableReader::text_list(std::string_view key) {
  const core::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  std::vector<std::string> list;
  const auto add = [&](const core::Node& item) {
    if (item.string() == nullptr) {
      wrong_type(key, "a string or a list of strings", item);
    } else if (const auto found = read_text(item, join(path_, key), context_)) {
      list.push_back(found->text);
    }
  };
  if (const auto* array = node->array()) {
    for (const core::Node& item : *array) add(item);
  } else {
    add(*node);
  }
  return list;
}

void TableReader::report_choice(std::string_view key, const std::string& word, const std::vector<std::string>& names) {
  const std::string near = core::nearest(word, names);
  const std::string planned = planned_hint(word);
  const std::string hint = !planned.empty() ? planned
                           : near.empty()   ? fmt::format("for example {} = \"{}\"", key, names.front())
                                            : fmt::format("did you mean `{}`?", near);
  context_.error("RG0202", fmt::format("`{}` cannot be \"{}\": it is {}", key, word, core::list_names(names)), value_place(key),
                 hint);
}

void TableReader::also_known(const std::vector<std::string>& names) {
  known_.insert(known_.end(), names.begin(), names.end());
}

void TableReader::belongs_elsewhere(std::vector<std::string> names, std::string hint) {
  misplaced_ = std::move(names);
  misplaced_hint_ = std::move(hint);
}

std::vector<const core::Member*> TableReader::rest() const {
  std::vector<const core::Member*> rest;
  for (const core::Member& candidate : *node_.table()) {
    if (!taken_.contains(candidate.key)) rest.push_back(&candidate);
  }
  return rest;
}

void TableReader::finish() {
  std::vector<std::string> names(taken_.begin(), taken_.end());
  names.insert(names.end(), known_.begin(), known_.end());
  const auto hint_for = [&](const std::string& key) {
    if (std::find(misplaced_.begin(), misplaced_.end(), key) != misplaced_.end()) return misplaced_hint_;
    if (std::string planned = planned_hint(key); !planned.empty()) return planned;
    const std::string near = core::nearest(key, names);
    if (!near.empty()) return fmt::format("did you mean `{}`?", near);
    return names.size() > kFewKeys ? keys_listed_ : fmt::format("it has {}", core::list_names(names, "and"));
  };
  for (const core::Member* unknown : rest()) {
    const std::string where = path_.empty() ? "" : fmt::format(" in [{}]", path_);
    context_.error("RG0104", fmt::format("unknown key `{}`{}", unknown->key, where), unknown->key_location,
                   hint_for(unknown->key));
  }
}

}  // namespace gate::config
