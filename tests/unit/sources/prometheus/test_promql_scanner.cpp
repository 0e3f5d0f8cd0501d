#include <catch2/catch.hpp>

#include "sources/prometheus/promql_scanner.h"

using gate::core::Duration;
using gate::sources::prometheus::parse_promql_duration;
using gate::sources::prometheus::Scan;
using gate::sources::prometheus::scan_promql;

TEST_CASE("how far back a query reaches") {
  struct Case {
    const char* query;
    std::int64_t seconds;
    const char* at;  // the text of the brackets that make it so far
  };
  for (const Case& c : {
           Case{"up", 0, ""},
           Case{"rate(x[5m])", 300, "[5m]"},
           Case{"rate(x[ 5m ])", 300, "[ 5m ]"},
           Case{"rate(x[1m]) / rate(y[10m])", 600, "[10m]"},
           Case{"rate(x[10m]) / rate(y[1m])", 600, "[10m]"},
           Case{"rate(x{a=\"b\"}[5m])", 300, "[5m]"},
           Case{"rate(x[1h30m])", 5400, "[1h30m]"},
           Case{"max_over_time(rate(x[5m])[30m:1m])", 2100, "[30m:1m]"},
           Case{"max_over_time(rate(x[5m])[30m:])", 2100, "[30m:]"},
           Case{"max_over_time((rate(x[5m]) + rate(y[1m]))[30m:1m])", 2100, "[30m:1m]"},
           Case{"max_over_time(max_over_time(rate(x[1m])[5m:])[10m:])", 960, "[10m:]"},
           Case{"max_over_time(sum by (le) (rate(x[5m]))[30m:1m])", 2100, "[30m:1m]"},
           Case{"rate(y[5m]) + max_over_time(x[2m:])", 300, "[5m]"},
           Case{"rate(x[5m] offset 1h)", 300, "[5m]"},
           Case{"rate(x[5m] @ end())", 300, "[5m]"},
           Case{"x{label=\"[9h]\"}", 0, ""},
           Case{"x{label='[9h]'} + rate(y[2m])", 120, "[2m]"},
           Case{"x{label=\"a\\\"[9h]\"}", 0, ""},
           Case{"x{label=`a\\`} + rate(y[2m])", 120, "[2m]"},
           Case{"rate(x[5m]) # was [9h]", 300, "[5m]"},
           Case{"# rate(x[9h])\nrate(x[5m])", 300, "[5m]"},
           Case{"rate(x[5m])\n  # a comment with ) and \" in it\n", 300, "[5m]"},
           Case{"{__name__=~\"a.*\"}[3m]", 180, "[3m]"},
           Case{"sum(rate(x[1w]))", 604800, "[1w]"},
       }) {
    INFO(c.query);
    const Scan scan = scan_promql(c.query);
    CHECK_FALSE(scan.problem.has_value());
    CHECK(scan.longest_range == Duration(c.seconds * 1000));
    CHECK(std::string(c.query).substr(scan.longest_at.offset, scan.longest_at.length) == c.at);
    CHECK_FALSE(scan.uses_step);
    CHECK_FALSE(scan.uses_window);
  }
}

TEST_CASE("placeholders, offsets and ranges that only MetricsQL reads") {
  struct Case {
    const char* query;
    bool step, window, step_is_range, offset, at;
    std::int64_t beyond_step, beyond_window;
    const char* unreadable;
  };
  for (const Case& c : {
           Case{"increase(x[{{step}}])", false, false, true, false, false, 0, 0, ""},
           Case{"increase(x[ {{step}} ])", true, false, true, false, false, 0, 0, ""},
           Case{"increase(x[{{window}}])", false, true, false, false, false, 0, 0, ""},
           Case{"increase(x[{{step}}]) / {{step}}", true, false, true, false, false, 0, 0, ""},
           Case{"x{a=\"{{step}} {{window}}\"}", false, false, false, false, false, 0, 0, ""},
           Case{"max_over_time(rate(x[1m])[{{step}}:15s])", true, false, true, false, false, 60, 0, ""},
           Case{"max_over_time(x[{{step}}:15s])", true, false, true, false, false, 0, 0, ""},
           Case{"max_over_time(rate(x[2m])[{{window}}:15s])", false, true, false, false, false, 0, 120, ""},
           Case{"max_over_time(rate(x[5m])[30m:{{step}}])", true, false, false, false, false, 0, 0, ""},
           Case{"x offset 5m", false, false, false, true, false, 0, 0, ""},
           Case{"x OFFSET 5m", false, false, false, true, false, 0, 0, ""},
           Case{"x{offset=\"5m\"}", false, false, false, false, false, 0, 0, ""},
           Case{"x @ 1609746000", false, false, false, false, true, 0, 0, ""},
           Case{"x{a=\"@\"}", false, false, false, false, false, 0, 0, ""},
           Case{"rate(x[5i])", false, false, false, false, false, 0, 0, "[5i]"},
           Case{"rate(x[300])", false, false, false, false, false, 0, 0, "[300]"},
           Case{"rate(x[])", false, false, false, false, false, 0, 0, "[]"},
       }) {
    INFO(c.query);
    const Scan scan = scan_promql(c.query);
    CHECK_FALSE(scan.problem.has_value());
    CHECK((scan.uses_step || scan.step_is_range) == (c.step || c.step_is_range));
    CHECK(scan.uses_window == c.window);
    CHECK(scan.step_is_range == c.step_is_range);
    CHECK(scan.uses_offset == c.offset);
    CHECK(scan.uses_at == c.at);
    CHECK(scan.beyond_step == Duration(c.beyond_step * 1000));
    CHECK(scan.beyond_window == Duration(c.beyond_window * 1000));
    const auto span = scan.unreadable_range.value_or(gate::sources::Span{});
    CHECK(std::string(c.query).substr(span.offset, span.length) == c.unreadable);
  }
}

