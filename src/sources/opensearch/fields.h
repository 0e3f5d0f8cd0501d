// Fields: which fields a query names, so that one that no index has is found before it matches nothing. Knows no transport.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace gate::sources::opensearch {

/// The fields that stand before a colon in `text`, a query string, and behind `_exists_:`. What is quoted, escaped, a regular
/// expression or a range is not looked into; names with a wildcard and those of the engine itself ("_id") are left out.
/// https://docs.opensearch.org/latest/query-dsl/full-text/query-string/
std::set<std::string> fields_of_text(std::string_view text);

/// The fields of the term-level and full-text clauses in `clause`, at any depth (`term`, `range`, `exists`, `match`, …),
/// without those with a wildcard or of the engine itself. https://docs.opensearch.org/latest/query-dsl/
std::set<std::string> fields_of_clause(const nlohmann::json& clause);

}  // namespace gate::sources::opensearch
