// Log: the report in the log of a CI job: words, not symbols, so that `grep ^FAIL` works; no Unicode; nothing is redrawn or
// cut.
#pragma once

#include <string>

#include "core/report.h"
#include "report/terminal.h"

namespace gate::report {

/// The headline and a line a metric, each starting with its verdict's word in 12 columns; what to do is indented below it.
std::string to_log(const core::Report& report, Colour colour, Detail detail);

}  // namespace gate::report
