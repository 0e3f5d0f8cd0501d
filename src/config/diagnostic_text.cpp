#include "config/diagnostic_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "core/width.h"

namespace gate::config {
namespace {

constexpr std::size_t kLineWidth = 100;
constexpr std::size_t kKeptBefore = 40;

std::string_view line_of(std::string_view text, std::uint32_t number) {
  for (std::uint32_t line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// As it is shown: a tab is one space, so that carets stand where they should.
std::string shown(std::string_view text) {
  return core::printable(core::replace_all(std::string(text), "\t", " "));
}

/// `text` cut to `width` columns, with "…" where it was cut.
std::string cut_right(const std::string& text, std::size_t width) {
  if (core::display_width(text) <= width) return text;
  std::size_t end = 0;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    used += core::width_of(core::next_code_point(text, at));
    if (used >= width) break;
    end = at;
  }
  return text.substr(0, end) + "…";
}

/// What stands before the place; only its end, and how much was left out, when the place is far to the right.
std::string before_place(std::string_view before, std::size_t needed) {
  std::string whole = shown(before);
  if (core::display_width(whole) + needed <= kLineWidth) return whole;
  std::size_t cut = before.size() - std::min(before.size(), kKeptBefore);
  while (cut < before.size() && (static_cast<unsigned char>(before[cut]) & 0xC0U) == 0x80U) ++cut;
  return fmt::format("{} more columns…{}", core::display_width(shown(before.substr(0, cut))), shown(before.substr(cut)));
}

/// The source line and the caret line with the hint, which gets a line of its own when it is long.
std::string excerpt(const core::Location& place, std::string_view line, const std::string& hint) {
  const std::string number = std::to_string(place.line);
  const std::string margin(number.size(), ' ');
  const std::size_t start = std::min<std::size_t>(place.column - 1, line.size());
  const std::string_view rest = line.substr(start);
  const std::size_t marked = core::display_width(shown(rest.substr(0, place.length)));
  const std::string before = before_place(line.substr(0, start), std::min<std::size_t>(marked, 20));
  const std::size_t indent = core::display_width(before);
  const std::string text = cut_right(shown(rest), std::max<std::size_t>(kLineWidth - std::min(indent, kLineWidth), 20));
  const std::string carets(std::max<std::size_t>(1, std::min(marked, core::display_width(text))), '^');
  std::string out = fmt::format("{} | {}{}\n{} | {}{}", number, before, text, margin, std::string(indent, ' '), carets);
  if (hint.empty()) return out + "\n";
  const bool fits = indent + carets.size() + core::display_width(hint) <= kLineWidth + 10;
  return out + (fits ? " " : "\n   = ") + hint + "\n";
}

}  // namespace

std::string render_diagnostic(const core::Diagnostic& diagnostic, const FileTexts& files) {
  const core::Error& error = diagnostic.error;
  const std::string word = diagnostic.severity == core::Severity::error ? "error" : "warning";
  const core::Location& place = error.location;
  std::string text;
  if (place.known()) {
    text = fmt::format("{}:{}:{}: ", core::printable(place.file), place.line, place.column);
  } else if (!place.file.empty()) {
    text = core::printable(place.file) + ": ";
  }
  text += fmt::format("{}[{}]: {}\n", word, error.code, core::printable(error.message));
  const auto file = files.find(place.file);
  const std::string hint = core::printable(error.hint);
  if (place.known() && file != files.end()) {
    text += excerpt(place, line_of(file->second, place.line), hint);
  } else if (!hint.empty()) {
    text += "   = " + hint + "\n";
  }
  for (const std::string& line : error.context) text += "   = " + core::printable(line) + "\n";
  return core::without_commands(std::move(text));
}

std::string summarize(const core::Diagnostics& diagnostics, const std::string& file) {
  const auto errors = std::count_if(diagnostics.begin(), diagnostics.end(),
                                    [](const core::Diagnostic& d) { return d.severity == core::Severity::error; });
  const auto warnings = static_cast<std::ptrdiff_t>(diagnostics.size()) - errors;
  std::string text = fmt::format("{}: {} error{}", core::printable(file), errors, errors == 1 ? "" : "s");
  if (warnings > 0) text += fmt::format(", {} warning{}", warnings, warnings == 1 ? "" : "s");
  return core::without_commands(text + ".");
}

}  // namespace gate::config
