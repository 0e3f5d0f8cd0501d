// Request: questions as the API wants them. Pure: sends nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/question.h"
#include "core/settings.h"
#include "sources/datadog/grid.h"
#include "sources/datadog/query_scanner.h"

namespace gate::sources::datadog {

inline constexpr const char* kTimeseriesPath = "/api/v2/query/timeseries";
inline constexpr const char* kScalarPath = "/api/v2/query/scalar";
inline constexpr const char* kQueryPath = "/api/v1/query";
inline constexpr const char* kMonitorPath = "/api/v1/monitor";
inline constexpr const char* kSloPath = "/api/v1/slo";
inline constexpr const char* kGatePath = "/api/v2/deployments/gates/evaluation";
inline constexpr const char* kValidatePath = "/api/v1/validate";

/// What a question is about, which its keys tell.
enum class Subject { metrics, monitor, slo, deployment_gate };
Subject subject_of(const core::Settings& query);

/// The metrics queries in a question, by name; tables of other data sources (logs, spans, rum) are not among them.
std::vector<std::pair<std::string, std::string>> metric_queries(const core::Settings& query);

/// What is shown of a metrics question: the query, or the formula with its queries.
std::string shown_query(const core::Settings& query);

/// The explicit rollup of the question's queries, the longest; nullopt when there is none.
std::optional<core::Duration> rollup_of(const core::Settings& query);

/// How points become one number: `aggregator`, or sum for counts (`.as_count()`), or avg.
std::string aggregator_of(const core::Settings& query, std::string_view metric_query);

/// The body for POST /api/v2/query/timeseries; times in milliseconds, `to` exclusive.
std::string timeseries_body(const core::Settings& query, const Segment& segment, core::Duration interval);
/// The body for POST /api/v2/query/scalar.
std::string scalar_body(const core::Settings& query, const core::Window& window);
/// The body for POST /api/v2/deployments/gates/evaluation.
std::string gate_body(const core::Settings& query);

using Parameters = std::vector<std::pair<std::string, std::string>>;
/// For GET /api/v1/query: whole seconds.
Parameters query_parameters(const core::Settings& query, const core::Window& window);

/// `monitor` as a list of ids, in the order of the file.
std::vector<std::string> monitor_ids(const core::Settings& query);

}  // namespace gate::sources::datadog
