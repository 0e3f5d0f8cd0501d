#include "report/charts.h"

#include <catch2/catch.hpp>
#include <limits>
#include <pugixml.hpp>

#include "report/layout.h"
#include "reports.h"

using namespace gate::report;
using namespace gate::report::test;
namespace core = gate::core;
using Catch::Contains;

namespace {

ChartContext context() {
  const core::Report report = report_of({}, core::Verdict::fail);
  return {report.now, report.now - std::chrono::minutes(46), 60};
}

/// The text of each element of a class, after the drawing was read as XML.
std::vector<std::string> texts(const std::string& drawing, const std::string& css_class) {
  pugi::xml_document document;
  REQUIRE(document.load_string(drawing.c_str()));
  std::vector<std::string> out;
  for (const pugi::xpath_node& node : document.select_nodes(("//text[@class='" + css_class + "']").c_str()))
    out.emplace_back(node.node().text().get());
  return out;
}

std::size_t count(const std::string& drawing, const std::string& path) {
  pugi::xml_document document;
  REQUIRE(document.load_string(drawing.c_str()));
  return document.select_nodes(path.c_str()).size();
}

std::string place(const std::string& drawing, const std::string& path, const char* attribute) {
  pugi::xml_document document;
  REQUIRE(document.load_string(drawing.c_str()));
  return document.select_node(path.c_str()).node().attribute(attribute).value();
}

}  // namespace

TEST_CASE("a series has its windows, the release, the gap and the limit") {
  const auto chart = series_chart(failed(), context());
  REQUIRE(chart);
  CHECK(count(chart->drawing, "//rect[@class='win b']") == 1);
  CHECK(place(chart->drawing, "//rect[@class='win b']", "width") == "50%");
  CHECK(place(chart->drawing, "//rect[@class='win c']", "x") == "58.33%");
  CHECK(place(chart->drawing, "//rect[@class='gap']", "x") == "50%");
  CHECK(place(chart->drawing, "//line[@class='rel']", "x1") == "50%");
  CHECK(texts(chart->drawing, "rl") == std::vector<std::string>{"release 12:04"});
  CHECK(texts(chart->drawing, "ax") == std::vector<std::string>{"before", "after", "11:34", "12:34"});
  CHECK(texts(chart->axis, "lim") == std::vector<std::string>{"343 ms"});
  CHECK(count(chart->drawing, "//path[@class='ln b']") == 1);
  CHECK(count(chart->drawing, "//path[@class='pt c']") == 1);
  const std::string points = place(chart->drawing, "/svg", "data-points");
  CHECK_THAT(points,
             Catch::StartsWith("0.0,") && Contains(",11:34,312 ms|") && Contains(";58.3,") && Contains(",12:09,409 ms"));
  CHECK(place(chart->drawing, "/svg", "aria-label") ==
        "p99 latency over time, before 312 ms, after 409 ms, release at 12:04 UTC");
}

TEST_CASE("sides of the same time lie over each other, and say so") {
  core::MetricReport metric = failed();
  metric.baseline->window = metric.candidate->window;
  metric.baseline_series.times = metric.candidate_series.times;
  const auto chart = series_chart(metric, context());
  REQUIRE(chart);
  CHECK(texts(chart->drawing, "ax").front() == "both sides at the same time");
  CHECK(count(chart->drawing, "//rect[@class='gap']") == 0);
  CHECK(place(chart->drawing, "//line[@class='rel']", "x1") == "0%");
}

TEST_CASE("a limit far off does not flatten the points") {
  core::MetricReport metric = failed();
  metric.criteria[0].rule = "above";
  metric.criteria[0].margin = 30.0;
  const auto chart = series_chart(metric, context());
  REQUIRE(chart);
  CHECK(texts(chart->axis, "lim").empty());
  CHECK(count(chart->drawing, "//line[@class='limit']") == 0);
}

TEST_CASE("nothing is drawn of less than two points, or of numbers without a range") {
  core::MetricReport metric = broken();
  CHECK_FALSE(series_chart(metric, context()));
  CHECK_FALSE(spread_chart(metric, context()));
  CHECK(small_series_chart(metric, context()).empty());
  CHECK(points_text(metric, 60).empty());
  metric = failed();
  metric.baseline_series.values.front() = -std::numeric_limits<double>::max();
  metric.candidate_series.values.front() = std::numeric_limits<double>::max();
  CHECK_FALSE(series_chart(metric, context()));
  CHECK_FALSE(spread_chart(metric, context()));
  CHECK(small_series_chart(metric, context()).empty());
}

TEST_CASE("what is left out of a series is told") {
  CHECK(points_text(failed(), 60) == "8 points before, 8 after");
  CHECK_THAT(points_text(failed(), 4), Contains("8 points before, 8 after; ") && Contains("lowest and highest"));
}

