// One metric: how much evidence there is, its criteria, its verdict, and the sentence that says why.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "judge/comparison.h"
#include "judge/criterion.h"
#include "judge/judge.h"
#include "judge/words.h"

namespace gate::judge {
namespace {

constexpr double kLeastEffective = 3.0;

std::size_t sample_count(const config::Metric& metric, const core::SideMeasurement& side) {
  if (side.rows) return *side.rows;
  if (metric.kind == config::Kind::value) return side.value ? 1 : 0;
  return std::max(side.samples.values.size(), side.counts.events.size());
}

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// How much one side is worth on its own, and why it is not enough.
struct SideEvidence {
  core::Evidence evidence = core::Evidence::enough;
  std::string why;
};

std::string window_text(const core::SideMeasurement& side) {
  if (!side.window) return "the snapshot";
  return fmt::format("{}–{} UTC", core::format_clock(side.window->start), core::format_clock(side.window->end));
}

SideEvidence evidence_of(const config::Metric& metric, const core::SideMeasurement& side, std::string_view name) {
  if (!estimate(metric, side)) {
    const std::string lost =
        side.dropped > 0 ? fmt::format(" ({} points or slices were unusable)", side.dropped) : std::string();
    return {core::Evidence::none, fmt::format("{} answered, without one usable point of the {} in {}{}.", metric.source, name,
                                              window_text(side), lost)};
  }
  const std::size_t samples = sample_count(metric, side);
  if (metric.kind == config::Kind::samples && samples < metric.min_samples) {
    return {core::Evidence::thin,
            fmt::format("Too little: {} of at least {} samples in the {}.", samples, metric.min_samples, name)};
  }
  const double events = metric.kind == config::Kind::ratio ? sum(side.counts.totals) : sum(side.counts.events);
  const bool counted = metric.kind == config::Kind::ratio || metric.kind == config::Kind::count;
  if (counted && events < metric.min_events) {
    return {core::Evidence::thin, fmt::format("Too little: {} of at least {} events in the {}.", core::format_number(events),
                                              core::format_number(metric.min_events), name)};
  }
  return {};
}

core::Evidence worse(core::Evidence a, core::Evidence b) {
  return std::max(a, b);
}

core::Side side_report(const config::Metric& metric, const core::SideMeasurement& side) {
  core::Side out;
  out.value = estimate(metric, side);
  out.samples = sample_count(metric, side);
  out.dropped = side.dropped;
  out.window = side.window;
  return out;
}

std::optional<core::Range> range_of(const std::optional<stats::Interval>& interval) {
  if (!interval) return std::nullopt;
  return core::Range{interval->lower, interval->upper};
}

core::ChangeReport change_report(const stats::Change& change) {
  core::ChangeReport out;
  out.absolute = change.absolute;
  out.relative = change.relative;
  out.interval = range_of(change.interval);
  out.relative_interval = range_of(change.relative_interval);
  out.interval_level = change.level;
  out.method = change.method;
  out.effective_samples = std::pair(change.effective_baseline, change.effective_candidate);
  return out;
}

core::ChangeReport bare_change_report(double baseline, double candidate, double confidence) {
  core::ChangeReport out;
  out.absolute = candidate - baseline;
  if (baseline > 0.0) out.relative = out.absolute / baseline;
  out.interval_level = 2.0 * confidence - 1.0;
  out.method = "two numbers";
  return out;
}

core::MetricReport identity(const config::Metric& metric, const core::Measurement& measurement) {
  core::MetricReport out;
  out.id = measurement.metric;
  out.parent = measurement.parent;
  out.labels = measurement.labels;
  out.title = metric.title;
  out.category = metric.category;
  out.source = metric.source;
  out.kind = config::name(metric.kind);
  out.unit = metric.unit;
  out.better = config::name(metric.better);
  out.required = metric.required;
  out.weight = metric.weight;
  out.due = measurement.due;
  out.link = metric.link;
  out.line = metric.location.line;
  out.requests = measurement.requests;
  out.queries = measurement.queries;
  out.graph_url = measurement.graph_url;
  out.notes = measurement.notes;
  out.baseline_series = {measurement.baseline.shown.times, measurement.baseline.shown.values, 0};
  out.candidate_series = {measurement.candidate.shown.times, measurement.candidate.shown.values, 0};
  return out;
}

core::CriterionReport unjudged(const config::Criterion& criterion, const std::string& reason, const std::string& next) {
  core::CriterionReport out;
  out.level = criterion.level;
  out.rule = config::name(criterion.rule);
  out.bound = criterion.text;
  out.line = criterion.location.line;
  out.reason = reason;
  out.next = next;
  return out;
}

/// Every criterion not evaluated, for the same reason; the verdict that follows.
void leave_unjudged(core::MetricReport& out, const config::Metric& metric, core::Evidence evidence, const std::string& reason,
                    const std::string& next) {
  out.evidence = evidence;
  out.headline = reason;
  out.next = next;
  for (const config::Criterion& criterion : metric.criteria) out.criteria.push_back(unjudged(criterion, reason, next));
  if (evidence == core::Evidence::error) {
    out.verdict = core::Verdict::error;
  } else if (evidence == core::Evidence::pending) {
    out.verdict = to_verdict(metric.rules.on_pending);
  } else {
    out.verdict = to_verdict(metric.rules.on_no_data);
  }
}

bool compares(const config::Metric& metric) {
  return std::any_of(metric.criteria.begin(), metric.criteria.end(),
                     [](const config::Criterion& criterion) { return config::is_change(criterion.rule); });
}

/// The criterion that decides: the first of the worst verdict.
void settle(core::MetricReport& out, const config::Metric& metric, core::Time now) {
  out.verdict = core::Verdict::skipped;
  const core::CriterionReport* decisive = nullptr;
  for (std::size_t i = 0; i < out.criteria.size(); ++i) {
    const auto& from = metric.criteria[i].from;
    if (from && now < *from) {
      out.criteria[i] = unjudged(metric.criteria[i], fmt::format("Not judged before {}.", core::format_time(*from)), "");
      continue;
    }
    const core::Verdict verdict = verdict_of(out.criteria[i], metric.rules, out.evidence);
    if (verdict > out.verdict || decisive == nullptr) {
      out.verdict = std::max(verdict, out.verdict);
      decisive = &out.criteria[i];
    }
  }
  if (decisive != nullptr) {
    out.headline = decisive->reason;
    out.next = decisive->next;
  } else {
    out.notes.emplace_back("no bound applies: shown, not judged");
  }
}

void one_sided(core::MetricReport& out, const config::Metric& metric, bool gone) {
  const std::string reason = gone ? "This series is gone: the baseline has it, the candidate does not."
                                  : "This series is new: the baseline does not have it.";
  leave_unjudged(out, metric, core::Evidence::none, reason, "");
  out.verdict = gone ? metric.on_gone : metric.on_new;
}

/// The reports of both sides, and the evidence that criteria are judged by but for the comparison.
Evidence weigh_sides(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement,
                     core::Time now) {
  const SideEvidence candidate = evidence_of(metric, measurement.candidate, "candidate");
  const SideEvidence baseline =
      measurement.has_baseline ? evidence_of(metric, measurement.baseline, "baseline") : SideEvidence{};
  Evidence evidence;
  evidence.now = now;
  evidence.candidate = candidate.evidence;
  evidence.both = measurement.has_baseline ? worse(candidate.evidence, baseline.evidence) : candidate.evidence;
  evidence.why_not = candidate.evidence != core::Evidence::enough ? candidate.why : baseline.why;
  evidence.next = evidence.both == core::Evidence::none
                      ? "check the labels of the query, and that the metric exists in that window"
                      : "wait for more data, or lower the minimum";
  evidence.baseline_value = out.baseline ? out.baseline->value : std::nullopt;
  evidence.candidate_value = out.candidate->value;
  if (measurement.candidate.window) evidence.window = measurement.candidate.window->length();
  if (measurement.baseline.window) evidence.window = std::max(evidence.window, measurement.baseline.window->length());
  return evidence;
}

/// The change between the sides, and what too little independence or an unusable side makes of the evidence.
MadeComparison compare_sides(core::MetricReport& out, Evidence& evidence, const config::Metric& metric,
                             const core::Measurement& measurement) {
  MadeComparison made;
  if (!evidence.baseline_value || !evidence.candidate_value) return made;
  made = make_comparison(metric, measurement);
  if (made.unusable) {
    evidence.both = core::Evidence::none;
    evidence.why_not = fmt::format("{} cannot be compared: {}.", metric.title, stats::describe(*made.unusable));
    return made;
  }
  if (!made.comparison) {
    out.change = bare_change_report(*evidence.baseline_value, *evidence.candidate_value, metric.rules.confidence);
    return made;
  }
  evidence.comparison = made.comparison.get();
  const stats::Change change = made.comparison->change();
  out.change = change_report(change);
  const double effective = std::min(change.effective_baseline, change.effective_candidate);
  if (metric.kind == config::Kind::samples && effective < kLeastEffective && evidence.both == core::Evidence::enough) {
    evidence.both = core::Evidence::thin;
    evidence.why_not = fmt::format("Too little: the samples hang together so much that they are worth {} independent ones.",
                                   core::format_number(effective, 2));
    evidence.next = "a longer window gives more";
  }
  return made;
}

void judge_evidence(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement,
                    core::Time now) {
  Evidence evidence = weigh_sides(out, metric, measurement, now);
  const MadeComparison made = compare_sides(out, evidence, metric, measurement);
  const bool both_matter = measurement.has_baseline && (compares(metric) || metric.criteria.empty());
  out.evidence = both_matter ? evidence.both : evidence.candidate;
  for (const config::Criterion& criterion : metric.criteria)
    out.criteria.push_back(judge_criterion(metric, criterion, evidence));
  settle(out, metric, now);
}

/// Pending, or an error: nothing can be judged. True when that is so.
bool cannot_be_judged(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement) {
  if (measurement.pending) {
    const std::string due = measurement.due ? core::format_time(*measurement.due) : "later";
    leave_unjudged(out, metric, core::Evidence::pending, fmt::format("Not due: the data of its window are there at {}.", due),
                   "run again then, or on_pending = \"skip\"");
    return true;
  }
  if (measurement.error) {
    out.error = measurement.error;
    leave_unjudged(out, metric, core::Evidence::error,
                   fmt::format("Could not ask {}: {}", metric.source, measurement.error->message), measurement.error->hint);
    return true;
  }
  const bool one_side =
      !measurement.parent.empty() && measurement.has_baseline && measurement.baseline.present != measurement.candidate.present;
  if (one_side) one_sided(out, metric, measurement.baseline.present);
  return one_side;
}

}  // namespace

core::MetricReport judge_metric(const config::Metric& metric, const core::Measurement& measurement, core::Time now) {
  core::MetricReport out = identity(metric, measurement);
  if (measurement.left_out) {
    out.notes.emplace_back("not asked: left out by --only or --stage");
    return out;
  }
  if (measurement.has_baseline) out.baseline = side_report(metric, measurement.baseline);
  out.candidate = side_report(metric, measurement.candidate);
  if (!cannot_be_judged(out, metric, measurement)) judge_evidence(out, metric, measurement, now);
  if (!metric.judged) {
    out.verdict = core::Verdict::skipped;
    out.notes.emplace_back("judge = false: shown, not judged");
  }
  return out;
}

}  // namespace gate::judge
