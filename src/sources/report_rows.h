// ReportRows: rows of CSV or JSON files that tools write, streamed, with the columns that must be there. Not for their meaning.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sources/file/records.h"
#include "sources/workspace_file.h"

namespace gate::sources {

/// What is wanted of a table, and who takes its rows.
struct TableReading {
  file::ReadOptions options;
  std::vector<std::string> columns;  ///< cells come in this order; those that the file lacks are absent
  std::size_t required = 0;          ///< how many of the first of them must be there
  std::string hint;                  ///< what to do where they are not
  /// One row; `place` is made when it is asked for ("a.csv:12").
  std::function<void(std::span<const file::Cell> cells, const std::function<std::string()>& place)> take;
};

/// Reads `file`, whose digest is filled. Throws core::SourceError: RG1401, RG1406, RG1407, RG1503 (a column is missing), RG1504
/// (a row is cut off or has too many fields), and what `take` throws.
void read_table(WorkspaceFile& file, const TableReading& reading);

/// The first line of `file`, without its end and byte order mark; at most 64 KiB of it. Throws RG1401, RG1503 (empty).
std::string first_line(const WorkspaceFile& file);

}  // namespace gate::sources
