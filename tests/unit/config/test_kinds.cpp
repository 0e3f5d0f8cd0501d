// Metrics of kind slo and derived.
#include <catch2/catch.hpp>

#include "support.h"

using namespace gate;
using namespace gate::config;
using namespace gate::config::test;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const std::string kSlo = "kind = 'slo'\nobjective = '99.9%'\nevents = 'bad'\ntotal = 'all'\n";

Metric only_metric(const std::string& body) {
  const Loaded loaded = World().load(with_metric(body));
  INFO(codes(loaded));
  REQUIRE(loaded.gate.has_value());
  return loaded.gate->metrics.front();
}

}  // namespace

TEST_CASE("an SLO with a fast and a slow burn") {
  const Metric metric = only_metric(kSlo +
                                    "windows = ['2h', '10m']\n"
                                    "fail = { burn_over = 14.4, windows = ['5m', '1h'], budget_left_below = '10%' }\n"
                                    "warn = { burn_over = 6 }\n");
  CHECK(metric.kind == Kind::slo);
  CHECK(metric.slo->objective == Approx(0.999));
  CHECK(metric.slo->period == hours(720));
  CHECK(metric.compare.design == Design::none);
  CHECK(metric.unit.symbol == "×");
  CHECK(metric.required);
  REQUIRE(metric.criteria.size() == 3);
  CHECK(metric.criteria[0].rule == Rule::burn_over);
  CHECK(metric.criteria[0].bounds.front().value == 14.4);
  CHECK(metric.criteria[0].windows == std::vector<core::Duration>{hours(1), minutes(5)});
  CHECK(metric.criteria[1].rule == Rule::budget_left_below);
  CHECK(metric.criteria[1].bounds.front().value == Approx(0.1));
  CHECK(metric.criteria[2].level == core::Level::warn);
  CHECK(metric.criteria[2].windows == std::vector<core::Duration>{hours(2), minutes(10)});
}

TEST_CASE("several tables of bounds in one level") {
  const Metric metric = only_metric(kSlo +
                                    "period = '7d'\n"
                                    "[[metrics.m.fail]]\nburn_over = 14.4\nwindows = ['1h', '5m']\n"
                                    "[[metrics.m.fail]]\nburn_over = 6\nwindows = ['6h', '30m']\n");
  REQUIRE(metric.criteria.size() == 2);
  CHECK(metric.slo->period == hours(168));
  CHECK(metric.criteria[1].bounds.front().value == 6.0);
  CHECK(metric.criteria[1].level == core::Level::fail);
}

TEST_CASE("what an SLO may not say") {
  struct Case {
    const char* body;
    const char* codes;
  };
  const std::string head = "kind = 'slo'\nevents = 'bad'\ntotal = 'all'\n";
  for (const Case& c : {
           Case{"fail = { burn_over = 2, windows = ['1h'] }", "RG0103"},
           Case{"objective = 99.9\nfail = { burn_over = 2, windows = ['1h'] }", "RG0203"},
           Case{"objective = '100%'\nfail = { burn_over = 2, windows = ['1h'] }", "RG0203"},
           Case{"objective = '5ms'\nfail = { burn_over = 2, windows = ['1h'] }", "RG0203"},
           Case{"objective = '99%'\nfail = { burn_over = 2 }", "RG0244"},
           Case{"objective = '99%'\nfail = { windows = ['1h'] }", "RG0244"},
           Case{"objective = '99%'\nfail = { burn_over = 2, windows = [] }", "RG0244"},
           Case{"objective = '99%'\nfail = { burn_over = 2, windows = ['31d'] }", "RG0244"},
           Case{"objective = '99%'\nfail = { burn_over = 2, windows = ['1 hour'] }", "RG0222"},
           Case{"objective = '99%'\nfail = { burn_over = 0, windows = ['1h'] }", "RG0203"},
           Case{"objective = '90%'\nfail = { burn_over = 14.4, windows = ['1h'] }", "RG0243"},
           Case{"objective = '99%'\nfail = { budget_left_below = '100%' }", "RG0203"},
           Case{"objective = '99%'\nfail = { above = '1%' }", "RG0219"},
           Case{"objective = '99%'\nfail = { burn_ovr = 2 }", "RG0104"},
           Case{"objective = '99%'\nfail = {}", "RG0209"},
           Case{"objective = '99%'\nunit = '%'\neach = 'pod'\nfail = { budget_left_below = '1%' }", "RG0219 RG0219"},
           Case{"objective = '99%'\ndesign = 'side-by-side'\nfail = { budget_left_below = '1%' }", "w:RG0220"},
           Case{"objective = '99%'\naggregate = 'mean'\nfail = { budget_left_below = '1%' }", "RG0214"},
           Case{"objective = '99%'\nmethod = 'score'\nfail = { budget_left_below = '1%' }", "RG0215"},
       }) {
    INFO(c.body);
    CHECK(codes(World().load(with_metric(head + c.body))) == c.codes);
  }
  CHECK(codes(World().load(with_metric("objective = '99%'\nevents = 'a'\ntotal = 'b'\nfail = { budget_left_below = '1%' }"))) ==
        "RG0103");
  CHECK(codes(World().load(
            with_metric("query = 'q'\nkind = 'value'\nperiod = '1d'\nfail = { burn_over = 2, windows = ['1h'] }"))) ==
        "RG0219 RG0219 RG0219");
}

