// Decode: the pages of a runReport answer, put together. Knows no transport.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sources/google_analytics/query.h"
#include "sources/json_at.h"

namespace gate::sources::google_analytics {

struct Report {
  /// By the value of `each` ("" without one), then by the day ("" for the window): the metric.
  std::map<std::string, std::map<std::string, double>> values;
  std::size_t rows = 0;                 ///< so far
  std::size_t row_count = 0;            ///< of all pages, as Google says
  std::string time_zone;                ///< of the property, "" when it is not said
  std::string currency;                 ///< "EUR"
  std::string empty_reason;             ///< why there are no rows, when Google says
  std::vector<std::string> partial;     ///< what keeps the numbers from being the whole
  std::vector<std::string> restricted;  ///< metrics that the identity may not see, which are then 0
};

/// Adds a page of the report that report_body() asked for. Throws core::SourceError RG1902: not of this form, or a value that
/// is no number.
void add_page(Report& report, const JsonAt& page, const Query& query, const std::string& each);

}  // namespace gate::sources::google_analytics
