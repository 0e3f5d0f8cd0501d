// The gate: metrics to one verdict, its exit code and its headline.
#include "judge/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "judge/criterion.h"
#include "judge/words.h"

namespace gate::judge {
namespace {

using core::Verdict;

/// p-values of one criterion over the series of one metric, adjusted by Holm's step-down method (Scandinavian Journal of
/// Statistics 6:65, 1979).
std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size(), 1.0);
  double highest = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    highest = std::max(highest, std::min(1.0, p_values[order[rank]] * static_cast<double>(order.size() - rank)));
    adjusted[order[rank]] = highest;
  }
  return adjusted;
}

void settle_again(core::MetricReport& report, const config::Metric& metric) {
  report.verdict = Verdict::skipped;
  for (const core::CriterionReport& criterion : report.criteria) {
    const Verdict verdict = verdict_of(criterion, metric.rules, report.evidence);
    if (verdict <= report.verdict) continue;
    report.verdict = verdict;
    report.headline = criterion.reason;
    report.next = criterion.next;
  }
}

/// Harm in one of many series is proven only when it stands the correction for having looked at all of them; safety needs none.
void correct_for_series(std::vector<core::MetricReport>& metrics, const config::Metric& metric) {
  std::vector<core::MetricReport*> series;
  for (core::MetricReport& report : metrics) {
    if (report.parent == metric.id && report.evidence == core::Evidence::enough) series.push_back(&report);
  }
  if (series.size() < 2) return;
  for (std::size_t k = 0; k < metric.criteria.size(); ++k) {
    std::vector<core::CriterionReport*> judged;
    std::vector<double> p_values;
    for (core::MetricReport* report : series) {
      if (!report->criteria[k].p_value) continue;
      judged.push_back(&report->criteria[k]);
      p_values.push_back(*report->criteria[k].p_value);
    }
    const std::vector<double> adjusted = holm(p_values);
    for (std::size_t i = 0; i < judged.size(); ++i) {
      judged[i]->p_value = adjusted[i];
      if (judged[i]->outcome != core::Outcome::violated || adjusted[i] < 1.0 - metric.rules.confidence) continue;
      judged[i]->outcome = core::Outcome::unproven;
      judged[i]->within = false;
      judged[i]->reason += fmt::format(" Not proven once corrected for looking at {} series (Holm: p = {}).", judged.size(),
                                       core::format_number(adjusted[i], 2));
    }
  }
  for (core::MetricReport* report : series) {
    settle_again(*report, metric);
    if (!metric.judged) report->verdict = Verdict::skipped;
    report->notes.push_back(fmt::format("p-values are corrected for {} series (Holm)", series.size()));
  }
}

