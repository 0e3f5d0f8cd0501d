#include "report/annotations.h"

#include <catch2/catch.hpp>

#include "reports.h"

using namespace gate::report;
using namespace gate::report::test;
namespace core = gate::core;
using core::Verdict;

TEST_CASE("a workflow command cannot be ended or extended from outside") {
  core::MetricReport metric = failed();
  metric.title = "a,b:c\n::warning::x";
  metric.headline = "100 % worse\r\n::error::y";
  CHECK(annotations(report_of({metric}, Verdict::fail), Pipeline::github) ==
        "::error file=gate.toml,line=23,title=FAIL a%2Cb%3Ac\\n%3A%3Awarning%3A%3Ax::100 %25 worse\\x0d\\n::error::y Next: "
        "hold or roll back\n");
}

TEST_CASE("a line of a pack is not claimed to be one of the gate file") {
  core::MetricReport metric = failed();
  metric.criteria[0].file = "performance";
  CHECK(annotations(report_of({metric}, Verdict::fail), Pipeline::github)
            .starts_with("::error file=gate.toml,title=FAIL p99 latency::"));
}

TEST_CASE("ten annotations of each kind, then how many more") {
  std::vector<core::MetricReport> metrics = {broken("broken")};
  for (int i = 0; i < 13; ++i) metrics.push_back(failed("f" + std::to_string(i)));
  for (int i = 0; i < 11; ++i) metrics.push_back(with_verdict(Verdict::warn, "w" + std::to_string(i)));
  metrics.push_back(with_verdict(Verdict::pass, "p"));
  const core::Report report = report_of(metrics, Verdict::fail);
  const auto count = [](const std::string& text, const std::string& start) {
    std::size_t found = 0;
    for (std::size_t at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) ++found;
    return found;
  };
  const std::string github = annotations(report, Pipeline::github);
  CHECK(count(github, "::error ") == 10);
  CHECK(count(github, "::warning ") == 10);
  CHECK(github.ends_with("4 more errors in the log above\n1 more warning in the log above\n"));
  const std::string azure = annotations(report, Pipeline::azure);
  CHECK(count(azure, "##vso[task.logissue type=error;") == 10);
  CHECK(count(azure, "##vso[task.logissue type=warning;") == 10);
  CHECK(azure.ends_with("4 more errors in the log above\n1 more warning in the log above\n"));
  // What fails comes before what could not be asked.
  CHECK(count(github, "title=ERROR") == 0);
}

TEST_CASE("an issue of Azure Pipelines cannot be ended or extended from outside") {
  core::MetricReport metric = failed();
  metric.title = "a;b]c\n##vso[task.complete]";
  metric.headline = "100 % worse\r\n##vso[task.setvariable variable=x]y";
  core::Report report = report_of({metric}, Verdict::fail);
  report.gate_file = metric.criteria[0].file = "a];type=warning;.toml";
  report.metrics = {metric};
  CHECK(annotations(report, Pipeline::azure) ==
        "##vso[task.logissue type=error;sourcepath=a%5D%3Btype=warning%3B.toml;linenumber=23;]FAIL "
        "a;b]c\\n\\x23#vso[task.complete]: "
        "100 %AZP25 worse\\x0d\\n\\x23#vso[task.setvariable variable=x]y Next: hold or roll back\n");
}
