// What a source answers, and what becomes of it: raw series in, samples or counts with everything that was left out counted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/findings.h"
#include "core/time.h"

namespace gate::core {

using Labels = std::map<std::string, std::string>;

/// What one sample of a native histogram holds: values in (lower, upper], and how many.
struct Bucket {
  double lower = 0.0;
  double upper = 0.0;
  double count = 0.0;
};

/// One series as a source gave it: `times` and `values` of the same length, ordered by time; NaN and ±Inf still in it.
struct Series {
  Labels labels;
  std::vector<Time> times;
  std::vector<double> values;
  std::vector<double> weights;     ///< rows behind each value, for Shape::batches only; a value of 0 rows is 0
  std::size_t dropped = 0;         ///< rows of this series that had no usable value and were left out by the source
  std::vector<std::string> ids{};  ///< whose each value is, where the question names a cluster; ascending for Shape::clusters
  std::vector<std::vector<Bucket>> histograms{};  ///< of native histograms: the buckets at each time, whose value is their sum
};

/// One request as it is shown in a report: the URL is redacted already. `status` 0 when no answer came.
struct RequestLog {
  std::string method;
  std::string url;
  int status = 0;
  int attempts = 0;
  double milliseconds = 0.0;
};

/// What a system has decided itself: a quality gate, a monitor, a deployment gate. Texts may be shown: they are redacted.
struct State {
  enum class Level { ok, warning, error, none } level = Level::none;  ///< none: the system has no opinion, which is no data
  std::string word;                                                   ///< the system's own: "ERROR", "Alert"
  std::string reason;  ///< what decided, in one clause: "new_coverage is 71.4, at least 80"; "" when it does not say
  std::vector<std::string> conditions;  ///< everything that was looked at, one a line
};

/// What a source hands out for one question. No series at all is "no data", never zero.
struct Answer {
  std::vector<Series> series;
  std::optional<State> state;          ///< for Shape::state; absent is no data
  std::optional<FindingSet> findings;  ///< for Question::wants_findings
  std::string absence;             ///< why there is no series or state, in one clause: "stale analysis of …"; "" when untold
  std::size_t dropped_rows = 0;    ///< bad rows left out because the source was told to; whose they were cannot be told
  std::vector<std::string> notes;  ///< warnings of the server, what was assumed
  std::vector<RequestLog> requests;
  std::string asked;      ///< the question in words, for sources that have no query language; else ""
  std::string graph_url;  ///< the question in the source's own user interface, "" when it has none
};

/// The usable points of one side. `times` and `values` have the same length, finite values only.
struct Samples {
  std::vector<Time> times;
  std::vector<double> values;
  std::size_t dropped = 0;         ///< NaN, ±Inf, null, missing points and bad rows that were left out
  std::vector<std::string> ids{};  ///< whose each value is, where the question named a cluster
};

/// Per-slice events and totals (or exposure) of one side; `times` are the ends of the slices. All of the same length.
struct Counts {
  std::vector<Time> times;
  std::vector<double> events;
  std::vector<double> totals;
  std::vector<std::string> ids{};  ///< whose each is, where they are of clusters
  std::size_t dropped = 0;
  std::size_t unsaid = 0;  ///< of those dropped: slices of which nothing says whether events happened or not
};

/// Values of one side that are known by bucket. Bucket i holds those in (edges[i], edges[i + 1]]; counts[i][t] are those of
/// slice t, which ends at times[t].
struct BucketCounts {
  std::vector<Time> times;
  std::vector<double> edges;
  std::vector<std::vector<double>> counts;
  bool grow_by_factor = false;  ///< the edges are a geometric series (native histograms)
  std::size_t dropped = 0;
};

}  // namespace gate::core