Verdict gate_verdict(const std::vector<core::MetricReport>& metrics) {
  Verdict worst = Verdict::skipped;
  bool optional_trouble = false;
  for (const core::MetricReport& metric : metrics) {
    if (metric.verdict == Verdict::skipped) continue;
    if (metric.required) {
      worst = std::max(worst, metric.verdict);
    } else {
      optional_trouble = optional_trouble || metric.verdict > Verdict::pass;
    }
  }
  if (worst == Verdict::skipped) return Verdict::inconclusive;
  return worst == Verdict::pass && optional_trouble ? Verdict::warn : worst;
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

/// The metric that the headline speaks of: the first required one with the gate's verdict, else any.
const core::MetricReport* deciding_metric(const core::Report& report) {
  const core::MetricReport* found = nullptr;
  for (const core::MetricReport& metric : report.metrics) {
    const bool matches =
        metric.verdict == report.verdict || (report.verdict == Verdict::warn && metric.verdict > Verdict::pass);
    if (!matches) continue;
    if (metric.required) return &metric;
    if (found == nullptr) found = &metric;
  }
  return found;
}

/// "p99 latency +31 % (limit +10 %), at least +24 % at 95 %", or the reason in words.
std::string short_reason(const config::Gate& gate, const core::MetricReport& report) {
  const config::Metric* metric = gate.find_metric(report.parent.empty() ? report.id : report.parent);
  const core::CriterionReport* decisive = nullptr;
  for (const core::CriterionReport& criterion : report.criteria) {
    if (criterion.reason == report.headline) decisive = &criterion;
  }
  if (metric == nullptr || decisive == nullptr || !decisive->observed || !report.candidate || !report.candidate->value)
    return report.headline;
  const auto written = std::find_if(metric->criteria.begin(), metric->criteria.end(), [&](const config::Criterion& criterion) {
    return criterion.location.line == decisive->line && criterion.text == decisive->bound && criterion.level == decisive->level;
  });
  if (written == metric->criteria.end()) return report.headline;
  if (!decisive->margin || !report.change || !decisive->harm_interval) {
    return fmt::format("{} {} ({})", report.title, value_text(*report.candidate->value, *metric), limit_text(*written));
  }
  const Scale scale = decisive->relative ? Scale::relative : Scale::absolute;
  std::string out =
      fmt::format("{} {} ({})", report.title, change_text(*decisive->observed, scale, *metric), limit_text(*written));
  const auto& interval = decisive->relative ? report.change->relative_interval : report.change->interval;
  if (decisive->outcome == core::Outcome::violated && interval && written->rule != config::Rule::improve_by) {
    const bool falls =
        written->rule == config::Rule::decrease_over || (written->rule == config::Rule::change_over && *decisive->observed < 0);
    out += fmt::format(", at least {} at {}",
                       change_text(falls ? interval->upper : interval->lower, scale, *metric,
                                   falls ? core::Rounding::up : core::Rounding::down),
                       percent_text(metric->rules.confidence));
  }
  if (decisive->outcome == core::Outcome::unproven)
    out += decisive->within ? " is inside, not proven" : " looks worse, not proven";
  return out;
}

std::string headline_of(const config::Gate& gate, const core::Report& report) {
  std::size_t judged = 0;
  for (const core::MetricReport& metric : report.metrics) judged += metric.verdict != Verdict::skipped ? 1 : 0;
  if (report.verdict == Verdict::pass) {
    return judged == 1 ? "the one metric is shown to be within its limits"
                       : fmt::format("all {} metrics shown to be within their limits", judged);
  }
  const core::MetricReport* metric = deciding_metric(report);
  if (metric == nullptr) return judged == 0 ? "no metric was judged" : "no required metric was judged";
  if (metric->evidence == core::Evidence::error && metric->error)
    return fmt::format("{} could not be asked: {}", metric->title, metric->error->message);
  if (metric->evidence == core::Evidence::pending && metric->due)
    return fmt::format("{} is due {}", metric->title, core::format_time(*metric->due));
  return short_reason(gate, *metric);
}

void apply_score(const config::Gate& gate, core::Report& report) {
  if (!gate.pass_score) return;
  report.score = score_of(report.metrics);
  if (!report.score || *report.score >= *gate.pass_score || report.verdict == Verdict::fail) return;
  report.verdict = Verdict::fail;
  report.headline = fmt::format("score {} of 100 is below pass_score = {}", core::format_number(*report.score),
                                core::format_number(*gate.pass_score));
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

core::Report judge(const config::Gate& gate, const std::vector<core::Measurement>& measurements, core::Time now,
                   const Ending& ending) {
  core::Report report;
  for (const core::Measurement& measurement : measurements) {
    const config::Metric* metric = gate.find_metric(measurement.parent.empty() ? measurement.metric : measurement.parent);
    if (measurement.labels.empty()) {
      report.metrics.push_back(judge_metric(*metric, measurement, now));
      continue;
    }
    config::Metric titled = *metric;
    for (const auto& [name, value] : measurement.labels) titled.title += fmt::format(" [{}={}]", name, value);
    report.metrics.push_back(judge_metric(titled, measurement, now));
  }
  for (core::MetricReport& metric : report.metrics) {
    if (const config::SourceConfig* source = gate.find_source(metric.source)) metric.source_type = source->type;
  }
  for (const config::Metric& metric : gate.metrics) {
    if (!metric.each.empty()) correct_for_series(report.metrics, metric);
  }
  report.verdict = gate_verdict(report.metrics);
  report.headline = headline_of(gate, report);
  apply_score(gate, report);
  report.exit_code = exit_code(report.verdict);
  if (ending.exit_zero || ending.override_) {
    report.would_exit = report.exit_code;
    report.exit_code = 0;
    report.override_ = ending.override_;
  }
  if (ending.signal) report.exit_code = 128 + *ending.signal;
  return report;
}

}  // namespace gate::judge
