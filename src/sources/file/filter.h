// Filter: which rows `where` keeps. Not for windows of time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "sources/file/records.h"

namespace gate::sources::file {

class Pattern;

/// One condition on one column. Texts are compared as they stand; `below` and the like compare numbers.
struct Condition {
  enum class Test { is_one_of, is_none_of, matches, greater, greater_equal, less, less_equal };

  std::string column;
  Test test = Test::is_one_of;
  std::vector<std::string> texts;  ///< of is_one_of and is_none_of
  double number = 0.0;             ///< of the comparisons
  std::shared_ptr<const Pattern> pattern;
};

enum class Kept { yes, no, not_a_number };

/// Whether `cell` meets `condition`. An absent cell is the empty text; a comparison of an empty one does not hold.
Kept meets(const Condition& condition, const Cell& cell);

/// The conditions of a `where` table. RG1410: a value that is none of text, list and { ge, gt, le, lt, not, matches }, a limit
/// that is no number, a regular expression that cannot be read; RG0104: another key.
std::vector<Condition> read_where(const core::Node& where, core::Diagnostics& diagnostics);

/// "status is 500, 502 or 503, and route is /pay"; "" for none.
std::string describe(const std::vector<Condition>& conditions);

}  // namespace gate::sources::file
