// Node: a value of a configuration file with the place it stands at. Not tied to TOML: config/toml_reader makes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.h"

namespace gate::core {

struct Member;

/// A TOML date or time, kept as it was written: it is read by parse_time where a time is expected.
struct DateText {
  std::string text;
};

/// One value: nothing, boolean, integer, float, string, date, array or table. Tables keep the order of the file.
struct Node {
  using Array = std::vector<Node>;
  using Table = std::vector<Member>;

  std::variant<std::monostate, bool, std::int64_t, double, std::string, DateText, Array, Table> value;
  Location location;
  /// Where the first character of a string's text stands, when the text stands in the file letter for letter (no escapes, no
  /// variables put in); line 0 otherwise.
  struct TextStart {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
  } text_start{};

  [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&value); }
  [[nodiscard]] const Table* table() const { return std::get_if<Table>(&value); }
  [[nodiscard]] Table* table() { return std::get_if<Table>(&value); }
  [[nodiscard]] const Array* array() const { return std::get_if<Array>(&value); }
  /// The member `key` of a table; nullptr when absent or when this is no table.
  [[nodiscard]] const Node* find(std::string_view key) const;
  /// An integer or float as a number; nullopt-like NaN is not used: check `is_number()` first.
  [[nodiscard]] bool is_number() const {
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
  }
  [[nodiscard]] double number() const {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
    return std::get<double>(value);
  }
  /// "a string", "an integer", …: for messages.
  [[nodiscard]] std::string_view kind_name() const;
};

struct Member {
  std::string key;
  Location key_location;
  Node node;
};

/// The place of `length` bytes of the string `node` from `offset` on, through the lines of a multi-line string; the place of
/// the whole value when its text does not stand in the file letter for letter.
Location place_inside(const Node& node, std::size_t offset, std::size_t length);

/// A scalar as text: strings as they are, numbers in their shortest form, booleans as true/false; "" for arrays and tables.
std::string scalar_text(const Node& node);

}  // namespace gate::core
