#include "sources/datadog/decode.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "sources/datadog/json.h"

namespace gate::sources::datadog {
namespace {

core::Time time_of(Json value) {
  constexpr double kMostMilliseconds = 1e14;
  const double milliseconds = number_of(value, "times");
  if (std::abs(milliseconds) > kMostMilliseconds) wrong_form("a time is out of range");
  return core::Time(core::Duration(std::llround(milliseconds)));
}

double value_of(Json value, Decoded& out) {
  if (!value.is_null()) return number_of(value, "values");
  ++out.nulls;
  return std::numeric_limits<double>::quiet_NaN();
}

void check_ascending(const std::vector<core::Time>& times) {
  if (std::adjacent_find(times.begin(), times.end(), std::greater_equal<>()) != times.end()) {
    wrong_form("the times do not ascend");
  }
}

void check_count(std::size_t count, const DecodeLimits& limits) {
  if (count <= limits.max_series) return;
  throw DecodeFailure{{"RG1613",
                       fmt::format("the answer has {} series, more than {}", count, limits.max_series),
                       "group by fewer tags: by {…} makes a series of every combination",
                       {},
                       {}}};
}

std::vector<std::string> texts_of(Json value, std::string_view what) {
  std::vector<std::string> texts;
  for (const Json item : array_of(value, what)) texts.push_back(text_of(item, what));
  return texts;
}

/// [{"name":"byte",…},{"name":"second",…}] is "byte per second"; null, or null in either place, says less.
void note_unit(const std::optional<Json>& unit, Decoded& out) {
  if (!unit) return;
  std::vector<std::string> names;
  for (const Json part : array_of(*unit, "unit")) names.push_back(part.is_null() ? "" : text_member(part, "name"));
  if (names.empty() || names[0].empty()) return;
  std::string words = names[0];
  if (names.size() > 1 && !names[1].empty()) words += " per " + names[1];
  if (std::find(out.units.begin(), out.units.end(), words) == out.units.end()) out.units.push_back(words);
}

void sort_by_labels(std::vector<core::Series>& all) {
  std::stable_sort(all.begin(), all.end(), [](const core::Series& a, const core::Series& b) { return a.labels < b.labels; });
}

Json attributes_of(Json root) {
  return required(required(root, "data"), "attributes");
}

Decoded read_timeseries(Json root, const DecodeLimits& limits) {
  Decoded out;
  const Json attributes = attributes_of(root);
  const auto series = array_of(required(attributes, "series"), "series");
  const auto values = array_of(required(attributes, "values"), "values");
  check_count(series.size(), limits);
  if (series.size() != values.size()) wrong_form("there are not as many `values` as `series`");
  std::vector<core::Time> times;
  for (const Json time : array_of(required(attributes, "times"), "times")) times.push_back(time_of(time));
  check_ascending(times);
  auto row = values.begin();
  for (const Json one : series) {
    core::Series read;
    if (const auto tags = member(one, "group_tags")) read.labels = labels_of_tags(texts_of(*tags, "group_tags"));
    note_unit(member(one, "unit"), out);
    for (const Json value : array_of(*row, "values")) read.values.push_back(value_of(value, out));
    if (read.values.size() != times.size()) wrong_form("a series has not as many `values` as there are `times`");
    read.times = times;
    out.series.push_back(std::move(read));
    ++row;
  }
  sort_by_labels(out.series);
  return out;
}

/// A group's values are lists: one value, or several where a tag has several on the same row.
std::string group_value(Json value) {
  if (value.is_string()) return text_of(value, "values");
  std::string joined;
  for (const std::string& part : texts_of(value, "values")) joined += (joined.empty() ? "" : ",") + part;
  return joined;
}

Decoded read_scalar(Json root, core::Time at, const DecodeLimits& limits) {
  Decoded out;
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  std::vector<double> numbers;
  bool has_numbers = false;
  for (const Json column : array_of(required(attributes_of(root), "columns"), "columns")) {
    const std::string type = text_of(required(column, "type"), "type");
    const auto values = array_of(required(column, "values"), "values");
    if (type == "group") {
      groups.emplace_back(text_of(required(column, "name"), "name"), std::vector<std::string>());
      for (const Json value : values) groups.back().second.push_back(group_value(value));
    } else if (type == "number") {
      if (has_numbers) wrong_form("there is more than one column of numbers");
      has_numbers = true;
      for (const Json value : values) numbers.push_back(value_of(value, out));
      if (const auto meta = member(column, "meta")) note_unit(member(*meta, "unit"), out);
    } else {
      wrong_form("a column is neither of groups nor of numbers");
    }
  }
  check_count(numbers.size(), limits);
  for (const auto& [name, values] : groups) {
    if (values.size() != numbers.size()) wrong_form("the columns differ in length");
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    core::Labels labels;
    for (const auto& [name, values] : groups) labels[name] = values[i];
    out.series.push_back(one_point(std::move(labels), at, numbers[i]));
  }
  sort_by_labels(out.series);
  return out;
}

core::Series read_pointlist(Json one, Decoded& out) {
  core::Series read;
  for (const Json point : array_of(required(one, "pointlist"), "pointlist")) {
    const auto pair = array_of(point, "pointlist");
    if (pair.size() != 2) wrong_form("a point is not a pair of a time and a value");
    read.times.push_back(time_of(pair.at(0)));
    read.values.push_back(value_of(pair.at(1), out));
  }
  check_ascending(read.times);
  if (const auto tags = member(one, "tag_set")) read.labels = labels_of_tags(texts_of(*tags, "tag_set"));
  return read;
}

Decoded read_query(Json root, const DecodeLimits& limits) {
  Decoded out;
  const std::string status = text_of(required(root, "status"), "status");
  if (status != "ok") {
    out.refusal = text_member(root, "error");
    if (out.refusal->empty()) out.refusal = text_member(root, "message");
    return out;
  }
  const auto series = array_of(required(root, "series"), "series");
  check_count(series.size(), limits);
  for (const Json one : series) {
    out.series.push_back(read_pointlist(one, out));
    note_unit(member(one, "unit"), out);
    const auto interval = member(one, "interval");
    if (!interval) continue;
    const core::Duration length(std::llround(number_of(*interval, "interval") * 1000.0));
    out.interval = std::max(out.interval.value_or(length), length);
  }
  sort_by_labels(out.series);
  return out;
}

}  // namespace

core::Labels labels_of_tags(const std::vector<std::string>& tags) {
  core::Labels labels;
  for (const std::string& tag : tags) {
    const std::size_t colon = tag.find(':');
    const std::string name = tag.substr(0, colon);
    const std::string value = colon == std::string::npos ? "" : tag.substr(colon + 1);
    const auto [place, is_new] = labels.emplace(name, value);
    if (!is_new) place->second += "," + value;
  }
  return labels;
}

core::Series one_point(core::Labels labels, core::Time at, double value) {
  core::Series series;
  series.labels = std::move(labels);
  series.times.push_back(at);
  series.values.push_back(value);
  return series;
}

core::Result<Decoded> decode_timeseries(const std::string& body, const DecodeLimits& limits) {
  return read_json(body, [&](Json root) { return read_timeseries(root, limits); });
}

core::Result<Decoded> decode_scalar(const std::string& body, core::Time at, const DecodeLimits& limits) {
  return read_json(body, [&](Json root) { return read_scalar(root, at, limits); });
}

core::Result<Decoded> decode_query(const std::string& body, const DecodeLimits& limits) {
  return read_json(body, [&](Json root) { return read_query(root, limits); });
}

}  // namespace gate::sources::datadog