namespace {

const std::string kParts =
    "[metrics.cost]\nsource = 'p'\njudge = false\nquery = 'c'\nunit = 'EUR'\n"
    "[metrics.requests]\nsource = 'p'\njudge = false\nkind = 'count'\nevents = 'r'\nexposure = 'e'\n"
    "[metrics.latency]\nsource = 'p'\njudge = false\nquery = 'l'\nunit = 'ms'\n"
    "[metrics.pods]\nsource = 'p'\njudge = false\nquery = 'p'\neach = 'pod'\n"
    "[metrics.share-of-errors]\nsource = 'p'\njudge = false\nkind = 'ratio'\nevents = 'a'\ntotal = 'b'\n"
    "[metrics.alone]\nsource = 'p'\njudge = false\nquery = 'p'\ndesign = 'none'\n";

std::string derived(const std::string& body) {
  return kHead + kParts + "[metrics.d]\nkind = 'derived'\n" + body + "\n";
}

}  // namespace

TEST_CASE("a derived metric asks nothing and takes the design of its parts") {
  const Loaded loaded =
      World().load("version = 1\n[compare]\ndesign = 'side-by-side'\n" +
                   derived("formula = '1000 * cost / requests'\nunit = 'EUR'\nfail = { increase_over = '5 EUR' }")
                       .substr(std::string("version = 1\n").size()));
  INFO(codes(loaded));
  REQUIRE(loaded.gate.has_value());
  const Metric& metric = *loaded.gate->find_metric("d");
  CHECK(metric.parts.empty());
  CHECK(metric.source.empty());
  CHECK(metric.compare.design == Design::side_by_side);
  CHECK(metric.formula->formula.metrics == std::vector<std::string>{"cost", "requests"});
  CHECK(metric.criteria.front().bounds.front().value == 5.0);
}

TEST_CASE("what a derived metric may not say") {
  struct Case {
    const char* body;
    const char* codes;
  };
  for (const Case& c : {
           Case{"fail = { above = 1 }", "RG0103"},
           Case{"formula = 5", "RG0102"},
           Case{"formula = 'requests +'", "RG0240"},
           Case{"formula = 'request * 2'", "RG0515"},
           Case{"formula = 'pods * 2'", "RG0516"},
           Case{"formula = 'd + 1'", "RG0516"},
           Case{"formula = 'cost + latency'", "RG0241"},
           Case{"formula = 'cost'", "RG0241"},
           Case{"formula = 'cost'\nunit = 's'", "RG0241"},
           Case{"formula = 'requests / 0'", "RG0242"},
           Case{"formula = 'requests'\nsource = 'p'", "RG0219"},
           Case{"formula = 'requests'\neach = 'pod'\nevents = 'x'", "RG0219 RG0219"},
           Case{"formula = 'requests'\nstep = '1m'", "w:RG0220"},
           Case{"formula = 'alone'\nfail = { increase_over = '1%' }", "RG0218"},
           Case{"formula = 'requests'\nmethod = 'rank'", "RG0215"},
           Case{"formula = 'share-of-errors * requests'", "RG0515"},
           Case{"formula = '\"share-of-errors\" * requests'", ""},
       }) {
    INFO(c.body);
    CHECK(codes(World().load(derived(c.body))) == c.codes);
  }
  CHECK(codes(World().load(kHead + kParts + "[metrics.d]\nformula = 'requests'\n")) == "RG0103");
  CHECK(codes(World().load(with_metric("kind = 'samples'\nquery = 'q'\nformula = 'm'"))) == "RG0104");
}

