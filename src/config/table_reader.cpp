#include "config/table_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

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
      context.error("RG0102", fmt::format("`default` must be a string, not {}", fallback->kind_name()), fallback->location);
      return std::nullopt;
    }
    auto expanded = context.variables.expand(core::scalar_text(*fallback), fallback->location);
    if (!expanded) {
      context.diagnostics.push_back({core::Severity::error, expanded.error()});
      return std::nullopt;
    }
    out.text = *expanded;
    out.reference = "default of env " + variable;
    return out;
  }
  out.unset = variable;
  return out;
}

std::optional<Text> read_reference(const core::Node& node, const std::string& path, const ReadContext& context) {
  const core::Node* env = node.find("env");
  const core::Node* file = node.find("file");
  for (const core::Member& member : *node.table()) {
    if (member.key == "env" || member.key == "file" || member.key == "default") continue;
    context.error("RG0104", fmt::format("unknown key `{}`", member.key), member.key_location,
                  "a reference is { env = \"NAME\", default = \"…\" } or { file = \"path\" }");
    return std::nullopt;
  }
  const core::Node* target = env != nullptr ? env : file;
  if (target == nullptr || (env != nullptr && file != nullptr) || target->string() == nullptr || target->string()->empty()) {
    context.error("RG0406", fmt::format("`{}` is not a reference", path), node.location,
                  "a reference is { env = \"NAME\", default = \"…\" } or { file = \"path\" }");
    return std::nullopt;
  }
  if (env != nullptr) return read_env(node, *env->string(), context);
  const std::filesystem::path location = std::filesystem::path(context.directory) / *file->string();
  const auto bytes = context.surroundings.read_file(location.string());
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
  if (node.table() != nullptr) return read_reference(node, path, context);
  if (!is_scalar(node)) {
    context.error("RG0102", fmt::format("`{}` must be a string, not {}", path, node.kind_name()), node.location);
    return std::nullopt;
  }
  auto expanded = context.variables.expand(core::scalar_text(node), node.location);
  if (!expanded) {
    context.diagnostics.push_back({core::Severity::error, expanded.error()});
    return std::nullopt;
  }
  return Text{*expanded, "", "", node.location};
}

void expand_strings(core::Node& node, const ReadContext& context) {
  if (auto* text = std::get_if<std::string>(&node.value)) {
    auto expanded = context.variables.expand(*text, node.location);
    if (expanded) {
      *text = *expanded;
    } else {
      context.diagnostics.push_back({core::Severity::error, expanded.error()});
    }
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
    context_.error("RG0102", fmt::format("`{}` must be a table, not {}", path_, node.kind_name()), node.location);
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

void TableReader::wrong_type(std::string_view key, std::string_view expected, const core::Node& node) {
  context_.error("RG0102", fmt::format("`{}.{}` must be {}, not {}", path_, key, expected, node.kind_name()), node.location);
}

std::optional<Text> TableReader::text_or_reference(std::string_view key) {
  const core::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  return read_text(*node, fmt::format("{}.{}", path_, key), context_);
}

std::optional<std::string> TableReader::text(std::string_view key) {
  const core::Node* node = take(key);
  if (node != nullptr && node->table() == nullptr && node->string() == nullptr) {
    wrong_type(key, "a string", *node);
    return std::nullopt;
  }
  auto found = text_or_reference(key);
  if (!found || !found->unset.empty()) return std::nullopt;
  return found->text;
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
    wrong_type(key, "a whole number", *node);
  } else {
    context_.error("RG0203", fmt::format("`{}.{}` must be from {} to {}", path_, key, least, most), node->location);
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
  if (!found || !found->unset.empty()) return std::nullopt;
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
    if (const auto found = read_text(item, fmt::format("{}.{}", path_, key), context_)) list.push_back(found->text);
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
  const core::Member* found = member(key);
  context_.error("RG0202", fmt::format("`{}` is not a {}: it is {}", word, key, core::list_names(names)),
                 found == nullptr ? node_.location : found->node.location,
                 near.empty() ? std::string() : fmt::format("did you mean `{}`?", near));
}

void TableReader::also_known(const std::vector<std::string>& names) {
  known_.insert(known_.end(), names.begin(), names.end());
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
  for (const core::Member* unknown : rest()) {
    const std::string near = core::nearest(unknown->key, names);
    const std::string where = path_.empty() ? "" : fmt::format(" in [{}]", path_);
    context_.error("RG0104", fmt::format("unknown key `{}`{}", unknown->key, where), unknown->key_location,
                   near.empty() ? std::string() : fmt::format("did you mean `{}`?", near));
  }
}

}  // namespace gate::config
