// Dynatrace: which metrics a selector names, which slots are asked for, and what its answers mean.
#include <catch2/catch.hpp>

#include <cmath>

#include "sources/dynatrace/decode.h"
#include "sources/dynatrace/query.h"
#include "sources/dynatrace/selector.h"

namespace gate::sources::dynatrace {
namespace {

using Names = std::vector<std::string>;

core::Time at(const char* text) {
  return *core::parse_time(text);
}

core::Question question(core::Shape shape, const char* start, const char* length, const char* step) {
  core::Question out;
  out.shape = shape;
  out.window = core::Window{at(start), at(start) + *core::parse_duration(length)};
  out.step = *core::parse_duration(step);
  return out;
}

Decoded decode(const std::string& body) {
  simdjson::dom::parser parser;
  Decoded out;
  add_page(out, parse_json(parser, body, "test", kAnswerFaults));
  return out;
}

std::string page(const std::string& data) {
  return R"({"resolution":"1m","nextPageKey":null,"result":[{"metricId":"a.b","data":[)" + data + "]}]}";
}

}  // namespace

TEST_CASE("dynatrace: the metrics and transformations of a selector") {
  struct Row {
    const char* text;
    Names keys;
    Names transformations;
    bool is_list;
  };
  const std::vector<Row> rows = {
      {"builtin:host.cpu.usage", {"builtin:host.cpu.usage"}, {}, false},
      {"my.metric:avg", {"my.metric"}, {"avg"}, false},
      {"func:errorbudget", {"func:errorbudget"}, {}, false},
      {"dsfm:billing.hostunit.connected : splitBy( )", {"dsfm:billing.hostunit.connected"}, {"splitBy"}, false},
      {R"("ext:jmx.Agents: ~"A~"":sum)", {R"("ext:jmx.Agents: ~"A~"")"}, {"sum"}, false},
      {R"(builtin:service.response.time:filter(and(eq("path","a)~",b"),in("x"))):percentile(95))",
       {"builtin:service.response.time"},
       {"filter", "percentile"},
       false},
      {"(a.errors:sum + 1.5) / (a.total:splitBy():sum):default(1) * -100",
       {"a.errors", "a.total"},
       {"sum", "splitBy", "sum", "default"},
       false},
      {"a.b,c.d", {"a.b", "c.d"}, {}, true},
      {"builtin:host.cpu.(idle,user):avg", {"builtin:host.cpu."}, {"avg"}, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto selector = read_selector(row.text);
    REQUIRE(selector);
    CHECK(selector->keys == row.keys);
    CHECK(selector->transformations == row.transformations);
    CHECK(selector->is_list == row.is_list);
  }
}

