#include "sources/influxdb/influxql.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/text.h"

namespace gate::sources::influxdb {
namespace {

void refuse_error(const JsonAt& of) {
  const std::string words = of.text_of("error");
  if (!words.empty())
    throw Unusable{"RG1976", "InfluxDB says: " + words, "check `database`, and the query in the `influx` shell"};
}

std::size_t column_of(const std::vector<std::string>& names, const std::string& wanted) {
  if (!wanted.empty()) {
    const auto found = std::find(names.begin(), names.end(), wanted);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    throw Unusable{"RG1977", fmt::format("the answer has no column `{}`: it has {}", wanted, core::list_names(names, "and")),
                   "`column` is the field's name, or what stands behind AS"};
  }
  if (names.size() == 2) return names.front() == "time" ? 1 : 0;
  throw Unusable{
      "RG1977",
      fmt::format("the answer has {} columns, and one of numbers is wanted: {}", names.size(), core::list_names(names, "and")),
      "select one field, or say which with `column`"};
}

std::optional<double> value_of(const JsonAt& row, std::size_t column) {
  const auto cell = row.element(column);
  if (!cell) row.refuse("a row as long as `columns`");
  if (cell->is_null()) return std::nullopt;
  if (cell->is_number()) return cell->number();
  if (cell->is_string())
    throw Unusable{"RG1977", fmt::format("a value is text: \"{}\"", cell->text()), "choose a field of numbers"};
  return cell->flag() ? 1.0 : 0.0;
}

RawSeries decode_series(const JsonAt& one, const std::string& wanted) {
  RawSeries out;
  if (const std::string name = one.text_of("name"); !name.empty()) out.labels["_measurement"] = name;
  if (const auto tags = one.find("tags")) {
    for (const auto& [name, value] : tags->members()) out.labels[name] = value.text();
  }
  std::vector<std::string> names;
  for (const JsonAt& name : one.need("columns").items()) names.push_back(name.text());
  const std::size_t column = column_of(names, wanted);
  const auto time = std::find(names.begin(), names.end(), "time");
  if (time == names.end()) one.refuse("a series with the column `time`");
  const auto time_column = static_cast<std::size_t>(time - names.begin());
  for (const JsonAt& row : one.items_of("values")) {
    const auto at = row.element(time_column);
    if (!at || !at->is_number()) row.refuse("a row whose time is in milliseconds");
    const auto value = value_of(row, column);
    if (value) out.points.emplace_back(core::Time(core::Duration(static_cast<std::int64_t>(at->number()))), *value);
  }
  return out;
}

}  // namespace

Decoded decode_influxql(const JsonAt& answer, const std::string& column) {
  refuse_error(answer);
  Decoded out;
  for (const JsonAt& result : answer.need("results").items()) {
    refuse_error(result);
    for (const JsonAt& message : result.items_of("messages")) out.notes.push_back(message.text_of("text"));
    bool is_partial = false;
    if (const auto flag = result.find("partial")) is_partial = flag->flag();
    for (const JsonAt& one : result.items_of("series")) {
      if (const auto flag = one.find("partial")) is_partial = is_partial || flag->flag();
      out.series.push_back(decode_series(one, column));
    }
    if (is_partial) out.partial.emplace_back("the server's limit of rows (max-row-limit) cut the answer off");
  }
  return out;
}

}  // namespace gate::sources::influxdb
