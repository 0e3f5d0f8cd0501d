// Points: what InfluxDB answered, in whatever form it came, and which of it belongs to a question. Knows no form of an answer.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/question.h"
#include "core/result.h"
#include "core/samples.h"

namespace gate::sources::influxdb {

/// One series of an answer: its tags, and its points that have a value, in the order they came.
struct RawSeries {
  core::Labels labels;
  std::vector<std::pair<core::Time, double>> points;
};

/// Everything in one answer.
struct Decoded {
  std::vector<RawSeries> series;
  std::vector<std::string> notes;    ///< what the server said beside its data
  std::vector<std::string> partial;  ///< what made the answer incomplete
};

/// Where the time of a point stands.
enum class Stamp {
  own,           ///< the moment of what was written: in [start, end)
  bucket_start,  ///< the beginning of a bucket of `Question::step`, as InfluxQL's GROUP BY time() has it
  end            ///< of what is summed up, as Flux's aggregateWindow() has it; raw points never stand at the window's end
};

/// The points of `series` that answer `question`, ordered by time; buckets stand at their ends. Buckets that reach out of the
/// window, and points outside of it, are left out, and `outside` is raised by their number. For Shape::instant the one point
/// there is, at the end of the window; RG1977 when there are several. A series without a point is left out.
core::Result<std::vector<core::Series>> series_of(std::vector<RawSeries> series, const core::Question& question, Stamp stamp,
                                                  std::size_t& outside);

}  // namespace gate::sources::influxdb