TEST_CASE("dynatrace: which selectors are no sums") {
  struct Row {
    const char* text;
    const char* what;
    Names unaggregated;
  };
  const std::vector<Row> rows = {
      {"a.b:splitBy():sum", "", {}},
      {"a.b:splitBy():count", "", {}},
      {"a.b:splitBy():sum:auto:sort(value(sum,descending)):limit(100)", "", {}},
      {"a.b:filter(series(avg,gt(5))):splitBy():sum", "", {}},
      {"a.b", "", {"a.b"}},
      {"a.b:splitBy():value", "", {"a.b"}},
      {"a.b:splitBy():avg", ":avg", {}},
      {"a.b:avg:splitBy():sum", ":avg", {}},
      {"a.b:splitBy():percentile(95)", ":percentile", {}},
      {"a.b:splitBy():sum:rate(1s)", ":rate", {}},
      {"a.b:rate(1s)", ":rate", {"a.b"}},
      {"a.b:splitBy():sum:rollup(sum,5m)", ":rollup", {}},
      {"a.b:sum + c.d:sum", "", {}},
      {"a.b:sum + c.d", "", {"c.d"}},
      {"(a.b:sum + 2 * c.d:sum) / 1000 * 3", "", {}},
      {"a.b:sum / c.d:sum * 100", "a quotient or a product of metrics", {}},
      {"(a.b:sum) / (c.d:sum)", "a quotient or a product of metrics", {}},
      {"a.b:sum * c.d:sum", "a quotient or a product of metrics", {}},
      {"1 / a.b:sum", "a quotient or a product of metrics", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto selector = read_selector(row.text);
    REQUIRE(selector);
    CHECK(adds_up_not(*selector) == row.what);
    CHECK(selector->unaggregated == row.unaggregated);
  }
  CHECK(adds_up("sum", "Byte"));
  CHECK(adds_up("count", ""));
  CHECK(adds_up("value", "Count"));
  CHECK_FALSE(adds_up("value", "Percent"));
  CHECK_FALSE(adds_up("avg", "Count"));
  CHECK_FALSE(adds_up("", "Count"));
}

TEST_CASE("dynatrace: selectors that cannot be read are left to the server") {
  for (const char* text : {"", "42", "a.b:", "a.b:filter(eq(\"x\"", "(a.b", "a.b)", "\"a.b", "(a.b,c.d)", "a.b § c"}) {
    CAPTURE(text);
    CHECK_FALSE(read_selector(text));
  }
}

TEST_CASE("dynatrace: one number is of the whole minutes in the window") {
  const auto span = span_of(question(core::Shape::instant, "2026-03-17T12:04:17Z", "30m", "30m"));
  REQUIRE(span.ok());
  CHECK(*span == Span{at("2026-03-17T12:05:00Z"), at("2026-03-17T12:34:00Z"), core::Duration(0)});
  const auto whole = span_of(question(core::Shape::instant, "2026-03-17T12:04:00Z", "30m", "30m"));
  REQUIRE(whole.ok());
  CHECK(*whole == Span{at("2026-03-17T12:04:00Z"), at("2026-03-17T12:34:00Z"), core::Duration(0)});
  CHECK(span_of(question(core::Shape::instant, "2026-03-17T12:04:17Z", "90s", "90s")).error().code == "RG1922");
  for (const char* step : {"30s", "90s", "1ms"})
    CHECK(span_of(question(core::Shape::range, "2026-03-17T12:04:00Z", "1h", step)).error().code == "RG1922");
}

TEST_CASE("dynatrace: resolutions, written and read") {
  CHECK(resolution_of(core::Duration(0)) == "Inf");
  CHECK(resolution_of(std::chrono::minutes(5)) == "5m");
  CHECK(resolution_of(std::chrono::minutes(90)) == "90m");
  CHECK(resolution_of(std::chrono::hours(24)) == "24h");
  CHECK(parse_resolution("1d") == core::Duration(std::chrono::hours(24)));
  CHECK(parse_resolution("2w") == core::Duration(std::chrono::hours(336)));
  CHECK(parse_resolution("10m") == core::Duration(std::chrono::minutes(10)));
  for (const char* text : {"Inf", "", "m", "1", "1M", "1q", "-1m", "0m", "1 m", "99999999999999999999m"})
    CHECK_FALSE(parse_resolution(text));
}

TEST_CASE("dynatrace: a slot counts by its end, and must lie in the window whole") {
  const Decoded decoded =
      decode(page(R"({"dimensionMap":{"os":"x"},"timestamps":[1773748980000,1773749040000,1773749100000,1773749160000],)"
                  R"("values":[1,2,null,4]})"));
  const Span span{at("2026-03-17T12:03:00Z"), at("2026-03-17T12:05:00Z"), std::chrono::minutes(1)};
  CHECK(mismatch(decoded, span).empty());
  std::size_t outside = 0;
  const auto series = series_of(decoded, span, outside);
  REQUIRE(series.size() == 1);
  CHECK(outside == 2);
  CHECK(series[0].labels == core::Labels{{"os", "x"}});
  CHECK(series[0].times == std::vector<core::Time>{at("2026-03-17T12:04:00Z"), at("2026-03-17T12:05:00Z")});
  CHECK(series[0].values[0] == 2.0);
  CHECK(std::isnan(series[0].values[1]));
  CHECK(series_of(decoded, {span.end, span.end + std::chrono::minutes(9), span.slot}, outside)[0].values ==
        std::vector<double>{4.0});
}

TEST_CASE("dynatrace: a day's points as the API gave them for midnight to midnight") {
  // from=2022-09-28T00:00:00Z to=2022-09-29T00:00:00Z resolution=30m: 48 points, the first at 00:30, the last at the next
  // midnight.
  std::string times;
  std::string values;
  for (int i = 1; i <= 48; ++i) {
    times += (i == 1 ? "" : ",") + std::to_string(1664323200000 + i * 1800000LL);
    values += (i == 1 ? "" : ",") + std::to_string(i);
  }
  Decoded decoded = decode(page(R"({"dimensionMap":{},"timestamps":[)" + times + R"(],"values":[)" + values + "]}"));
  decoded.resolution = "30m";
  const Span span{at("2022-09-28T00:00:00Z"), at("2022-09-29T00:00:00Z"), std::chrono::minutes(30)};
  CHECK(mismatch(decoded, span).empty());
  std::size_t outside = 0;
  CHECK(series_of(decoded, span, outside)[0].values.size() == 48);
  CHECK(outside == 0);
}

TEST_CASE("dynatrace: several metrics in one answer keep their names") {
  const Decoded decoded =
      decode(R"({"result":[{"metricId":"a","data":[{"timestamps":[],"values":[]}]},{"metricId":"b","data":[]}]})");
  REQUIRE(decoded.series.size() == 1);
  CHECK(decoded.series.begin()->first == core::Labels{{"metric", "a"}});
}

}  // namespace gate::sources::dynatrace
