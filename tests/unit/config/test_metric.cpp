// Metrics: kinds, parts, bounds and their units, what contradicts what.
#include <catch2/catch.hpp>

#include "support.h"

using namespace gate::config;
using namespace gate::config::test;

namespace {

std::string codes_of(const std::string& body) {
  return codes(World{}.load(with_metric(body)));
}

Metric metric_of(const std::string& body) {
  const Loaded loaded = World{}.load(with_metric(body));
  INFO(body << " -> " << codes(loaded));
  REQUIRE(loaded.gate);
  return loaded.gate->metrics.at(0);
}

}  // namespace

TEST_CASE("bounds are read in the unit of the metric") {
  struct Case {
    const char* unit;
    const char* fail;
    Rule rule;
    double value;
    bool relative;
  };
  for (const Case& c :
       {Case{"s", "above = '800ms'", Rule::above, 0.8, false}, Case{"ms", "above = '0.8s'", Rule::above, 800, false},
        Case{"s", "above = 0.8", Rule::above, 0.8, false}, Case{"s", "above = '0.8'", Rule::above, 0.8, false},
        Case{"%", "above = 0.1", Rule::above, 0.1, false}, Case{"%", "above = '1%'", Rule::above, 1, false},
        Case{"1", "above = '1%'", Rule::above, 0.01, false}, Case{"s", "below = '-5ms'", Rule::below, -0.005, false},
        Case{"s", "increase_over = '10%'", Rule::increase_over, 0.1, true},
        Case{"s", "increase_over = '5ms'", Rule::increase_over, 0.005, false},
        Case{"s", "increase_over = 0.1", Rule::increase_over, 0.1, false},
        Case{"%", "increase_over = '10%'", Rule::increase_over, 0.1, true},
        Case{"%", "increase_over = '0.2pp'", Rule::increase_over, 0.2, false},
        Case{"1", "decrease_over = '0.2pp'", Rule::decrease_over, 0.002, false},
        Case{"s", "change_over = '0%'", Rule::change_over, 0, true}, Case{"MiB", "above = '1GiB'", Rule::above, 1024, false},
        Case{"req/s", "below = '60/min'", Rule::below, 1, false}, Case{"EUR", "above = '12 EUR'", Rule::above, 12, false},
        Case{"s", "equals = 3", Rule::equals, 3, false}}) {
    INFO(c.unit << " " << c.fail);
    const Metric metric = metric_of(std::string("query = 'q'\nunit = '") + c.unit + "'\nfail = { " + c.fail + " }");
    REQUIRE(metric.criteria.size() == 1);
    CHECK(metric.criteria[0].rule == c.rule);
    CHECK(metric.criteria[0].bounds.at(0).value == Approx(c.value));
    CHECK(metric.criteria[0].bounds.at(0).relative == c.relative);
    CHECK(metric.required);
  }
}

TEST_CASE("lists, levels, targets and dates of bounds") {
  const Metric metric = metric_of(
      "query = 'q'\nunit = 's'\nbetter = 'lower'\nfail = { increase_over = ['10%', '5ms'], above = '2s' }\n"
      "warn = { target = '200ms', tolerance = '10%', from = '2026-03-17T12:00:00Z' }");
  REQUIRE(metric.criteria.size() == 3);
  CHECK(metric.criteria[0].rule == Rule::above);
  CHECK(metric.criteria[1].bounds.size() == 2);
  CHECK(metric.criteria[1].text == "10% and 5ms");
  CHECK(metric.criteria[2].level == gate::core::Level::warn);
  CHECK(metric.criteria[2].tolerance == Approx(0.02));
  CHECK(metric.criteria[2].text == "200ms ± 10%");
  CHECK(gate::core::format_time(*metric.criteria[2].from) == "2026-03-17T12:00:00Z");
  CHECK(metric_of("query = 'q'\nunit = 's'\nwarn = { target = '200ms', tolerance = '5ms' }").criteria[0].tolerance ==
        Approx(0.005));
  CHECK_FALSE(metric_of("query = 'q'\nwarn = { above = 1 }").required);
}

