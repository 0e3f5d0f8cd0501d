// Comment: what is written under a pull or merge request around the report: the short form of a pass, the line of earlier runs,
// the sentence of a comment that could not be made. No requests.
#pragma once

#include <string>
#include <string_view>

#include "core/report.h"
#include "publish/history.h"

namespace gate::publish {

enum class CommentMode {
  quiet,  ///< a pass makes no comment, and shortens one that is there
  always
};

/// True for a comment that the next run of the gate called `gate_name` may edit: `body` starts with its marker.
bool has_marker(std::string_view body, const std::string& gate_name);
/// Equal but for line ends and blanks at the end, which servers change.
bool same_text(std::string_view a, std::string_view b);

/// The whole report with its history; of a pass in quiet mode its heading alone. The last line is history_state().
std::string comment_text(const core::Report& report, const History& history, const std::string& report_url, CommentMode mode);

/// For the summary of a step: the whole report, whatever the verdict, below `notice` (why there is no comment; "" when there
/// is, or is none to be).
std::string summary_text(const core::Report& report, const History& history, const std::string& report_url,
                         std::string_view notice);

}  // namespace gate::publish
