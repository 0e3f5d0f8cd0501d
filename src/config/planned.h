// Words that the design of the language has and this version does not: they are unknown, and the diagnostic says why.
#pragma once

#include <string>
#include <string_view>

namespace gate::config {

/// "`placebo` is not in this version of release-gate" when `word` is one of those, "" otherwise.
std::string planned_hint(std::string_view word);

}  // namespace gate::config
