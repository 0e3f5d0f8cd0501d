// Whole days of a zone in a window: the days on which clocks are changed are 23 and 25 hours long.
#include <catch2/catch.hpp>

#include "sources/calendar_days.h"

using namespace gate;
using namespace gate::sources;

namespace {

core::Window window(const char* start, const char* end) {
  return {core::parse_time(start).value(), core::parse_time(end).value()};
}

std::string days(const char* start, const char* end, const char* zone) {
  std::string out;
  for (const CalendarDay& day : whole_days(window(start, end), core::Zone::find(zone).value())) {
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(day.window.length()).count();
    out += (out.empty() ? "" : " ") + day.date + ":" + std::to_string(hours);
  }
  return out;
}

}  // namespace

TEST_CASE("the days that lie whole in a window") {
  struct Row {
    const char* start;
    const char* end;
    const char* zone;
    const char* days;
  };
  const Row row = GENERATE(values<Row>({
      {"2026-03-10T00:00:00Z", "2026-03-12T00:00:00Z", "UTC", "2026-03-10:24 2026-03-11:24"},
      {"2026-03-10T00:00:00.001Z", "2026-03-12T00:00:00Z", "UTC", "2026-03-11:24"},
      {"2026-03-10T00:00:00Z", "2026-03-11T23:59:59Z", "UTC", "2026-03-10:24"},
      {"2026-03-10T06:00:00Z", "2026-03-11T06:00:00Z", "UTC", ""},
      {"2026-03-10T12:00:00Z", "2026-03-10T12:00:00Z", "UTC", ""},
      {"2026-03-09T23:00:00Z", "2026-03-11T23:00:00Z", "Europe/Berlin", "2026-03-10:24 2026-03-11:24"},
      // Clocks go forward at 01:00 UTC of 29 March, and back on 25 October.
      {"2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z", "Europe/Berlin", "2026-03-28:24 2026-03-29:23 2026-03-30:24"},
      {"2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z", "Europe/Berlin", "2026-10-24:24 2026-10-25:25 2026-10-26:24"},
      {"2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", "Europe/Berlin", ""},
      {"2026-02-28T00:00:00+05:30", "2026-03-01T00:00:00+05:30", "+05:30", "2026-02-28:24"},
      {"2028-02-28T00:00:00Z", "2028-03-01T00:00:00Z", "UTC", "2028-02-28:24 2028-02-29:24"},
  }));
  CHECK(days(row.start, row.end, row.zone) == row.days);
}

TEST_CASE("a day of change begins and ends where clocks say midnight") {
  const auto all =
      whole_days(window("2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"), core::Zone::find("Europe/Berlin").value());
  REQUIRE(all.size() == 2);
  CHECK(all[0].date == "2026-03-29");
  CHECK(all[0].window == window("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"));
  CHECK(all[1].window == window("2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z"));
}

TEST_CASE("days in words") {
  const auto said = [](const char* start, const char* end) {
    return describe_days(whole_days(window(start, end), core::Zone()), "UTC");
  };
  CHECK(said("2026-03-10T00:00:00Z", "2026-03-10T12:00:00Z").empty());
  CHECK(said("2026-03-10T00:00:00Z", "2026-03-11T00:00:00Z") == "from the day 2026-03-10 (UTC)");
  CHECK(said("2026-03-10T00:00:00Z", "2026-03-17T00:00:00Z") == "from the days 2026-03-10 to 2026-03-16 (7 whole days, UTC)");
}
