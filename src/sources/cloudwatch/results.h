// Results: the pages of a GetMetricData answer, put together. Knows no transport.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/time.h"
#include "sources/json_at.h"

namespace gate::sources::cloudwatch {

/// One result: the points of a query's id and label over all pages, oldest first, each time once.
struct Result {
  std::string id;
  std::string label;
  std::map<core::Time, double> points;  ///< at the start of each period, as CloudWatch dates it
  std::string status;  ///< of the last page that it was on: "Complete", "PartialData", "InternalError", "Forbidden"
  std::vector<std::string> messages;
};

struct Results {
  std::vector<Result> all;            ///< in the order of their first appearance
  std::vector<std::string> messages;  ///< about the question as a whole
  std::string next_token;             ///< of the last page; "" when it was the last one
};

/// Adds a page. Throws core::SourceError RG1902: not of this form, or as many times as values it has not.
void add_page(Results& results, const JsonAt& page);

}  // namespace gate::sources::cloudwatch
