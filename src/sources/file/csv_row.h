// CsvRow: one row of CSV (RFC 4180) from the front of a text: quoted fields with doubled quotes and line breaks inside, CRLF or
// LF. Not for headers, files or what cells mean.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace gate::sources::file {

/// What one attempt to read a row out of the buffered bytes found.
/// `unclosed`: a quote that swallows every line to the end of the file, so that nobody knows which rows were lost.
enum class RowFound { row, incomplete, stray_quote, unclosed };

class RowParser {
 public:
  explicit RowParser(char delimiter) : delimiter_(delimiter) {}

  /// Reads one row from the front of `text`. `last`: no more bytes follow.
  RowFound parse(std::string_view text, bool last);

  /// Views of the text, or of what was unescaped: valid until the next row.
  [[nodiscard]] const std::vector<std::string_view>& fields() const { return fields_; }
  [[nodiscard]] std::size_t consumed() const { return consumed_; }
  /// Line breaks inside of the row, its own end not among them.
  [[nodiscard]] std::uint64_t inner_lines() const { return lines_; }

 private:
  RowFound plain(std::string_view text, std::size_t& at, bool last);
  RowFound quoted(std::string_view text, std::size_t& at, bool last);
  std::string_view unescape(std::string_view inside);
  RowFound end_of_row(std::string_view text, std::size_t at);
  /// A quote that closes nothing: reading goes on at the next line.
  RowFound skip_line(std::string_view text, std::size_t at, bool last);

  char delimiter_;
  std::vector<std::string_view> fields_;
  std::deque<std::string> unescaped_;
  std::size_t consumed_ = 0;
  std::uint64_t lines_ = 0;
};

}  // namespace gate::sources::file
