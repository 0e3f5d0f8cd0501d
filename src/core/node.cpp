#include "core/node.h"

#include <fmt/format.h>

#include <array>

namespace gate::core {

const Node* Node::find(std::string_view key) const {
  const Table* members = table();
  if (members == nullptr) return nullptr;
  for (const Member& member : *members) {
    if (member.key == key) return &member.node;
  }
  return nullptr;
}

std::string_view Node::kind_name() const {
  constexpr std::array<std::string_view, 8> kNames = {"nothing",  "a boolean", "an integer", "a number",
                                                      "a string", "a date",    "an array",   "a table"};
  return kNames[value.index()];
}

std::string scalar_text(const Node& node) {
  if (const auto* text = node.string()) return *text;
  if (const auto* flag = std::get_if<bool>(&node.value)) return *flag ? "true" : "false";
  if (const auto* integer = std::get_if<std::int64_t>(&node.value)) return std::to_string(*integer);
  if (const auto* number = std::get_if<double>(&node.value)) return fmt::format("{}", *number);
  if (const auto* date = std::get_if<DateText>(&node.value)) return date->text;
  return "";
}

}  // namespace gate::core
