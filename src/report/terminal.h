// Terminal: the report for a person at a terminal or in a CI log. A renderer: it computes nothing but layout.
#pragma once

#include <cstddef>
#include <string>

#include "core/report.h"

namespace gate::report {

struct TerminalOptions {
  std::size_t columns = 100;  ///< no line is wider; less than 40 counts as 40
  bool colour = false;        ///< SGR sequences; without it the bytes are the same but for them
  bool verbose = false;       ///< passing metrics as rows, and how everything was measured
  bool ascii = false;         ///< no Unicode
  bool log = false;           ///< a line a metric that starts with the verdict's word, for `grep ^FAIL`
};

/// A table from 80 columns on, two lines a metric below that; worst first; every row that does not pass has its reason and what
/// to do next. Text that came from outside is shown with its control characters escaped.
std::string to_terminal(const core::Report& report, const TerminalOptions& options);

}  // namespace gate::report
