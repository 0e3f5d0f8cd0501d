// FileOptions: the keys of a [sources.NAME] of type "file". Not for the questions asked of it: those are FileQuery.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/settings.h"
#include "sources/file/records.h"
#include "sources/file/row_time.h"

namespace gate::sources::file {

enum class OnBadRow { error, drop };

struct FileOptions {
  std::string path;              ///< of questions that name none
  std::optional<Format> format;  ///< absent: by the extension of each file
  std::optional<char> delimiter;
  std::string items;
  Times times = Times::of_rows;
  std::optional<TimeSpec> time;  ///< absent: the column `time`, in RFC 3339 or as the format has it
  OnBadRow on_bad_row = OnBadRow::error;
  std::string within{};  ///< SourceContext::within
};

/// The keys that a source of this type has.
std::vector<core::KeySpec> source_keys();

/// Reads `settings`; every mistake goes to `diagnostics`. RG1402: a format that is none; RG1411: a `time` that cannot be meant;
/// RG1412: no such zone; RG1415: another value that is none of the possible ones.
FileOptions read_options(const core::Settings& settings, core::Diagnostics& diagnostics);

/// How the file at `path` is read: declared, or by its extension. RG1402 when neither says.
core::Result<ReadOptions> reading_of(const std::string& path, const FileOptions& options);

/// Where the times of a file of `format` are; lives as long as `options`.
const TimeSpec& time_of(Format format, const FileOptions& options);

}  // namespace gate::sources::file
