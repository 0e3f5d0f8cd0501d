#include "sources/file/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/text.h"

namespace gate::sources::file {

std::optional<double> parse_number(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  double value = 0.0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::string not_a_number(std::string_view column, std::string_view text) {
  const std::string shown = core::shorten(core::printable(text), 60);
  std::string digits(text);
  const bool has_comma = text.find(',') != std::string_view::npos;
  std::erase(digits, ',');
  const std::string advice =
      has_comma && parse_number(digits) ? ": write numbers without separators, with a point for decimals" : "";
  return fmt::format("`{}` is \"{}\", which is no number{}", core::printable(column), shown, advice);
}

}  // namespace gate::sources::file
