// Decode: the answer of a search as series, and what makes it less than an answer. Knows no transport.
#pragma once

#include <string>
#include <vector>

#include "core/samples.h"
#include "sources/json_at.h"
#include "sources/opensearch/request.h"

namespace gate::sources::opensearch {

/// How much of the index was searched, and how many documents were found.
struct Found {
  double documents = 0.0;
  std::vector<std::string> partial;  ///< what makes the answer incomplete: a time-out, shards that failed, a count that stopped
};

/// What every answer of a search says of itself. RG1902 when `root` is none.
/// https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-search
Found read_found(const JsonAt& root);

struct Decoded {
  std::vector<core::Series> series;
  std::vector<std::string> notes;
  std::vector<std::string> partial;
  bool is_field_missing = false;  ///< documents match, and none of them has the measured field
};

/// The series of an answer to search_body(), whose arguments these are. Points stand at the ends of their parts; parts without
/// a document are 0 where the measure has a zero, and no point elsewhere. RG1902 when it is of another form.
Decoded read_series(const JsonAt& root, const Query& query, const Grid& grid, bool in_parts, const std::string& each);

}  // namespace gate::sources::opensearch
