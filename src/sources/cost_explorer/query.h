// Query: what a metric asks of Cost Explorer, read from its keys. Knows no requests.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/settings.h"
#include "sources/api_source.h"

namespace gate::sources::cost_explorer {

enum class FilterKind { dimension, tag, category };

/// A dimension, tag or cost category that has one of some values, or none of them.
struct Filter {
  FilterKind kind = FilterKind::dimension;
  std::string key;
  std::vector<std::string> values;
  bool is_excluded = false;
};

struct Query {
  std::string metric;  ///< "UnblendedCost"
  std::vector<Filter> filters;
};

/// "tag:team" as GroupBy and Filter name it.
struct Grouping {
  FilterKind kind = FilterKind::dimension;
  std::string key;
};

std::span<const ApiMeasure> measures();

/// The query in `settings`. RG1910, RG1911 for what does not fit; what is returned then is of no use.
Query read_query(const core::Settings& settings, core::Diagnostics& diagnostics);

/// "SERVICE", "tag:team" or "category:product".
Grouping grouping_of(std::string_view each);

/// "unblended cost where SERVICE is AmazonCloudWatch, without RECORD_TYPE Credit".
std::string describe(const Query& query);

}  // namespace gate::sources::cost_explorer
