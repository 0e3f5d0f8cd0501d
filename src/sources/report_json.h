// ReportJson: JSON reports read strictly, with the place of everything that is asked for. What is there of another type is an
// error, never a guess.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sources/workspace_file.h"

namespace gate::sources {

/// A value in a document, and where: "a.json#/runs/0" (RFC 6901). Lives as long as the parser of its document.
class JsonAt {
 public:
  JsonAt(simdjson::dom::element value, std::string place) : value_(value), place_(std::move(place)) {}

  [[nodiscard]] const std::string& place() const { return place_; }
  [[nodiscard]] bool is_array() const { return value_.is_array(); }
  [[nodiscard]] bool is_object() const { return value_.is_object(); }
  [[nodiscard]] bool is_string() const { return value_.is_string(); }
  [[nodiscard]] bool is_number() const { return value_.is_number(); }

  /// The member `key`; nullopt when it is absent or null. RG1504 when this is no object.
  [[nodiscard]] std::optional<JsonAt> find(std::string_view key) const;
  /// The member that must be there. RG1504.
  [[nodiscard]] JsonAt need(std::string_view key) const;
  /// The elements of an array. RG1504 when this is none.
  [[nodiscard]] std::vector<JsonAt> items() const;
  /// The elements of the member `key`; none when it is absent or null.
  [[nodiscard]] std::vector<JsonAt> items_of(std::string_view key) const;
  /// The members of an object, in their order. RG1504 when this is none.
  [[nodiscard]] std::vector<std::pair<std::string, JsonAt>> members() const;
  /// RG1504 when it is no string.
  [[nodiscard]] std::string text() const;
  /// The string `key`; "" when it is absent or null.
  [[nodiscard]] std::string text_of(std::string_view key) const;
  /// A finite number. RG1504.
  [[nodiscard]] double number() const;
  /// RG1504 when it is neither true nor false.
  [[nodiscard]] bool flag() const;

 private:
  [[noreturn]] void refuse(std::string_view wanted) const;

  simdjson::dom::element value_;
  std::string place_;
};

/// The document in `text`, which is of `path`. RG1503: not JSON, cut off, nested more than 1024 deep.
JsonAt parse_json(simdjson::dom::parser& parser, const std::string& text, const std::string& path);

/// Reads `file` and gives its document to `use`. Throws core::SourceError: as read_text() and parse_json().
template <typename Use>
void read_json(WorkspaceFile& file, std::uint64_t max_bytes, Use use) {
  const std::string text = read_text(file, max_bytes);
  simdjson::dom::parser parser;
  use(parse_json(parser, text, file.path));
}

}  // namespace gate::sources
