// Query: the keys of a question to PagerDuty, read into values.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sources/api_source.h"

namespace gate::sources::pagerduty {

/// Which incidents are meant, and what of them.
struct Query {
  const ApiMeasure* measure = nullptr;
  bool from_analytics = false;
  bool is_summary = false;  ///< PagerDuty's own figure for all incidents of the window, in place of one row an incident
  std::vector<std::string> services;  ///< ids
  std::vector<std::string> teams;     ///< ids
  std::vector<std::string> priorities;
  std::string urgency;  ///< "high", "low", or "" for both
};

std::vector<core::KeySpec> query_keys();

/// `settings` must have passed check_query().
Query read_query(const core::Settings& settings);

/// RG1910, RG1911.
core::Diagnostics check_query(const core::Settings& query, const core::Settings& source);

core::QueryFacts query_facts(const core::Settings& query);

/// "incidents of PIJ90N7, urgency high".
std::string describe(const Query& query);

}  // namespace gate::sources::pagerduty
