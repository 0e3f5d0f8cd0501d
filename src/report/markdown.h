// Markdown: the comment on a pull or merge request. A renderer: it computes nothing but layout.
#pragma once

#include <cstddef>
#include <string>

#include "core/report.h"

namespace gate::report {

/// GitHub refuses comments of more than 65,536 characters, and check runs of more than 65,535: the rest is for what publish
/// puts around the report (the history of runs, a sentence on top).
inline constexpr std::size_t kMostMarkdownBytes = 63488;
/// Of rows that neither fail nor err; failing rows are all shown.
inline constexpr std::size_t kMostOtherRows = 40;

/// Starts with a hidden marker that names the gate, so that the next run finds its comment. Always under kMostMarkdownBytes:
/// passing rows are left out first, then trends, then how it was measured, then what to do, then rows that do not fail; a count
/// says what is missing. Text that came from outside cannot open a tag, a link, a mention or a cell.
std::string to_markdown(const core::Report& report);

}  // namespace gate::report
