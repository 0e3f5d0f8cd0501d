#include "core/node.h"

#include <fmt/format.h>

#include <algorithm>
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

Location place_inside(const Node& node, std::size_t offset, std::size_t length) {
  const std::string* text = node.string();
  if (text == nullptr || node.text_start.line == 0 || offset > text->size()) return node.location;
  Location place = node.location;
  place.line = node.text_start.line;
  place.column = node.text_start.column + static_cast<std::uint32_t>(offset);
  const std::string_view before = std::string_view(*text).substr(0, offset);
  if (const std::size_t line_end = before.rfind('\n'); line_end != std::string_view::npos) {
    place.line += static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
    place.column = static_cast<std::uint32_t>(offset - line_end);
  }
  place.length = static_cast<std::uint32_t>(std::max<std::size_t>(1, std::min(length, text->find('\n', offset) - offset)));
  return place;
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
