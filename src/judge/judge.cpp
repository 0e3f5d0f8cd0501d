// The gate: metrics to one verdict, its exit code and its headline.
#include "judge/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/unit.h"
#include "judge/categories.h"
#include "judge/derived.h"
#include "judge/headline.h"
#include "judge/series.h"

namespace gate::judge {
namespace {

using core::Verdict;

constexpr int kInternalError = 5;

bool is_guest(const config::Gate& gate, const core::MetricReport& report) {
  return gate.find_metric(report.parent.empty() ? report.id : report.parent)->is_guest;
}

/// The worst of the gate's own metrics; those of guests can only make it worse.
Verdict gate_verdict(const config::Gate& gate, const std::vector<core::MetricReport>& metrics) {
  std::vector<const core::MetricReport*> own;
  std::vector<const core::MetricReport*> guests;
  for (const core::MetricReport& metric : metrics) (is_guest(gate, metric) ? guests : own).push_back(&metric);
  const Verdict worst = worst_of(own);
  const Verdict verdict = std::max(worst == Verdict::skipped ? Verdict::inconclusive : worst, worst_of(guests));
  const bool is_guest_unwell = std::any_of(guests.begin(), guests.end(),
                                           [](const core::MetricReport* metric) { return metric->verdict > Verdict::pass; });
  return verdict == Verdict::pass && is_guest_unwell ? Verdict::warn : verdict;
}

std::optional<double> score_of(const std::vector<core::MetricReport>& metrics) {
  double reached = 0.0;
  double possible = 0.0;
  for (const core::MetricReport& metric : metrics) {
    if (metric.verdict == Verdict::skipped) continue;
    possible += metric.weight;
    if (metric.verdict == Verdict::pass) reached += metric.weight;
    if (metric.verdict == Verdict::warn) reached += metric.weight / 2.0;
  }
  if (possible <= 0.0) return std::nullopt;
  return 100.0 * reached / possible;
}

void apply_score(const config::Gate& gate, core::Report& report) {
  if (!gate.pass_score) return;
  report.score = score_of(report.metrics);
  if (!report.score || *report.score >= *gate.pass_score || report.verdict == Verdict::fail) return;
  report.verdict = Verdict::fail;
  report.certainty.clear();
  report.closest.clear();
  report.next = "hold or roll back";
  report.headline = fmt::format("score {} of 100 is below pass_score = {}", core::format_number(*report.score),
                                core::format_number(*gate.pass_score));
}

/// A bug while one metric was asked beats every verdict; the others are still reported.
bool has_bug(const core::Report& report) {
  return std::any_of(report.metrics.begin(), report.metrics.end(),
                     [](const core::MetricReport& metric) { return metric.error && metric.error->code == "RG9001"; });
}

}  // namespace

int exit_code(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
    case Verdict::warn:
      return 0;
    case Verdict::fail:
      return 1;
    case Verdict::error:
      return 4;
    case Verdict::inconclusive:
    case Verdict::skipped:
      return 3;
  }
  return 3;
}

std::vector<core::MetricReport> judge_metrics(const config::Gate& gate, const std::vector<core::Measurement>& measurements,
                                              core::Time now) {
  std::vector<core::MetricReport> out;
  Derived derived;
  for (const core::Measurement& measurement : measurements) {
    const config::Metric* metric = gate.find_metric(measurement.parent.empty() ? measurement.metric : measurement.parent);
    if (metric->kind == config::Kind::derived) {
      out.push_back(judge_metric(*metric, derive(gate, *metric, measurement, measurements, now, derived), now));
      continue;
    }
    if (measurement.labels.empty()) {
      out.push_back(judge_metric(*metric, measurement, now));
      continue;
    }
    config::Metric titled = *metric;
    for (const auto& [name, value] : measurement.labels) titled.title += fmt::format(" [{}={}]", name, value);
    out.push_back(judge_metric(titled, measurement, now));
  }
  for (core::MetricReport& metric : out) {
    if (const config::SourceConfig* source = gate.find_source(metric.source)) metric.source_type = source->type;
  }
  for (const config::Metric& metric : gate.metrics) {
    const bool in_family = gate.family != config::Correction::none && metric.required && !metric.is_guest;
    if (!metric.each.empty() && !in_family) correct_for_series(out, metric, gate.family, now);
  }
  if (gate.family != config::Correction::none) correct_for_family(out, gate, now);
  return out;
}

core::Report conclude(const config::Gate& gate, std::vector<core::MetricReport> metrics, const Ending& ending) {
  core::Report report;
  report.metrics = std::move(metrics);
  report.verdict = gate_verdict(gate, report.metrics);
  report.categories = categories_of(report.metrics);
  write_headline(gate, report);
  apply_score(gate, report);
  report.exit_code = has_bug(report) ? kInternalError : exit_code(report.verdict);
  if (report.exit_code != kInternalError && (ending.exit_zero || ending.override_)) {
    report.would_exit = report.exit_code;
    report.exit_code = 0;
    report.override_ = ending.override_;
  }
  if (ending.signal) {
    report.exit_code = 128 + *ending.signal;
    report.notes.push_back(fmt::format("interrupted by signal {}: this is what was known", *ending.signal));
  }
  return report;
}

core::Report judge(const config::Gate& gate, const std::vector<core::Measurement>& measurements, core::Time now,
                   const Ending& ending) {
  return conclude(gate, judge_metrics(gate, measurements, now), ending);
}

}  // namespace gate::judge
