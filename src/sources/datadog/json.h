// Json: reading answers strictly. What is not there or of another type is an error, never a guess. Private to datadog.
#pragma once

#include <fmt/format.h>
#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace gate::sources::datadog {

using Json = simdjson::dom::element;

/// Leaves a decoder for the one place that turns it into a Result.
struct DecodeFailure {
  core::Error error;
};

/// RG1611.
[[noreturn]] void wrong_form(std::string_view what);

/// The member `key` of `object`; nullopt when it is absent or null. RG1611 when `object` is none.
std::optional<Json> member(Json object, std::string_view key);
/// The member that must be there. RG1611.
Json required(Json object, std::string_view key);

std::string text_of(Json value, std::string_view what);
double number_of(Json value, std::string_view what);
bool flag_of(Json value, std::string_view what);
simdjson::dom::array array_of(Json value, std::string_view what);
/// "" when absent.
std::string text_member(Json object, std::string_view key);

/// What the server says went wrong: the strings of `errors` and `error` in its two or three forms; empty when it says nothing
/// or `body` is not JSON.
std::vector<std::string> error_words(const std::string& body);

/// RG1610.
core::Error not_json(std::size_t bytes, const char* why);

/// What `read` makes of `body`. RG1610: not JSON, or cut off; RG1611 and whatever `read` throws as DecodeFailure.
template <typename Read>
auto read_json(const std::string& body, Read read) -> core::Result<decltype(read(std::declval<Json>()))> {
  simdjson::dom::parser parser;
  try {
    const Json root = parser.parse(body);
    return read(root);
  } catch (const DecodeFailure& failure) {
    return failure.error;
  } catch (const simdjson::simdjson_error& failure) {
    return not_json(body.size(), simdjson::error_message(failure.error()));
  }
}

}  // namespace gate::sources::datadog
