// TOML text to a tree of core::Node with places. The only file that knows TOML++.
#pragma once

#include <string>
#include <string_view>

#include "core/node.h"
#include "core/result.h"

namespace gate::config {

/// Parses TOML 1.0. `file` is the name put into every Location. RG0101 with line and column when the text is no TOML (one
/// error: a parser cannot know what the rest would have meant).
core::Result<core::Node> read_toml(std::string_view text, const std::string& file);

}  // namespace gate::config
