// Query: the keys of a question to Mixpanel, read into values.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/zone.h"
#include "sources/api_source.h"

namespace gate::sources::mixpanel {

struct Query {
  const ApiMeasure* measure = nullptr;
  std::string event;
  std::string where;
  std::string funnel;  ///< id
  std::string report;  ///< id of a saved Insights report
  std::string born_event;
  std::int64_t length = 0;      ///< days that a user has for the funnel
  std::int64_t after_days = 0;  ///< which day of retention

  [[nodiscard]] bool is(std::string_view name) const { return measure->name == name; }
  /// Whether users are counted, who count once however often they came.
  [[nodiscard]] bool counts_users() const { return measure->name.ends_with("unique"); }
  /// Whether there is a row a day, in place of one number for the window.
  [[nodiscard]] bool is_daily() const { return measure->natural_kind == "samples"; }
  [[nodiscard]] bool is_segmentation() const { return measure->name.ends_with("unique") || measure->name.ends_with("general"); }
  [[nodiscard]] bool is_funnel() const { return measure->name.starts_with("funnel"); }
  [[nodiscard]] bool is_retention() const { return measure->name.starts_with("reten") || measure->name == "retained"; }
};

std::vector<core::KeySpec> query_keys();

/// `settings` must have passed check_query().
Query read_query(const core::Settings& settings);

/// RG1910: a key that is missing or has no meaning for the measure; RG1911.
core::Diagnostics check_query(const core::Settings& query, const core::Settings& source);

core::QueryFacts query_facts(const core::Settings& query);

/// "unique checkout", "funnel_started of funnel 7509", …
std::string describe(const Query& query);

}  // namespace gate::sources::mixpanel
