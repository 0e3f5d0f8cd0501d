// How text is cut and filled to fit a width.
#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "core/text.h"
#include "core/width.h"
#include "report/layout.h"

namespace gate::report {

std::string fit(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return "";
  std::size_t used = 0;
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    used += core::width_of(core::next_code_point(text, at));
    if (used > width - 1) break;
    end = at;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string pad(std::string_view text, std::size_t width, Align align) {
  const std::size_t used = display_width(text);
  const std::string space(width > used ? width - used : 0, ' ');
  return align == Align::left ? std::string(text) + space : space + std::string(text);
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t space = text.find(' ', at);
    const std::string_view piece = text.substr(at, space == std::string_view::npos ? std::string_view::npos : space - at);
    at = space == std::string_view::npos ? text.size() : space + 1;
    if (piece.empty()) continue;
    const std::string next = fit(piece, width);
    if (!line.empty() && display_width(line) + 1 + display_width(next) > width) lines.push_back(std::exchange(line, ""));
    line += (line.empty() ? "" : " ") + next;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string to_ascii(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kPlain = {{{"−", "-"},
                                                                                            {"–", "-"},
                                                                                            {"→", "->"},
                                                                                            {"…", "..."},
                                                                                            {"≤", "<="},
                                                                                            {"≥", ">="},
                                                                                            {"±", "+-"},
                                                                                            {"·", "-"},
                                                                                            {"∞", "inf"},
                                                                                            {"µ", "u"},
                                                                                            {"┃", "|"},
                                                                                            {"×", "x"}}};
  std::string out(text);
  for (const auto& [from, to] : kPlain) out = core::replace_all(std::move(out), from, to);
  std::string plain;
  for (std::size_t at = 0; at < out.size();) {
    const char32_t point = core::next_code_point(out, at);
    plain += point < 0x80U ? static_cast<char>(point) : '?';
  }
  return plain;
}

}  // namespace gate::report
