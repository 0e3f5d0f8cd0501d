// JsonPointer: where something is in a JSON document (RFC 6901), and what is there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sources/json_at.h"

namespace gate::sources {

/// The keys on the way: "/data/0/a~1b" is data, 0, a/b; none for "", the document itself. RG1910: it does not begin with "/",
/// or a "~" in it is not followed by 0 or 1. https://www.rfc-editor.org/rfc/rfc6901
core::Result<std::vector<std::string>> parse_pointer(std::string_view pointer);

/// What `steps` lead to from `from`: a member of an object, or an element of an array by its number. nullopt when there is no
/// such member or element; with null on the way or at the end, what is null. An error when a step leads into a text, a number
/// or a truth value, or is no number where an array stands.
std::optional<JsonAt> find_at(const JsonAt& from, const std::vector<std::string>& steps);

}  // namespace gate::sources
