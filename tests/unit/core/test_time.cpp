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

TEST_CASE("the corners of RFC 3339") {
  struct Case {
    const char* text;
    const char* same;
  };
  for (const Case& c :
       {Case{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"}, Case{"2026-01-01t00:00:00Z", "2026-01-01T00:00:00Z"},
        Case{"2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"}, Case{"2026-01-01T00:00:00-23:59", "2026-01-01T23:59:00Z"},
        Case{"2026-01-01T00:00:00-00:00", "2026-01-01T00:00:00Z"},
        Case{"2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00.123Z"},
        Case{"2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"}, Case{"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z"},
        Case{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"}, Case{"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
        Case{"1773749040.1239", "2026-03-17T12:04:00.123Z"}}) {
    INFO(c.text);
    const auto time = parse_time(c.text);
    REQUIRE(time.ok());
    CHECK(format_time(*time) == c.same);
  }
  for (const char* text : {"1900-02-29T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:61Z",
                           "2026-1-1T00:00:00Z",
                           "2026-01-01T00:00Z",
                           "2026-01-01T00:00:00+0100",
                           "2026-01-01T00:00:00+24:00",
                           "2026-01-01T00:00:00+01:60",
                           "2026-01-01T00:00:00Z ",
                           " 2026-01-01T00:00:00Z",
                           "2026-01-01T00:00:00ZZ",
                           "+2026-01-01T00:00:00Z",
                           "2026-01-01T00:00:00*01:00",
                           "2026-01-01X00:00:00Z",
                           "1e3",
                           "1773749040.",
                           ".5",
                           "٣"}) {
    INFO(text);
    CHECK_FALSE(parse_time(text).ok());
  }
}

TEST_CASE("a time that is nearly right gets a hint of its own") {
  CHECK(parse_time("2026-03-17").error().hint == "a date needs a time and an offset: \"2026-03-17T00:00:00Z\"");
  CHECK(parse_time("2026-03-17T12:04:00").error().hint == "it has no offset: add \"Z\" for UTC, or \"+02:00\"");
  CHECK(parse_time("1773749040000").error().hint == "this looks like milliseconds: Unix time is read in seconds");
  CHECK(parse_time("yesterday").error().hint == "write RFC 3339 with an offset, \"2026-03-17T12:04:00Z\", or Unix seconds");
}

TEST_CASE("durations come back as they were, and are told in two parts") {
  struct Case {
    std::int64_t milliseconds;
    const char* exact;
    const char* told;
  };
  for (const Case& c :
       {Case{0, "0s", "0 ms"}, Case{250, "250ms", "250 ms"}, Case{1'000, "1s", "1 s"}, Case{61'000, "1m1s", "1 min 1 s"},
        Case{3'600'000, "1h", "1 h"}, Case{3'661'000, "1h1m1s", "1 h 1 min"}, Case{86'400'000, "1d", "1 d"},
        Case{90'061'001, "1d1h1m1s1ms", "1 d 1 h"}, Case{1'209'600'000, "14d", "14 d"}, Case{59'999, "59s999ms", "1 min"},
        Case{86'460'000, "1d1m", "1 d"}, Case{-5'000, "-5s", "5 s"}}) {
    INFO(c.exact);
    CHECK(format_duration(Duration(c.milliseconds)) == c.exact);
    CHECK(describe_duration(Duration(c.milliseconds)) == c.told);
    if (c.milliseconds >= 0) CHECK(parse_duration(c.exact)->count() == c.milliseconds);
  }
  CHECK(parse_duration("30").error().code == "RG0222");
}

TEST_CASE("a window holds its start and not its end") {
  const Window window{Time(Duration(1000)), Time(Duration(2000))};
  CHECK(window.contains(Time(Duration(1000))));
  CHECK(window.contains(Time(Duration(1999))));
  CHECK_FALSE(window.contains(Time(Duration(2000))));
  CHECK_FALSE(window.contains(Time(Duration(999))));
  CHECK(window.length() == Duration(1000));
}

TEST_CASE("Unix seconds are exact to a millisecond") {
  CHECK(unix_seconds(Time(Duration(1773749040250))) == 1773749040.25);
  CHECK(format_unix_seconds(Time(Duration(1773749040000))) == "1773749040");
  CHECK(format_unix_seconds(Time(Duration(1773749040001))) == "1773749040.001");
  CHECK(format_unix_seconds(Time(Duration(1773749040100))) == "1773749040.1");
  CHECK(format_unix_seconds(Time(Duration(-500))) == "-0.5");
  CHECK(format_unix_seconds(Time(Duration(-1500))) == "-1.5");
  CHECK(format_clock(Time(Duration(1773749070000))) == "12:04:30");
}
