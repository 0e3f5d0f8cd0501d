// JsonAt: JSON of reports and of answers read strictly, with the place of everything that is asked for. What is there of
// another type is an error, never a guess.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sources/workspace_file.h"

namespace gate::sources {

/// What is said when a document is not as it should be.
struct JsonFaults {
  std::string_view form_code;  ///< it is not JSON, or was cut off
  std::string_view form_hint;
  std::string_view content_code;  ///< a value is missing, or of another type
  std::string_view content_hint;
};

/// Of reports that tools leave in a workspace: RG1503, RG1504.
extern const JsonFaults kReportFaults;
/// Of answers that came over HTTP: RG1901, RG1902.
extern const JsonFaults kAnswerFaults;

/// A value in a document, and where: "a.json#/runs/0" (RFC 6901). Lives as long as the parser of its document. The errors are
/// those of `faults`, which lives as long as the program.
class JsonAt {
 public:
  JsonAt(simdjson::dom::element value, std::string place, const JsonFaults& faults = kReportFaults)
      : value_(value), place_(std::move(place)), faults_(&faults) {}

  [[nodiscard]] const std::string& place() const { return place_; }
  [[nodiscard]] bool is_array() const { return value_.is_array(); }
  [[nodiscard]] bool is_object() const { return value_.is_object(); }
  [[nodiscard]] bool is_string() const { return value_.is_string(); }
  [[nodiscard]] bool is_number() const { return value_.is_number(); }

  /// The member `key`; nullopt when it is absent or null. An error when this is no object.
  [[nodiscard]] std::optional<JsonAt> find(std::string_view key) const;
  /// The member `key`, null or not; nullopt when it is absent. An error when this is no object.
  [[nodiscard]] std::optional<JsonAt> member(std::string_view key) const;
  /// Element `index`, null or not; nullopt when there are fewer. An error when this is no array.
  [[nodiscard]] std::optional<JsonAt> element(std::size_t index) const;
  /// The member that must be there, or an error.
  [[nodiscard]] JsonAt need(std::string_view key) const;
  /// The elements of an array. An error when this is none.
  [[nodiscard]] std::vector<JsonAt> items() const;
  /// The elements of the member `key`; none when it is absent or null.
  [[nodiscard]] std::vector<JsonAt> items_of(std::string_view key) const;
  /// The members of an object, in their order. An error when this is none.
  [[nodiscard]] std::vector<std::pair<std::string, JsonAt>> members() const;
  /// An error when it is no string.
  [[nodiscard]] std::string text() const;
  /// The string `key`; "" when it is absent or null.
  [[nodiscard]] std::string text_of(std::string_view key) const;
  /// A finite number, or an error.
  [[nodiscard]] double number() const;
  /// A finite number, also as a string ("12.5"), as many APIs write what is long or exact. An error when it is neither.
  [[nodiscard]] double numeric() const;
  /// An error when it is neither true nor false.
  [[nodiscard]] bool flag() const;
  [[nodiscard]] bool is_null() const { return value_.is_null(); }
  /// Throws the error that this value is not `wanted` ("a date").
  [[noreturn]] void refuse(std::string_view wanted) const;

 private:
  [[noreturn]] void fail(std::string_view why) const;

  simdjson::dom::element value_;
  std::string place_;
  const JsonFaults* faults_;
};

/// The document in `text`, which is of `path`. An error when it is not JSON, cut off, or nested more than 1024 deep.
JsonAt parse_json(simdjson::dom::parser& parser, const std::string& text, const std::string& path,
                  const JsonFaults& faults = kReportFaults);

/// Reads `file` and gives its document to `use`. Throws core::SourceError: as read_text() and parse_json().
template <typename Use>
void read_json(WorkspaceFile& file, std::uint64_t max_bytes, Use use) {
  const std::string text = read_text(file, max_bytes);
  simdjson::dom::parser parser;
  use(parse_json(parser, text, file.path));
}

}  // namespace gate::sources
