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
  // From UnicodeData 14 (Mn, Me) for the scripts that titles are written in, and EastAsianWidth (W, F).
  static constexpr std::array<Block, 22> kZero = {
      {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A},  {0x064B, 0x065F}, {0x0670, 0x0670},
       {0x06D6, 0x06DC}, {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0941, 0x0948},  {0x094D, 0x094D}, {0x0E31, 0x0E31},
       {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x200B, 0x200F},  {0x20D0, 0x20FF}, {0x302A, 0x302D},
       {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF}}};
  static constexpr std::array<Block, 50> kWide = {
      {{0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},   {0x23F3, 0x23F3},
       {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
       {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},   {0x26D4, 0x26D4},   {0x26EA, 0x26EA},
       {0x26F2, 0x26F3},   {0x26F5, 0x26F5},   {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
       {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
       {0x27B0, 0x27B0},   {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},
       {0x3041, 0xA4CF},   {0xA960, 0xA97C},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
       {0xFFE0, 0xFFE6},   {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320}, {0x1F32D, 0x1F64F}, {0x1F680, 0x1F6FF},
       {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD}}};
  if (in_any(point, kZero)) return 0;
  return in_any(point, kWide) ? 2 : 1;
}

std::string_view without_punctuation(std::string_view word) {
  while (!word.empty() && std::string_view(".,;:)]").find(word.back()) != std::string_view::npos) word.remove_suffix(1);
  return word;
}

/// What stands behind a number and belongs to it, whatever punctuation follows.
bool is_unit(std::string_view word) {
  static constexpr std::array<std::string_view, 28> kUnits = {
      "%",   "pp",  "ns",   "µs",    "us",           "ms",   "s",    "min",    "h",     "d",
      "B",   "KiB", "MiB",  "GiB",   "TiB",          "PiB",  "B/s",  "KiB/s",  "MiB/s", "GiB/s",
      "UTC", "±",   "fail", "error", "inconclusive", "warn", "pass", "skipped"};
  return std::find(kUnits.begin(), kUnits.end(), without_punctuation(word)) != kUnits.end();
}

/// "2 h 10 min": the smaller unit stays with the larger one.
bool continues_duration(std::string_view last, std::string_view word) {
  const bool larger = last == "d" || last == "h" || last == "min";
  return larger && !word.empty() && word.front() >= '0' && word.front() <= '9';
}

bool ends_with_digit(std::string_view word) {
  return word.ends_with("∞") || (!word.empty() && word.back() >= '0' && word.back() <= '9');
}

/// A sign of a limit, an arrow, and "at least" stay with what follows them.
bool leads(std::string_view word) {
  return word == "at" || word == "least" || word == "≤" || word == "≥" || word == "≠" || word == "±" || word == "→" ||
         word.ends_with("(limit");
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t space = std::min(text.find(' ', at), text.size());
    if (space > at) words.emplace_back(text.substr(at, space - at));
    at = space + 1;
  }
  return words;
}

/// What stays together: a number and its unit, and with `phrases` a sign or "at least" and what follows.
enum class Joins { units, phrases };

/// The words of `text`, those that stay together in one.
std::vector<std::string> unbreakable(std::string_view text, Joins joins) {
  std::vector<std::string> pieces;
  std::string last;
  for (std::string& word : words_of(text)) {
    const bool belongs =
        (joins == Joins::phrases && leads(last)) || (is_unit(word) && ends_with_digit(last)) || continues_duration(last, word);
    last = word;
    if (belongs && !pieces.empty()) {
      pieces.back() += " " + word;
    } else {
      pieces.push_back(std::move(word));
    }
  }
  return pieces;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += width_of(next_code_point(text, at));
  return width;
}

std::string fit(std::string_view text, std::size_t width, Charset charset) {
  if (display_width(text) <= width) return std::string(text);
  const std::string_view dots = charset == Charset::unicode ? "…" : "...";
  const std::size_t taken = charset == Charset::unicode ? 1 : 3;
  if (width < taken) return "";
  std::size_t used = 0;
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    used += width_of(next_code_point(text, at));
    if (used > width - taken) break;
    end = at;
  }
  return std::string(text.substr(0, end)) + std::string(dots);
}

std::string pad(std::string_view text, std::size_t width, Align align) {
  const std::size_t used = display_width(text);
  const std::string space(width > used ? width - used : 0, ' ');
  return align == Align::left ? std::string(text) + space : space + std::string(text);
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  const auto put = [&](const std::string& piece) {
    const std::string next = fit(piece, width);
    if (!line.empty() && display_width(line) + 1 + display_width(next) > width) lines.push_back(std::exchange(line, ""));
    line += (line.empty() ? "" : " ") + next;
  };
  const auto fits = [&](const std::string& piece) { return display_width(piece) <= width; };
  for (const std::string& phrase : unbreakable(text, Joins::phrases)) {
    for (const std::string& piece : fits(phrase) ? std::vector{phrase} : unbreakable(phrase, Joins::units)) {
      for (const std::string& word : fits(piece) ? std::vector{piece} : words_of(piece)) put(word);
    }
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string to_ascii(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kPlain = {{{"−", "-"},
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
                                                                                            {"×", "x"},
                                                                                            {"≠", "!="}}};
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
