// Request: what is sent for a query and the window of a question. Sends nothing.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "sources/grid.h"
#include "sources/opensearch/query.h"

namespace gate::sources::opensearch {

/// How many values of `each` are taken apart; what is beyond is said.
inline constexpr std::size_t kMostGroups = 1000;

/// "/logs-shop-*/_search?…": an index or a pattern that is not there is an error of the server's, and not 0.
std::string search_path(const std::string& index);
/// "/logs-shop-*/_field_caps?…" of `fields`.
std::string fields_path(const std::string& index, const std::set<std::string>& fields);

/// The body of the search: the documents in [grid.start, grid.end()) that match, none of them listed; with `in_parts` the
/// measure of every part; by the values of `each` unless that is "".
/// https://docs.opensearch.org/latest/aggregations/bucket/date-histogram/
std::string search_body(const Query& query, const Grid& grid, bool in_parts, const std::string& each);

/// The body of the search for every document in the grid, whatever the query says.
std::string presence_body(const Query& query, const Grid& grid);

}  // namespace gate::sources::opensearch
