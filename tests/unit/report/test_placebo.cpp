#include "report/placebo.h"

#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "report/html.h"
#include "report/markdown.h"
#include "report/terminal.h"
#include "reports.h"

using namespace gate::report;
using namespace gate::report::test;
namespace core = gate::core;

namespace {

/// Failed at 0.409 s; it was 0.290 s before, and earlier weeks climbed by 7 to 8.5 %.
core::MetricReport with_days() {
  core::MetricReport metric = failed();
  core::PlaceboReport placebo{"earlier weeks", "UTC", true, 0.290, 0.312, core::Range{0.309, 0.3153}, {}};
  const core::Window window{core::Time(std::chrono::seconds(1773144240)), core::Time(std::chrono::seconds(1773146040))};
  for (const double climb : {1.07, 1.075, 1.085, 1.08, 1.07}) placebo.all.push_back({window, window, 0.3, 0.3 * climb, ""});
  placebo.all.push_back({window, window, std::nullopt, std::nullopt, "a release"});
  metric.placebo = placebo;
  return metric;
}

}  // namespace

TEST_CASE("earlier days in a line") {
  CHECK(placebo_line(with_days(), Charset::unicode) ==
        "before 290 ms; 5 earlier weeks moved it by +7 to +8.5 % at these hours, this release by +41.0 % ▁▁▁▁▁┃█");
  CHECK(placebo_line(with_days(), Charset::ascii) ==
        "before 290 ms; 5 earlier weeks moved it by +7 to +8.5 % at these hours, this release by +41.0 % .....|#");
  core::MetricReport amounts = with_days();
  amounts.placebo->relative = false;
  CHECK(placebo_line(amounts, Charset::ascii) ==
        "before 290 ms; 5 earlier weeks moved it by +21 to +26 ms at these hours, this release by +119 ms .....|#");
  CHECK(placebo_line(failed(), Charset::unicode).empty());
  core::MetricReport few = with_days();
  few.placebo->expected.reset();
  CHECK(placebo_line(few, Charset::unicode).empty());
  CHECK_FALSE(placebo_chart(few).has_value());
}

TEST_CASE("earlier days as a strip") {
  const auto drawing = placebo_chart(with_days());
  REQUIRE(drawing.has_value());
  pugi::xml_document document;
  REQUIRE(document.load_string(drawing->c_str()));
  const auto path = [&](const char* of) { return std::string(document.select_node(of).attribute().value()); };
  const std::string dots = path("//path[@class='pt b']/@d");
  CHECK(std::count(dots.begin(), dots.end(), 'h') == 5);
  CHECK(path("//rect[@class='box b']/@width") != "");
  CHECK(path("/svg/@aria-label") == "5 earlier weeks moved by +7 to +8.5 %, this release by +41.0 %");
  CHECK(std::string(document.select_node("//text[@class='end']").node().text().get()) == "this release +41.0 %");
}

TEST_CASE("every report for people shows the days") {
  const core::Report report = report_of({with_days()}, core::Verdict::fail);
  const std::string line = "5 earlier weeks moved it by +7 to +8.5 % at these hours, this release by +41.0 %";
  CHECK_THAT(to_terminal(report, {}), Catch::Contains(line.substr(0, 40)));
  CHECK_THAT(to_markdown(report), Catch::Contains(line));
  const std::string page = to_html(report);
  CHECK_THAT(page, Catch::Contains("These hours on earlier weeks, and now"));
  CHECK_THAT(page, Catch::Contains("<svg class=\"chart spread placebo\""));
  CHECK_THAT(page, Catch::Contains("Expected"));
}
