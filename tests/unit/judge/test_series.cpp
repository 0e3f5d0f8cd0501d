#include "judge/series.h"

#include <catch2/catch.hpp>

#include "gates.h"
#include "judge/judge.h"

using namespace gate::judge;
using namespace gate::judge::test;
namespace core = gate::core;
namespace config = gate::config;

TEST_CASE("Holm's adjusted p-values") {
  // R 4.2: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") = 0.03 0.06 0.06 0.02
  const std::vector<double> adjusted = holm({0.01, 0.04, 0.03, 0.005});
  CHECK(adjusted[0] == Approx(0.03));
  CHECK(adjusted[1] == Approx(0.06));
  CHECK(adjusted[2] == Approx(0.06));
  CHECK(adjusted[3] == Approx(0.02));
  CHECK(holm({0.6, 0.7}) == std::vector<double>{1.0, 1.0});
  CHECK(holm({}).empty());
}

TEST_CASE("Benjamini and Hochberg's adjusted p-values") {
  // R 4.2: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.2, 0.0001, 0.04), "BH")
  const std::vector<double> expected = {0.02333333333333333, 0.04666666666666667, 0.04666666666666667, 0.0175, 0.2, 0.0007,
                                        0.04666666666666667};
  const std::vector<double> adjusted = benjamini_hochberg({0.01, 0.04, 0.03, 0.005, 0.2, 0.0001, 0.04});
  REQUIRE(adjusted.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(adjusted[i] == Approx(expected[i]).epsilon(1e-12));
  CHECK(benjamini_hochberg({0.6, 0.7}) == std::vector<double>{0.7, 0.7});  // p.adjust(c(0.6, 0.7), "BH")
  CHECK(benjamini_hochberg({}).empty());
}

namespace {

config::Metric by_pod() {
  config::Metric metric = latency({criterion(config::Rule::increase_over, {bound("0%", 0.0, true)})});
  metric.each = "pod";
  return metric;
}

core::Measurement pod(const std::string& name, double after) {
  core::Measurement out = measured(after, 0.03);
  out.metric = "latency[pod=" + name + "]";
  out.parent = "latency";
  out.labels = {{"pod", name}};
  return out;
}

core::Report judged(const config::Metric& metric, const std::vector<core::Measurement>& all) {
  return judge(gate_of({metric}), all, at(60), {});
}

}  // namespace

TEST_CASE("what one series shows by chance, many do not prove") {
  const core::Report alone = judged(by_pod(), {pod("a", 0.308)});
  REQUIRE(alone.verdict == core::Verdict::fail);
  const double p = *alone.metrics[0].criteria[0].p_value;
  std::vector<core::Measurement> all = {pod("a", 0.308)};
  for (const char* name : {"b", "c", "d", "e"}) all.push_back(pod(name, 0.28));
  const core::Report many = judged(by_pod(), all);
  CHECK(many.metrics[0].criteria[0].p_value == Approx(5 * p));
  CHECK(many.metrics[0].criteria[0].outcome == core::Outcome::unproven);
  CHECK_FALSE(many.metrics[0].criteria[0].within);
  CHECK(many.metrics[0].verdict == core::Verdict::inconclusive);
  CHECK(many.metrics[0].next == "wait for more data");
  CHECK(many.verdict == core::Verdict::inconclusive);
  CHECK(many.exit_code == 3);
}

TEST_CASE("one series with proven harm fails a required metric") {
  const core::Report report = judged(by_pod(), {pod("a", 0.3), pod("b", 0.4), pod("c", 0.28)});
  CHECK(report.metrics[1].verdict == core::Verdict::fail);
  CHECK(report.metrics[1].title == "p99 latency [pod=b]");
  CHECK(report.verdict == core::Verdict::fail);
}

TEST_CASE("family = holm corrects over all promises of the required metrics") {
  config::Metric metric = latency({criterion(config::Rule::increase_over, {bound("0%", 0.0, true)})});
  std::vector<config::Metric> metrics;
  std::vector<core::Measurement> all;
  for (const char* id : {"a", "b", "c", "d", "e"}) {
    metric.id = id;
    metrics.push_back(metric);
    all.push_back(measured(metrics.size() == 1 ? 0.308 : 0.28, 0.03));
    all.back().metric = id;
  }
  config::Gate gate = gate_of(metrics);
  const core::Report each = judge(gate, all, at(60), {});
  CHECK(each.verdict == core::Verdict::fail);
  gate.family = config::Correction::holm;
  const core::Report together = judge(gate, all, at(60), {});
  CHECK(together.metrics[0].criteria[0].p_value == Approx(5 * *each.metrics[0].criteria[0].p_value));
  CHECK(together.metrics[0].verdict == core::Verdict::inconclusive);
  CHECK(together.metrics[0].criteria[0].reason.find("of 5 promises one may by chance") != std::string::npos);
  CHECK(together.metrics[0].notes.back() == "p-values are corrected for the 5 promises of the required metrics (Holm)");
  CHECK(together.metrics[1].verdict == core::Verdict::pass);
  // What is only told is asked of nobody, and needs no correction.
  for (std::size_t i = 1; i < gate.metrics.size(); ++i) gate.metrics[i].required = false;
  CHECK(judge(gate, all, at(60), {}).metrics[0].criteria[0].p_value == each.metrics[0].criteria[0].p_value);
}

TEST_CASE("family = holm takes every series of a required metric once") {
  config::Gate gate = gate_of({by_pod()});
  gate.family = config::Correction::holm;
  const core::Report alone = judged(by_pod(), {pod("a", 0.308)});
  const core::Report many = judge(gate, {pod("a", 0.308), pod("b", 0.28), pod("c", 0.28)}, at(60), {});
  CHECK(many.metrics[0].criteria[0].p_value == Approx(3 * *alone.metrics[0].criteria[0].p_value));
}

TEST_CASE("family = benjamini-hochberg: of many that got worse, more are told apart from chance") {
  config::Metric metric = latency({criterion(config::Rule::increase_over, {bound("0%", 0.0, true)})});
  std::vector<config::Metric> metrics;
  std::vector<core::Measurement> all;
  for (const char* id : {"a", "b", "c", "d", "e"}) {
    metric.id = id;
    metrics.push_back(metric);
    all.push_back(measured(metrics.size() <= 3 ? 0.3085 : 0.28, 0.03));
    all.back().metric = id;
  }
  config::Gate gate = gate_of(metrics);
  const double p = *judge(gate, all, at(60), {}).metrics[0].criteria[0].p_value;
  REQUIRE(3 * p > 0.05);
  REQUIRE(5.0 / 3.0 * p < 0.05);
  gate.family = config::Correction::holm;
  CHECK(judge(gate, all, at(60), {}).metrics[0].verdict == core::Verdict::inconclusive);
  gate.family = config::Correction::benjamini_hochberg;
  const core::Report report = judge(gate, all, at(60), {});
  CHECK(report.metrics[0].verdict == core::Verdict::fail);
  CHECK(*report.metrics[0].criteria[0].p_value == Approx(5.0 / 3.0 * p));
  CHECK(report.metrics[0].criteria[0].p_correction == "benjamini-hochberg");
  CHECK(report.metrics[0].criteria[0].p_together == 5);
  CHECK(report.metrics[0].notes.back() ==
        "p-values are corrected for the 5 promises of the required metrics (Benjamini–Hochberg)");
}

TEST_CASE("family = benjamini-hochberg holds for the series of metrics that are not required, too") {
  config::Metric metric = by_pod();
  metric.required = false;
  config::Gate gate = gate_of({metric});
  gate.family = config::Correction::benjamini_hochberg;
  const core::Report report = judge(gate, {pod("a", 0.308), pod("b", 0.308), pod("c", 0.28)}, at(60), {});
  CHECK(report.metrics[0].criteria[0].p_correction == "benjamini-hochberg");
  CHECK(report.metrics[0].notes.back() == "p-values are corrected for 3 series (Benjamini–Hochberg)");
}

TEST_CASE("a criterion that is not due stays so after the correction") {
  config::Metric metric = by_pod();
  metric.criteria.push_back(criterion(config::Rule::above, {bound("1ms", 0.001)}));
  metric.criteria[1].from = at(24 * 60);
  const core::Report report = judged(metric, {pod("a", 0.28), pod("b", 0.28)});
  CHECK(report.metrics[0].criteria[1].outcome == core::Outcome::not_evaluated);
  CHECK(report.verdict == core::Verdict::pass);
}

TEST_CASE("a series on one side only counts as on_new or on_gone says") {
  config::Metric metric = by_pod();
  core::Measurement fresh = pod("new", 0.3);
  fresh.baseline.present = false;
  core::Measurement lost = pod("lost", 0.3);
  lost.candidate.present = false;
  CHECK(judged(metric, {fresh}).metrics[0].verdict == core::Verdict::warn);
  metric.on_new = core::Verdict::fail;
  metric.on_gone = core::Verdict::pass;
  CHECK(judged(metric, {fresh}).metrics[0].verdict == core::Verdict::fail);
  CHECK(judged(metric, {lost}).metrics[0].verdict == core::Verdict::pass);
  CHECK(judged(metric, {lost}).metrics[0].brief == "gone");
}
