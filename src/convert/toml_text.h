// Texts as TOML writes them. Not for reading.
#pragma once

#include <string>
#include <string_view>

namespace gate::convert {

/// A string of one line: literal ('…') where that needs no escapes, else basic ("…" with escapes).
std::string toml_string(std::string_view text);

/// A bare key of lower case letters, digits and _ that reads like `text`; "metric" when nothing of it is left.
std::string toml_key(std::string_view text);

/// `text` as comment lines, each with "# " before it; controls are written out.
std::string toml_comment(std::string_view text);

}  // namespace gate::convert
