// Request: the bodies that Cost Explorer is asked with. The text is the same for the same question.
#pragma once

#include <string>

#include "sources/cost_explorer/query.h"

namespace gate::sources::cost_explorer {

/// Days, the last one left out, as Cost Explorer takes them: "2026-03-01", "2026-03-08".
struct Period {
  std::string start;
  std::string end;
};

/// GetCostAndUsage of `query` for each day; grouped by `each` unless that is "".
/// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
std::string usage_body(const Query& query, const Period& period, const std::string& each, const std::string& page_token);

/// GetDimensionValues, GetTags or GetCostCategories: the values of `filter`'s key in `period` that hold `value`.
std::string values_body(const Filter& filter, const std::string& value, const Period& period);

}  // namespace gate::sources::cost_explorer
