// Schema: the JSON Schema of the JSON report, for `release-gate schema report`.
#pragma once

#include <string>

namespace gate::report {

/// JSON Schema (draft 7) of what to_json() writes; keys may be added within v1, so additional ones are allowed.
std::string report_schema();
/// The same of what `release-gate backtest --format json` writes.
std::string backtest_schema();

}  // namespace gate::report
