// Measurement: what was found out about one metric (or one series of it) on both sides, ready to be judged. Made by measure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/past.h"
#include "core/report.h"
#include "core/samples.h"
#include "core/time.h"

namespace gate::core {

/// Of a value that was made of others: how sure it is, or why there is none.
struct Doubt {
  std::optional<double> standard_error;
  double degrees = 0.0;    ///< of the standard error; may be infinite
  double effective = 0.0;  ///< independent samples that the value is worth; may be infinite
  /// What keeps its error from being trusted: a part of a handful of events, or a divisor that may as well be zero.
  enum class Trouble { none, few_events, divisor_near_zero } trouble = Trouble::none;
  std::string why_not;      ///< one sentence when there is no value, or too little behind it
  std::string brief;        ///< the same in a few words
  std::string next;         ///< what to do about it
  bool too_little = false;  ///< there is a value, and too little behind it
  std::string silence;      ///< one sentence when the data of a part stop long before its window ends
  std::string silence_brief;
};

/// What each unit of a side did in the pre-period, in the order of the side's clusters: sums (or events) and rows (or totals).
/// 0 and 0 for a unit that was not there.
struct PrePeriod {
  std::vector<double> sums;
  std::vector<double> sizes;
};

/// One side. Which of `samples`, `counts`, `value` and `state` is filled follows from the metric's kind.
struct SideMeasurement {
  std::optional<Window> window;
  Samples samples;              ///< kind samples: points, or batches of rows whose mean is the mean of the rows
  Counts counts;                ///< kinds ratio and count: per slice, or per cluster, which have no times
  BucketCounts buckets;         ///< kind histogram
  std::optional<double> value;  ///< kind value
  std::optional<Time> at;       ///< of a value that is the newest the system holds
  std::optional<State> state;   ///< kind status
  std::string absence;          ///< why there is nothing, as the source says it: one clause, or ""
  std::size_t dropped = 0;
  std::optional<std::size_t> rows;  ///< how many rows `samples` was made of, when it holds batches
  std::vector<double> batch_sizes;  ///< rows in each batch, as many as samples.values; a batch of 0 rows has the value 0
  /// Of samples judged by a quantile, in the order of samples.values: how many lie in each part of the window, or belong to
  /// each cluster. Empty when every value stands for itself.
  std::vector<double> group_sizes;
  PrePeriod pre_period;    ///< of metrics with a covariate; empty when nothing was asked about it
  Series shown;            ///< for charts, in the metric's unit
  std::string empty_part;  ///< the part without a point where the other one has some: "events", "total", "exposure"
  bool present = false;    ///< the source had this series, or none at all on this side: that is no news of one series
  Doubt doubt;             ///< kind derived, whose value is made of others'
};

/// One window of an SLO, all of which end together: bad events and totals per slice.
struct SpanMeasurement {
  Window window;
  Duration step{};  ///< the length of a slice
  Counts counts;
};

/// One earlier day: the same hours, without a release.
struct PlaceboDay {
  Window baseline_window;
  Window candidate_window;
  SideMeasurement baseline;
  SideMeasurement candidate;
  std::string left_out;  ///< why it was not asked for, or ""
};

/// What a metric did at these hours on earlier days.
struct PlaceboMeasurement {
  std::vector<PlaceboDay> days;  ///< oldest first
  std::string none_because;      ///< why there is no day at all: one clause, or ""
  bool releases_known = false;   ///< a history was asked for the days of earlier releases
};

/// Where the goals of one criterion stand.
struct GoalStanding {
  std::size_t criterion = 0;  ///< index in the metric
  GoalReport report;
};

struct Measurement {
  std::string metric;
  std::string parent;  ///< the metric's id when this is one of its series
  Labels labels;
  bool pending = false;
  bool left_out = false;
  std::string left_out_why;  ///< one clause; "" for --only and --stage
  std::optional<Time> due;
  std::optional<Error> error;
  bool has_baseline = true;
  std::optional<double> declared_split;  ///< the candidate's share of the units as a system says it is, inside (0, 1)
  SideMeasurement baseline;
  SideMeasurement candidate;
  PastReleases past;                   ///< design previous-releases, whose baseline it is
  std::vector<SpanMeasurement> spans;  ///< kind slo, longest first
  std::optional<PlaceboMeasurement> placebo;
  std::optional<Window> pre_period;  ///< of a covariate
  std::vector<GoalStanding> goals;   ///< of criteria with goals in time
  std::optional<FindingsChange> findings_change;
  std::optional<FindingSet> findings;  ///< kind findings
  bool for_others = false;             ///< asked only because a formula needs it
  std::string through;                 ///< kind derived: the part that is pending or in error, and the reason why this is
  Duration step{};
  bool whole_window = false;
  std::vector<RequestLog> requests;
  std::vector<ResolvedQuery> queries;
  std::string graph_url;
  std::vector<std::string> notes;
};

}  // namespace gate::core
