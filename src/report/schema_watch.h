// The part of the JSON Schema of reports that describes the looks of a watch. Private to report.
#pragma once

namespace gate::report {

/// Members of its `definitions`, with a comma at the end.
const char* watch_schema();

}  // namespace gate::report
