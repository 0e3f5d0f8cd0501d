// Query: what a metric asks of Cloud Monitoring, and the parameters that ask it.
#pragma once

#include <string>
#include <vector>

#include "core/question.h"
#include "core/result.h"
#include "sources/api_caller.h"

namespace gate::sources::google_monitoring {

struct Query {
  std::string filter;                 ///< of Cloud Monitoring: metric.type="…" AND …
  std::string aligner;                ///< "ALIGN_DELTA"
  std::string reducer;                ///< "REDUCE_SUM"; "" when series are left as they are
  std::vector<std::string> group_by;  ///< "metric.labels.response_code"
  enum class Of { mean, count } of_distribution = Of::mean;
};

/// The query in `settings`. RG1910 for what does not fit; what is returned then is of no use.
Query read_query(const core::Settings& settings, core::Diagnostics& diagnostics);

/// What is asked for: periods of equal length that end at `end`.
struct Span {
  core::Time start;
  core::Time end;
  core::Duration period;
  friend bool operator==(const Span&, const Span&) = default;
};

/// The span whose last period ends at the last point of the question's grid, or at the end of its window. RG1922: a period is
/// shorter than a minute, or no whole seconds. Cloud Monitoring counts periods from the end backwards.
/// https://cloud.google.com/monitoring/api/v3/aggregation
core::Result<Span> span_of(const core::Question& question);

/// The parameters of timeSeries.list. https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list
Parameters parameters_of(const Query& query, const Span& span, const std::string& page_token);

/// "ALIGN_DELTA, REDUCE_SUM of metric.type=…".
std::string describe(const Query& query);
/// "startTime=… endTime=… alignmentPeriod=60s".
std::string describe(const Span& span);

core::QueryFacts facts(const core::Settings& settings);

}  // namespace gate::sources::google_monitoring
