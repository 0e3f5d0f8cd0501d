// Markdown: the comment on a pull or merge request. A renderer: it computes nothing but layout.
#pragma once

#include <cstddef>
#include <string>

#include "core/report.h"

namespace gate::report {

/// GitHub refuses longer comments, by characters and by bytes: "body is too long (maximum is 65536 characters)" and 262,144
/// bytes. GitLab takes a million characters.
inline constexpr std::size_t kMostCommentCharacters = 65'536;
inline constexpr std::size_t kMostCommentBytes = 262'144;
/// What is left free for the history of runs and the link to the full report that are added when it is published.
inline constexpr std::size_t kRoomForHistory = 2'048;
inline constexpr std::size_t kMostMarkdownCharacters = kMostCommentCharacters - kRoomForHistory;
inline constexpr std::size_t kMostMarkdownBytes = kMostCommentBytes - kRoomForHistory;
/// Of rows that neither fail nor err; failing rows are all shown.
inline constexpr std::size_t kMostOtherRows = 40;

/// Starts with a hidden marker that names the gate, so that the next run finds its comment. Always within
/// kMostMarkdownCharacters and kMostMarkdownBytes: what passed is left out first, then trends, then how it was measured, then
/// what to do, then rows that do not fail; a count says what is missing. Of failing rows the titles get shorter, and only where
/// even that does not help (beyond about 800 of them) are they counted. Text that came from outside cannot open a tag, a link,
/// a mention, a cell or a line.
std::string to_markdown(const core::Report& report);

}  // namespace gate::report
