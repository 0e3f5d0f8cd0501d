#include <catch2/catch.hpp>
#include <string>

#include "convert/kayenta.h"

using namespace gate::convert;

namespace {

Converted converted(const std::string& json) {
  auto result = convert_kayenta(json);
  REQUIRE(result);
  return std::move(result).value();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string with_metric(const std::string& metric, const std::string& rest = "") {
  return R"({"name": "checkout", "metrics": [)" + metric + "]" + rest + "}";
}

const std::string kMetric = R"({"name": "CPU", "groups": ["system"], "query": {"type": "prometheus", "metricName": "cpu",
  "labelBindings": ["job=\"a\"", "mode=~\"user|system\""], "customInlineTemplate": "instance=~\"${scope}.*\""},
  "analysisConfigurations": {"canary": {"direction": "increase", "critical": true, "nanStrategy": "replace", "mustHaveData": true,
  "effectSize": {"measure": "cles", "allowedIncrease": 0.6, "criticalIncrease": "0.9"},
  "outliers": {"strategy": "remove", "outlierFactor": 2.5}}}})";

}  // namespace

TEST_CASE("convert kayenta: a metric of Prometheus with all its rules") {
  const Converted out = converted(with_metric(kMetric));
  CHECK(out.metrics == 1);
  CHECK(has(out.toml, R"([metrics.cpu]
title    = "CPU"
category = "system"
source   = "prometheus"
query    = 'avg(cpu{instance=~"{{scope}}.*",job="a",mode=~"user|system"})'
required = true
weight   = 100

[metrics.cpu.kayenta]
direction = "increase"
nan = "replace"
critical = true
must_have_data = true
effect_size = "cles"
allowed_increase = 0.6
critical_increase = 0.9
outliers = "remove"
outlier_factor = 2.5
)"));
  CHECK(has(out.toml, R"(scope = { env = "CANDIDATE_SCOPE", default = "candidate" })"));
  CHECK(has(out.toml, R"(scope = { env = "BASELINE_SCOPE", default = "baseline" })"));
  CHECK(has(out.toml, "method    = \"kayenta\""));
}

TEST_CASE("convert kayenta: a whole PromQL expression, from a template and escaped; its groups are its own") {
  const Converted out = converted(with_metric(
      R"({"name": "errors", "groups": [], "query": {"type": "prometheus", "customFilterTemplate": "t", "groupByFields": ["pod", "zone"]}})",
      R"json(, "templates": {"t": "PromQL: sum(rate(errors{app=\"$\\{scope}\"}[1m]))"})json"));
  CHECK(has(out.toml, "query    = 'sum(rate(errors{app=\"{{scope}}\"}[1m]))'\n"));
  CHECK_FALSE(has(out.toml, "each  "));
}

TEST_CASE("convert kayenta: groups of a metric are series of their own") {
  const Converted out = converted(with_metric(
      R"({"name": "cpu", "query": {"type": "prometheus", "metricName": "cpu", "groupByFields": ["pod", "zone"]}})"));
  CHECK(has(out.toml, "query    = \"avg(cpu) by (pod, zone)\"\neach     = \"pod\"\n"));
  CHECK(has(out.toml, "grouped by 2 labels"));
  CHECK(has(out.toml, "filters by the scope of a machine group"));
}

TEST_CASE("convert kayenta: Datadog, and types that no source of ours has") {
  const Converted out = converted(
      R"({"name": "a", "metrics": [{"name": "latency", "query": {"type": "datadog", "metricName": "avg:trace.latency"}},
          {"name": "latency", "query": {"type": "atlas", "q": "name,cpu,:eq"}}]})");
  CHECK(out.metrics == 1);
  CHECK(has(out.toml, "query    = \"avg:trace.latency{{{scope}}}\""));
  CHECK(has(out.toml, "[sources.datadog]"));
  CHECK_FALSE(has(out.toml, "[sources.prometheus]"));
  CHECK(
      has(out.toml, R"(# - latency: there is no source of type atlas; its question was {"q":"name,cpu,:eq","type":"atlas"})"));
}

TEST_CASE("convert kayenta: weights are the groups', muted metrics are shown alone") {
  const std::string rest = R"(, "query": {"type": "prometheus", "customInlineTemplate": "PromQL:x"}})";
  const Converted out = converted(
      R"({"name": "w", "metrics": [{"name": "a", "groups": ["g"])" + rest + R"(, {"name": "b", "groups": ["g", "h"])" + rest +
      R"(, {"name": "c", "groups": ["h"], "analysisConfigurations": {"canary": {"muted": true}})" + rest +
      R"(], "classifier": {"groupWeights": {"g": 60.0}, "scoreThresholds": {"pass": 95, "marginal": 75}}})");
  CHECK(has(out.toml,
            "[metrics.a]\ntitle    = \"a\"\ncategory = \"g\"\nsource   = \"prometheus\"\nquery    = \"x\"\nrequired = "
            "false\nweight   = 30\n"));
  CHECK(has(out.toml, "category = \"g\"\nsource   = \"prometheus\"\nquery    = \"x\"\nrequired = false\nweight   = 70\n"));
  CHECK(has(out.toml, "query    = \"x\"\njudge    = false\n"));
  CHECK(has(out.toml, "pass_score = 95"));
  CHECK(has(out.toml, "from 75 (marginal)"));
}

TEST_CASE("convert kayenta: a request for an analysis holds its config") {
  CHECK(converted(R"({"canaryConfig": )" + with_metric(kMetric) + R"(, "executionRequest": {}})").metrics == 1);
}

TEST_CASE("convert kayenta: names that clash, and texts that would break out") {
  const std::string rest = R"(", "query": {"type": "prometheus", "customInlineTemplate": "PromQL:x ${a-b}"}})";
  const Converted out =
      converted(R"({"name": "n\"\n[verdict]\nconfidence = 0.51", "metrics": [{"name": "A b)" + rest + R"(, {"name": "a B)" +
                rest + R"(, {"name": "x'\"\n[release]" , "query": {"type": "graphite\n[release]"}}]})");
  CHECK(has(out.toml, "[metrics.a_b]"));
  CHECK(has(out.toml, "[metrics.a_b_2]"));
  CHECK_FALSE(has(out.toml, "\n[verdict]"));
  CHECK(out.toml.find("\n[release]") == out.toml.rfind("\n[release]"));
  CHECK(has(out.toml, "query    = \"x ${a-b}\""));
  CHECK(has(out.toml, "${a-b} cannot be a variable's name"));
}

TEST_CASE("convert kayenta: what is no canary config") {
  for (const char* text : {"", "nonsense", "[]", "{}", R"({"metrics": {}})", R"({"metrics": []})", R"({"canaryConfig": 1})"}) {
    const auto result = convert_kayenta(text);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == "RG0013");
  }
  const Converted odd = converted(R"({"name": 7, "metrics": [1, {"name": [], "groups": "x", "query": 5}], "classifier": []})");
  CHECK(odd.metrics == 0);
  CHECK(odd.left_out.size() >= 2);
}