TEST_CASE("formulas over formulas, and in a circle") {
  const std::string two =
      derived("formula = 'e / 2'\nunit = 'EUR'") + "[metrics.e]\nkind = 'derived'\nunit = 'EUR'\nformula = ";
  CHECK(codes(World().load(two + "'2 * cost'")).empty());
  CHECK(codes(World().load(two + "'2 * d'")) == "RG0516");
  CHECK(codes(World().load(derived("formula = 'requests'") +
                           "[metrics.s]\nsource = 'p'\nkind = 'ratio'\nevents = { metric = 'd' }\ntotal = 'b'")) == "RG0516");
}

TEST_CASE("a mistake in a formula is shown at its place") {
  const auto place = [](const std::string& body) {
    const Loaded loaded =
        World().load(kHead + "[metrics.a]\nsource = 'p'\nquery = 'q'\n[metrics.d]\nkind = 'derived'\n" + body + "\n");
    REQUIRE(loaded.diagnostics.size() == 1);
    const core::Location& at = loaded.diagnostics.front().error.location;
    return std::to_string(at.line) + ":" + std::to_string(at.column) + "+" + std::to_string(at.length);
  };
  CHECK(place("formula = 'a + bcd'") == "12:16+3");
  CHECK(place("formula = 'a $ b'") == "12:14+1");
  CHECK(place("formula = \"\"\"\na\n + bcd\"\"\"") == "14:4+3");
}

TEST_CASE("releases of the history as a baseline") {
  const Loaded loaded = World().load(
      "version = 1\n[sources.x]\ntype = 'points'\nurl = 'u'\n[compare]\ndesign = 'previous-releases'\nreleases = "
      "7\nanchor_release = '1.0'\n[verdict]\non_few_releases = 'warn'\n"
      "[metrics.a]\nsource = 'x'\nquery = 'q'\nfail = { increase_over = '10%' }\n"
      "[metrics.b]\nsource = 'x'\nquery = 'q'\nreleases = 12\nanchor_release = ''\non_few_releases = 'fail'\nwarn = { "
      "increase_over = '1%' }\n"
      "[metrics.c]\nsource = 'x'\nquery = 'q'\ndesign = 'before-after'\n"
      "[metrics.d]\nkind = 'derived'\nformula = 'a / c'\n");
  INFO(codes(loaded));
  REQUIRE(loaded.gate.has_value());
  const Gate& gate = *loaded.gate;
  const Metric& a = *gate.find_metric("a");
  CHECK(a.compare.design == Design::previous_releases);
  CHECK(!asks_baseline(a.compare.design));
  CHECK(a.compare.releases == 7);
  CHECK(a.compare.anchor_release == "1.0");
  CHECK(a.rules.on_few_releases == Fallback::warn);
  CHECK(a.rules.on_no_data == Fallback::inconclusive);
  const Metric& b = *gate.find_metric("b");
  CHECK(b.compare.releases == 12);
  CHECK(b.compare.anchor_release.empty());
  CHECK(b.rules.on_few_releases == Fallback::fail);
  CHECK(asks_baseline(gate.find_metric("c")->compare.design));
  // What is made of a metric whose baseline the history has is compared with its own past.
  CHECK(gate.find_metric("d")->compare.design == Design::previous_releases);
}
