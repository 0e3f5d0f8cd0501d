// FileQuery: what a metric or a part asks of a file. Not for windows: those are the Question's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/settings.h"
#include "sources/file/filter.h"

namespace gate::sources::file {

/// `in`: rows whose `key` is among the values of `column` in the rows of another source.
struct IdsOf {
  std::string source;
  core::Location source_location;
  std::string column;
  std::string key;
  std::vector<Condition> where;
};

/// How different values are counted: each kept in memory, or by a sketch with a known error (hyperloglog.h).
enum class Counting { exact, hyperloglog };

struct FileQuery {
  std::string path;
  std::optional<std::string> value;                   ///< a column of numbers
  std::optional<std::string> sum;                     ///< a column to add up, where rows are counts already
  std::optional<std::string> distinct;                ///< a column whose different values are counted
  Counting counting = Counting::exact;                ///< of `distinct`
  std::map<std::string, double, std::less<>> scores;  ///< `map`: what an answer counts as; empty when values are numbers
  std::vector<Condition> where;
  std::optional<IdsOf> in;
};

/// The keys of a question.
std::vector<core::KeySpec> query_keys();

/// Reads `query`; every mistake goes to `diagnostics`. RG1403: no path; RG1410: as read_where; RG1413: keys that exclude each
/// other; RG1416: an `in` or a `map` that cannot be meant.
FileQuery read_query(const core::Settings& query, core::Diagnostics& diagnostics);

/// "count of rows where status is 500", "latency_ms where route is /pay".
std::string describe(const FileQuery& query, std::string_view value_column);

}  // namespace gate::sources::file
