// FileWalk: the files that a pattern matches, read one after the other in blocks. Not for what is in the rows.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/samples.h"
#include "http/digest.h"
#include "sources/file/options.h"
#include "sources/file/records.h"

namespace gate::sources::file {

/// The files that `pattern`, relative to `directory`, names, sorted. RG1403 when there is none; RG1501 when `within` is a
/// folder and one of them lies outside of it, links followed.
core::Result<std::vector<std::string>> match_files(const std::string& directory, const std::string& pattern,
                                                   const std::string& within);
/// RG1501 for a file that is not there to be looked at or lies outside of the folder `within`, links followed; "" allows all.
std::optional<core::Error> outside_of(const std::string& within, const std::string& file);

/// One file that was read to its end. `sha256` is "" unless digests were asked for.
struct FileRead {
  std::string path;
  std::string sha256;
  std::uint64_t bytes = 0;
  double milliseconds = 0.0;
};

enum class Digests { no, yes };

class FileWalk {
 public:
  /// `columns` and `sink` outlive the walk. Nothing is opened before the first step.
  FileWalk(std::string directory, std::string pattern, const FileOptions& options, const std::vector<std::string>& columns,
           Sink& sink, Digests digests);

  /// Reads one more block; false when all files are over.
  core::Result<bool> step();
  /// The file that is being read.
  [[nodiscard]] const std::string& path() const { return current_.path; }
  [[nodiscard]] Format format() const { return reading_.format; }
  [[nodiscard]] const std::vector<FileRead>& files() const { return done_; }
  /// "logs/a.csv:12", or "logs/a.json, row 12" where rows have no lines of their own.
  [[nodiscard]] std::string place(std::uint64_t number) const;

 private:
  core::Result<bool> open_next();

  std::string directory_;
  std::string pattern_;
  const FileOptions& options_;
  const std::vector<std::string>& columns_;
  Sink& sink_;
  Digests digests_;
  bool started_ = false;
  std::vector<std::string> waiting_;  ///< the next file last
  ReadOptions reading_;
  FileRead current_;
  std::optional<http::Digest> digest_;
  std::unique_ptr<RecordReader> reader_;
  std::vector<FileRead> done_;
};

}  // namespace gate::sources::file
