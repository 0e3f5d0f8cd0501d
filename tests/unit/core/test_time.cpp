#include <catch2/catch.hpp>

#include "core/time.h"

using namespace gate::core;

TEST_CASE("times are read with an offset or as Unix seconds, and nothing else") {
  struct Case {
    const char* text;
    std::int64_t milliseconds;
  };
  for (const Case& c : {Case{"2026-03-17T12:04:00Z", 1773749040000}, Case{"2026-03-17 12:04:00z", 1773749040000},
                        Case{"2026-03-17T14:04:00+02:00", 1773749040000}, Case{"2026-03-17T12:04:00.25Z", 1773749040250},
                        Case{"1773749040", 1773749040000}, Case{"1773749040.5", 1773749040500}, Case{"0", 0},
                        Case{"2024-02-29T23:59:59-01:30", 1709256599000}}) {
    INFO(c.text);
    const auto time = parse_time(c.text);
    REQUIRE(time.ok());
    CHECK(time->time_since_epoch().count() == c.milliseconds);
  }
  for (const char* text : {"", "now", "2026-03-17", "2026-03-17T12:04:00", "2026-02-30T00:00:00Z", "2026-03-17T25:00:00Z",
                           "1773749040000", "12:04", "2026-03-17T12:04:00+2", "2026-03-17T12:04:00.Z", "-5", "1e9"}) {
    INFO(text);
    const auto time = parse_time(text);
    REQUIRE_FALSE(time.ok());
    CHECK(time.error().code == "RG0221");
  }
}

TEST_CASE("durations are read in falling units, each once") {
  struct Case {
    const char* text;
    std::int64_t milliseconds;
  };
  for (const Case& c : {Case{"90s", 90'000}, Case{"30m", 1'800'000}, Case{"1h30m", 5'400'000}, Case{"7d", 604'800'000},
                        Case{"2w", 1'209'600'000}, Case{"250ms", 250}, Case{"0s", 0}, Case{"1m5ms", 60'005}}) {
    INFO(c.text);
    const auto duration = parse_duration(c.text);
    REQUIRE(duration.ok());
    CHECK(duration->count() == c.milliseconds);
  }
  for (const char* text :
       {"", "30", "m", "-5m", "5m5m", "5s1m", "1.5h", "5 m", "5x", "99999999999999999999s", "9999999999999w"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).ok());
  }
}

TEST_CASE("times and durations are written as they are read") {
  CHECK(format_time(Time(Duration(1773749040000))) == "2026-03-17T12:04:00Z");
  CHECK(format_time(Time(Duration(1773749040250))) == "2026-03-17T12:04:00.250Z");
  CHECK(format_clock(Time(Duration(1773749040000))) == "12:04");
  CHECK(format_duration(Duration(5'400'000)) == "1h30m");
  CHECK(format_duration(Duration(604'800'000)) == "7d");
  CHECK(format_duration(Duration(0)) == "0s");
  CHECK(describe_duration(Duration(7'800'000)) == "2 h 10 min");
  CHECK(describe_duration(Duration(45'000)) == "45 s");
  CHECK(format_unix_seconds(Time(Duration(1773749040250))) == "1773749040.25");
}
