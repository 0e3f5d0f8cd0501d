#include "sources/link_header.h"

#include <algorithm>
#include <cctype>

namespace gate::sources {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// Everything up to the next `end` that stands outside of quotes; `text` begins behind it afterwards.
std::string_view take_until(std::string_view& text, char end) {
  bool quoted = false;
  std::size_t i = 0;
  for (; i < text.size() && (quoted || text[i] != end); ++i) {
    if (quoted && text[i] == '\\' && i + 1 < text.size()) {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    }
  }
  const std::string_view taken = text.substr(0, i);
  text.remove_prefix(std::min(text.size(), i + 1));
  return taken;
}

/// Whether `parameters` (behind the target) say rel="… relation …".
bool has_relation(std::string_view parameters, std::string_view relation) {
  while (!parameters.empty()) {
    const std::string_view one = trimmed(take_until(parameters, ';'));
    const std::size_t equals = one.find('=');
    if (equals == std::string_view::npos || !same_word(trimmed(one.substr(0, equals)), "rel")) continue;
    std::string_view words = trimmed(one.substr(equals + 1));
    if (words.size() >= 2 && words.front() == '"' && words.back() == '"') words = words.substr(1, words.size() - 2);
    while (!words.empty()) {
      if (same_word(trimmed(take_until(words, ' ')), relation)) return true;
    }
    return false;
  }
  return false;
}

}  // namespace

std::string link_target(std::string_view header, std::string_view relation) {
  while (true) {
    const std::size_t open = header.find('<');
    if (open == std::string_view::npos) return "";
    header.remove_prefix(open + 1);
    const std::size_t close = header.find('>');
    if (close == std::string_view::npos) return "";
    const std::string_view target = header.substr(0, close);
    header.remove_prefix(close + 1);
    const std::string_view parameters = take_until(header, ',');
    if (has_relation(parameters, relation)) return std::string(target);
  }
}

}  // namespace gate::sources
