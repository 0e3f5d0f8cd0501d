// Json text: nlohmann's values as indented text in which rows of numbers stay on one line. Knows nothing of reports.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace gate::report {

/// Appends `value` to `out`, its members indented by `depth` + 1 times two spaces. An array of scalars, or of arrays of scalars
/// ([1, 2], [[0, 1.5], [15, 1.6]]), stands on one line; text that is not UTF-8 is written with replacement characters.
void append_json(std::string& out, const nlohmann::ordered_json& value, std::size_t depth);

/// Appends the members of an object, each on its own line at `depth`, with a comma between them and none after the last.
void append_members(std::string& out, const nlohmann::ordered_json& object, std::size_t depth);

}  // namespace gate::report
