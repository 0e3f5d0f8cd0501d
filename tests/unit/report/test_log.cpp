#include "report/log.h"

#include <catch2/catch.hpp>

#include "reports.h"

using namespace gate::report;
using namespace gate::report::test;
namespace core = gate::core;
using core::Verdict;

TEST_CASE("a log has a line a metric that starts with its word") {
  CHECK(to_log(report_of({failed(), broken(), pending(), with_verdict(Verdict::pass, "memory")}, Verdict::fail), Colour::off,
               Detail::short_) ==
        "FAIL          checkout-api 1.42.0: p99 latency +31 % (limit +10 %), at least +24 % at 95 %\n"
        "    -> hold or roll back\n"
        "    before 11:34-12:04, after 12:09-12:34 UTC - 1 fail 1 error 1 inconclusive 1 pass\n"
        "FAIL          p99 latency    312 ms -> 409 ms  +31 % [+24, +39]  limit +10 %  worse\n"
        "    -> hold or roll back; graph: https://prom/graph?q=1\n"
        "ERROR         p99 incidents  pagerduty: 401 Unauthorized\n"
        "    GET https://api\n"
        "    -> renew PAGERDUTY_TOKEN; run again; release-gate explain RG1101\n"
        "PENDING       p99 adoption   due 24 Mar 12:04 UTC\n"
        "    -> run again then, or on_pending = \"skip\"\n"
        "exit 1, 0.31 s\n");
}

TEST_CASE("a workflow command cannot be ended or extended from outside") {
  core::MetricReport metric = failed();
  metric.title = "a,b:c\n::warning::x";
  metric.headline = "100 % worse\r\n::error::y";
  CHECK(github_annotations(report_of({metric}, Verdict::fail)) ==
        "::error file=gate.toml,line=23,title=FAIL a%2Cb%3Ac\\n%3A%3Awarning%3A%3Ax::100 %25 worse\\x0d\\n::error::y Next: "
        "hold or roll back\n");
}

TEST_CASE("a line of a pack is not claimed to be one of the gate file") {
  core::MetricReport metric = failed();
  metric.criteria[0].file = "performance";
  CHECK(github_annotations(report_of({metric}, Verdict::fail)).starts_with("::error file=gate.toml,title=FAIL p99 latency::"));
}

TEST_CASE("ten annotations of each kind, then how many more") {
  std::vector<core::MetricReport> metrics;
  for (int i = 0; i < 13; ++i) metrics.push_back(failed("f" + std::to_string(i)));
  for (int i = 0; i < 12; ++i) metrics.push_back(with_verdict(Verdict::warn, "w" + std::to_string(i)));
  metrics.push_back(with_verdict(Verdict::pass, "p"));
  const std::string text = github_annotations(report_of(metrics, Verdict::fail));
  const auto count = [&](const std::string& start) {
    std::size_t found = 0;
    for (std::size_t at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) ++found;
    return found;
  };
  CHECK(count("::error ") == 10);
  CHECK(count("::warning ") == 10);
  CHECK(text.ends_with("3 more errors in the log above\n2 more warnings in the log above\n"));
}
