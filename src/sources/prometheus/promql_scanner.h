// PromqlScanner: what can be told from a PromQL text without evaluating it: how far back its data reach, and brackets that do
// not match. Not a parser: the server's is the judge of everything else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"
#include "sources/query_text.h"

namespace gate::sources::prometheus {

/// Ranges of subqueries add to what is inside them: rate(x[5m])[30m:1m] reaches back 35 minutes.
struct Scan {
  core::Duration longest_range{};
  Span longest_at;                 ///< of the outermost bracket of the longest range
  bool uses_step = false;          ///< {{step}}
  bool uses_window = false;        ///< {{window}}
  bool step_is_range = false;      ///< [{{step}}]
  core::Duration beyond_step{};    ///< what a subquery of [{{step}}:…] reaches beyond it: 1m for rate(x[1m])[{{step}}:15s]
  core::Duration beyond_window{};  ///< the same of [{{window}}:…]
  bool uses_offset = false;
  bool uses_at = false;
  std::string_view named_unit;  ///< "s" or "B", by the names of metrics ("…_seconds_bucket"); "" when none, several, or scaled
  Span named_unit_at;           ///< the first such name
  std::optional<Span> unreadable_range;  ///< a range in brackets that is no PromQL duration ("[5i]" of MetricsQL)
  std::optional<ScanProblem> problem;    ///< the first bracket or quote that does not match
};

/// Reads `query`, in which {{step}} and {{window}} may still stand. Skips strings ("…", '…', `…`) and # comments.
/// https://prometheus.io/docs/prometheus/latest/querying/basics/
Scan scan_promql(std::string_view query);

/// "1h30m", "5m", "100ms", "1d", "1w", "1y" as PromQL reads them; nullopt for anything else.
std::optional<core::Duration> parse_promql_duration(std::string_view text);

}  // namespace gate::sources::prometheus
