#include "config/toml_reader.h"

#include <algorithm>
#include <array>
#include <sstream>

#define TOML_EXCEPTIONS 0
// Debian's target asks for the shared library, which is built with exceptions; ours is header-only and without them.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "core/text.h"

namespace gate::config {
namespace {

class Converter {
 public:
  Converter(std::string_view text, const std::string& file) : file_(file), text_(text) {
    std::size_t start = 0;
    while (start <= text.size()) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      lines_.push_back(text.substr(start, end - start));
      start = end + 1;
    }
  }

  core::Node convert(const toml::node& node) const {
    core::Node out;
    out.location = location(node.source());
    if (const auto* table = node.as_table()) {
      out.value = members(*table);
    } else if (const auto* array = node.as_array()) {
      core::Node::Array items;
      for (const toml::node& item : *array) items.push_back(convert(item));
      out.value = std::move(items);
    } else {
      convert_scalar(node, out);
    }
    return out;
  }

  std::uint32_t byte_column(const toml::source_position& position) const {
    if (position.line < 1 || position.line > lines_.size()) return position.column;
    const std::string_view line = lines_[position.line - 1];
    std::uint32_t column = 1;
    std::size_t byte = 0;
    while (column < position.column && byte < line.size()) {
      ++byte;
      while (byte < line.size() && (static_cast<unsigned char>(line[byte]) & 0xC0U) == 0x80U) ++byte;
      ++column;
    }
    return static_cast<std::uint32_t>(byte) + 1 + (position.column - column);
  }

 private:
  core::Node::Table members(const toml::table& table) const {
    core::Node::Table out;
    for (const auto& [key, value] : table) {
      core::Location place = location(key.source());
      out.push_back({std::string(key.str()), place, convert(value)});
    }
    std::stable_sort(out.begin(), out.end(), [](const core::Member& a, const core::Member& b) {
      return std::pair(a.key_location.line, a.key_location.column) < std::pair(b.key_location.line, b.key_location.column);
    });
    return out;
  }

  void convert_scalar(const toml::node& node, core::Node& out) const {
    if (const auto* text = node.as_string()) {
      out.value = text->get();
      out.text_start = text_start(out.location, text->get());
    } else if (const auto* integer = node.as_integer()) {
      out.value = integer->get();
    } else if (const auto* number = node.as_floating_point()) {
      out.value = number->get();
    } else if (const auto* flag = node.as_boolean()) {
      out.value = flag->get();
    } else {
      std::ostringstream stream;
      if (const auto* date_time = node.as_date_time()) stream << date_time->get();
      if (const auto* date = node.as_date()) stream << date->get();
      if (const auto* time = node.as_time()) stream << time->get();
      out.value = core::DateText{stream.str()};
    }
  }

  /// Whether `text` stands at the start of `raw`, where a line may end in \r\n (which the parser makes \n).
  static bool stands_in(std::string_view raw, std::string_view text) {
    std::size_t at = 0;
    for (const char c : text) {
      if (c == '\n' && raw.substr(at, 2) == "\r\n") ++at;
      if (at >= raw.size() || raw[at] != c) return false;
      ++at;
    }
    return true;
  }

  /// Behind the opening quotes, and behind the line break that may follow three of them.
  core::Node::TextStart text_start(const core::Location& place, const std::string& text) const {
    if (place.line < 1 || place.line > lines_.size() || place.column > lines_[place.line - 1].size()) return {};
    const char* begin = lines_[place.line - 1].data() + place.column - 1;
    std::string_view rest(begin, static_cast<std::size_t>(text_.data() + text_.size() - begin));
    if (!rest.starts_with("\"\"\"") && !rest.starts_with("'''")) {
      rest.remove_prefix(1);
      if (!stands_in(rest, text)) return {};
      return {place.line, place.column + 1};
    }
    rest.remove_prefix(3);
    core::Node::TextStart start{place.line, place.column + 3};
    if (rest.starts_with("\n") || rest.starts_with("\r\n")) {
      rest.remove_prefix(rest.find('\n') + 1);
      start = {place.line + 1, 1};
    }
    if (!stands_in(rest, text)) return {};
    return start;
  }

  /// TOML++ counts columns in code points; places here are in bytes, as compilers and editors count them.
  core::Location location(const toml::source_region& region) const {
    core::Location place{file_, region.begin.line, byte_column(region.begin), 1};
    if (region.end.line == region.begin.line && region.end.column > region.begin.column) {
      place.length = byte_column(region.end) - place.column;
    } else if (place.line >= 1 && place.line <= lines_.size()) {
      const std::size_t rest = lines_[place.line - 1].size();
      place.length = rest >= place.column ? static_cast<std::uint32_t>(rest - place.column + 1) : 1;
    }
    return place;
  }

  std::string file_;
  std::string_view text_;
  std::vector<std::string_view> lines_;
};

/// What to do about the commoner slips; the parser's own words say what it met.
std::string hint_for(std::string_view description) {
  struct Cure {
    std::string_view words;
    std::string_view hint;
  };
  constexpr std::array<Cure, 8> kCures = {{
      {"unknown escape", R"(write \\ for a backslash, or quote the text with '…', where nothing is escaped)"},
      {"cannot redefine", "a key stands once in a table, and a table has one header"},
      {"unescaped control characters", "the closing quotes are missing, or write \\n for a line break"},
      {"dangling comma", "no comma before the closing }"},
      {"parsing string: encountered end-of-file", "the closing quotes are missing"},
      {"parsing inline table: ", "an inline table stands on one line: { a = 1, b = 2 }"},
      {"parsing boolean", "text stands in quotes"},
      {"expected value", "a value is text in quotes, a number, a list or a table"},
  }};
  for (const Cure& cure : kCures) {
    if (description.find(cure.words) != std::string_view::npos) return std::string(cure.hint);
  }
  return "see https://toml.io/en/v1.0.0";
}

core::Error syntax_error(const toml::parse_error& error, std::string_view text, const std::string& file) {
  std::string_view description = error.description();
  const std::string hint = hint_for(description);
  constexpr std::string_view kPreamble = "Error while parsing ";
  if (description.starts_with(kPreamble)) description.remove_prefix(kPreamble.size());
  const toml::source_position begin = error.source().begin;
  const std::uint32_t column = Converter(text, file).byte_column(begin);
  return {"RG0101", "this is not TOML: " + std::string(description), hint, {}, {file, begin.line, column, 1}};
}

core::Error not_utf8(std::string_view text, std::size_t at, const std::string& file) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_start = before.rfind('\n') + 1;
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1);
  return {"RG0101",
          "this is not TOML: a byte that is no UTF-8",
          "save the file as UTF-8",
          {},
          {file, line, static_cast<std::uint32_t>(at - line_start + 1), 1}};
}

}  // namespace

core::Result<core::Node> read_toml(std::string_view text, const std::string& file) {
  if (const std::size_t valid = core::valid_utf8_bytes(text); valid != text.size()) return not_utf8(text, valid, file);
  const toml::parse_result parsed = toml::parse(text, file);
  if (!parsed) return syntax_error(parsed.error(), text, file);
  return Converter(text, file).convert(parsed.table());
}

}  // namespace gate::config
