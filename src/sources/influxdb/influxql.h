// InfluxQL: the answers of /query, decoded. Knows no transport.
#pragma once

#include <string>

#include "sources/influxdb/points.h"
#include "sources/json_at.h"

namespace gate::sources::influxdb {

/// Thrown for an answer that is of InfluxDB's form and cannot be used: `code` is RG1976 or RG1977.
struct Unusable {
  std::string code;
  std::string message;
  std::string hint;
};

/// The points of `answer`, which was asked for with epoch=ms; `column` is whose values are taken, "" for the only one. A null
/// is no point; `true` is 1. Throws Unusable RG1976: InfluxDB says an error, which it does inside of HTTP 200; RG1977: there
/// are several columns, or not that one, or values that are no numbers. Throws core::SourceError RG1902: not of this form.
/// https://docs.influxdata.com/influxdb/v1/tools/api/#query-http-endpoint
Decoded decode_influxql(const JsonAt& answer, const std::string& column);

}  // namespace gate::sources::influxdb
