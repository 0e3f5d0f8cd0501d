// Query: what a metric asks of CloudWatch, read from its keys. Knows no requests.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/settings.h"

namespace gate::sources::cloudwatch {

/// One statistic of one metric.
struct Stat {
  std::string name_space;
  std::string metric_name;
  std::vector<std::pair<std::string, std::string>> dimensions;  ///< ordered by name
  std::string stat;                                             ///< "Sum", "p95"
  std::string account;                                          ///< of a monitoring account's source accounts; "" is one's own
};

/// A query with an id that expressions refer to: a statistic or an expression of its own.
struct Named {
  std::string id;
  std::optional<Stat> stat;
  std::string expression;
};

/// The ids of the queries that the answer is read from.
inline constexpr const char* kResultId = "gate_result";
inline constexpr const char* kPresentId = "gate_present";

struct Query {
  std::optional<Stat> stat;  ///< absent: `expression` is asked
  std::string expression;
  std::vector<Named> named;
  std::optional<Stat> present;  ///< what has points wherever this would be 0 without one (`zero_where`)
};

/// The query in `settings`. RG1910 for what does not fit; what is returned then is of no use.
Query read_query(const core::Settings& settings, core::Diagnostics& diagnostics);

/// The literal length of `stat_period`; nullopt when it is absent, {{step}}, {{window}} or none.
std::optional<core::Duration> literal_period(const core::Settings& settings);

/// CloudWatch makes points of 1, 5, 10, 20, 30 seconds and of whole minutes.
bool is_period(core::Duration length);

/// "Sum of AWS/ApplicationELB RequestCount {LoadBalancer=app/shop}", "m1 / m2; m1 = …".
std::string describe(const Query& query);

core::QueryFacts facts(const core::Settings& settings);

}  // namespace gate::sources::cloudwatch
