#include <catch2/catch.hpp>
#include <limits>

#include "../report/reports.h"
#include "publish/read_report.h"
#include "report/json.h"
#include "report/markdown.h"

using namespace gate::publish;
using namespace gate::report::test;
namespace core = gate::core;
using core::Verdict;

namespace {

/// Every field set to something.
core::Report rich() {
  core::Report report = report_of({failed(), with_verdict(Verdict::pass, "ok"), broken(), pending()}, Verdict::fail);
  report.certainty = "at least +24 % at 95 %";
  report.next = "hold or roll back";
  report.closest = "x";
  report.would_exit = 1;
  report.exit_code = 0;
  report.score = 66.7;
  report.release_version = "1.42.0";
  report.previous_version = "1.41.0";
  report.tool_version = "1.2.3-rc.1+build";
  report.override_ = core::Override{"known \"issue\"\n::error::x", "octo@cat"};
  report.sources = {{"prom", "prometheus", "Prometheus 2.42.0"}, {"logs", "file", ""}};
  report.errors = {{"RG1002", "no time", "wait", {"a", "b"}, {}}};
  report.notes = {"a note", "\x1b[31m"};
  core::MetricReport slo = with_verdict(Verdict::inconclusive, "budget");
  slo.kind = "slo";
  slo.unit = {"×", "×", 1.0};
  slo.parent = "budget";
  slo.labels = {{"route", "/pay"}, {"x|y", "<b>"}};
  slo.status = "ALERT";
  core::CriterionReport burn;
  burn.rule = "burn_over";
  burn.outcome = core::Outcome::unproven;
  burn.within = false;
  burn.observed_interval = core::Range{1.5, std::numeric_limits<double>::infinity()};
  burn.windows = {{std::chrono::hours(1), 3.0, 100.0, 2.5, core::Range{1.0, 4.0}},
                  {core::Duration(1500), 0.0, 0.0, std::nullopt, std::nullopt}};
  burn.harm_interval = core::Range{-std::numeric_limits<double>::infinity(), 0.25};
  burn.p_value = 0.03125;
  burn.line = 4'000'000'000;
  slo.criteria = {burn, burn};
  slo.deciding = 1;
  slo.due = core::Time(std::chrono::milliseconds(1773749040250));
  slo.candidate = core::Side{1e300, 7, 1, std::nullopt, core::Time(std::chrono::seconds(1773749040))};
  slo.candidate_series = {{core::Time(std::chrono::milliseconds(1773749040250))}, {-0.125}, 0};
  slo.requests = {{"GET", "http://x", 0, 3, 12.34}};
  slo.queries = {{"events", "candidate", "sum(rate(x[1m]))"}};
  report.metrics.push_back(slo);
  core::MetricReport with_days = failed("days");
  const core::Window hour{core::Time(std::chrono::seconds(1773144240)), core::Time(std::chrono::seconds(1773146040))};
  with_days.placebo = core::PlaceboReport{"earlier weeks", "Europe/Berlin", true, 0.3, 0.312, core::Range{0.31, 0.314}, {}};
  with_days.placebo->all = {{hour, hour, 0.2, 0.208, ""}, {hour, hour, std::nullopt, std::nullopt, "no data"}};
  report.metrics.push_back(with_days);
  core::MetricReport experiment = failed("experiment");
  experiment.ab_test = true;
  experiment.change->p_value = 0.0123;
  experiment.change->variance_reduction = core::VarianceReduction{hour, 0.43, -0.8, 0.9, 0.02, {60, 40}, {20, 13}};
  experiment.criteria[0].p_value = 0.04;
  experiment.criteria[0].p_correction = "holm";
  experiment.criteria[0].p_together = 3;
  report.metrics.push_back(experiment);
  return report;
}

}  // namespace

TEST_CASE("a report that is read back is written as it was") {
  for (const core::Report& report : {rich(), report_of({}, Verdict::inconclusive), report_of({failed()}, Verdict::fail),
                                     report_of({pending()}, Verdict::inconclusive)}) {
    const std::string text = gate::report::to_json(report);
    const auto back = read_report(text);
    REQUIRE(back.ok());
    CHECK(gate::report::to_json(*back) == text);
    CHECK(gate::report::to_markdown(*back) == gate::report::to_markdown(report));
  }
}

TEST_CASE("what is no report is refused, with the place") {
  const std::string good = gate::report::to_json(rich());
  const auto without = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  struct Case {
    std::string text;
    const char* words;
  };
  const std::vector<Case> cases = {
      {"", "parse error"},
      {"null", "no JSON object"},
      {"[" + std::string(100000, '['), "parse error"},
      {good.substr(0, good.size() / 2), "parse error"},
      {without("report/v1", "report/v2"), "its schema is not release-gate/report/v1"},
      {without("\"exit_code\": 0", "\"exit_code\": 256"), "exit_code is out of range"},
      {without("\"exit_code\": 0", "\"exit_code\": 18446744073709551615"), "exit_code is out of range"},
      {without("\"certainty\": \"at", "\"certainty\": \"At"), "certainty is not the end of the headline"},
      {without("\"deciding\": 1", "\"deciding\": 2"), "metrics[4].deciding names no criterion"},
      {without("\"part\": \"events\"", "\"part\": \"<b>\""), "queries[0].part is no plain word"},
      {without("\"rule\": \"burn_over\"", "\"rule\": 3"), "criteria[0].rule is no text"},
      {without("\"prometheus\"", "\"@all\""), "is no plain word"},
      {std::string(kMostReportBytes + 1, ' '), "reports have at most"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.words);
    const auto read = read_report(one.text);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == "RG3005");
    CHECK(read.error().message.find(one.words) != std::string::npos);
  }
}
