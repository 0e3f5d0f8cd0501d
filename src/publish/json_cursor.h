// Json cursor: a value of a JSON document with its place in it, read by type; the first mistake is thrown with the place.
// Private to the reader of reports.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"

namespace gate::publish {

/// "metrics[3].unit is no unit".
class BadReport : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Cursor {
 public:
  using Json = nlohmann::json;

  Cursor(const Json& value, std::string place) : value_(&value), place_(std::move(place)) {}

  [[noreturn]] void fail(const std::string& what) const { throw BadReport((place_.empty() ? "it" : place_) + " " + what); }

  /// Member `key` of an object; a missing one is a mistake.
  [[nodiscard]] Cursor at(const std::string& key) const {
    if (!value_->is_object()) fail("is no object");
    const auto found = value_->find(key);
    if (found == value_->end()) fail("has no \"" + key + "\"");
    return {*found, place_.empty() ? key : place_ + "." + key};
  }
  /// Member `key`, or null where there is none: for keys that older versions do not write.
  [[nodiscard]] Cursor maybe(const std::string& key) const {
    static const Json kNull;
    if (!value_->is_object()) fail("is no object");
    const auto found = value_->find(key);
    return {found == value_->end() ? kNull : *found, place_.empty() ? key : place_ + "." + key};
  }
  [[nodiscard]] bool is_null() const { return value_->is_null(); }

  [[nodiscard]] std::vector<Cursor> items() const {
    if (!value_->is_array()) fail("is no list");
    std::vector<Cursor> out;
    out.reserve(value_->size());
    for (std::size_t i = 0; i < value_->size(); ++i) out.emplace_back((*value_)[i], place_ + "[" + std::to_string(i) + "]");
    return out;
  }
  [[nodiscard]] std::vector<std::pair<std::string, Cursor>> members() const {
    if (!value_->is_object()) fail("is no object");
    std::vector<std::pair<std::string, Cursor>> out;
    for (const auto& [key, value] : value_->items()) out.emplace_back(key, Cursor(value, place_ + "." + key));
    return out;
  }

  [[nodiscard]] std::string text() const {
    if (!value_->is_string()) fail("is no text");
    return value_->get<std::string>();
  }
  /// "" for null.
  [[nodiscard]] std::string text_or_null() const { return is_null() ? "" : text(); }
  /// Letters, digits, blanks and . _ - + alone: what renderers show without escaping it.
  [[nodiscard]] std::string word() const {
    std::string out = text();
    const bool plain = std::all_of(out.begin(), out.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view(" ._-+").find(c) != std::string_view::npos;
    });
    if (!plain || out.size() > 64) fail("is no plain word");
    return out;
  }
  [[nodiscard]] std::string word_or_null() const { return is_null() ? "" : word(); }
  [[nodiscard]] bool boolean() const {
    if (!value_->is_boolean()) fail("is neither true nor false");
    return value_->get<bool>();
  }
  [[nodiscard]] double number() const {
    if (!value_->is_number()) fail("is no number");
    return value_->get<double>();
  }
  [[nodiscard]] std::optional<double> number_or_null() const {
    return is_null() ? std::nullopt : std::optional<double>(number());
  }
  /// A whole number from `least` to `most`.
  [[nodiscard]] std::int64_t integer(std::int64_t least, std::int64_t most) const {
    if (!value_->is_number_integer()) fail("is no whole number");
    // Above the largest signed number, a conversion would turn the sign.
    if (value_->is_number_unsigned() && value_->get<std::uint64_t>() > static_cast<std::uint64_t>(most))
      fail("is out of range");
    const auto out = value_->get<std::int64_t>();
    if (out < least || out > most) fail("is out of range");
    return out;
  }
  [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>(integer(0, kMostCount)); }
  [[nodiscard]] core::Time time() const {
    const auto out = core::parse_time(text());
    if (!out) fail("is no time");
    return *out;
  }
  [[nodiscard]] std::optional<core::Time> time_or_null() const {
    return is_null() ? std::nullopt : std::optional<core::Time>(time());
  }

  /// The one of `values` whose core::name() this is.
  template <typename T, std::size_t N>
  [[nodiscard]] T named(const std::array<T, N>& values) const {
    const std::string wanted = text();
    const auto found = std::find_if(values.begin(), values.end(), [&](T one) { return name(one) == wanted; });
    if (found == values.end()) fail("is none of the words it can be");
    return *found;
  }

 private:
  static constexpr std::int64_t kMostCount = 9'007'199'254'740'992;

  const Json* value_;
  std::string place_;
};

}  // namespace gate::publish
