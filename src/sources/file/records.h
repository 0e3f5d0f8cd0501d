// Records: rows of a file as cells of the wanted columns, whatever the format. Not for what they mean.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "http/digest.h"

namespace gate::sources::file {

/// One field of one row. `text` lives until the next row; absent for a column that the row does not have, and for JSON's null.
struct Cell {
  std::string_view text;
  bool present = false;
};

/// Takes rows. `number` is the line (CSV, JSON Lines, text formats) or the place in the array, from 1.
class Sink {
 public:
  Sink() = default;
  virtual ~Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  /// The columns that a file names before its first row (CSV). Not called for formats without a header.
  virtual void header(std::span<const std::string> columns) { (void)columns; }
  /// `cells` in the order of the columns that were asked for.
  virtual void row(std::span<const Cell> cells, std::uint64_t number) = 0;
  /// A row that cannot be read at all.
  virtual void bad(std::uint64_t number, std::string_view why) = 0;
};

/// Whether rows have times of their own, or hold at any time, like a list of users.
enum class Times { of_rows, none };

enum class Format { csv, jsonl, json, openmetrics, prometheus_text, prometheus_api };

struct ReadOptions {
  Format format = Format::csv;
  char delimiter = ',';
  std::vector<std::string> header{};  ///< CSV: the columns of a file that has no header; empty when it has one
  std::string items;                  ///< JSON: where the array is, "/data/rows" or "data.rows"; "" is the document itself
};

/// Longer rows are an error: a file that is no text would be read into memory otherwise.
inline constexpr std::size_t kMostRowBytes = std::size_t{10} << 20;
/// Formats that are one document are held in memory as a whole, and taken apart in one go, which the deadline has to wait for.
inline constexpr std::size_t kMostDocumentBytes = std::size_t{256} << 20;

/// A file that is being read, front to back.
class RecordReader {
 public:
  RecordReader() = default;
  virtual ~RecordReader() = default;
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  /// Reads one more block and gives its rows to the sink; false at the end of the file. Errors: RG1401 (cannot be read), RG1406
  /// (not of its form), RG1407 (too long).
  virtual core::Result<bool> step() = 0;
  [[nodiscard]] virtual std::uint64_t bytes() const = 0;
};

/// What to read and for whom. `columns`, `sink` and `digest` (which may be nullptr) outlive the reader.
struct ReadRequest {
  std::string path;
  ReadOptions options;
  const std::vector<std::string>& columns;
  Sink& sink;
  http::Digest* digest = nullptr;
};

/// The reader for a file. The cells are those of `columns`; a column that CSV's header lacks is absent in every row. Nested
/// JSON is reached by dots or slashes: "response.status", "/response/status". Formats with labels (OpenMetrics, the Prometheus
/// text format, saved answers of its API) have the columns `__name__`, `time` (Unix seconds), `value`, and one a label.
std::unique_ptr<RecordReader> open_records(const ReadRequest& request);

}  // namespace gate::sources::file
