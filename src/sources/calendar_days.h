// CalendarDays: the days of a calendar that lie in a window, for systems that count by the day. Not for windows themselves.
#pragma once

#include <string>
#include <vector>

#include "core/time.h"
#include "core/zone.h"

namespace gate::sources {

/// One day on the calendars of a zone: 23, 24 or 25 hours.
struct CalendarDay {
  std::string date;  ///< "2026-03-17"
  core::Window window;
};

/// The days that lie in `window` whole, in order. A day that is cut by either end is left out: what was counted over all of it
/// would be held against a part.
std::vector<CalendarDay> whole_days(const core::Window& window, const core::Zone& zone);

/// "from the days 2026-03-10 to 2026-03-16 (7 whole days, Europe/Berlin)"; "" for none.
std::string describe_days(const std::vector<CalendarDay>& days, std::string_view zone);

}  // namespace gate::sources
