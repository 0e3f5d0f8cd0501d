#include "core/width.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gate::core {
namespace {

using Block = std::pair<char32_t, char32_t>;

bool in_any(char32_t point, const auto& blocks) {
  return std::any_of(blocks.begin(), blocks.end(),
                     [&](const Block& block) { return point >= block.first && point <= block.second; });
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80U) return lead;
  const int more = lead >= 0xF0U ? 3 : lead >= 0xE0U ? 2 : 1;
  char32_t point = lead & (0x3FU >> static_cast<unsigned>(more));
  for (int i = 0; i < more && at < text.size(); ++i) point = (point << 6U) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  return point;
}

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

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += width_of(next_code_point(text, at));
  return width;
}

}  // namespace gate::core
