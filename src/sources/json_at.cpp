#include "sources/json_at.h"

#include <fmt/format.h>

#include <cmath>

#include "core/text.h"
#include "sources/file/number.h"

namespace gate::sources {
namespace {

std::string child(const std::string& place, std::string_view key) {
  std::string escaped = core::replace_all(core::replace_all(std::string(key), "~", "~0"), "/", "~1");
  return fmt::format("{}{}/{}", place, place.find('#') == std::string::npos ? "#" : "", core::printable(escaped));
}

}  // namespace

const JsonFaults kReportFaults{"RG1503", "was the tool stopped before it wrote its end?", "RG1504",
                               "does `path` name a report of the right tool and version?"};
const JsonFaults kAnswerFaults{"RG1901", "a proxy may have cut it: run the gate again, and ask without it", "RG1902",
                               "does `url` name this system, in a version that the source's page lists?"};

void JsonAt::fail(std::string_view why) const {
  throw core::SourceError(
      {std::string(faults_->content_code), fmt::format("{}: {}", place_, why), std::string(faults_->content_hint), {}, {}});
}

void JsonAt::refuse(std::string_view wanted) const {
  fail(fmt::format("it is not {}", wanted));
}

std::optional<JsonAt> JsonAt::member(std::string_view key) const {
  simdjson::dom::object object;
  if (value_.get_object().get(object) != simdjson::SUCCESS) refuse("an object");
  simdjson::dom::element found;
  if (object.at_key(key).get(found) != simdjson::SUCCESS) return std::nullopt;
  return JsonAt(found, child(place_, key), *faults_);
}

std::optional<JsonAt> JsonAt::element(std::size_t index) const {
  simdjson::dom::array array;
  if (value_.get_array().get(array) != simdjson::SUCCESS) refuse("an array");
  simdjson::dom::element found;
  if (array.at(index).get(found) != simdjson::SUCCESS) return std::nullopt;
  return JsonAt(found, child(place_, std::to_string(index)), *faults_);
}

std::optional<JsonAt> JsonAt::find(std::string_view key) const {
  auto found = member(key);
  if (found && found->is_null()) return std::nullopt;
  return found;
}

JsonAt JsonAt::need(std::string_view key) const {
  auto found = find(key);
  if (!found) fail(fmt::format("`{}` is missing", key));
  return *std::move(found);
}

std::vector<JsonAt> JsonAt::items() const {
  simdjson::dom::array array;
  if (value_.get_array().get(array) != simdjson::SUCCESS) refuse("an array");
  std::vector<JsonAt> out;
  for (const simdjson::dom::element one : array) out.emplace_back(one, child(place_, std::to_string(out.size())), *faults_);
  return out;
}

std::vector<JsonAt> JsonAt::items_of(std::string_view key) const {
  const auto found = find(key);
  return found ? found->items() : std::vector<JsonAt>();
}

std::vector<std::pair<std::string, JsonAt>> JsonAt::members() const {
  simdjson::dom::object object;
  if (value_.get_object().get(object) != simdjson::SUCCESS) refuse("an object");
  std::vector<std::pair<std::string, JsonAt>> out;
  for (const auto field : object)
    out.emplace_back(std::string(field.key), JsonAt(field.value, child(place_, field.key), *faults_));
  return out;
}

std::string JsonAt::text() const {
  std::string_view text;
  if (value_.get_string().get(text) != simdjson::SUCCESS) refuse("a string");
  return std::string(text);
}

std::string JsonAt::text_of(std::string_view key) const {
  const auto found = find(key);
  return found ? found->text() : "";
}

double JsonAt::number() const {
  double number = 0.0;
  if (value_.get_double().get(number) != simdjson::SUCCESS || !std::isfinite(number)) refuse("a number");
  return number;
}

double JsonAt::numeric() const {
  std::string_view text;
  if (value_.get_string().get(text) != simdjson::SUCCESS) return number();
  const auto number = file::parse_number(text);
  if (!number || !std::isfinite(*number)) refuse("a number");
  return *number;
}

bool JsonAt::flag() const {
  bool flag = false;
  if (value_.get_bool().get(flag) != simdjson::SUCCESS) refuse("true or false");
  return flag;
}

JsonAt parse_json(simdjson::dom::parser& parser, const std::string& text, const std::string& path, const JsonFaults& faults) {
  const std::string place = core::printable(path);
  simdjson::dom::element root;
  const auto problem = parser.parse(text).get(root);
  if (problem != simdjson::SUCCESS) {
    throw core::SourceError({std::string(faults.form_code),
                             fmt::format("{}: it is not JSON, or it was cut off: {}", place, simdjson::error_message(problem)),
                             std::string(faults.form_hint),
                             {},
                             {}});
  }
  return {root, place, faults};
}

}  // namespace gate::sources
