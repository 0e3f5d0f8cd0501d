#include <catch2/catch.hpp>

#include "sources/jira/times.h"
#include "sources/rows.h"

using namespace gate;
using namespace gate::sources;
using namespace gate::sources::jira;

namespace {

core::Time at(const char* text) {
  return *core::parse_time(text);
}

}  // namespace

TEST_CASE("stamps are read with the offset that Jira writes") {
  struct Row {
    const char* text;
    const char* expected;  // "" when it is no stamp
  };
  const Row rows[] = {
      {"2020-12-03T14:05:20.974+0100", "2020-12-03T13:05:20.974Z"},
      {"2020-12-03T14:05:20.974-0330", "2020-12-03T17:35:20.974Z"},
      {"2020-11-29T04:19:24.463Z", "2020-11-29T04:19:24.463Z"},
      {"2025-04-11T15:22:00.000+10:00", "2025-04-11T05:22:00Z"},
      {"2010-07-06", ""},
      {"2020-12-03 14:05:20.974+0100", ""},
      {"", ""},
      {"1492070429", ""},
      {"2020-12-03T14:05:20.974", ""},
      {"2020-13-03T14:05:20.974+0100", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto time = parse_stamp(row.text);
    CHECK((time ? core::format_time(*time) : "") == row.expected);
  }
}

TEST_CASE("a day is 00:00 UTC") {
  CHECK(parse_day("2010-07-06") == at("2010-07-06T00:00:00Z"));
  for (const char* text : {"6/Jul/2010", "2010-7-6", "2010-02-30", "", "2010-07-06T00:00:00Z"}) CHECK_FALSE(parse_day(text));
}

TEST_CASE("bounds lie outside of the window in every zone") {
  const core::Time time = at("2026-03-17T12:04:30.500Z");
  CHECK(lower_bound_text(time, JqlTimes::epoch) == "1773748980000");  // 12:03
  CHECK(upper_bound_text(time, JqlTimes::epoch) == "1773749160000");  // 12:06
  CHECK(lower_bound_text(time, JqlTimes::text) == "\"2026-03-17 00:03\"");
  CHECK(upper_bound_text(time, JqlTimes::text) == "\"2026-03-18 02:06\"");
}

TEST_CASE("rows are summed in equal parts of the window") {
  const core::Window window{at("2026-03-17T00:00:00Z"), at("2026-03-17T01:10:00Z")};
  const auto after = [&](int minutes) { return window.start + std::chrono::minutes(minutes); };
  const std::vector<sources::Row> rows = {{after(-1)}, {after(0)}, {after(34)}, {after(35), 2.5}, {after(69)}, {after(70)}};
  const Parts parts = cut(rows, window, 2);
  CHECK(parts.ends == std::vector<core::Time>{after(35), after(70)});
  CHECK(parts.sums == std::vector<double>{2.0, 3.5});
  CHECK(parts.counts == std::vector<double>{2.0, 2.0});
  const core::Series batches = batches_of(rows, window, 4);
  CHECK(batches.values == std::vector<double>{1.0, 1.0, 2.5, 1.0});
  CHECK(batches.weights == std::vector<double>{1.0, 1.0, 1.0, 1.0});
  CHECK(batches_of(rows, window, 2).values == std::vector<double>{1.0, 1.75});
  CHECK(batches_of({{after(0), 4.0}}, window, 2).weights == std::vector<double>{1.0, 0.0});
  CHECK(slices_of(rows, window, 0).values == std::vector<double>{5.5});
  CHECK(slices_of(rows, window, 1).times == std::vector<core::Time>{window.end});
  CHECK(slices_of({}, window, 3).values == std::vector<double>{0.0, 0.0, 0.0});
  CHECK(slices_of(rows, {window.start, window.start}, 1).values == std::vector<double>{0.0});
}

TEST_CASE("rows stand in the order of their times") {
  const core::Time first = at("2026-03-17T00:00:00Z");
  const core::Series series =
      series_of({{first + std::chrono::hours(2), 3.0}, {first, 1.0}, {first + std::chrono::hours(1), 2.0}});
  CHECK(series.values == std::vector<double>{1.0, 2.0, 3.0});
  CHECK(series.times.front() == first);
}
