// Measurement: what was found out about one metric (or one series of it) on both sides, ready to be judged. Made by measure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/report.h"
#include "core/samples.h"
#include "core/time.h"

namespace gate::core {

/// One side. Which of `samples`, `counts`, `value` and `state` is filled follows from the metric's kind.
struct SideMeasurement {
  std::optional<Window> window;
  Samples samples;              ///< kind samples: points, or batches of rows whose mean is the mean of the rows
  Counts counts;                ///< kinds ratio and count: per slice
  std::optional<double> value;  ///< kind value
  std::optional<Time> at;       ///< of a value that is the newest the system holds
  std::optional<State> state;   ///< kind status
  std::string absence;          ///< why there is nothing, as the source says it: one clause, or ""
  std::size_t dropped = 0;
  std::optional<std::size_t> rows;  ///< how many rows `samples` was made of, when it holds batches
  std::vector<double> batch_sizes;  ///< rows in each batch, as many as samples.values; a batch of 0 rows has the value 0
  Series shown;                     ///< for charts, in the metric's unit
  std::string empty_part;           ///< the part without a point where the other one has some: "events", "total", "exposure"
  bool present = false;             ///< the source had this series, or none at all on this side: that is no news of one series
};

struct Measurement {
  std::string metric;
  std::string parent;  ///< the metric's id when this is one of its series
  Labels labels;
  bool pending = false;
  bool left_out = false;
  std::optional<Time> due;
  std::optional<Error> error;
  bool has_baseline = true;
  SideMeasurement baseline;
  SideMeasurement candidate;
  Duration step{};
  bool whole_window = false;
  std::vector<RequestLog> requests;
  std::vector<ResolvedQuery> queries;
  std::string graph_url;
  std::vector<std::string> notes;
};

}  // namespace gate::core
