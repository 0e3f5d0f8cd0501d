// How wide text is on a terminal, and how it is cut to fit.
#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "core/text.h"
#include "core/width.h"
#include "report/layout.h"

namespace gate::report {
namespace {

std::string_view without_punctuation(std::string_view word) {
  while (!word.empty() && std::string_view(".,;:)]").find(word.back()) != std::string_view::npos) word.remove_suffix(1);
  return word;
}

/// What stands behind a number and belongs to it, whatever punctuation follows.
bool is_unit(std::string_view word) {
  static constexpr std::array<std::string_view, 29> kUnits = {
      "%",   "pp",  "ns",   "µs",    "us",           "ms",   "s",    "min",     "h",      "d",
      "B",   "KiB", "MiB",  "GiB",   "TiB",          "PiB",  "B/s",  "KiB/s",   "MiB/s",  "GiB/s",
      "UTC", "±",   "fail", "error", "inconclusive", "warn", "pass", "skipped", "pending"};
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

std::string fit(std::string_view text, std::size_t width, Charset charset) {
  if (display_width(text) <= width) return std::string(text);
  const std::string_view dots = charset == Charset::unicode ? "…" : "...";
  const std::size_t taken = charset == Charset::unicode ? 1 : 3;
  if (width < taken) return "";
  std::size_t used = 0;
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    used += core::width_of(core::next_code_point(text, at));
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

bool has_url(std::string_view text) {
  return text.find("://") != std::string_view::npos;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width, Urls urls) {
  std::vector<std::string> lines;
  std::string line;
  const auto put = [&](const std::string& piece) {
    const std::string next = urls == Urls::whole && has_url(piece) ? piece : fit(piece, width);
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
    const char32_t point = core::next_code_point(out, at);
    plain += point < 0x80U ? static_cast<char>(point) : '?';
  }
  return plain;
}

std::string with_fixed_spaces(std::string_view text) {
  std::string out;
  for (std::string& piece : unbreakable(text, Joins::phrases))
    out += (out.empty() ? "" : " ") + core::replace_all(std::move(piece), " ", "\u00A0");
  return out;
}

}  // namespace gate::report
