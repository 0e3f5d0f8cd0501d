#include "reports.h"

#include <chrono>

namespace gate::report::test {
namespace {

using core::Verdict;

core::Time at(int minutes) {
  return core::Time(std::chrono::seconds(1773749040)) + std::chrono::minutes(minutes);  // 2026-03-17T12:04:00Z
}

core::Samples steps(int first_minute, double value) {
  core::Samples out;
  for (int i = 0; i < 8; ++i) {
    out.times.push_back(at(first_minute + i));
    out.values.push_back(value);
  }
  return out;
}

}  // namespace

core::MetricReport failed(const std::string& id) {
  core::MetricReport metric;
  metric.id = id;
  metric.title = "p99 " + id;
  metric.source = "prom";
  metric.source_type = "prometheus";
  metric.kind = "samples";
  metric.unit = {"s", "time", 1.0};
  metric.better = "lower";
  metric.required = true;
  metric.verdict = Verdict::fail;
  metric.evidence = core::Evidence::enough;
  metric.baseline = core::Side{0.312, 120, 0, core::Window{at(-30), at(0)}};
  metric.candidate = core::Side{0.409, 100, 2, core::Window{at(5), at(30)}};
  core::ChangeReport change;
  change.absolute = 0.097;
  change.relative = 0.31;
  change.interval = core::Range{0.0765, 0.1189};
  change.relative_interval = core::Range{0.245, 0.381};
  change.method = "mean-long-run-variance";
  change.effective_samples = {61.0, 58.0};
  metric.change = change;
  core::CriterionReport criterion;
  criterion.rule = "increase_over";
  criterion.bound = "10%";
  criterion.limit = "+10 %";
  criterion.observed = 0.31;
  criterion.margin = 0.0312;
  criterion.harm_interval = core::Range{0.0453, 0.0877};
  criterion.p_value = 0.0001;
  criterion.outcome = core::Outcome::violated;
  criterion.within = false;
  criterion.relative = true;
  criterion.reason = "p99 latency got worse since the release.";
  criterion.next = "hold or roll back";
  criterion.file = "gate.toml";
  criterion.line = 23;
  metric.criteria.push_back(criterion);
  metric.deciding = 0;
  metric.headline = criterion.reason;
  metric.next = criterion.next;
  metric.baseline_series = steps(-30, 0.312);
  metric.candidate_series = steps(5, 0.409);
  metric.queries = {{"value", "baseline", "latency"}, {"value", "candidate", "latency"}};
  metric.graph_url = "https://prom/graph?q=1";
  metric.file = "gate.toml";
  metric.line = 20;
  return metric;
}

core::MetricReport with_verdict(Verdict verdict, const std::string& id) {
  core::MetricReport metric = failed(id);
  metric.verdict = verdict;
  if (verdict == Verdict::pass) metric.criteria[0].outcome = core::Outcome::holds;
  if (verdict == Verdict::warn || verdict == Verdict::inconclusive) metric.criteria[0].outcome = core::Outcome::unproven;
  if (verdict == Verdict::warn) metric.criteria[0].within = true;
  return metric;
}

core::MetricReport broken(const std::string& id) {
  core::MetricReport metric = failed(id);
  metric.verdict = Verdict::error;
  metric.evidence = core::Evidence::error;
  metric.baseline.reset();
  metric.candidate.reset();
  metric.change.reset();
  metric.baseline_series = {};
  metric.candidate_series = {};
  metric.criteria[0].outcome = core::Outcome::not_evaluated;
  metric.error = core::Error{"RG1101", "pagerduty: 401 Unauthorized", "renew PAGERDUTY_TOKEN", {"GET https://api"}, {}};
  metric.headline = "Could not ask pagerduty: 401 Unauthorized. Says nothing about the release.";
  metric.brief = "pagerduty: 401 Unauthorized";
  metric.next = "renew PAGERDUTY_TOKEN; run again";
  return metric;
}

core::MetricReport pending(const std::string& id) {
  core::MetricReport metric = broken(id);
  metric.verdict = Verdict::inconclusive;
  metric.evidence = core::Evidence::pending;
  metric.error.reset();
  metric.due = at(60 * 24 * 7);
  metric.headline = "Not due: the window ends 24 Mar 12:04 UTC.";
  metric.brief = "due 24 Mar 12:04 UTC";
  metric.next = R"(run again then, or on_pending = "skip")";
  return metric;
}

core::Report report_of(std::vector<core::MetricReport> metrics, Verdict verdict) {
  core::Report report;
  report.tool_version = "0.1.0";
  report.gate_name = "checkout-api";
  report.gate_file = "gate.toml";
  report.release_version = "1.42.0";
  report.verdict = verdict;
  report.exit_code = 1;
  report.headline = "p99 latency +31 % (limit +10 %)";
  report.certainty = "at least +24 % at 95 %";
  report.next = "hold or roll back";
  report.now = at(46);
  report.started_at = at(46);
  report.finished_at = at(46) + std::chrono::milliseconds(310);
  report.duration = std::chrono::milliseconds(310);
  report.metrics = std::move(metrics);
  return report;
}

}  // namespace gate::report::test
