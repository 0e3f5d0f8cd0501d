#include "report/markdown_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace gate::report {
namespace {

constexpr std::size_t kLongest = 300;
constexpr std::string_view kZeroWidthSpace = "\u200B";

/// The longest run of backticks in `text`.
std::size_t longest_run(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string escaped(std::string_view text) {
  static constexpr std::string_view kMarkup = "\\`*_[]|~!$";
  std::string out;
  const std::string plain = core::shorten(core::printable(text), kLongest);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const char c = plain[i];
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '@' || c == '#' || (c == ':' && i + 1 < plain.size() && (plain[i + 1] == ':' || plain[i + 1] == '/'))) {
      out += c;
      out += kZeroWidthSpace;
    } else if (c == '.' && i >= 3 && plain.compare(i - 3, 3, "www") == 0) {
      out += kZeroWidthSpace;
      out += c;
    } else if (kMarkup.find(c) != std::string_view::npos) {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string code(std::string_view text) {
  const std::string plain = core::shorten(core::printable(text), kLongest);
  const std::size_t run = longest_run(plain);
  const std::string fence(run + 1, '`');
  const std::string space = run > 0 ? " " : "";
  return fence + space + plain + space + fence;
}

std::string web_link(std::string_view label, const std::string& url) {
  const bool web = url.starts_with("http://") || url.starts_with("https://");
  const bool safe = url.find_first_of(" <>()[]\"\\\n\r\t`|") == std::string::npos;
  if (!web || !safe || core::printable(url) != url) return "";
  return fmt::format("[{}]({})", label, url);
}

std::string marker(std::string_view gate_name) {
  std::string name = core::printable(gate_name);
  std::erase(name, '>');
  std::erase(name, '<');
  while (name.find("--") != std::string::npos) name = core::replace_all(std::move(name), "--", "-");
  return fmt::format("<!-- release-gate:{} -->\n", name);
}

}  // namespace gate::report
