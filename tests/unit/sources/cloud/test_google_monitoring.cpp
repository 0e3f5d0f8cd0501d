// Cloud Monitoring: which periods are asked for, and what its answers mean.
#include <catch2/catch.hpp>

#include "core/samples.h"
#include "sources/google_monitoring/decode.h"
#include "sources/google_monitoring/query.h"

namespace gate::sources::google_monitoring {
namespace {

core::Time at(const char* text) {
  return *core::parse_time(text);
}

core::Question question(core::Shape shape, const char* length, const char* step) {
  core::Question out;
  out.shape = shape;
  out.window = core::Window{at("2026-03-17T12:00:00Z"), at("2026-03-17T12:00:00Z") + *core::parse_duration(length)};
  out.step = *core::parse_duration(step);
  out.first = out.step;
  return out;
}

Decoded decode(const std::string& body, Query::Of of = Query::Of::mean) {
  simdjson::dom::parser parser;
  Decoded out;
  add_page(out, parse_json(parser, body, "test", kAnswerFaults), of);
  return out;
}

std::string point(const std::string& value) {
  return R"({"timeSeries":[{"metric":{"labels":{"a":"1"}},"resource":{"labels":{"a":"2","b":"3"}},"points":[{"interval":)"
         R"({"endTime":"2026-03-17T12:01:00Z"},"value":)" +
         value + "}]}]}";
}

double value_in(const std::string& value, Query::Of of = Query::Of::mean) {
  return decode(point(value), of).series.begin()->second.begin()->second;
}

}  // namespace

TEST_CASE("cloud monitoring: periods end at the points of the grid, and none begins before the window") {
  struct Row {
    const char* length;
    const char* step;
    const char* end;
  };
  const std::vector<Row> rows = {
      {"30m", "1m", "2026-03-17T12:30:00Z"}, {"30m30s", "1m", "2026-03-17T12:30:00Z"}, {"32m", "5m", "2026-03-17T12:30:00Z"}};
  for (const Row& row : rows) {
    CAPTURE(row.length, row.step);
    const auto span = span_of(question(core::Shape::range, row.length, row.step));
    REQUIRE(span.ok());
    CHECK(*span == Span{at("2026-03-17T12:00:00Z"), at(row.end), *core::parse_duration(row.step)});
  }
  const auto whole = span_of(question(core::Shape::instant, "30m", "30m"));
  REQUIRE(whole.ok());
  CHECK(*whole == Span{at("2026-03-17T12:00:00Z"), at("2026-03-17T12:30:00Z"), std::chrono::minutes(30)});
  CHECK(span_of(question(core::Shape::range, "30m", "30s")).error().code == "RG1922");
  CHECK(span_of(question(core::Shape::instant, "59s", "59s")).error().code == "RG1922");
}

TEST_CASE("cloud monitoring: values of every type that is a number") {
  CHECK(value_in(R"({"doubleValue":0.25})") == 0.25);
  CHECK(std::isnan(value_in(R"({"doubleValue":"NaN"})")));
  CHECK(value_in(R"({"int64Value":"9007199254740993"})") == 9007199254740993.0);
  CHECK(value_in(R"({"boolValue":true})") == 1.0);
  CHECK(value_in(R"({"distributionValue":{"count":"4","mean":2.5}})") == 2.5);
  CHECK(value_in(R"({"distributionValue":{"count":"4","mean":2.5}})", Query::Of::count) == 4.0);
  CHECK(value_in(R"({"distributionValue":{"count":"4"}})") == 0.0);
  CHECK(std::isnan(value_in(R"({"distributionValue":{}})")));
  CHECK_THROWS_AS(value_in(R"({"stringValue":"7"})"), core::SourceError);
}

TEST_CASE("cloud monitoring: a label of the resource that the metric has, too, keeps its owner's name") {
  const Decoded decoded = decode(point(R"({"doubleValue":1})"));
  CHECK(decoded.series.begin()->first == core::Labels{{"a", "1"}, {"b", "3"}, {"resource.a", "2"}});
}

}  // namespace gate::sources::google_monitoring
