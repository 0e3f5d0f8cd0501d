// The JSON Schema of the gate language, for editors and independent validators. The reader decides; a test holds the two
// together.
#pragma once

#include <string>
#include <vector>

#include "core/settings.h"

namespace gate::config {

/// JSON Schema (draft 2020-12) of a gate file whose sources are of these types.
std::string gate_schema(const std::vector<const core::SourceTypeSpec*>& types);

}  // namespace gate::config
