// Query: what a metric asks of OpenSearch or Elasticsearch, read from its keys. Knows no requests.
#pragma once

#include <set>
#include <span>
#include <string>

#include "core/settings.h"
#include "sources/api_source.h"

namespace gate::sources::opensearch {

/// How the documents of a window, or of a part of it, become a number.
enum class Measure { count, sum, avg, min, max, cardinality, percentile };

struct Query {
  std::string index;       ///< "logs-shop-*"
  std::string time_field;  ///< "@timestamp"
  std::string text;        ///< a query string; "" when all documents are asked for
  std::string dsl;         ///< a clause of the query DSL, in JSON; ""
  Measure measure = Measure::count;
  std::string measure_name = "count";
  std::string field;  ///< whose values are measured; "" for count
  double percent = 0.0;
  bool allow_unmapped = false;  ///< a field that no index has matches nothing
};

/// Every measure; "p95" stands for every percentile.
std::span<const ApiMeasure> measures();

/// The query in `settings`, with the keys of `source` where it has none. RG1910 and RG1911 for what does not fit; what is
/// returned then is of no use.
Query read_query(const core::Settings& settings, const core::Settings& source, core::Diagnostics& diagnostics);

/// Everything that `query` names besides its time field and its measured field.
std::set<std::string> fields_of(const Query& query);

/// The number of a part adds up with those of others: counts and sums.
bool adds_up(Measure measure);
/// Documents that are not there make 0 of it, and not nothing: counts, sums, and how many different values there are.
bool has_zero(Measure measure);

/// "p95 of duration_ms in logs-shop-*: status:500".
std::string describe(const Query& query);

core::QueryFacts facts(const core::Settings& settings);

}  // namespace gate::sources::opensearch
