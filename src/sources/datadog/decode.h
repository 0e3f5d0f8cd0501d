// Decode: the answers of Datadog's three query endpoints as series. Sends nothing and judges nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/samples.h"

namespace gate::sources::datadog {

/// Series are sorted by their labels, which are the tags they were grouped by. Times are the STARTS of buckets, as Datadog
/// gives them; a null is a NaN.
struct Decoded {
  std::vector<core::Series> series;
  std::optional<core::Duration> interval;  ///< between points, where the answer says it (v1 alone)
  std::vector<std::string> units;          ///< "byte per second": what Datadog says of the values, each once
  std::size_t nulls = 0;
  std::optional<std::string> refusal;  ///< `status: "error"` of v1, in the server's words: nothing else is set then
};

struct DecodeLimits {
  std::size_t max_series = 10000;
};

/// POST /api/v2/query/timeseries. RG1610: not JSON, or cut off; RG1611: JSON of another form; RG1613: too many series.
/// https://docs.datadoghq.com/api/latest/metrics/#query-timeseries-data-across-multiple-products
core::Result<Decoded> decode_timeseries(const std::string& body, const DecodeLimits& limits = {});

/// POST /api/v2/query/scalar: one point a row, standing at `at`. Errors as decode_timeseries.
core::Result<Decoded> decode_scalar(const std::string& body, core::Time at, const DecodeLimits& limits = {});

/// GET /api/v1/query. The reference calls `interval` milliseconds; the answers hold seconds. Errors as decode_timeseries.
core::Result<Decoded> decode_query(const std::string& body, const DecodeLimits& limits = {});

/// "service:checkout" is the label service = "checkout"; a tag without a value is a label with the value "".
core::Labels labels_of_tags(const std::vector<std::string>& tags);

/// A series of one point.
core::Series one_point(core::Labels labels, core::Time at, double value);

}  // namespace gate::sources::datadog
