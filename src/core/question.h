// Question: one part of one metric on one side, ready to be asked. Made by plan, answered by sources.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/settings.h"
#include "core/time.h"

namespace gate::core {

/// What form the answer is wanted in.
enum class Shape {
  range,     ///< points of a time series database on a grid: at window.start + first, then every `step`, up to and including
             ///< window.end
  instant,   ///< one point a series, evaluated at window.end
  rows,      ///< rows of a file, each with its own time and value; NaN where a row has none
  batches,   ///< rows averaged in `parts` equal parts of the window: a point is the mean of its batch, Series::weights its rows
  clusters,  ///< rows counted or summed by the values of a column (Question::cluster): one value each, in the order of
             ///< Series::ids; no times
  slices,    ///< rows counted or summed in `parts` equal parts of the window; a point stands at its end; empty ones are 0
  latest,    ///< one point a series: the newest the system holds, at its own time; with `before`, the newest from before that
             ///< moment
  state,     ///< what the system itself has decided (core::State), as of now
};

/// One question: one part of one metric on one side. All variables are put in.
struct Question {
  std::string metric;  ///< id of the metric, for messages
  std::string part;    ///< "value", "events", "total", "exposure", "buckets"
  Settings query;      ///< the part's keys, checked against SourceTypeSpec::query_keys
  Shape shape = Shape::range;
  /// Shape::latest, baseline side: the newest from before this is wanted. Absent where the sides ask different questions about
  /// the present.
  std::optional<Time> before;
  /// Shape::latest and Shape::state: since when the new version runs; older answers are of the version before.
  std::optional<Time> released_at;
  std::optional<Window> window;  ///< half-open, on the data; absent for snapshots and for the present: everything there is
  Duration step{};
  std::size_t parts = 1;  ///< Shape::batches and slices
  Duration first{};  ///< Shape::range: from window.start to the first point, so that it holds no data from before the start
  bool partial_is_error = true;  ///< what a server says about missing shards or stores
  /// The buckets of a histogram are wanted: series with the label `le` that count up to it, or native histograms.
  bool wants_buckets = false;
  bool wants_findings = false;  ///< Answer::findings is wanted beside the number
  std::string cluster;          ///< the column whose values are the units; with Shape::rows, Series::ids says whose a row is
  std::string each;             ///< the label or column whose values are series of their own; "" when one series is wanted
};

}  // namespace gate::core
