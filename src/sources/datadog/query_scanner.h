// QueryScanner: what can be told from a Datadog metrics query without evaluating it: its rollups, whether it says how to
// aggregate, and brackets that do not match. Not a parser: the server is the judge of everything else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"
#include "sources/query_text.h"

namespace gate::sources::datadog {

struct Scan {
  std::size_t selectors = 0;         ///< `metric{scope}` in it
  std::size_t rollups = 0;           ///< `.rollup(…)` that say an interval
  core::Duration longest_rollup{};   ///< of those that are a number of seconds or a duration
  Span longest_at;                   ///< of the whole `.rollup(…)`
  bool rollups_differ = false;       ///< two of them name different intervals
  bool calendar_rollup = false;      ///< `.rollup(sum, daily)`: how long a bucket is cannot be told
  std::string rollup_by;             ///< "avg", "sum", …: the first word in the last `.rollup(…)`, "" when it gives none
  bool uses_step = false;            ///< {{step}}
  bool uses_window = false;          ///< {{window}}
  bool as_count = false;             ///< `.as_count()`
  bool as_rate = false;              ///< `.as_rate()`
  bool fills_zero = false;           ///< `.fill(zero)` or `default_zero(…)`
  std::optional<Span> unaggregated;  ///< the first selector that says neither avg nor sum nor …
  std::optional<ScanProblem> problem;
};

/// Reads `query`, in which {{step}} and {{window}} may still stand.
/// https://docs.datadoghq.com/dashboards/functions/rollup/
Scan scan_query(std::string_view query);

/// `query` with durations in `.rollup(…)` as whole seconds, the only form that Datadog reads: `.rollup(sum, 1m)`, which is what
/// `.rollup(sum, {{step}})` becomes, as `.rollup(sum, 60)`.
std::string with_rollup_seconds(std::string_view query);

}  // namespace gate::sources::datadog
