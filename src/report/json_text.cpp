#include "report/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gate::report {
namespace {

using Json = nlohmann::ordered_json;

void new_line(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

void append_scalar(std::string& out, const Json& value) {
  out += value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_row(const Json& value) {
  return value.is_array() && std::none_of(value.begin(), value.end(), [](const Json& one) { return one.is_structured(); });
}

bool is_flat(const Json& value) {
  if (!value.is_array()) return false;
  return std::all_of(value.begin(), value.end(), [](const Json& one) { return one.is_primitive() || is_row(one); });
}

/// Text is not put side by side: notes are read line by line.
bool holds_text(const Json& value) {
  return std::any_of(value.begin(), value.end(), [](const Json& one) { return one.is_string(); });
}

void append_flat(std::string& out, const Json& value) {
  out += '[';
  const char* separator = "";
  for (const Json& one : value) {
    out += separator;
    separator = ", ";
    if (one.is_array())
      append_flat(out, one);
    else
      append_scalar(out, one);
  }
  out += ']';
}

}  // namespace

void append_members(std::string& out, const Json& object, std::size_t depth) {
  const char* separator = "";
  for (const auto& [key, value] : object.items()) {
    out += separator;
    separator = ",";
    new_line(out, depth);
    append_scalar(out, key);
    out += ": ";
    append_json(out, value, depth);
  }
}

void append_json(std::string& out, const Json& value, std::size_t depth) {
  if (value.is_primitive() || value.empty()) {
    append_scalar(out, value);
  } else if (value.is_object()) {
    out += '{';
    append_members(out, value, depth + 1);
    new_line(out, depth);
    out += '}';
  } else if (is_flat(value) && !holds_text(value)) {
    append_flat(out, value);
  } else {
    out += '[';
    const char* separator = "";
    for (const Json& one : value) {
      out += separator;
      separator = ",";
      new_line(out, depth + 1);
      append_json(out, one, depth + 1);
    }
    new_line(out, depth);
    out += ']';
  }
}

}  // namespace gate::report
