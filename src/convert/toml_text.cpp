#include "convert/toml_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace gate::convert {
namespace {

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

}  // namespace

std::string toml_string(std::string_view text) {
  const bool needs_escapes = std::any_of(text.begin(), text.end(), is_control);
  const bool has_quote = text.find('"') != std::string_view::npos || text.find('\\') != std::string_view::npos;
  if (!needs_escapes && has_quote && text.find('\'') == std::string_view::npos) return fmt::format("'{}'", text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (is_control(c)) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string toml_key(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (upper || plain) {
      out += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (out.ends_with('_')) out.pop_back();
  return out.empty() ? "metric" : out;
}

std::string toml_comment(std::string_view text) {
  return "# " + core::printable(std::string(text)) + "\n";
}

}  // namespace gate::convert
