#include <catch2/catch.hpp>

#include "core/posix_zone.h"
#include "core/zone.h"

namespace gate::core {
namespace {

Time at(std::string_view text) {
  return *parse_time(text);
}

// Expected instants: Python 3.11, datetime(…, tzinfo=ZoneInfo(name)).astimezone(timezone.utc), fold=0.
TEST_CASE("wall clocks of zones") {
  struct Case {
    std::string_view zone;
    std::string_view local;
    std::string_view utc;
  };
  const std::vector<Case> cases = {
      {"UTC", "2026-03-17T12:00:00Z", "2026-03-17T12:00:00Z"},
      {"+02:00", "2026-03-17T12:00:00Z", "2026-03-17T10:00:00Z"},
      {"-0530", "2026-03-17T12:00:00Z", "2026-03-17T17:30:00Z"},
      {"Europe/Berlin", "2026-01-15T12:00:00Z", "2026-01-15T11:00:00Z"},
      {"Europe/Berlin", "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z"},
      {"Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"},  // skipped: counted on
      {"Europe/Berlin", "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"},
      {"Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"},  // comes twice: the first
      {"Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"},
      {"America/New_York", "2026-07-04T09:00:00Z", "2026-07-04T13:00:00Z"},
      {"America/New_York", "2026-12-04T09:00:00Z", "2026-12-04T14:00:00Z"},
      {"Asia/Kolkata", "2026-07-04T09:00:00Z", "2026-07-04T03:30:00Z"},
      {"Asia/Kathmandu", "2026-07-04T09:00:00Z", "2026-07-04T03:15:00Z"},
      {"Australia/Lord_Howe", "2026-01-04T09:00:00Z", "2026-01-03T22:00:00Z"},
      {"Australia/Lord_Howe", "2026-07-04T09:00:00Z", "2026-07-03T22:30:00Z"},
      {"Pacific/Kiritimati", "2026-07-04T09:00:00Z", "2026-07-03T19:00:00Z"},
      {"Europe/Berlin", "2060-07-01T12:00:00Z", "2060-07-01T10:00:00Z"},  // beyond the table: by the rule
      {"Europe/Berlin", "2060-12-01T12:00:00Z", "2060-12-01T11:00:00Z"},
      {"Australia/Sydney", "2060-01-01T12:00:00Z", "2060-01-01T01:00:00Z"},
      {"Europe/Moscow", "2012-01-15T12:00:00Z", "2012-01-15T08:00:00Z"},
      {"Europe/Moscow", "2026-01-15T12:00:00Z", "2026-01-15T09:00:00Z"},
  };
  for (const Case& one : cases) {
    INFO(one.zone << " " << one.local);
    const auto zone = Zone::find(one.zone);
    REQUIRE(zone.ok());
    CHECK(format_time(zone->to_utc(at(one.local))) == one.utc);
  }
}

TEST_CASE("how far clocks are ahead of UTC") {
  // Python 3.11: datetime(…, tzinfo=timezone.utc).astimezone(ZoneInfo(name)).utcoffset()
  struct Case {
    std::string_view zone;
    std::string_view utc;
    int minutes;
  };
  for (const Case& one :
       {Case{"UTC", "2026-03-17T12:00:00Z", 0}, Case{"-0530", "2026-03-17T12:00:00Z", -330},
        Case{"Europe/Berlin", "2026-03-29T00:59:59Z", 60}, Case{"Europe/Berlin", "2026-03-29T01:00:00Z", 120},
        Case{"Europe/Berlin", "2026-10-25T00:59:59Z", 120}, Case{"Europe/Berlin", "2026-10-25T01:00:00Z", 60},
        Case{"Europe/Berlin", "2060-07-01T12:00:00Z", 120}, Case{"Asia/Kolkata", "1900-01-01T00:00:00Z", 321}}) {
    INFO(one.zone << " " << one.utc);
    CHECK(Zone::find(one.zone)->ahead(at(one.utc)) / std::chrono::minutes(1) == one.minutes);
  }
}

TEST_CASE("what is no zone") {
  for (const std::string_view name :
       {"", "Europe/Berln", "../../etc/passwd", "/etc/localtime", "+25:00", "+2", "Europe", "posixrules\n"}) {
    INFO(name);
    const auto zone = Zone::find(name);
    REQUIRE_FALSE(zone.ok());
    CHECK(zone.error().code == "RG1412");
  }
}

TEST_CASE("rules of years to come") {
  const auto changes = [](std::string_view rule, int year) {
    std::vector<std::string> out;
    const auto zone = parse_posix_zone(rule);
    REQUIRE(zone.has_value());
    for (const auto& change : zone->changes(year)) {
      out.push_back(format_time(change.at) + " " + std::to_string(change.ahead.count() / 60000));
    }
    return out;
  };
  using Texts = std::vector<std::string>;
  CHECK(changes("CET-1CEST,M3.5.0,M10.5.0/3", 2026) == Texts{"2026-03-29T01:00:00Z 120", "2026-10-25T01:00:00Z 60"});
  CHECK(changes("AEST-10AEDT,M10.1.0,M4.1.0/3", 2026) == Texts{"2026-04-04T16:00:00Z 600", "2026-10-03T16:00:00Z 660"});
  CHECK(changes("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026) == Texts{"2026-03-29T01:00:00Z -60", "2026-10-25T01:00:00Z -120"});
  CHECK(changes("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2026) == Texts{"2026-04-04T15:00:00Z 630", "2026-10-03T15:30:00Z 660"});
  for (const std::string_view none : {"", "UTC0", "<+03>-3", "CET-1CEST", "CET-1CEST,J60,J300", "CET-1CEST,M3.5.0", "x"}) {
    INFO(none);
    CHECK_FALSE(parse_posix_zone(none).has_value());
  }
}

}  // namespace
}  // namespace gate::core
