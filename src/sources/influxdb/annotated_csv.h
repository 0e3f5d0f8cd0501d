// AnnotatedCsv: the answers of /api/v2/query, decoded. Knows no transport.
#pragma once

#include <string>
#include <string_view>

#include "sources/influxdb/influxql.h"
#include "sources/influxdb/points.h"

namespace gate::sources::influxdb {

/// The points of `csv`, all of its tables; `column` is whose values are taken ("_value"). The columns of a table's group key
/// are the labels, but _start and _stop. A row stands at _time, or without that column at _stop. An empty cell without a
/// default is no point; `true` is 1. Throws Unusable RG1976: InfluxDB says an error, which it does inside of HTTP 200; RG1977:
/// no such column, or one that holds no numbers, or no time; RG1902: not annotated CSV.
/// https://docs.influxdata.com/influxdb/v2/reference/syntax/annotated-csv/
Decoded decode_annotated_csv(std::string_view csv, const std::string& column);

}  // namespace gate::sources::influxdb