TEST_CASE("the unit that names of metrics speak of, unless numbers convert it") {
  struct Case {
    const char* query;
    const char* unit;
  };
  for (const Case& c :
       {Case{"latency_seconds", "s"}, Case{"rate(a_seconds_sum[1m]) / rate(a_seconds_count[1m])", "s"},
        Case{"histogram_quantile(0.9, sum by (le) (rate(a_seconds_bucket[1m])))", "s"}, Case{"avg(memory_bytes)", "B"},
        Case{"a_bytes - b_bytes", "B"}, Case{"a_seconds * 1000", ""}, Case{"1000 * a_seconds", ""}, Case{"a_bytes / 1e6", ""},
        Case{"a_bytes / (1024 * 1024)", ""}, Case{"a_bytes / .5", ""}, Case{"a_seconds + b_bytes", ""},
        Case{"b_bytes + a_seconds + b_bytes", ""}, Case{"a_milliseconds", ""}, Case{"a_seconds_total", ""},
        Case{"a_seconds_count", ""}, Case{R"(up{by="a_seconds",a_seconds="x"})", ""}, Case{"up", ""}}) {
    INFO(c.query);
    CHECK(scan_promql(c.query).named_unit == c.unit);
  }
  CHECK(scan_promql("avg(memory_bytes)").named_unit_at.offset == 4);
  CHECK(scan_promql("avg(memory_bytes)").named_unit_at.length == 12);
}

TEST_CASE("brackets and quotes that do not match") {
  struct Case {
    const char* query;
    const char* message;
    std::size_t offset;
  };
  for (const Case& c : {
           Case{"sum(rate(x[5m])", "`(` is never closed", 3},
           Case{"sum(x))", "`)` closes nothing", 6},
           Case{"x{a=\"b\"", "`{` is never closed", 1},
           Case{"x{a=\"b\")", "`)` closes `{`", 7},
           Case{"(x}", "`}` closes `(`", 2},
           Case{"rate(x[5m)", "`[` is never closed", 6},
           Case{"x]", "`]` closes nothing", 1},
           Case{"x{a=\"b}", "the string that starts here never ends", 4},
           Case{"x{a='b\\'}", "the string that starts here never ends", 4},
           Case{"x{a=\"b\\", "the string that starts here never ends", 4},
       }) {
    INFO(c.query);
    const Scan scan = scan_promql(c.query);
    REQUIRE(scan.problem.has_value());
    CHECK(scan.problem->message == c.message);
    CHECK(scan.problem->at.offset == c.offset);
    CHECK(scan.problem->at.length == 1);
  }
}

TEST_CASE("durations as PromQL reads them") {
  struct Case {
    const char* text;
    std::int64_t milliseconds;
  };
  for (const Case& c : {Case{"5m", 300'000}, Case{"1h30m", 5'400'000}, Case{"100ms", 100}, Case{"1d", 86'400'000},
                        Case{"1w", 604'800'000}, Case{"1y", 31'536'000'000}, Case{"1y1w1d1h1m1s1ms", 32'230'861'001}}) {
    INFO(c.text);
    CHECK(parse_promql_duration(c.text) == Duration(c.milliseconds));
  }
  for (const char* text : {"", "5", "m", "5x", "0s", "-5m", "1m1h", "1m1m", "1.5h", "5m ", "1001y", "99999999999999999999y"}) {
    INFO(text);
    CHECK_FALSE(parse_promql_duration(text).has_value());
  }
}