TEST_CASE("wrong bounds") {
  struct Case {
    const char* body;
    const char* codes;
  };
  for (const Case& c : {Case{"fail = { above = '800MB' }\nunit = 's'", "RG0211"},
                        Case{"fail = { above = '0.2pp' }\nunit = '%'", "RG0211"},
                        Case{"fail = { increase_over = '0.2pp' }\nunit = 's'", "RG0211"},
                        Case{"fail = { above = 'fast' }", "RG0212"},
                        Case{"fail = { above = true }", "RG0212"},
                        Case{"fail = { above = [] }", "RG0203"},
                        Case{"fail = { increase_over = '-10%' }", "RG0203"},
                        Case{"fail = {}", "RG0209"},
                        Case{"fail = 'x'", "RG0102"},
                        Case{"fail = { above = { env = 'UNSET' } }", "RG0407"},
                        Case{"fail = { above = { env = 'UNSET', default = 5 } }", ""},
                        Case{"fail = { tolerance = 1 }", "RG0208"},
                        Case{"fail = { improve_by = '2%' }", "RG0207"},
                        Case{"fail = { improve_by = '2%' }\nbetter = 'lower'", ""},
                        Case{"fail = { goals = [] }", "RG0247"},
                        Case{"fail = { abvoe = 1 }", "RG0104"},
                        Case{"fail = { above = 1, from = 'noon' }", "RG0221"},
                        Case{"above = 1", "RG0104"},
                        Case{"fail = { increase_over = '1%' }\nbetter = 'higher'", "w:RG0206"},
                        Case{"fail = { below = 1 }\nbetter = 'lower'", "w:RG0206"},
                        Case{"fail = { above = 1 }\nbetter = 'lower'", ""},
                        Case{"fail = { change_over = '1%' }\nbetter = 'lower'", ""},
                        Case{"fail = { increase_over = '1%' }\ndesign = 'none'", "RG0218"},
                        Case{"fail = { above = 1 }\ndesign = 'none'", ""},
                        Case{"required = true", "RG0217"},
                        Case{"fail = { above = [1, 'x'], below = '800MB' }", "RG0212 RG0211"}}) {
    INFO(c.body);
    CHECK(codes_of("query = 'q'\n" + std::string(c.body)) == c.codes);
  }
}

TEST_CASE("kinds and what belongs to them") {
  struct Case {
    const char* body;
    const char* codes;
  };
  for (const Case& c : {Case{"query = 'q'", ""},
                        Case{"", "RG0103"},
                        Case{"query = 'q'\nkind = 'value'\naggregate = 'p99.9'", ""},
                        Case{"query = 'q'\naggregate = 'mean'", ""},
                        Case{"query = 'q'\naggregate = 'max'", "RG0214"},
                        Case{"query = 'q'\nkind = 'value'\naggregate = 'p0'", "RG0202"},
                        Case{"query = 'q'\nkind = 'value'\naggregate = 'p100'", "RG0202"},
                        Case{"kind = 'ratio'\nevents = 'a'\ntotal = 'b'", ""},
                        Case{"kind = 'ratio'\nevents = 'a'", "RG0103"},
                        Case{"kind = 'ratio'", "RG0103 RG0103"},
                        Case{"kind = 'ratio'\nquery = 'a'\ntotal = 'b'", "RG0219"},
                        Case{"kind = 'ratio'\nevents = 'a'\ntotal = 'b'\nunit = 'ms'", "RG0213"},
                        Case{"kind = 'ratio'\nevents = 'a'\ntotal = 'b'\nunit = '%'", ""},
                        Case{"kind = 'ratio'\nevents = 'a'\ntotal = 'b'\naggregate = 'mean'", "RG0214"},
                        Case{"kind = 'ratio'\nevents = 'a'\ntotal = 'b'\nexposure = 'c'", "RG0219"},
                        Case{"kind = 'count'\nevents = 'a'", ""},
                        Case{"kind = 'count'\nevents = 'a'\nexposure = 'b'\nunit = '%'", ""},
                        Case{"kind = 'count'\nevents = 'a'\nunit = '1/h'", ""},
                        Case{"kind = 'count'\nevents = 'a'\nunit = 'B'", "RG0213"},
                        Case{"events = 'a'\ntotal = 'b'", "RG0103"},
                        Case{"events = 'a'", "RG0103"},
                        Case{"kind = 'histogram'\nbuckets = 'q'\nquantile = 0.99\nquery = 'q'", "RG0219"},
                        Case{"kind = 'ratoi'\nevents = 'a'\ntotal = 'b'", "RG0202"},
                        Case{"query = 'q'\nmethod = 'newcombe'", "RG0215"},
                        Case{"query = 'q'\nmethod = 'rank'", ""},
                        Case{"query = 'q'\nmethod = 'kayenta'", ""},
                        Case{"query = 'q'\neach = 'pod'\ncombine = 'sum'", "RG0216"},
                        Case{"query = 'q'\neach = 'pod'\non_new = 'fail'", ""},
                        Case{"query = 'q'\non_gone = 'fail'", "w:RG0220"},
                        Case{"query = 'q'\njudge = false\nfail = { above = 1 }", "w:RG0220"},
                        Case{"query = 'q'\nunit = 'seconds'", "RG0210"},
                        Case{"query = 'q'\nunit = 'm s'", "RG0210"},
                        Case{"query = 'q'\nweight = -1", "RG0203"},
                        Case{"query = 'q'\nweight = 0", ""},
                        Case{"query = 5", "RG0102"},
                        Case{"query = 'q'\nkind = 5", "RG0102"},
                        Case{"query = 'q'\nkind = { env = 'UNSET' }", "RG0407"},
                        Case{"query = 'q'\ncluster = 'user'\ncovariate = 'x'", "RG0238 RG0202"}}) {
    INFO(c.body);
    CHECK(codes_of(c.body) == c.codes);
  }
}

