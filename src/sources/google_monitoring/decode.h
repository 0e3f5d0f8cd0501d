// Decode: the pages of a timeSeries.list answer, put together. Knows no transport.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/samples.h"
#include "sources/google_monitoring/query.h"
#include "sources/json_at.h"

namespace gate::sources::google_monitoring {

struct Decoded {
  /// By the labels of metric and resource: the points at the ends of their periods, oldest first, each time once.
  std::map<core::Labels, std::map<core::Time, double>> series;
  std::vector<std::string> partial;  ///< what made the answer incomplete, in Google's words
  std::string unit;                  ///< of the metric, "" when it is not said
  std::size_t distributions = 0;     ///< points that were distributions
  std::string next_page;             ///< "" when this was the last one
};

/// Adds a page. Throws core::SourceError RG1902: not of this form, or a value that is no number.
void add_page(Decoded& decoded, const JsonAt& page, Query::Of of_distribution);

/// The series of `decoded`, without points whose periods do not lie in `span` whole; how many those were is added to `outside`.
std::vector<core::Series> series_of(const Decoded& decoded, const Span& span, std::size_t& outside);

}  // namespace gate::sources::google_monitoring
