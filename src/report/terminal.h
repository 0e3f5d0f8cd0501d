// Terminal: the report for a person at a terminal. A renderer: it computes nothing but layout. Not for CI logs (log.h).
#pragma once

#include <cstddef>
#include <string>

#include "core/report.h"
#include "report/layout.h"

namespace gate::report {

enum class Colour { off, on };
enum class Detail { short_, full };

struct TerminalOptions {
  std::size_t columns = 100;       ///< no line is wider; less than 40 counts as 40
  Colour colour = Colour::off;     ///< SGR sequences; without them the bytes are the same but for them
  Detail detail = Detail::short_;  ///< full: passing metrics as rows, links uncut, and how everything was measured
  Charset charset = Charset::unicode;
  Urls urls = Urls::cut;  ///< whole: a URL is never cut, however wide its line gets; for what is no terminal
};

/// A table from 80 columns on, two lines a metric below that; worst first; every row that does not pass has its reason and what
/// to do next. Text that came from outside is shown with its control characters escaped. With Detail::full, links and queries
/// are the only lines that may be wider than `columns`, with Urls::whole those with a URL.
std::string to_terminal(const core::Report& report, const TerminalOptions& options);

/// "How it was measured": windows, samples, method, criteria, queries and notes of every metric, one fact a line, indented and
/// not wrapped.
std::vector<std::string> measured_lines(const core::Report& report);

/// The SGR sequence of a verdict.
std::string_view colour_of(core::Verdict verdict);

}  // namespace gate::report
