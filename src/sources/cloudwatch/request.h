// Request: the times that CloudWatch is asked for, and the body that asks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/question.h"
#include "sources/cloudwatch/query.h"

namespace gate::sources::cloudwatch {

/// Points of `stat_period` from `start` on that end at `end` or before, all in whole seconds.
struct Span {
  core::Time start;
  core::Time end;
  core::Duration period;
  friend bool operator==(const Span&, const Span&) = default;
};

/// The longest period that one point may have.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
inline constexpr core::Duration kLongestPeriod = std::chrono::hours(24);

/// Points of `step` in `window`. CloudWatch rounds the start down to a whole minute, and so into the data of the other version:
/// the span begins at the first whole minute of the window, and ends at its last one.
Span span_of_points(const core::Window& window, core::Duration step);

/// The whole minutes of `window` in as few periods of equal length as there may be; nullopt when not even one minute fits.
std::optional<Span> span_of_window(const core::Window& window);

/// The statistics that make one number of several periods, instead of `stat`: "Sum" of Sum, "Sum" and "SampleCount" of Average;
/// none when no number of the parts is that of the whole (percentiles).
std::vector<std::string> parts_of_stat(const std::string& stat);

/// GetMetricData: `query` over `span`. A query for each of `stats` in place of the query's own statistic: "gate_result",
/// "gate_result_1". `next_token` is "" for the first page. The text is the same for the same question.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
std::string request_body(const Query& query, const std::vector<std::string>& stats, const Span& span,
                         const std::string& next_token);

/// The id of the `index`th of several statistics.
std::string result_id(std::size_t index);

/// "StartTime=… EndTime=… Period=60".
std::string describe(const Span& span);

}  // namespace gate::sources::cloudwatch
