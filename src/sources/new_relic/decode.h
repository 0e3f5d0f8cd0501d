// Decode: the results of NRQL as points. Knows no transport.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/samples.h"
#include "sources/grid.h"
#include "sources/json_at.h"
#include "sources/new_relic/query.h"

namespace gate::sources::new_relic {

/// An answer that cannot be used: thrown, and turned into the source's error where the source is known.
struct Unusable {
  std::string code;
  std::string message;
  std::string hint;
};

/// Everything that was answered so far.
struct Decoded {
  std::map<core::Labels, std::map<core::Time, double>> points;  ///< by the facets, at the ends of the buckets
  std::vector<std::string> messages;                            ///< what New Relic said beside its data
  std::string moved;        ///< that the answer is for another window than was asked for; ""
  std::size_t outside = 0;  ///< buckets that reach over the edges of what was asked for
};

/// Adds the results in `container`, an answer to nrql_for() of these. A null is no point. Throws Unusable RG1985: several
/// results and none is named, none that is a number, or several rows; RG1987: its buckets are not the steps.
void add_results(Decoded& decoded, const JsonAt& container, const Query& query, const Grid& grid, bool in_parts);

/// Whether a number other than 0 is among the points.
bool has_more_than_zero(const Decoded& decoded);

std::vector<core::Series> series_of(const Decoded& decoded);

}  // namespace gate::sources::new_relic
