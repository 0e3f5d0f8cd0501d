// Diagnostics as people read them: code, message, place, the line with a caret, the hint.
#pragma once

#include <map>
#include <string>

#include "core/error.h"

namespace gate::config {

/// The texts of the files that diagnostics point into, by the name in their Location.
using FileTexts = std::map<std::string, std::string>;

/// Several lines, the first "gate.toml:23:1: error[RG0104]: unknown key `increse_over`", ended by a newline; with the line of
/// the file and a caret under the place where the file's text is known. Control characters in the text are shown escaped.
std::string render_diagnostic(const core::Diagnostic& diagnostic, const FileTexts& files);

/// "gate.toml: 2 errors, 1 warning."
std::string summarize(const core::Diagnostics& diagnostics, const std::string& file);

}  // namespace gate::config
