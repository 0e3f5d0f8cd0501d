// RowTime: the time column of a file: declared, never guessed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"
#include "core/zone.h"

namespace gate::sources::file {

enum class TimeFormat { rfc3339, unix_seconds, unix_milliseconds, pattern };

/// How times are written. `pattern` is strptime's, with %f for fractions of a second; `zone` is where naive times were written
/// down: without one, they are an error.
struct TimeSpec {
  std::string column = "time";
  TimeFormat format = TimeFormat::rfc3339;
  std::string pattern;
  std::optional<core::Zone> zone;
};

/// The time in `text`, or why there is none: one sentence. Unix seconds above 1e11 are refused, since they are milliseconds.
/// RG1404.
core::Result<core::Time> parse_row_time(std::string_view text, const TimeSpec& spec);

}  // namespace gate::sources::file
