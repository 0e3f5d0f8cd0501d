// How wide text is on a terminal, and how it is cut to fit.
#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "core/text.h"
#include "report/layout.h"

namespace gate::report {
namespace {

/// The code point at `at`, which moves behind it. The text is UTF-8 already.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80U) return lead;
  const int more = lead >= 0xF0U ? 3 : lead >= 0xE0U ? 2 : 1;
  char32_t point = lead & (0x3FU >> static_cast<unsigned>(more));
  for (int i = 0; i < more && at < text.size(); ++i) point = (point << 6U) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  return point;
}

using Block = std::pair<char32_t, char32_t>;

bool in_any(char32_t point, const auto& blocks) {
  return std::any_of(blocks.begin(), blocks.end(),
                     [&](const Block& block) { return point >= block.first && point <= block.second; });
}

/// Unicode Standard Annex 11, by blocks: what terminals draw two columns wide, and what they draw on the column before.
std::size_t width_of(char32_t point) {
  static constexpr std::array<Block, 7> kZero = {{{0x0300, 0x036F},
                                                  {0x200B, 0x200F},
                                                  {0x20D0, 0x20FF},
                                                  {0xFE00, 0xFE0F},
                                                  {0xFE20, 0xFE2F},
                                                  {0x1AB0, 0x1AFF},
                                                  {0xE0100, 0xE01EF}}};
  static constexpr std::array<Block, 9> kWide = {{{0x1100, 0x115F},
                                                  {0x2E80, 0x303E},
                                                  {0x3041, 0xA4CF},
                                                  {0xAC00, 0xD7A3},
                                                  {0xF900, 0xFAFF},
                                                  {0xFE30, 0xFE6F},
                                                  {0xFF00, 0xFF60},
                                                  {0x1F300, 0x1FAFF},
                                                  {0x20000, 0x3FFFD}}};
  if (in_any(point, kZero)) return 0;
  return in_any(point, kWide) ? 2 : 1;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += width_of(next_code_point(text, at));
  return width;
}

std::string fit(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return "";
  std::size_t used = 0;
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    used += width_of(next_code_point(text, at));
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
    const char32_t point = next_code_point(out, at);
    plain += point < 0x80U ? static_cast<char>(point) : '?';
  }
  return plain;
}

}  // namespace gate::report
