#include "config/diagnostic_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace gate::config {
namespace {

constexpr std::size_t kLineWidth = 110;

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

std::size_t columns_of(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

/// The source line and the caret line, shifted left when the place is far to the right.
std::string excerpt(const core::Location& place, std::string_view line, const std::string& label) {
  const std::string number = std::to_string(place.line);
  std::size_t start = std::min<std::size_t>(place.column - 1, line.size());
  std::string_view before = line.substr(0, start);
  std::string_view rest = line.substr(start);
  std::string shift;
  if (columns_of(before) + std::min<std::size_t>(place.length, 20) > kLineWidth) {
    std::size_t cut = start - std::min<std::size_t>(start, 60);
    while (cut < start && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) ++cut;
    shift = "…";
    before = line.substr(cut, start - cut);
  }
  std::size_t length = std::min<std::size_t>(place.length, rest.size());
  std::string shown_before = shift + core::printable(core::replace_all(std::string(before), "\t", " "));
  std::string shown = core::printable(core::replace_all(std::string(rest), "\t", " "));
  if (columns_of(shown_before) + columns_of(shown) > kLineWidth) {
    const std::size_t keep = std::max<std::size_t>(kLineWidth - columns_of(shown_before), 20);
    shown = core::shorten(shown, keep);
    length = std::min(length, keep);
  }
  const std::string marked = core::printable(core::replace_all(std::string(rest.substr(0, length)), "\t", " "));
  const std::string carets(std::max<std::size_t>(1, std::min(columns_of(marked), columns_of(shown))), '^');
  std::string text = fmt::format("{} | {}{}\n", number, shown_before, shown);
  text += fmt::format("{} | {}{}", std::string(number.size(), ' '), std::string(columns_of(shown_before), ' '), carets);
  if (!label.empty()) text += " " + label;
  return text + "\n";
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
  return text + ".";
}

}  // namespace gate::config
