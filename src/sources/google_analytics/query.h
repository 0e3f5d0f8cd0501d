// Query: what a metric asks of Google Analytics, and the bodies that ask it.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/settings.h"
#include "sources/api_source.h"

namespace gate::sources::google_analytics {

/// Asked beside other metrics: a row in which everything is 0 is left out by Google, and with it a real 0.
inline constexpr const char* kCompanion = "sessions";

/// A dimension that has one of some values.
struct Filter {
  std::string dimension;
  std::vector<std::string> values;
};

struct Query {
  std::string metric;          ///< "keyEvents", as the Data API names it
  bool is_daily = false;       ///< a number a day, instead of one for the window
  std::string event;           ///< only what was counted at this event; ""
  bool has_companion = false;  ///< kCompanion is asked, too: not with metrics that may be of another scope
  std::vector<Filter> filters;
};

/// Days, both of them counted: "2026-03-10", "2026-03-16".
struct DateRange {
  std::string first;
  std::string last;
};

std::span<const ApiMeasure> measures();

/// The query in `settings`. RG1910, RG1911 for what does not fit; what is returned then is of no use.
Query read_query(const core::Settings& settings, core::Diagnostics& diagnostics);

/// runReport of `query` over `range`, from row `offset` on; grouped by the dimension `each` unless that is "". The text is the
/// same for the same question.
/// https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/runReport
std::string report_body(const Query& query, const DateRange& range, const std::string& each, std::size_t offset);

/// "keyEvents of purchase where country = DE".
std::string describe(const Query& query);

core::QueryFacts facts(const core::Settings& settings);

}  // namespace gate::sources::google_analytics
