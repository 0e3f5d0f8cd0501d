#include "config/variables.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/text.h"

namespace gate::config {
namespace {

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_name_char(char c) {
  return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.';
}

std::size_t skip_blanks(std::string_view text, std::size_t position) {
  while (position < text.size() && text[position] == ' ') ++position;
  return position;
}

std::string read_name(std::string_view text, std::size_t& position) {
  const std::size_t start = position;
  while (position < text.size() && is_name_char(text[position])) ++position;
  return std::string(text.substr(start, position - start));
}

core::Location moved(core::Location place, std::size_t offset, std::size_t length) {
  if (place.known()) {
    // One for the opening quote; multi-line strings keep the place of the string.
    place.column += static_cast<std::uint32_t>(offset + 1);
    place.length = static_cast<std::uint32_t>(length);
  }
  return place;
}

}  // namespace

Surroundings real_surroundings() {
  Surroundings real;
  real.environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
  real.read_file = [](const std::string& path) -> core::Result<std::string> {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream bytes;
    if (!stream || !(bytes << stream.rdbuf())) {
      return core::Error{"RG0405", fmt::format("cannot read {}", path), "check the path and its permissions", {}, {}};
    }
    return bytes.str();
  };
  return real;
}

std::optional<Braces> braces_at(std::string_view text, std::size_t position) {
  if (position + 2 >= text.size() || text[position] != '{' || text[position + 1] != '{') return std::nullopt;
  std::size_t at = skip_blanks(text, position + 2);
  if (at >= text.size() || !is_name_start(text[at])) return std::nullopt;
  Braces braces;
  braces.name = read_name(text, at);
  at = skip_blanks(text, at);
  if (at < text.size() && text[at] == '|') {
    at = skip_blanks(text, at + 1);
    braces.filter = read_name(text, at);
    at = skip_blanks(text, at);
    if (braces.filter.empty()) braces.closed = false;
  }
  if (text.substr(at, 2) != "}}") braces.closed = false;
  braces.end = std::min(at + 2, text.size());
  return braces;
}

std::string quote_for_promql(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"' || c == '\'') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<std::string> Variables::names() const {
  std::vector<std::string> names(deferred_.begin(), deferred_.end());
  for (const auto& [name, variable] : values_) names.push_back(name);
  return names;
}

core::Result<std::string> Variables::expand(const std::string& text, const core::Location& place) const {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto braces = braces_at(text, i);
    if (!braces) {
      out += text[i++];
      continue;
    }
    const core::Location here = moved(place, i, braces->end - i);
    if (!braces->closed || (!braces->filter.empty() && braces->filter != "quote")) {
      return core::Error{"RG0404",
                         fmt::format("\"{}\" is not a variable", core::shorten(text.substr(i), 40)),
                         "write {{name}}, or {{name|quote}} inside a PromQL string",
                         {},
                         here};
    }
    if (deferred_.contains(braces->name)) {
      out += text.substr(i, braces->end - i);
      i = braces->end;
      continue;
    }
    const auto found = values_.find(braces->name);
    if (found == values_.end()) {
      const std::string near = core::nearest(braces->name, names());
      return core::Error{"RG0401",
                         fmt::format("there is no variable `{}`", braces->name),
                         near.empty() ? "declare it under [vars]" : fmt::format("did you mean `{}`?", near),
                         {},
                         here};
    }
    if (!found->second.unset_because.empty()) {
      return core::Error{"RG0402",
                         fmt::format("variable `{}` has no value: {}", braces->name, found->second.unset_because),
                         fmt::format("set it, give it a default, or pass --set {}=VALUE", braces->name),
                         {},
                         here};
    }
    const std::string& value = found->second.value;
    if (braces->filter == "quote") {
      out += quote_for_promql(value);
    } else if (value.find_first_of("\"'`\\\n\r{}") != std::string::npos) {
      return core::Error{"RG0403",
                         fmt::format("the value of `{}` holds a quote, backslash, line break or brace", braces->name),
                         fmt::format("write {{{{{}|quote}}}} inside a PromQL string", braces->name),
                         {},
                         here};
    } else {
      out += value;
    }
    i = braces->end;
  }
  return out;
}

}  // namespace gate::config
