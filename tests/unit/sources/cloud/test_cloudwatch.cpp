// CloudWatch: the minutes that are asked for, and how periods become one number.
#include <catch2/catch.hpp>

#include "sources/cloudwatch/combine.h"
#include "sources/cloudwatch/request.h"

namespace gate::sources::cloudwatch {
namespace {

core::Time at(const char* text) {
  return *core::parse_time(text);
}

core::Duration span_of(const char* text) {
  return *core::parse_duration(text);
}

core::Series values(std::vector<double> all) {
  core::Series out;
  out.times.resize(all.size());
  out.values = std::move(all);
  return out;
}

}  // namespace

TEST_CASE("cloudwatch: a span of points begins and ends at whole minutes of the window") {
  struct Row {
    const char* start;
    const char* end;
    const char* step;
    const char* first;
    const char* last;
  };
  const std::vector<Row> rows = {
      {"2026-03-17T12:04:00Z", "2026-03-17T12:34:00Z", "1m", "2026-03-17T12:04:00Z", "2026-03-17T12:34:00Z"},
      {"2026-03-17T12:04:20Z", "2026-03-17T12:34:20Z", "1m", "2026-03-17T12:05:00Z", "2026-03-17T12:34:00Z"},
      {"2026-03-17T12:04:00.001Z", "2026-03-17T12:34:59.999Z", "5m", "2026-03-17T12:05:00Z", "2026-03-17T12:34:00Z"},
      {"2026-03-17T12:04:12Z", "2026-03-17T12:34:12Z", "10s", "2026-03-17T12:04:20Z", "2026-03-17T12:34:10Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.start, row.step);
    const Span span = span_of_points({at(row.start), at(row.end)}, span_of(row.step));
    CHECK(span == Span{at(row.first), at(row.last), span_of(row.step)});
  }
}

TEST_CASE("cloudwatch: a window is one period up to a day, and equal ones of whole minutes beyond") {
  struct Row {
    const char* start;
    const char* end;
    const char* period;
  };
  const std::vector<Row> rows = {
      {"2026-03-17T12:04:00Z", "2026-03-17T12:34:00Z", "30m"},  {"2026-03-17T12:04:30Z", "2026-03-17T12:34:30Z", "29m"},
      {"2026-03-17T12:00:00Z", "2026-03-18T12:00:00Z", "1d"},   {"2026-03-17T12:00:00Z", "2026-03-24T12:00:00Z", "1d"},
      {"2026-03-17T12:00:00Z", "2026-03-18T12:01:00Z", "131m"},  // 1441 minutes are 11 times 131
  };
  for (const Row& row : rows) {
    CAPTURE(row.start, row.end);
    const auto span = span_of_window({at(row.start), at(row.end)});
    REQUIRE(span);
    CHECK(span->period == span_of(row.period));
    CHECK((span->end - span->start) % span->period == core::Duration(0));
  }
  CHECK_FALSE(span_of_window({at("2026-03-17T12:00:10Z"), at("2026-03-17T12:01:50Z")}));
}

TEST_CASE("cloudwatch: several periods make one number only where that is the number of the whole") {
  CHECK(combined("Sum", {values({1, 2, 3})}) == 6.0);
  CHECK(combined("SampleCount", {values({1, 2, 3})}) == 6.0);
  CHECK(combined("Minimum", {values({2, 1, 3})}) == 1.0);
  CHECK(combined("Maximum", {values({2, 1, 3})}) == 3.0);
  CHECK(combined("Average", {values({10, 90}), values({1, 3})}) == 25.0);
  CHECK(combined("Average", {values({10, 90}), values({1})}) == std::nullopt);
  CHECK(combined("Average", {values({0}), values({0})}) == std::nullopt);
  CHECK(combined("Sum", {values({})}) == std::nullopt);
  CHECK(parts_of_stat("p95").empty());
}

TEST_CASE("cloudwatch: points reach from their time to a period later, and must do so inside of the span") {
  Result result;
  const core::Time start = at("2026-03-17T12:04:00Z");
  for (const int minute : {-1, 0, 1, 2}) result.points[start + std::chrono::minutes(minute)] = minute;
  std::size_t outside = 0;
  const core::Series series = series_of(result, {start, start + std::chrono::minutes(2), std::chrono::minutes(1)}, outside);
  CHECK(series.values == std::vector<double>{0, 1});
  CHECK(series.times == std::vector<core::Time>{start + std::chrono::minutes(1), start + std::chrono::minutes(2)});
  CHECK(outside == 2);
}

TEST_CASE("cloudwatch: the body of a question does not change from run to run") {
  Query query;
  query.stat = Stat{"AWS/SQS", "Sent", {{"QueueName", "q"}}, "Sum", "123456789012"};
  const core::Time start = at("2026-03-17T12:04:00Z");
  CHECK(
      request_body(query, {"Sum"}, {start, start + std::chrono::minutes(1), std::chrono::minutes(1)}, "t") ==
      R"({"EndTime":1773749100,"MetricDataQueries":[{"AccountId":"123456789012","Id":"gate_result","MetricStat":{"Metric":)"
      R"({"Dimensions":[{"Name":"QueueName","Value":"q"}],"MetricName":"Sent","Namespace":"AWS/SQS"},"Period":60,"Stat":"Sum"},)"
      R"("ReturnData":true}],"NextToken":"t","StartTime":1773749040})");
}

}  // namespace gate::sources::cloudwatch
