// Literal credentials in gate files: they are errors, and the excerpts of diagnostics must not show them. Private to config.
#pragma once

#include <string>

#include "config/diagnostic_text.h"
#include "core/node.h"

namespace gate::config {

/// Names of keys and headers whose value is a credential: token, password, Authorization, X-Api-Key, …
bool names_a_credential(std::string name);

/// Stars over the string whose value stands at `place`, letter for letter, so that columns stay.
void mask(FileTexts& files, core::Location place);

/// Stars over every literal below `node` whose key names a credential, and over what may be one in its URLs.
void mask_credentials(FileTexts& files, const core::Node& node);

/// For text that is no TOML: stars over all that follows `=` on lines whose key names a credential.
void mask_credential_lines(std::string& text);

}  // namespace gate::config
