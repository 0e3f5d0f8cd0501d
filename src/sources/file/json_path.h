// JsonPath: where something is in a JSON document, as an author writes it.
#pragma once

#include <string>
#include <vector>

namespace gate::sources::file {

/// The keys on the way: of a JSON Pointer ("/data/rows", RFC 6901), or of names with dots ("data.rows", "$.data.rows[*]").
/// Empty for "" and "$": the document itself.
std::vector<std::string> json_steps(const std::string& text);

}  // namespace gate::sources::file
