#include "sources/tableau/displayed.h"

#include <algorithm>

#include "sources/file/csv_row.h"
#include "sources/file/number.h"

namespace gate::sources::tableau {
namespace {

constexpr std::size_t kGroup = 3;

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "1,234,567" or "1234567" without its commas; "" when it is neither.
std::string whole_part(std::string_view text) {
  if (is_digits(text)) return std::string(text);
  std::string out;
  for (bool first = true; !text.empty(); first = false) {
    const std::string_view group = text.substr(0, text.find(','));
    const bool fits = first ? group.size() <= kGroup : group.size() == kGroup;
    if (!fits || !is_digits(group)) return "";
    out += group;
    text.remove_prefix(group.size());
    if (text.empty()) return out;
    text.remove_prefix(1);
  }
  return "";
}

}  // namespace

bool is_percent(std::string_view text) {
  return text.ends_with('%');
}

std::optional<double> parse_displayed(std::string_view text) {
  if (is_percent(text)) text.remove_suffix(1);
  std::string number;
  if (text.starts_with('-')) {
    number = "-";
    text.remove_prefix(1);
  }
  const std::size_t point = text.find('.');
  const std::string whole = whole_part(text.substr(0, point));
  if (whole.empty()) return std::nullopt;
  number += whole;
  if (point != std::string_view::npos) {
    const std::string_view fraction = text.substr(point + 1);
    if (!is_digits(fraction)) return std::nullopt;
    number += '.';
    number += fraction;
  }
  return file::parse_number(number);
}

std::optional<std::size_t> Table::find(std::string_view column) const {
  const auto found = std::find(columns.begin(), columns.end(), column);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

std::optional<Table> parse_table(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Table table;
  file::RowParser parser(',');
  while (!text.empty()) {
    if (parser.parse(text, true) != file::RowFound::row) return std::nullopt;
    std::vector<std::string> fields(parser.fields().begin(), parser.fields().end());
    text.remove_prefix(parser.consumed());
    const bool is_blank = fields.size() == 1 && fields.front().empty();
    if (is_blank) continue;
    if (table.columns.empty()) {
      table.columns = std::move(fields);
    } else if (fields.size() != table.columns.size()) {
      return std::nullopt;
    } else {
      table.rows.push_back(std::move(fields));
    }
  }
  return table;
}

}  // namespace gate::sources::tableau