TEST_CASE("an interval is drawn against its limit on the scale of the report") {
  const core::MetricReport metric = failed();
  const auto chart = limit_chart(metric, metric.criteria[0]);
  REQUIRE(chart);
  CHECK(texts(*chart, "lim") == std::vector<std::string>{"limit +10 %"});
  CHECK(texts(*chart, "end") == std::vector<std::string>{"+24 to +39 %"});
  CHECK(texts(*chart, "ax") == std::vector<std::string>{"too much →", "no change"});
  CHECK(place(*chart, "/svg", "aria-label") == "change +31 %, interval +24 to +39 %, limit +10 %");
  // Of 0 to 38.1 % with 30 % air on either side: zero at 18.75 %, the limit at 10 / 38.1 of the way on.
  CHECK(place(*chart, "//line[@class='zero']", "x1") == "18.75%");
  CHECK(place(*chart, "//line[@class='limit']", "x1") == "35.15%");
  CHECK(place(*chart, "//circle", "cx") == "69.6%");
  CHECK(place(*chart, "/svg", "class") == "chart bound fail");
}

TEST_CASE("words under a drawing do not run into each other") {
  core::MetricReport metric = failed();
  metric.criteria[0].rule = "decrease_over";
  metric.change->relative_interval = core::Range{-0.02, 1.4};
  const auto chart = limit_chart(metric, metric.criteria[0]);
  REQUIRE(chart);
  // Of −10 to +140 % with 30 % air on either side zero lies at 22.9 %, where "← too much" ends.
  CHECK(place(*chart, "//line[@class='zero']", "x1") == "22.92%");
  CHECK(texts(*chart, "ax") == std::vector<std::string>{"← too much"});
}

TEST_CASE("an end that is not there reaches to the edge") {
  core::MetricReport metric = failed();
  metric.change->relative_interval->upper = std::numeric_limits<double>::infinity();
  const auto chart = limit_chart(metric, metric.criteria[0]);
  REQUIRE(chart);
  CHECK_THAT(texts(*chart, "end").front(), Contains("+∞"));
  CHECK(count(*chart, "//rect[@class='bar']") == 1);
}

TEST_CASE("a value is drawn as a track, in the colour of its own outcome") {
  core::MetricReport metric = failed();
  core::CriterionReport& criterion = metric.criteria[0];
  criterion.rule = "above";
  criterion.limit = "≤ 800 ms";
  criterion.margin = 0.8;
  criterion.observed = 0.409;
  criterion.outcome = core::Outcome::holds;
  const auto chart = limit_chart(metric, criterion);
  REQUIRE(chart);
  CHECK(place(*chart, "/svg", "class") == "chart bound pass");
  CHECK(texts(*chart, "lim") == std::vector<std::string>{"limit ≤ 800 ms"});
  CHECK(texts(*chart, "end") == std::vector<std::string>{"409 ms"});
  CHECK(count(*chart, "//rect[@class='fill']") == 1);
  CHECK(count(small_limit_chart(metric, criterion), "//text") == 0);
}

TEST_CASE("the limits of each rule, and the side on which harm lies") {
  struct Case {
    const char* rule;
    const char* better;
    std::vector<std::pair<double, bool>> limits;
  };
  const std::vector<Case> cases = {{"increase_over", "lower", {{0.1, true}}},
                                   {"decrease_over", "higher", {{-0.1, false}}},
                                   {"change_over", "", {{-0.1, false}, {0.1, true}}},
                                   {"improve_by", "higher", {{0.1, false}}},
                                   {"improve_by", "lower", {{-0.1, true}}}};
  for (const Case& one : cases) {
    CAPTURE(one.rule, one.better);
    core::MetricReport metric = failed();
    metric.better = one.better;
    metric.criteria[0].rule = one.rule;
    const auto drawn = drawn_of(metric, metric.criteria[0]);
    REQUIRE(drawn);
    REQUIRE(drawn->limits.size() == one.limits.size());
    for (std::size_t i = 0; i < one.limits.size(); ++i) {
      CHECK(drawn->limits[i].at == Approx(one.limits[i].first));
      CHECK(drawn->limits[i].harm_above == one.limits[i].second);
      CHECK(value_limits(metric, metric.criteria[0])[i].at == Approx(0.312 + 0.312 * one.limits[i].first));
    }
  }
}

TEST_CASE("nothing is drawn where nothing was judged") {
  core::MetricReport metric = failed();
  metric.criteria[0].outcome = core::Outcome::not_evaluated;
  CHECK_FALSE(limit_chart(metric, metric.criteria[0]));
  metric = failed();
  metric.baseline->value = 0.0;
  CHECK_FALSE(limit_chart(metric, metric.criteria[0]));
  metric.criteria[0].margin.reset();
  CHECK(small_limit_chart(metric, metric.criteria[0]).empty());
}

TEST_CASE("a strip a side, with a box from five points on") {
  const auto chart = spread_chart(failed(), context());
  REQUIRE(chart);
  CHECK(texts(chart->axis, "ax") == std::vector<std::string>{"before", "after"});
  CHECK(count(chart->drawing, "//rect[contains(@class, 'box')]") == 2);
  CHECK(texts(chart->drawing, "lim") == std::vector<std::string>{"limit 343 ms"});
  core::MetricReport metric = failed();
  metric.baseline_series = {};
  metric.candidate_series.times.resize(4);
  metric.candidate_series.values.resize(4);
  const auto few = spread_chart(metric, context());
  REQUIRE(few);
  CHECK(texts(few->axis, "ax") == std::vector<std::string>{"after"});
  CHECK(count(few->drawing, "//rect[contains(@class, 'box')]") == 0);
}