TEST_CASE("covariate: where it can be had") {
  const std::string side = "design = 'side-by-side'\n";
  const std::string users = "cluster = 'user'\ncovariate = 'baseline'\n";
  struct Case {
    std::string body;
    std::string codes;
  };
  for (const Case& c : {
           Case{"column = 'c'\n" + side + users, ""},
           Case{"column = 'c'\nmethod = 'mean'\n" + side + users, ""},
           Case{"column = 'c'\n" + users, "RG0255"},
           Case{"column = 'c'\ncovariate = 'baseline'\n" + side, "RG0255"},
           Case{"column = 'c'\naggregate = 'p99'\n" + side + users, "RG0255"},
           Case{"column = 'c'\nmethod = 'point'\n" + side + users, "RG0255"},
           Case{"column = 'c'\nanchor = 'now'\n" + side + users, "RG0255"},
           Case{"column = 'c'\ncovariate = 'none'\n" + side, ""},
       }) {
    INFO(c.body);
    CHECK(codes(World{}.load(kHead + "[metrics.m]\nsource = 'r'\n" + c.body)) == c.codes);
  }
}

TEST_CASE("parts: strings, tables, other sources, sides") {
  const Metric ratio = metric_of("kind = 'ratio'\nzone = 'z'\nevents = 'a'\ntotal = { query = 'b', zone = 'y' }");
  CHECK(ratio.parts.at("events").query.text("query") == "a");
  CHECK(ratio.parts.at("events").query.text("zone") == "z");
  CHECK(ratio.parts.at("total").query.text("zone") == "y");
  const Metric mixed = metric_of("kind = 'count'\nzone = 'z'\nevents = 'a'\nexposure = { source = 'r', column = 'users' }");
  CHECK(mixed.parts.at("exposure").source == "r");
  CHECK(mixed.parts.at("exposure").query.text("column") == "users");
  CHECK_FALSE(mixed.parts.at("exposure").query.has("zone"));
  const Metric sides = metric_of("query = 'q'\nbaseline = { query = 'old', window = '1h' }\ncandidate = 'new'");
  CHECK_FALSE(sides.parts.contains("value"));
  CHECK(sides.parts.at("baseline.value").query.text("query") == "old");
  CHECK(sides.parts.at("candidate.value").query.text("query") == "new");
  CHECK(sides.compare.baseline_window == std::chrono::hours(1));
  const Metric both = metric_of("baseline = 'old'\ncandidate = 'new'");
  CHECK_FALSE(both.parts.contains("value"));
  const Metric counted = metric_of("kind = 'ratio'\nevents = 'a'\ntotal = 'b'\ncandidate = { events = 'c' }");
  CHECK(counted.parts.at("candidate.events").query.text("query") == "c");
  CHECK_FALSE(counted.parts.contains("candidate.total"));
}

