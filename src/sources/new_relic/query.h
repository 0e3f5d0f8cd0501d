// Query: what a metric asks of New Relic, and the NRQL that asks it for a window. Knows no requests.
#pragma once

#include <string>
#include <vector>

#include "core/question.h"
#include "core/result.h"
#include "core/settings.h"
#include "sources/grid.h"
#include "sources/new_relic/nrql.h"

namespace gate::sources::new_relic {

struct Query {
  std::string text;    ///< NRQL without its window
  std::string value;   ///< which of several results; "" when there is one
  std::string member;  ///< which of several values of one result, as percentiles and apdex() have; ""
  Nrql said;           ///< what is in `text`
};

/// "TIMESERIES supports a maximum of 366 buckets".
inline constexpr std::size_t kMostBuckets = 366;
/// What LIMIT MAX gives. https://docs.newrelic.com/docs/nrql/nrql-syntax-clauses-functions/#sel-limit
inline constexpr std::size_t kMostFacets = 5000;

/// The query in `settings`. RG1910 for what does not fit: no query, one that is no SELECT of functions, or one that says for
/// itself from when and until when it asks; what is returned then is of no use.
Query read_query(const core::Settings& settings, core::Diagnostics& diagnostics);

/// The first function of `said` whose values of several steps do not add up; "" when all do, as far as can be told.
std::string adds_up_not(const Nrql& said);

/// Grids of at most kMostBuckets parts that make up `grid`.
std::vector<Grid> pieces_of(const Grid& grid);

/// `query` for [grid.start, grid.end()), as SINCE (which is inclusive) and UNTIL (which is not) have it, in milliseconds since
/// 1970; with `in_parts` by TIMESERIES. https://docs.newrelic.com/docs/nrql/using-nrql/query-time-range/
std::string nrql_for(const Query& query, const Grid& grid, bool in_parts);

/// How many events of the query's types there are in the grid, as `events`, and how many of them have what it sums up, as
/// `values`; "" when it names no type.
std::string presence_nrql(const Query& query, const Grid& grid);

core::QueryFacts facts(const core::Settings& settings);

}  // namespace gate::sources::new_relic
