// Mapping: what the indices know of the fields that a question names. A field that none of them has is answered with 0
// documents and HTTP 200, so it is looked up first. Knows no transport.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sources/json_at.h"
#include "sources/opensearch/query.h"

namespace gate::sources::opensearch {

/// One type that a field has in some of the indices.
struct FieldType {
  std::string name;  ///< "date", "keyword"; "unmapped" where there is no such field
  bool is_aggregatable = false;
  std::size_t indices = 0;  ///< in how many; 0: in all of them
};

struct Mapping {
  std::size_t indices = 0;
  std::map<std::string, std::vector<FieldType>> fields;
};

/// The answer of _field_caps. https://docs.opensearch.org/latest/api-reference/search-apis/field-caps/
Mapping read_mapping(const JsonAt& root);

/// Of the fields that a question needs: which are not there, and which cannot be used as they are.
struct Doubts {
  std::string unknown;             ///< the first that no index has; "" when all are there
  std::string unknown_hint;        ///< which key names it, and what helps
  std::string unusable;            ///< what is wrong with the first that is of a type that does not do, in one clause; ""
  std::string hint;                ///< what helps against `unusable`
  std::vector<std::string> notes;  ///< fields that some indices have and others do not
};

/// `each` is the field by whose values the answer is taken apart, or "".
Doubts doubts_of(const Mapping& mapping, const Query& query, const std::string& each);

}  // namespace gate::sources::opensearch