TEST_CASE("a metric without a source of its own") {
  const auto load = [](const std::string& body) { return World{}.load(kHead + "[metrics.m]\n" + body + "\n"); };
  const Loaded loaded =
      load("kind = 'count'\nevents = { source = 'p', query = 'a' }\nexposure = { source = 'r', column = 'b' }");
  CHECK(codes(loaded).empty());
  CHECK(loaded.gate->metrics[0].source == "p");
  const Loaded by_name = World{}.load("vars = { first = 'p', second = 'r' }\n" + kHead +
                                      "[metrics.m]\nkind = 'count'\nevents = { source = '{{first}}', query = 'a' }\n"
                                      "exposure = { source = '{{second}}', column = 'b' }\n");
  CHECK(codes(by_name).empty());
  REQUIRE(by_name.gate);
  CHECK(by_name.gate->metrics[0].parts.at("events").source == "p");
  CHECK(by_name.gate->metrics[0].parts.at("exposure").source == "r");
  for (const auto& [body, expected] : {std::pair{"query = 'q'", "RG0103"},
                                       {"kind = 'count'\nevents = 'a'", "RG0103"},
                                       {"source = 5\nquery = 'q'", "RG0102"},
                                       {"source = { env = 'UNSET' }\nquery = 'q'", "RG0407"},
                                       {"source = 'q'\nquery = 'q'\nfoo = 1", "RG0511"},
                                       {"source = 'r'\nkind = 'count'\nevents = 'a'", "RG0512"},
                                       {"source = 'r'\nkind = 'count'\nevents = 5", "RG0102"},
                                       {"source = 'r'\ncolumn = 'a'\nquery = 'q'", "RG0104"},
                                       {"kind = 'count'\nevents = { source = 'nope', query = 'a' }", "RG0511"},
                                       {"kind = 'count'\nevents = { source = '{{nope}}', query = 'a' }", "RG0401"},
                                       {"source = 'p'\nkind = 'count'\nevents = { query = 'a', column = 'b' }", "RG0104"}}) {
    INFO(body);
    CHECK(codes(load(body)) == expected);
  }
}

TEST_CASE("parts that are another metric's question") {
  const auto load = [](const std::string& body) { return World{}.load(kHead + body); };
  const Loaded loaded = load(
      "[metrics.share]\nkind = 'ratio'\nevents = { metric = 'errors' }\ntotal = { metric = 'requests' }\nfail = { above = '1%' "
      "}\n"
      "[metrics.requests]\nsource = 'p'\nquery = 'r'\njudge = false\n"
      "[metrics.errors]\nkind = 'count'\nevents = { metric = 'raw' }\n[metrics.raw]\nsource = 'p'\nquery = 'e'\njudge = "
      "false\n");
  CHECK(codes(loaded).empty());
  REQUIRE(loaded.gate);
  const Metric& share = loaded.gate->metrics[0];
  CHECK(share.source == "p");
  CHECK(share.parts.at("events").query.text("query") == "e");
  CHECK(share.parts.at("total").query.text("query") == "r");
  CHECK(share.parts.at("total").of_metric.empty());
  CHECK_FALSE(loaded.gate->metrics[1].judged);
  struct Case {
    const char* text;
    const char* codes;
  };
  for (const Case& c :
       {Case{"[metrics.a]\nkind = 'count'\nevents = { metric = 'nope' }\n", "RG0515"},
        Case{"[metrics.a]\nkind = 'count'\nevents = { metric = 'a' }\n", "RG0516"},
        Case{"[metrics.a]\nkind = 'count'\nevents = { metric = 'b' }\n[metrics.b]\nkind = 'count'\nevents = { metric = 'a' }\n",
             "RG0516 RG0516"},
        Case{"[metrics.a]\nkind = 'count'\nevents = { metric = 'b' }\n[metrics.b]\nsource = 'p'\nkind = 'ratio'\nevents = "
             "'x'\ntotal = 'y'\n",
             "RG0516"},
        Case{"[metrics.a]\nkind = 'count'\nevents = { metric = 'b' }\n[metrics.b]\nsource = 'p'\nbaseline = 'x'\ncandidate = "
             "'y'\n",
             "RG0516"},
        Case{"[metrics.a]\nkind = 'count'\nevents = { metric = 'b', query = 'q' }\n[metrics.b]\nsource = 'p'\nquery = 'x'\n",
             "RG0104"},
        Case{"[metrics.a]\nkind = 'count'\nevents = { metric = 5 }\n", "RG0102"},
        Case{"[metrics.a]\nkind = 'count'\nevents = { metric = 'b' }\n[metrics.b]\nsource = 'p'\nquery = 'x'\nunit = 'm s'\n",
             "RG0210"}}) {
    INFO(c.text);
    CHECK(codes(load(c.text)) == c.codes);
  }
}
