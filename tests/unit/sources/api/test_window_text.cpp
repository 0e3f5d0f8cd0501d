// The window put into texts, in each of its forms.
#include <catch2/catch.hpp>

#include "sources/window_text.h"

using namespace gate;
using namespace gate::sources;

namespace {

const core::Window kWindow{core::parse_time("2026-03-28T23:00:00Z").value(),
                           core::parse_time("2026-03-30T22:00:00.250Z").value()};

std::string put(const char* text, const char* zone = "UTC", PutIn how = PutIn::as_is) {
  return put_window_in(text, kWindow, core::Zone::find(zone).value(), how);
}

}  // namespace

TEST_CASE("the forms of start and end") {
  const auto [text, result] = GENERATE(
      table<const char*, const char*>({{"from={{start}}&to={{ end }}", "from=2026-03-28T23:00:00Z&to=2026-03-30T22:00:00.250Z"},
                                       {"{{start|unix}} {{end|unix}}", "1774738800 1774908000.25"},
                                       {"{{start|unix_ms}} {{ end | unix_ms }}", "1774738800000 1774908000250"},
                                       {"{{start|date}} {{end|date}} {{end|last_date}}", "2026-03-28 2026-03-30 2026-03-30"},
                                       {"{{step}} {{starting}} {start} {{start", "{{step}} {{starting}} {start} {{start"},
                                       {"", ""}}));
  CAPTURE(text);
  CHECK(put(text) == result);
}

TEST_CASE("dates are those of the zone, and the last day is that of the last moment") {
  CHECK(put("{{start|date}} {{end|date}} {{end|last_date}}", "Europe/Berlin") == "2026-03-29 2026-03-31 2026-03-31");
  const core::Window days{kWindow.start, core::parse_time("2026-03-30T22:00:00Z").value()};
  CHECK(put_window_in("{{end|date}} {{end|last_date}}", days, core::Zone::find("Europe/Berlin").value(), PutIn::as_is) ==
        "2026-03-31 2026-03-30");
}

TEST_CASE("in a path the value is encoded, and the author's text is not") {
  CHECK(put("/a b/{{start}}", "UTC", PutIn::url_encoded) == "/a b/2026-03-28T23%3A00%3A00Z");
}

TEST_CASE("what is said of a text") {
  CHECK(names_window("x {{end|unix}}"));
  CHECK_FALSE(names_window("{{window}} {{endless}}"));
  CHECK(names_days("{{start|date}}"));
  CHECK_FALSE(names_days("{{start|unix}} {{end}}"));
  CHECK(window_mistake("{{start}} {{end|last_date}}").empty());
  CHECK(window_mistake("{{start|week}}") == "`{{start|week}}`: there is no form `week`");
  CHECK(window_mistake("{{start|}}") == "`{{start|}}`: there is no form ``");
  CHECK(window_mistake("{{start|last_date}}") == "`last_date` is the last day of the window: write {{end|last_date}}");
}

TEST_CASE("days within a window, over a change of clocks") {
  const core::Zone berlin = core::Zone::find("Europe/Berlin").value();
  const auto days = days_within(kWindow, berlin);
  REQUIRE(days);
  CHECK(days->start == kWindow.start);
  CHECK(days->end == core::parse_time("2026-03-30T22:00:00Z").value());
  CHECK_FALSE(days_within({kWindow.start, kWindow.start + std::chrono::hours(22)}, berlin));
}
