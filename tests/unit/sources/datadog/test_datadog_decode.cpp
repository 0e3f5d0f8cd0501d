// Answers as series, and their buckets in windows.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <sstream>

#include "asking.h"
#include "sources/datadog/json.h"
#include "sources/datadog/slo.h"

namespace gate::sources::datadog {
namespace {

/// "{service=a} 60=1 120=nan; {…} …"
std::string text_of_series(const std::vector<core::Series>& all) {
  std::ostringstream text;
  for (const core::Series& series : all) {
    text << (text.str().empty() ? "" : "; ") << "{";
    for (const auto& [name, value] : series.labels) text << name << "=" << value << " ";
    text << "}";
    for (std::size_t i = 0; i < series.times.size(); ++i) {
      text << " " << core::format_unix_seconds(series.times[i]) << "=";
      if (std::isnan(series.values[i])) {
        text << "nan";
      } else {
        text << series.values[i];
      }
    }
  }
  return text.str();
}

std::string text_of_result(const core::Result<Decoded>& result) {
  if (!result.ok()) return result.error().code + " " + result.error().message;
  if (result->refusal) return "refused: " + *result->refusal;
  return text_of_series(result->series);
}

std::string timeseries(const std::string& series, const std::string& times, const std::string& values) {
  return R"({"data":{"attributes":{"times":)" + times + R"(,"values":)" + values + R"(,"series":)" + series + "}}}";
}

std::string scalar(const std::string& columns) {
  return R"({"data":{"attributes":{"columns":)" + columns + "}}}";
}

const std::string kForm = "RG1611 the answer is not one of the Datadog API: ";
constexpr core::Duration kMinute{60000};

}  // namespace

TEST_CASE("datadog: timeseries of v2") {
  struct Case {
    std::string body;
    std::string expected;
  };
  const std::string one = R"([{"group_tags":[],"query_index":0,"unit":null}])";
  const std::string two = R"([{"group_tags":["zone:b","env:prod"]},{"group_tags":["zone:a","env:prod"]}])";
  for (const Case& c : {
           Case{timeseries("[]", "[]", "[]"), ""},
           Case{timeseries(one, "[60000,120000]", "[[1,2.5]]"), "{} 60=1 120=2.5"},
           Case{timeseries(one, "[60000,120000]", "[[null,2]]"), "{} 60=nan 120=2"},
           Case{timeseries(two, "[60000]", "[[2],[1]]"), "{env=prod zone=a } 60=1; {env=prod zone=b } 60=2"},
           Case{timeseries(one, "[60000.0]", "[[-1e3]]"), "{} 60=-1000"},
           Case{timeseries(one, "[120000,60000]", "[[1,2]]"), kForm + "the times do not ascend"},
           Case{timeseries(one, "[60000,60000]", "[[1,2]]"), kForm + "the times do not ascend"},
           Case{timeseries(one, "[60000]", "[[1,2]]"), kForm + "a series has not as many `values` as there are `times`"},
           Case{timeseries(one, "[60000]", "[]"), kForm + "there are not as many `values` as `series`"},
           Case{timeseries(one, "[60000]", R"([["1"]])"), kForm + "`values` is not a number"},
           Case{timeseries(one, "[null]", "[[1]]"), kForm + "`times` is not a number"},
           Case{timeseries(one, "[1e300]", "[[1]]"), kForm + "a time is out of range"},
           Case{timeseries(R"([{"group_tags":[7]}])", "[60000]", "[[1]]"), kForm + "`group_tags` is not a string"},
           Case{R"({"data":{"attributes":{"series":[],"times":[]}}})", kForm + "`values` is missing"},
           Case{R"({"data":null})", kForm + "`data` is missing"},
           Case{"[]", kForm + "what holds `data` is not an object"},
           Case{R"({"data":{"attributes":{"series":[)",
                "RG1610 the answer (33 bytes) is not JSON, or it was cut off: The JSON document has an improper structure: "
                "missing or superfluous commas, braces, missing keys, etc."},
       }) {
    CAPTURE(c.body);
    CHECK(text_of_result(decode_timeseries(c.body)) == c.expected);
  }
}

TEST_CASE("datadog: units and nulls are noted") {
  const auto decoded = decode_timeseries(timeseries(
      R"([{"unit":[{"name":"byte"},{"name":"second"}]},{"unit":[{"name":"byte"},{"name":"second"}],"group_tags":["a:b"]}])",
      "[60000]", "[[null],[3]]"));
  REQUIRE(decoded.ok());
  CHECK(decoded->units == std::vector<std::string>{"byte per second"});
  CHECK(decoded->nulls == 1);
}

TEST_CASE("datadog: too many series") {
  const std::string body = timeseries(R"([{},{},{}])", "[60000]", "[[1],[1],[1]]");
  CHECK(text_of_result(decode_timeseries(body, {2})) == "RG1613 the answer has 3 series, more than 2");
  CHECK(decode_timeseries(body, {3}).ok());
}

// Trap: a scalar's rows are spread over columns, groups as lists of values
TEST_CASE("datadog: scalars of v2") {
  const core::Time at(core::Duration(60000));
  struct Case {
    std::string columns;
    std::string expected;
  };
  for (const Case& c : {
           Case{R"([{"name":"a","type":"number","values":[1.5]}])", "{} 60=1.5"},
           Case{R"([{"name":"a","type":"number","values":[]}])", ""},
           Case{R"([{"name":"a","type":"number","values":[null]}])", "{} 60=nan"},
           Case{R"([{"name":"zone","type":"group","values":[["b"],["a"]]},{"name":"a","type":"number","values":[2,1]}])",
                "{zone=a } 60=1; {zone=b } 60=2"},
           Case{R"([{"name":"a","type":"number","values":[1]},{"name":"zone","type":"group","values":[["x","y"]]}])",
                "{zone=x,y } 60=1"},
           Case{R"([{"name":"zone","type":"group","values":[["b"]]},{"name":"a","type":"number","values":[2,1]}])",
                kForm + "the columns differ in length"},
           Case{R"([{"name":"a","type":"number","values":[1]},{"name":"b","type":"number","values":[1]}])",
                kForm + "there is more than one column of numbers"},
           Case{R"([{"name":"a","type":"text","values":[]}])", kForm + "a column is neither of groups nor of numbers"},
       }) {
    CAPTURE(c.columns);
    CHECK(text_of_result(decode_scalar(scalar(c.columns), at)) == c.expected);
  }
}

TEST_CASE("datadog: queries of v1") {
  struct Case {
    std::string body;
    std::string expected;
  };
  for (const Case& c : {
           Case{R"({"status":"ok","series":[]})", ""},
           Case{
               R"({"series":[{"pointlist":[[60000.0,1.0],[120000.0,null]],"tag_set":["host:a"],"interval":60}],"status":"ok"})",
               "{host=a } 60=1 120=nan"},
           Case{R"({"status":"error","error":"unknown metric"})", "refused: unknown metric"},
           Case{R"({"status":"error","message":"why"})", "refused: why"},
           Case{R"({"series":[]})", kForm + "`status` is missing"},
           Case{R"({"status":"ok"})", kForm + "`series` is missing"},
           Case{R"({"status":"ok","series":[{"pointlist":[[60000]]}]})", kForm + "a point is not a pair of a time and a value"},
           Case{R"({"status":"ok","series":[{}]})", kForm + "`pointlist` is missing"},
       }) {
    CAPTURE(c.body);
    CHECK(text_of_result(decode_query(c.body)) == c.expected);
  }
  const auto decoded =
      decode_query(R"({"status":"ok","series":[{"pointlist":[],"interval":300},{"pointlist":[],"interval":60}]})");
  CHECK(decoded->interval == core::Duration(300000));
}

TEST_CASE("datadog: tags are labels") {
  CHECK(labels_of_tags({"service:checkout", "url:http://a", "alone", "zone:a", "zone:b"}) ==
        core::Labels{{"service", "checkout"}, {"url", "http://a"}, {"alone", ""}, {"zone", "a,b"}});
}

TEST_CASE("datadog: what an error answer says") {
  struct Case {
    std::string body;
    std::vector<std::string> words;
  };
  for (const Case& c : {
           Case{R"({"errors":["Forbidden"]})", {"Forbidden"}},
           Case{R"({"errors":[{"status":"404","title":"Not Found","detail":"no gate"}]})", {"no gate"}},
           Case{R"({"errors":[{"title":"Bad Request"},{"error":"x"}],"error":"y"})", {"Bad Request", "x", "y"}},
           Case{R"({"errors":null})", {}},
           Case{"[]", {}},
           Case{"<html>", {}},
       }) {
    CAPTURE(c.body);
    CHECK(error_words(c.body) == c.words);
  }
}

TEST_CASE("datadog: the buckets of a window") {
  struct Case {
    core::Window over;
    core::Duration bucket;
    std::vector<Segment> expected;
  };
  const auto at = [](std::int64_t seconds) { return core::Time(std::chrono::seconds(seconds)); };
  const core::Duration second(1000);
  for (const Case& c : {
           Case{window(600, 1200), kMinute, {{at(600), at(1200)}}},
           Case{window(610, 1210), kMinute, {{at(660), at(1200)}}},
           Case{window(610, 650), kMinute, {}},
           Case{window(600, 600 + 1500), second, {{at(600), at(1600)}, {at(1600), at(2100)}}},
           Case{window(600, 1200), core::Duration(0), {}},
       }) {
    CHECK(segments(c.over, c.bucket) == c.expected);
  }
  CHECK(whole_buckets(window(610, 1210), kMinute) == window(660, 1200));
  CHECK(whole_buckets(window(610, 650), kMinute) == window(610, 650));
  CHECK(whole_buckets(window(610, 650), std::nullopt) == window(610, 650));
}

TEST_CASE("datadog: only whole buckets are kept, at their ends") {
  core::Series series;
  for (const std::int64_t start : {540, 600, 660, 1140, 1200}) {
    series.times.emplace_back(std::chrono::seconds(start));
    series.values.push_back(static_cast<double>(start));
  }
  std::vector<core::Series> all = {series};
  CHECK(keep_whole_buckets(all, window(600, 1200), kMinute) == 2);
  CHECK(text_of_series(all) == "{} 660=600 720=660 1200=1140");
  CHECK(keep_whole_buckets(all, window(5000, 6000), kMinute) == 3);
  CHECK(all.empty());
}

TEST_CASE("datadog: how long buckets are") {
  const auto at_every = [](std::int64_t first, std::int64_t step, int count) {
    core::Series series;
    for (int i = 0; i < count; ++i) series.times.emplace_back(std::chrono::seconds(first + i * step));
    return std::vector<core::Series>{series};
  };
  CHECK(widest_bucket(at_every(600, 60, 30), kMinute) == kMinute);
  CHECK(widest_bucket(at_every(600, 300, 4), kMinute) == core::Duration(300000));
  CHECK(widest_bucket(at_every(600, 300, 3), kMinute) == kMinute);
  CHECK(widest_bucket(at_every(600, 20, 30), kMinute) == kMinute);
  CHECK(widest_bucket({}, kMinute) == kMinute);
  std::vector<core::Series> rare = at_every(600, 300, 3);
  rare.push_back(at_every(6000, 120, 2).front());
  CHECK(widest_bucket(rare, kMinute) == kMinute);
}

TEST_CASE("datadog: what an SLO measures") {
  CHECK(slo_value(SloMeasure::attained, 99.95, 99.9) == 99.95);
  CHECK(slo_value(SloMeasure::budget_left, 99.95, 99.9) == Approx(50.0));
  CHECK(slo_value(SloMeasure::budget_left, 99.7, 99.9) == Approx(-200.0));
  CHECK(slo_value(SloMeasure::burn, 99.7, 99.9) == Approx(3.0));
  SloHistory history;
  CHECK(slo_target(history, 99.0).value() == 99.0);
  CHECK(slo_target(history, std::nullopt).error().message == "the SLO names no target to count a budget against");
  history.targets = {{"7d", 99.9}, {"30d", 99.9}};
  CHECK(slo_target(history, std::nullopt).value() == 99.9);
  history.targets = {{"7d", 100.0}};
  CHECK(slo_target(history, std::nullopt).error().code == "RG1641");
}

}  // namespace gate::sources::datadog
