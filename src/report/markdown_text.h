// Markdown text: escaping, so that nothing from outside can open a tag, a link, a mention or a cell. No layout here.
#pragma once

#include <string>
#include <string_view>

namespace gate::report {

/// Text for a cell or a sentence: control characters shown, HTML as entities, Markdown's own characters escaped, mentions,
/// references and links broken by a zero-width space; cut at 300 bytes.
std::string escaped(std::string_view text);
/// A code span that its content cannot end; cut at 300 bytes.
std::string code(std::string_view text);
/// "[label](url)"; "" for anything that is not plain http or https, or could leave its parentheses.
std::string web_link(std::string_view label, const std::string& url);
/// The hidden first line by which the next run finds its comment; a name cannot end it.
std::string marker(std::string_view gate_name);

}  // namespace gate::report
