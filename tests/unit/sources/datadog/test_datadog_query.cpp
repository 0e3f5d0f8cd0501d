// Queries read before they are asked, and requests made of them.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "asking.h"
#include "sources/datadog/checks.h"
#include "sources/datadog/query_scanner.h"
#include "sources/datadog/request.h"
#include "sources/datadog/site.h"

namespace gate::sources::datadog {
namespace {

std::string text_of_scan(const std::string& query) {
  const Scan scan = scan_query(query);
  if (scan.problem) return scan.problem->message + " at " + std::to_string(scan.problem->at.offset);
  std::ostringstream text;
  text << scan.selectors << " selectors, " << scan.rollups << " rollups";
  if (scan.longest_rollup.count() > 0) {
    text << " of " << core::format_duration(scan.longest_rollup) << " at " << scan.longest_at.offset << "+"
         << scan.longest_at.length;
  }
  if (!scan.rollup_by.empty()) text << " by " << scan.rollup_by;
  for (const auto& [flag, word] : {std::pair{scan.rollups_differ, "differ"},
                                   {scan.calendar_rollup, "calendar"},
                                   {scan.uses_step, "step"},
                                   {scan.uses_window, "window"},
                                   {scan.as_count, "count"},
                                   {scan.as_rate, "rate"},
                                   {scan.fills_zero, "zero"}}) {
    if (flag) text << ", " << word;
  }
  if (scan.unaggregated) text << ", unaggregated at " << scan.unaggregated->offset << "+" << scan.unaggregated->length;
  return text.str();
}

}  // namespace

TEST_CASE("datadog: what a query tells") {
  struct Case {
    std::string query;
    std::string expected;
  };
  for (const Case& c : {
           Case{"avg:system.cpu.user{*}", "1 selectors, 0 rollups"},
           Case{"system.cpu.user{*}", "1 selectors, 0 rollups, unaggregated at 0+15"},
           Case{"p99.9:a.b{service:x} by {host}.rollup(avg, 60)", "1 selectors, 1 rollups of 1m at 30+16 by avg"},
           Case{"avg:a{*}.rollup(60)", "1 selectors, 1 rollups of 1m at 8+11"},
           Case{"avg:a{*}.rollup(avg)", "1 selectors, 0 rollups by avg"},
           Case{"sum:a{*}.as_count().rollup(sum, 2m)", "1 selectors, 1 rollups of 2m at 19+16 by sum, count"},
           Case{"sum:a{*}.rollup(sum, {{step}})", "1 selectors, 1 rollups by sum, step"},
           Case{"sum:a{*}.rollup(sum, {{window}})", "1 selectors, 1 rollups by sum, window"},
           Case{"sum:a{*}.rollup(sum, daily)", "1 selectors, 1 rollups by sum, calendar"},
           Case{"moving_rollup(avg:a{*}, 60, 'avg')", "1 selectors, 0 rollups"},
           Case{"sum:a{*}.rollup(sum, 60) / sum:b{*}.rollup(sum, 120)", "2 selectors, 2 rollups of 2m at 35+17 by sum, differ"},
           Case{"default_zero(sum:a{*}.as_rate())", "1 selectors, 0 rollups, rate, zero"},
           Case{"sum:a{*}.fill(zero)", "1 selectors, 0 rollups, zero"},
           Case{"sum:a{*}.fill(linear)", "1 selectors, 0 rollups"},
           Case{"avg:{{metric}}{version:{{track}}}", "1 selectors, 0 rollups"},
           Case{"avg:a{version:{{step}}}", "1 selectors, 0 rollups, step"},
           Case{"top(avg:a{*} by {host}, 10, 'mean', 'desc')", "1 selectors, 0 rollups"},
           Case{"max:a{*} - b{*}", "2 selectors, 0 rollups, unaggregated at 11+1"},
           Case{"avg:a{*", "`{` is never closed at 5"},
           Case{"abs(avg:a{*}", "`(` is never closed at 3"},
           Case{"avg:a{*})", "`)` closes nothing at 8"},
           Case{"avg:a*}", "`}` closes nothing at 6"},
           Case{"avg:a{*}.rollup(sum", "`(` is never closed at 15"},
           Case{"avg:{{metric", "`{{` is never closed at 4"},
       }) {
    CAPTURE(c.query);
    CHECK(text_of_scan(c.query) == c.expected);
  }
}

TEST_CASE("datadog: rollups in seconds") {
  struct Case {
    const char* query;
    const char* expected;
  };
  for (const Case& c : {
           Case{"sum:a{*}.rollup(sum, 1m)", "sum:a{*}.rollup(sum, 60)"},
           Case{"sum:a{*}.rollup(sum, 60)", "sum:a{*}.rollup(sum, 60)"},
           Case{"sum:a{*}.rollup(1h30m)+b{*}.rollup( 15s )", "sum:a{*}.rollup(5400)+b{*}.rollup( 15 )"},
           Case{"sum:a{*}.rollup(sum, daily)", "sum:a{*}.rollup(sum, daily)"},
           Case{"sum:a{*}.rollup(sum, 500ms)", "sum:a{*}.rollup(sum, 500ms)"},
           Case{"sum:a{*}.rollup(sum", "sum:a{*}.rollup(sum"},
           Case{"sum:a{host:1m}", "sum:a{host:1m}"},
       }) {
    CHECK(with_rollup_seconds(c.query) == c.expected);
  }
}

TEST_CASE("datadog: bodies of v2") {
  using nlohmann::json;
  const std::string queries = R"json("queries":[{"data_source":"metrics","name":"a",)json";
  const std::string query = R"json("query":"sum:a{*}.as_count().rollup(sum, 60)"}]}}})json";
  const std::string attributes = R"json("attributes":{"from":60000,"to":120000,"formulas":[{"formula":"a"}],)json";
  const core::Settings plain = keys({{"query", text_node("sum:a{*}.as_count().rollup(sum, 1m)")}});
  const Segment piece{core::Time(core::Duration(60000)), core::Time(core::Duration(120000))};
  CHECK(json::parse(timeseries_body(plain, piece, core::Duration(60000))) ==
        json::parse(R"({"data":{"type":"timeseries_request",)" + attributes + R"("interval":60000,)" + queries + query));
  CHECK(json::parse(scalar_body(plain, {piece.from, piece.to})) ==
        json::parse(R"({"data":{"type":"scalar_request",)" + attributes + queries + R"("aggregator":"sum",)" + query));
  const core::Settings named = keys({{"queries", table_node({{"x", "avg:a{*}"}, {"y", "avg:b{*}"}})},
                                     {"formula", text_node("x / y")},
                                     {"aggregator", text_node("max")}});
  const json asked = json::parse(scalar_body(named, {piece.from, piece.to}))["data"]["attributes"]["queries"];
  CHECK(asked == json::parse(R"([{"aggregator":"max","data_source":"metrics","name":"x","query":"avg:a{*}"},)"
                             R"({"aggregator":"max","data_source":"metrics","name":"y","query":"avg:b{*}"}])"));
  CHECK(shown_query(named) == "x / y; x = avg:a{*}; y = avg:b{*}");
}

TEST_CASE("datadog: what a question is by nature") {
  CHECK(facts_of(keys({{"query", text_node("avg:a{*}.rollup(avg, 60)")}})).natural_kind == "samples");
  CHECK(facts_of(keys({{"slo", text_node("x")}})).natural_kind == "value");
  CHECK(facts_of(keys({{"monitor", text_node("1")}})).natural_kind == "status");
  CHECK(facts_of(keys({{"monitor_tags", list_node({"a:b"})}})).natural_kind == "status");
  CHECK(facts_of(keys({{"deployment_gate", table_node({})}})).natural_kind == "status");
}

TEST_CASE("datadog: what the plan is told of a query") {
  struct Case {
    const char* query;
    int seconds;
    bool uses_step;
    std::size_t notes;
  };
  for (const Case& c : {Case{"avg:a{*}", 0, true, 0}, Case{"avg:a{*}.rollup(avg, 60)", 60, false, 0},
                        Case{"sum:a{*}.as_count().rollup(sum, {{step}})", 0, true, 1},
                        Case{"default_zero(sum:a{*}.as_count()).rollup(sum, 30)", 30, false, 0},
                        Case{"avg:a{*}.rollup(avg, daily)", 0, false, 1}, Case{"avg:a{*}.as_rate()", 0, true, 1}}) {
    CAPTURE(c.query);
    const core::QueryFacts facts = facts_of(keys({{"query", text_node(c.query)}}));
    CHECK(facts.longest_range == core::Duration(c.seconds * 1000));
    CHECK(facts.uses_step == c.uses_step);
    CHECK(facts.notes.size() == c.notes);
  }
}

TEST_CASE("datadog: sites and addresses") {
  const auto source = [](const std::string& key, const std::string& value) { return keys({{key, text_node(value)}}); };
  CHECK(api_url(keys({})) == "https://api.datadoghq.com");
  CHECK(api_url(source("site", "us5.datadoghq.com")) == "https://api.us5.datadoghq.com");
  CHECK(api_url(source("url", "http://127.0.0.1:8126")) == "http://127.0.0.1:8126");
  CHECK(site_of(source("url", "https://api.datadoghq.eu/")) == "datadoghq.eu");
  CHECK(site_of(source("url", "http://127.0.0.1:8126")).empty());
  CHECK(nearest_site("AP1") == "ap1.datadoghq.com");
  CHECK(nearest_site("wholly different").empty());
}

TEST_CASE("datadog: what a preview shows of states and SLOs") {
  DatadogSource source(Setup{}, nullptr);
  const auto shown = [&](const core::Question& question) {
    const auto all = source.preview(question);
    return all.size() == 1 ? all[0].method + " " + all[0].target + " " + all[0].text : std::to_string(all.size());
  };
  CHECK(shown(state_question({{"monitor", text_node("12")}})) == "GET /api/v1/monitor/12 group_states=all with_downtimes=true");
  CHECK(shown(state_question({{"monitor_tags", list_node({"a:b", "c:d"})}})) ==
        "GET /api/v1/monitor group_states=all with_downtimes=true monitor_tags=a:b,c:d page=0 page_size=100");
  CHECK(shown(metric_question({{"slo", text_node("s")}}, Shape::instant, window(0, 60), core::Duration(60000))) ==
        "GET /api/v1/slo/s/history from_ts=0 to_ts=60");
  CHECK(
      shown(state_question({{"deployment_gate", table_node({{"service", "a"}, {"env", "b"}})}})) ==
      R"(POST /api/v2/deployments/gates/evaluation {"data":{"attributes":{"env":"b","service":"a"},"type":"deployment_gates_evaluation_request"}})");
}

}  // namespace gate::sources::datadog
