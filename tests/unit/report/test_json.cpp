#include "report/json.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "reports.h"

using namespace gate::report;
using namespace gate::report::test;
namespace core = gate::core;
using Json = nlohmann::ordered_json;
using core::Verdict;

namespace {

Json parsed(const core::Report& report) {
  return Json::parse(to_json(report));
}

}  // namespace

TEST_CASE("numbers are finite or null") {
  core::Report report = report_of({failed()}, Verdict::fail);
  core::MetricReport& metric = report.metrics[0];
  metric.baseline->value = std::nan("");
  metric.change->interval = core::Range{-std::numeric_limits<double>::infinity(), 0.5};
  metric.criteria[0].detectable = std::numeric_limits<double>::infinity();
  metric.candidate_series.values[0] = std::nan("");
  const Json json = parsed(report)["metrics"][0];
  CHECK(json["baseline"]["value"].is_null());
  CHECK(json["change"]["interval"] == Json::array({nullptr, 0.5}));
  CHECK(json["criteria"][0]["detectable"].is_null());
  CHECK(json["series"]["candidate"][0][1].is_null());
  CHECK(json["series"]["candidate"][0][0] == 1773749340);
}

TEST_CASE("times are UTC, and the headline is whole") {
  const Json json = parsed(report_of({failed()}, Verdict::fail));
  CHECK(json["started_at"] == "2026-03-17T12:50:00Z");
  CHECK(json["finished_at"] == "2026-03-17T12:50:00.310Z");
  CHECK(json["duration_ms"] == 310);
  CHECK(json["headline"] == "p99 latency +31 % (limit +10 %), at least +24 % at 95 %");
  CHECK(json["metrics"][0]["baseline"]["window"] == Json{{"start", "2026-03-17T11:34:00Z"}, {"end", "2026-03-17T12:04:00Z"}});
  CHECK(json["release"]["deployed_at"].is_null());
}

TEST_CASE("keys stand in the order of the contract") {
  const Json json = parsed(report_of({failed()}, Verdict::fail));
  std::string order;
  for (const auto& [key, value] : json["metrics"][0]["criteria"][0].items()) order += key + " ";
  CHECK(order ==
        "level rule bound limit observed margin harm_interval p_value detectable needs_seconds outcome within relative reason "
        "next file line ");
}

TEST_CASE("text that is not UTF-8 does not break the report") {
  core::Report report = report_of({failed()}, Verdict::fail);
  report.metrics[0].title = "bad \xff byte";
  CHECK(parsed(report)["metrics"][0]["title"] == "bad \uFFFD byte");
}

TEST_CASE("the same report gives the same bytes") {
  const core::Report report = report_of({failed(), broken(), pending()}, Verdict::fail);
  CHECK(to_json(report) == to_json(report));
  CHECK(to_json(report).ends_with("}\n"));
}
