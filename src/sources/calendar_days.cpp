#include "sources/calendar_days.h"

#include <fmt/format.h>

#include <chrono>

namespace gate::sources {

std::vector<CalendarDay> whole_days(const core::Window& window, const core::Zone& zone) {
  using std::chrono::days;
  std::vector<CalendarDay> out;
  const core::Time local_start = window.start + zone.ahead(window.start);
  for (auto day = std::chrono::floor<days>(local_start);; day += days(1)) {
    const core::Window span{zone.to_utc(day), zone.to_utc(day + days(1))};
    if (span.end > window.end) return out;
    if (span.start < window.start) continue;
    const std::chrono::year_month_day date(day);
    out.push_back({fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                               static_cast<unsigned>(date.day())),
                   span});
  }
}

std::string describe_days(const std::vector<CalendarDay>& days, std::string_view zone) {
  if (days.empty()) return "";
  if (days.size() == 1) return fmt::format("from the day {} ({})", days.front().date, zone);
  return fmt::format("from the days {} to {} ({} whole days, {})", days.front().date, days.back().date, days.size(), zone);
}

}  // namespace gate::sources
