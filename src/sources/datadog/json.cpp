#include "sources/datadog/json.h"

namespace gate::sources::datadog {

void wrong_form(std::string_view what) {
  throw DecodeFailure{{"RG1611",
                       fmt::format("the answer is not one of the Datadog API: {}", what),
                       "does `url` point at the API (https://api.<site>), and not at a web page or at another program?",
                       {},
                       {}}};
}

std::optional<Json> member(Json object, std::string_view key) {
  simdjson::dom::object fields;
  if (object.get_object().get(fields) != simdjson::SUCCESS) wrong_form(fmt::format("what holds `{}` is not an object", key));
  Json found;
  if (fields.at_key(key).get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
  return found;
}

Json required(Json object, std::string_view key) {
  const auto found = member(object, key);
  if (!found) wrong_form(fmt::format("`{}` is missing", key));
  return *found;
}

std::string text_of(Json value, std::string_view what) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) wrong_form(fmt::format("`{}` is not a string", what));
  return std::string(text);
}

double number_of(Json value, std::string_view what) {
  double number = 0.0;
  if (value.get_double().get(number) != simdjson::SUCCESS) wrong_form(fmt::format("`{}` is not a number", what));
  return number;
}

bool flag_of(Json value, std::string_view what) {
  bool flag = false;
  if (value.get_bool().get(flag) != simdjson::SUCCESS) wrong_form(fmt::format("`{}` is neither true nor false", what));
  return flag;
}

simdjson::dom::array array_of(Json value, std::string_view what) {
  simdjson::dom::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) wrong_form(fmt::format("`{}` is not an array", what));
  return array;
}

std::string text_member(Json object, std::string_view key) {
  const auto found = member(object, key);
  return found ? text_of(*found, key) : "";
}

namespace {

/// "Forbidden", {"title":"Not Found","detail":"no gate found"}, {"error":"…"}, {"error_type":"…","error_message":"…"}
std::string words_of(Json item) {
  if (item.is_string()) return text_of(item, "errors");
  if (!item.is_object()) return "";
  for (const std::string_view key : {"detail", "error", "error_message", "title"}) {
    const auto found = member(item, key);
    if (found && found->is_string()) return text_of(*found, key);
  }
  return "";
}

std::vector<std::string> words_in(Json root) {
  std::vector<std::string> all;
  if (!root.is_object()) return all;
  if (const auto errors = member(root, "errors"); errors && errors->is_array()) {
    for (const Json item : array_of(*errors, "errors")) all.push_back(words_of(item));
  }
  if (const auto error = member(root, "error")) all.push_back(words_of(*error));
  std::erase(all, "");
  return all;
}

}  // namespace

std::vector<std::string> error_words(const std::string& body) {
  const auto words = read_json(body, words_in);
  return words.ok() ? *words : std::vector<std::string>();
}

core::Error not_json(std::size_t bytes, const char* why) {
  return {"RG1610",
          fmt::format("the answer ({} bytes) is not JSON, or it was cut off: {}", bytes, why),
          "a proxy between, or a server that died while it answered, is the usual cause",
          {},
          {}};
}

}  // namespace gate::sources::datadog
