// Formats: one reader a format behind open_records(), and what they share. Private to this folder.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sources/file/block_reader.h"
#include "sources/file/records.h"

namespace gate::sources::file {

std::unique_ptr<RecordReader> open_csv(const ReadRequest& request);
std::unique_ptr<RecordReader> open_json_lines(const ReadRequest& request);
std::unique_ptr<RecordReader> open_json(const ReadRequest& request);
/// OpenMetrics has times in seconds, the Prometheus text format in milliseconds; both may leave them out.
enum class TimestampUnit { seconds, milliseconds };
std::unique_ptr<RecordReader> open_exposition(const ReadRequest& request, TimestampUnit unit);
std::unique_ptr<RecordReader> open_saved_answer(const ReadRequest& request);

/// RG1406 about a file as a whole.
core::Error wrong_form(const std::string& path, std::string_view why, std::string hint);
/// RG1407.
core::Error row_too_long(const std::string& path, std::uint64_t line);

/// A format of lines: each one is read on its own.
class LineReader : public RecordReader {
 public:
  explicit LineReader(const ReadRequest& request);
  core::Result<bool> step() override;
  [[nodiscard]] std::uint64_t bytes() const override { return reader_.bytes(); }

 protected:
  /// `line` without its end. `readable` bytes may be read from its start.
  virtual void take(std::string_view line, std::size_t readable, std::uint64_t number) = 0;
  /// After the last line.
  virtual core::Result<bool> finish() { return false; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  BlockReader reader_;
  std::string path_;
  std::uint64_t number_ = 1;
};

/// A format that is one document: read whole, then taken apart.
class DocumentReader : public RecordReader {
 public:
  explicit DocumentReader(const ReadRequest& request);
  core::Result<bool> step() override;
  [[nodiscard]] std::uint64_t bytes() const override { return reader_.bytes(); }

 protected:
  /// `text` is the whole document, with kReadPadding readable bytes behind it.
  virtual core::Result<bool> take(std::string_view text) = 0;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  BlockReader reader_;
  std::string path_;
};

/// Names of a row's cells to their text, brought into the order of the wanted columns.
class RowBuilder {
 public:
  explicit RowBuilder(const std::vector<std::string>& columns) : columns_(columns), cells_(columns.size()) {}

  const std::vector<Cell>& cells(const std::map<std::string, std::string>& fields);

 private:
  const std::vector<std::string>& columns_;
  std::vector<Cell> cells_;
};

}  // namespace gate::sources::file
