// Markdown text: escaping, so that nothing from outside can open a tag, a link, a mention or a cell. No layout here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gate::report {

/// Of one piece of text from outside, before it is escaped.
inline constexpr std::size_t kLongestPiece = 300;

/// Text for a cell or a sentence that reads the same when rendered, on GitHub, on GitLab and as plain text in an email:
/// control characters shown, HTML as entities, Markdown's own characters escaped where they would mean something, and mentions,
/// references, emoji names and addresses broken by a zero-width space. Cut at `longest` bytes before that.
/// The id of a commit stays whole, so that pod names and traces can be copied: it leads to a commit of the same repository
/// where there is one, and tells nobody.
/// https://github.github.com/gfm/, https://docs.gitlab.com/user/markdown/#gitlab-specific-references,
/// https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
std::string escaped(std::string_view text, std::size_t longest = kLongestPiece);
/// A code span that its content cannot end; cut at kLongestPiece bytes. Not for a cell of a table, where a pipe would end it.
std::string code(std::string_view text);
/// "[label](url)"; "" for anything that is not plain http or https, or could leave its parentheses.
std::string web_link(std::string_view label, const std::string& url);
/// The hidden first line by which the next run finds its comment: one for each name (of names, the first kLongestPiece bytes
/// tell them apart), and no name can end it. What could is percent-encoded.
std::string marker(std::string_view gate_name);

/// As GitHub counts them for the length of a comment, where a character beyond U+FFFF may count two.
std::size_t count_characters(std::string_view text);

}  // namespace gate::report
