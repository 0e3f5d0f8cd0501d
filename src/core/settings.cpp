#include "core/settings.h"

#include "core/unit.h"

namespace gate::core {

const Setting* Settings::find(std::string_view key) const {
  for (const Setting& setting : settings_) {
    if (setting.key == key) return &setting;
  }
  return nullptr;
}

const Node* Settings::node(std::string_view key) const {
  const Setting* setting = find(key);
  return setting == nullptr ? nullptr : &setting->node;
}

std::optional<std::string> Settings::text(std::string_view key) const {
  const Node* found = node(key);
  if (found == nullptr) return std::nullopt;
  return scalar_text(*found);
}

std::vector<std::string> Settings::text_list(std::string_view key) const {
  std::vector<std::string> list;
  const Node* found = node(key);
  if (found == nullptr) return list;
  if (const auto* array = found->array()) {
    for (const Node& item : *array) list.push_back(scalar_text(item));
  } else {
    list.push_back(scalar_text(*found));
  }
  return list;
}

std::optional<bool> Settings::boolean(std::string_view key) const {
  const Node* found = node(key);
  if (found == nullptr) return std::nullopt;
  const auto* flag = std::get_if<bool>(&found->value);
  return flag == nullptr ? std::nullopt : std::optional(*flag);
}

std::optional<double> Settings::number(std::string_view key) const {
  const Node* found = node(key);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  return found->number();
}

std::optional<std::int64_t> Settings::integer(std::string_view key) const {
  const auto value = number(key);
  if (!value) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

std::optional<Duration> Settings::duration(std::string_view key) const {
  const Node* found = node(key);
  if (found == nullptr) return std::nullopt;
  const auto parsed = parse_duration(scalar_text(*found));
  if (!parsed) return std::nullopt;
  return *parsed;
}

std::optional<std::int64_t> Settings::bytes(std::string_view key) const {
  const Node* found = node(key);
  if (found == nullptr) return std::nullopt;
  if (found->is_number()) return static_cast<std::int64_t>(found->number());
  const auto quantity = parse_quantity(scalar_text(*found));
  if (!quantity) return std::nullopt;
  return static_cast<std::int64_t>(quantity->value * quantity->unit.scale);
}

Secret Settings::secret(std::string_view key) const {
  const Setting* setting = find(key);
  return setting == nullptr ? Secret() : setting->secret;
}

Location Settings::location(std::string_view key, const Location& fallback) const {
  const Setting* setting = find(key);
  return setting == nullptr ? fallback : setting->key_location;
}

}  // namespace gate::core
