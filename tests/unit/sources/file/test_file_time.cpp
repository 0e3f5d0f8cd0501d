#include <catch2/catch.hpp>

#include "folder.h"
#include "sources/file/row_time.h"

namespace gate::sources::file {
namespace {

TimeSpec spec(TimeFormat format, std::string pattern = "", std::string_view zone = "") {
  TimeSpec out;
  out.format = format;
  out.pattern = std::move(pattern);
  if (!zone.empty()) {
    auto found = core::Zone::find(zone);
    REQUIRE(found.ok());
    out.zone = *found;
  }
  return out;
}

TEST_CASE("times of rows") {
  struct Case {
    TimeSpec spec;
    std::string_view text;
    std::string_view time;
  };
  const TimeSpec rfc = spec(TimeFormat::rfc3339);
  const TimeSpec berlin = spec(TimeFormat::rfc3339, "", "Europe/Berlin");
  const TimeSpec seconds = spec(TimeFormat::unix_seconds);
  const TimeSpec milliseconds = spec(TimeFormat::unix_milliseconds);
  const std::vector<Case> cases = {
      {rfc, "2026-03-17T12:04:00Z", "2026-03-17T12:04:00Z"},
      {rfc, "2026-03-17 12:04:00.25z", "2026-03-17T12:04:00.25Z"},
      {rfc, "2026-03-17T12:04:00,123456Z", "2026-03-17T12:04:00.123Z"},
      {rfc, "2026-03-17T12:04:00+02:00", "2026-03-17T10:04:00Z"},
      {rfc, "2026-03-17T12:04:00.5-0530", "2026-03-17T17:34:00.5Z"},
      {rfc, "2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"},
      {berlin, "2026-03-17T12:04:00", "2026-03-17T11:04:00Z"},
      {berlin, "2026-07-17T12:04:00", "2026-07-17T10:04:00Z"},
      {berlin, "2026-07-17T12:04:00Z", "2026-07-17T12:04:00Z"},
      {seconds, "1773749040", "2026-03-17T12:04:00Z"},
      {seconds, "1773749040.25", "2026-03-17T12:04:00.25Z"},
      {milliseconds, "1773749040250", "2026-03-17T12:04:00.25Z"},
      {spec(TimeFormat::pattern, "%d/%b/%Y:%H:%M:%S %z"), "17/Mar/2026:12:04:00 +0100", "2026-03-17T11:04:00Z"},
      {spec(TimeFormat::pattern, "%Y-%m-%d %H:%M", "+02:00"), "2026-03-17 12:04", "2026-03-17T10:04:00Z"},
      {spec(TimeFormat::pattern, "%Y%m%d %H%M%S.%f", "UTC"), "20260317 120400.25", "2026-03-17T12:04:00.25Z"},
      {spec(TimeFormat::pattern, "%H:%M:%S,%f %d.%m.%Y", "UTC"), "12:04:00,007 17.03.2026", "2026-03-17T12:04:00.007Z"},
  };
  for (const Case& one : cases) {
    INFO(one.text);
    const auto time = parse_row_time(one.text, one.spec);
    REQUIRE(time.ok());
    CHECK(core::format_time(*time) == core::format_time(at(one.time)));
  }
}

TEST_CASE("what is no time, and what to do about it") {
  struct Case {
    TimeSpec spec;
    std::string_view text;
    std::string_view hint;
  };
  const TimeSpec rfc = spec(TimeFormat::rfc3339);
  const TimeSpec seconds = spec(TimeFormat::unix_seconds);
  constexpr std::string_view kForm = "rfc3339 is 2026-03-17T12:04:00Z, or with an offset such as +02:00";
  constexpr std::string_view kZone = "it names no offset: say which zone is meant, for instance time = { …, zone = \"UTC\" }";
  const std::vector<Case> cases = {
      {rfc, "2026-03-17T12:04:00", kZone},
      {rfc, "2026-02-30T12:04:00Z", kForm},
      {rfc, "2026-03-17", kForm},
      {rfc, "2026-03-17T12:04:00.Z", kForm},
      {rfc, "2026-03-17T12:04:00 UTC", kForm},
      {rfc, "1773749040", kForm},
      {rfc, "", kForm},
      {seconds, "1773749040250", "as seconds it lies thousands of years ahead: did you mean format = \"unix_ms\"?"},
      {seconds, "1,773,749,040", "unix is a number of seconds"},
      {seconds, "12:04", "unix is a number of seconds"},
      {seconds, "nan", "unix is a number of seconds"},
      {spec(TimeFormat::unix_milliseconds), "1773749040250000", "it is out of range"},
      {spec(TimeFormat::pattern, "%Y-%m-%d"), "2026-03-17 12:04", "the declared pattern is \"%Y-%m-%d\""},
      {spec(TimeFormat::pattern, "%Y-%m-%d", "UTC"), "2026-02-30", "there is no such date"},
      {spec(TimeFormat::pattern, "%Y-%m-%d"), "2026-03-17", kZone},
  };
  for (const Case& one : cases) {
    INFO(one.text);
    const auto time = parse_row_time(one.text, one.spec);
    REQUIRE_FALSE(time.ok());
    CHECK(time.error().code == "RG1404");
    CHECK(time.error().hint == one.hint);
  }
}

TEST_CASE("the sentence about a time that is none holds nothing unprintable") {
  const auto time = parse_row_time("\x1b[31mred", spec(TimeFormat::rfc3339));
  REQUIRE_FALSE(time.ok());
  CHECK(time.error().message == "\"\\x1b[31mred\" is not a time of the declared format");
}

}  // namespace
}  // namespace gate::sources::file
