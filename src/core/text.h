// Small helpers on text that several modules need. Not for layout: that is report's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gate::core {

/// The candidate nearest to `word` by edit distance (transpositions count one), or "" when none is near enough to be meant.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "`a`, `b` or `c`".
std::string list_names(const std::vector<std::string>& names, std::string_view last_joiner = "or");

/// Control characters (ANSI escapes, newlines, C1, bidirectional overrides) written as \xNN or \u{…}, bytes that are no UTF-8
/// as \xNN: safe on a terminal and in a one-line log.
std::string printable(std::string_view text);

/// `text`, which may have many lines, with nothing in it that a pipeline takes for a command: "::error::" at the start of a
/// line (GitHub, after blanks) and "##[", "##vso[" or "##teamcity[" anywhere (GitHub, Azure, TeamCity). One character of each
/// is written as \xNN.
/// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
std::string without_commands(std::string text);

/// `json`, a JSON text, with what printable() and without_commands() would change written as JSON escapes: the same document,
/// safe on a terminal and in the log of a pipeline.
std::string with_json_escapes(std::string json);

/// `html`, an HTML document, with what without_commands() would change in its text written as character references: the page
/// shows the same, and a log of a pipeline takes nothing in it for a command.
std::string with_html_escapes(std::string html);

/// `text` cut to at most `max_bytes` at a character border, with "…" where it was cut.
std::string shorten(std::string_view text, std::size_t max_bytes);

/// How many bytes from the start are valid UTF-8 (no overlong forms, no surrogates): all of them, when the text is.
std::size_t valid_utf8_bytes(std::string_view text);
bool is_utf8(std::string_view text);

std::string replace_all(std::string text, std::string_view from, std::string_view to);

}  // namespace gate::core
