// Instants, durations and half-open windows, with their text forms. For calendars with time zones: zone.h.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/result.h"

namespace gate::core {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

/// [start, end): an instant t is inside when start <= t < end.
struct Window {
  Time start{};
  Time end{};

  [[nodiscard]] bool contains(Time t) const { return start <= t && t < end; }
  [[nodiscard]] Duration length() const { return end - start; }
  friend bool operator==(const Window&, const Window&) = default;
};

/// Parses RFC 3339 ("2026-03-17T12:04:00Z", offset needed, fraction to milliseconds, ' ' or 't' as separator allowed) or Unix
/// seconds ("1773749040", with a fraction if any). RG0221 on anything else, with a hint of its own when only the offset is
/// missing.
Result<Time> parse_time(std::string_view text);

/// "2026-03-17T12:04:00Z"; milliseconds only when there are any.
std::string format_time(Time time);
/// "12:04", or "12:04:30" when there are seconds, in UTC.
std::string format_clock(Time time);
/// For people, in UTC: "24 Mar", with the year when that of `now` is another one.
std::string format_day(Time time, Time now);
/// For people, in UTC: "12:04 UTC" on the day of `now`, else "24 Mar 12:04 UTC", with the year when that is another one.
std::string format_moment(Time time, Time now);

/// Parses "90s", "30m", "1h30m", "7d", "2w", "250ms" (units ms s m h d w, each once, falling). Negative, empty, unitless or
/// longer than a hundred years: RG0222.
Result<Duration> parse_duration(std::string_view text);

/// The exact form that parse_duration reads back: "1h30m", "250ms", "0s".
std::string format_duration(Duration duration);
/// For people: the two largest units, "2 h 10 min", "45 s", "6 d 3 h".
std::string describe_duration(Duration duration);

/// Seconds since 1970 as a double, exact to a millisecond for this era.
double unix_seconds(Time time);
/// "1773749040" or "1773749040.25": the shortest decimal that is exact to a millisecond.
std::string format_unix_seconds(Time time);

}  // namespace gate::core
