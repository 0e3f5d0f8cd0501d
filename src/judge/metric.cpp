// One metric: how much evidence there is, its criteria, its verdict, and the sentence that says why.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "core/text.h"
#include "judge/anchor.h"
#include "judge/change_report.h"
#include "judge/comparison.h"
#include "judge/course.h"
#include "judge/criterion.h"
#include "judge/evidence.h"
#include "judge/goals.h"
#include "judge/grouping.h"
#include "judge/judge.h"
#include "judge/kayenta.h"
#include "judge/placebo.h"
#include "judge/quantile.h"
#include "judge/reasons.h"
#include "judge/releases.h"
#include "judge/settle.h"
#include "judge/slo.h"
#include "judge/split.h"
#include "judge/status.h"
#include "judge/words.h"
#include "judge/zeros.h"

namespace gate::judge {
namespace {

core::Evidence worse(core::Evidence a, core::Evidence b) {
  return std::max(a, b);
}

core::Side side_report(const config::Metric& metric, const core::SideMeasurement& side) {
  core::Side out;
  out.value = estimate(metric, side);
  if (metric.kind == config::Kind::histogram) {
    const auto found = bucket_quantile(metric, side);
    if (found && found->at_least) out.at_least = found->value;
    if (found && found->at_most) out.at_most = found->value;
  }
  out.samples = sample_count(metric, side);
  out.dropped = side.dropped;
  out.window = side.window;
  out.at = side.at;
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
  out.file = metric.location.file;
  out.line = metric.location.line;
  out.requests = measurement.requests;
  out.queries = measurement.queries;
  out.graph_url = measurement.graph_url;
  out.findings = measurement.findings;
  out.findings_change = measurement.findings_change;
  out.notes = measurement.notes;
  out.baseline_series = {measurement.baseline.shown.times, measurement.baseline.shown.values, 0};
  if (has_releases(metric)) out.baseline_series = releases_series(measurement.past);
  out.candidate_series = {measurement.candidate.shown.times, measurement.candidate.shown.values, 0};
  return out;
}

/// Every criterion not evaluated, for the same reason; the verdict that follows.
void leave_unjudged(core::MetricReport& out, const config::Metric& metric, core::Evidence evidence, const Reason& reason) {
  out.evidence = evidence;
  out.headline = reason.sentence;
  out.brief = reason.brief;
  out.next = reason.next;
  for (const config::Criterion& criterion : metric.criteria) {
    core::CriterionReport one = unjudged(metric, criterion);
    one.reason = reason.sentence;
    one.next = reason.next;
    if (evidence == core::Evidence::pending) one.due = out.due;
    out.criteria.push_back(std::move(one));
  }
  if (!out.criteria.empty()) out.deciding = 0;
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

/// What a new series can be held to without a baseline: a limit on its value that it violates beats on_new.
void hold_to_values(core::MetricReport& out, const Looked& candidate) {
  const config::Metric& metric = candidate.metric;
  const SideEvidence worth = evidence_of(candidate);
  if (worth.evidence != core::Evidence::enough) return;
  Evidence evidence;
  evidence.candidate = core::Evidence::enough;
  evidence.candidate_value = out.candidate->value;
  for (std::size_t i = 0; i < metric.criteria.size(); ++i) {
    const config::Criterion& criterion = metric.criteria[i];
    if (config::is_change(criterion.rule) || (criterion.from && candidate.now < *criterion.from)) continue;
    out.criteria[i] = judge_criterion(metric, criterion, evidence);
    if (out.criteria[i].outcome != core::Outcome::violated) continue;
    const core::Verdict verdict = verdict_of(out.criteria[i], metric.rules, evidence.candidate);
    if (verdict < out.verdict) continue;
    out.verdict = verdict;
    out.deciding = i;
    out.headline = out.criteria[i].reason;
    out.next = out.criteria[i].next;
  }
}

void one_sided(core::MetricReport& out, const config::Metric& metric, bool gone) {
  Reason reason{"This series is new: the baseline does not have it.", "new series", "judge it by hand, or set on_new"};
  if (gone) reason = {"This series is gone: the baseline has it, the candidate does not.", "gone", "find out, or set on_gone"};
  leave_unjudged(out, metric, core::Evidence::none, reason);
  out.verdict = gone ? metric.on_gone : metric.on_new;
}

/// The value of a side, or the edge of the buckets that it lies beyond.
std::pair<std::optional<double>, Beyond> reached(const core::Side& side) {
  if (side.at_least) return {side.at_least, Beyond::above};
  if (side.at_most) return {side.at_most, Beyond::below};
  return {side.value, Beyond::nowhere};
}

/// Fewer groups than their dependence can be learnt from, or fewer independent values than the estimand takes.
void find_thin(core::MetricReport& out, Evidence& evidence, const config::Metric& metric, const core::Measurement& measurement,
               const stats::Change& change) {
  if (evidence.both != core::Evidence::enough) return;
  if (FewGroups few = few_groups(metric, measurement); !few.why.empty()) {
    evidence.both = core::Evidence::thin;
    evidence.next = "widen the windows";
    evidence.why_not = std::move(few.why);
    out.brief = std::move(few.brief);
    return;
  }
  const double effective = std::min(change.effective_baseline, change.effective_candidate);
  const double least = least_independent(metric);
  const bool counts = metric.kind == config::Kind::samples || metric.kind == config::Kind::histogram;
  if (!counts || effective >= least) return;
  evidence.both = core::Evidence::thin;
  evidence.next = "widen the windows";
  out.brief = fmt::format("worth {} samples", core::format_number(effective, 2));
  evidence.why_not = fmt::format("Too little: the samples hang together so much that they are worth {} independent ones.",
                                 core::format_number(effective, 2));
  if (!config::is_quantile(metric)) return;
  evidence.why_not =
      fmt::format("Too little: the samples are worth {} independent ones, and this quantile needs {}, five of them beyond it.",
                  core::format_number(effective, 3), fmt::format("{:.0f}", std::ceil(least - 1e-9)));
}

/// What the sides are worth but for the comparison; `out.brief` says what is missing.
Evidence weigh_sides(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement,
                     core::Time now) {
  Evidence evidence;
  const SideEvidence candidate = evidence_of({metric, measurement, measurement.candidate, "candidate", now});
  SideEvidence baseline;
  if (has_releases(metric)) {
    baseline = releases_evidence(metric, measurement.past);
    evidence.against = releases_text(measurement.past);
  } else if (measurement.has_baseline) {
    baseline = evidence_of({metric, measurement, measurement.baseline, "baseline", now});
  }
  if (const auto mismatch = split_mismatch(metric, measurement); mismatch && baseline.evidence == core::Evidence::enough)
    baseline = *mismatch;
  if (out.placebo && baseline.evidence == core::Evidence::enough) {
    baseline = placebo_evidence(metric, measurement, *out.placebo);
    evidence.against = placebo_text(*out.placebo);
    evidence.placebo = true;
  }
  evidence.candidate = candidate.evidence;
  evidence.both = worse(candidate.evidence, baseline.evidence);
  const SideEvidence& lacking = candidate.evidence == evidence.both ? candidate : baseline;
  evidence.why_not = lacking.why;
  evidence.next = lacking.next;
  out.brief = lacking.brief;
  if (out.baseline) std::tie(evidence.baseline_value, evidence.baseline_beyond) = reached(*out.baseline);
  std::tie(evidence.candidate_value, evidence.candidate_beyond) = reached(*out.candidate);
  if (measurement.candidate.window) evidence.candidate_window = measurement.candidate.window->length();
  if (measurement.baseline.window) evidence.baseline_window = measurement.baseline.window->length();
  return evidence;
}

/// The change between the sides, and what too little independence or an unusable side makes of the evidence.
MadeComparison compare_sides(core::MetricReport& out, Evidence& evidence, const config::Metric& metric,
                             const core::Measurement& measurement) {
  MadeComparison made;
  if (!evidence.baseline_value || !evidence.candidate_value) return made;
  // Without enough earlier days nothing takes their place.
  if (out.placebo && evidence.both != core::Evidence::enough) return made;
  made = make_comparison(metric, measurement);
  if (made.unusable) {
    evidence.both = core::Evidence::none;
    evidence.why_not = fmt::format("{} cannot be compared: {}.", metric.title, stats::describe(*made.unusable));
    evidence.next = out.placebo ? "give the limits as amounts in the metric's unit" : "look at the numbers, and at the query";
    if (made.unusable == stats::Unusable::beyond_buckets)
      evidence.next = more_buckets({*evidence.candidate_value, evidence.candidate_beyond}, metric);
    out.brief = "not comparable";
    return made;
  }
  if (!made.comparison) {
    out.change = bare_change_report(*evidence.baseline_value, *evidence.candidate_value, metric);
    return made;
  }
  evidence.comparison = made.comparison.get();
  const stats::Change change = made.comparison->change();
  // From or to beyond the buckets there is no number for the change.
  const bool is_known = evidence.baseline_beyond == Beyond::nowhere && evidence.candidate_beyond == Beyond::nowhere;
  if (is_known) show_change(out, metric, measurement, *made.comparison);
  if (change.covariate) {  // the sides as they would be had their users done the same before
    out.baseline->value = evidence.baseline_value = change.baseline;
    out.candidate->value = evidence.candidate_value = change.candidate;
  }
  if (has_releases(metric) || measurement.placebo) {  // neither releases nor days are samples of one another's traffic
    if (out.change) out.change->effective_samples.reset();
    return made;
  }
  for (std::string& note : change_notes(metric, measurement, change)) out.notes.push_back(std::move(note));
  find_thin(out, evidence, metric, measurement, change);
  return made;
}

/// Harm that was proven before the data stopped stands; safety does not: nobody knows what came after.
void distrust_silence(core::MetricReport& out, Evidence& evidence, const config::Metric& metric,
                      const core::Measurement& measurement, core::Time now) {
  const SideEvidence silence = silence_of({metric, measurement, measurement.candidate, "candidate", now});
  if (silence.evidence == core::Evidence::enough || evidence.candidate != core::Evidence::enough) return;
  for (const core::CriterionReport& one : out.criteria)
    if (one.outcome == core::Outcome::violated) return;
  evidence.candidate = core::Evidence::thin;
  evidence.both = worse(evidence.both, core::Evidence::thin);
  evidence.why_not = silence.why;
  evidence.next = silence.next;
  out.brief = silence.brief;
}

/// The baseline is what the days before lead to expect.
void show_placebo(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement, core::Time now) {
  out.placebo = placebo_report(metric, measurement, now);
  if (out.candidate->value) fill_expected(*out.placebo, metric, *out.candidate->value);
  if (out.placebo->expected) out.baseline->value = out.placebo->expected;
  for (std::string& note : placebo_notes(metric, measurement, *out.placebo, now)) out.notes.push_back(std::move(note));
}

void judge_evidence(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement,
                    core::Time now) {
  if (measurement.placebo) show_placebo(out, metric, measurement, now);
  Evidence evidence = weigh_sides(out, metric, measurement, now);
  const MadeComparison made = compare_sides(out, evidence, metric, measurement);
  const std::optional<Anchor> anchor = anchor_of(evidence, metric, measurement);
  std::vector<bool> by_anchor = judge_criteria(out, metric, evidence, anchor ? &*anchor : nullptr);
  const core::Evidence before = evidence.candidate;
  distrust_silence(out, evidence, metric, measurement, now);
  if (evidence.candidate != before) by_anchor = judge_criteria(out, metric, evidence, nullptr);
  out.candidate_evidence = evidence.candidate;
  const bool both_matter = measurement.has_baseline && (compares(metric) || metric.criteria.empty());
  out.evidence = both_matter ? evidence.both : evidence.candidate;
  settle(out, metric, now);
  if (out.deciding && by_anchor[*out.deciding]) show_anchor(out, metric, *anchor);
  const std::string course = course_of(metric, measurement);
  if (course.empty()) return;
  out.notes.push_back(course);
  if (out.verdict > core::Verdict::pass && !out.next.empty()) out.next += "; " + course;
}

/// The goals that a pending metric waits for say so themselves.
void say_goals(core::MetricReport& out, const config::Metric& metric, core::Time now) {
  bool told = false;
  for (core::CriterionReport& criterion : out.criteria) {
    if (!is_ahead(criterion)) continue;
    say_ahead(criterion, metric, now);
    if (!std::exchange(told, true)) out.headline = criterion.reason;
  }
}

/// Pending, or an error: nothing can be judged. True when that is so.
bool cannot_be_judged(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement,
                      core::Time now) {
  if (measurement.pending) {
    leave_unjudged(out, metric, core::Evidence::pending, not_due(measurement, now));
    say_goals(out, metric, now);
    return true;
  }
  if (measurement.error) {
    out.error = measurement.error;
    leave_unjudged(out, metric, core::Evidence::error, not_asked(metric, measurement));
    return true;
  }
  const bool one_side =
      !measurement.parent.empty() && measurement.has_baseline && measurement.baseline.present != measurement.candidate.present;
  if (one_side) one_sided(out, metric, measurement.baseline.present);
  if (one_side && !measurement.baseline.present) {
    const Looked candidate{metric, measurement, measurement.candidate, "candidate", now};
    hold_to_values(out, candidate);
    out.candidate_evidence = evidence_of(candidate).evidence;
  }
  return one_side;
}

/// Where nothing but earlier releases is missing, on_few_releases says what that counts as.
bool lacks_releases_alone(const config::Metric& metric, const core::Measurement& measurement) {
  if (!has_releases(metric) || !metric.rules.on_few_releases || !estimate(metric, measurement.candidate)) return false;
  return releases_evidence(metric, measurement.past).evidence != core::Evidence::enough;
}

core::MetricReport judge_as_it_stands(const config::Metric& metric, const core::Measurement& measurement, core::Time now) {
  core::MetricReport out = identity(metric, measurement);
  if (measurement.left_out || measurement.for_others) {
    out.left_out = true;
    const std::string why = measurement.left_out_why.empty() ? "left out by --only or --stage" : measurement.left_out_why;
    out.notes.push_back(measurement.left_out ? "not asked: " + why
                                             : "left out by --only or --stage, and asked because a formula needs it");
    return out;
  }
  if (has_releases(metric)) {
    out.past = measurement.past;
    out.baseline = releases_side(measurement.past);
    for (std::string& note : releases_notes(measurement.past, measurement.candidate)) out.notes.push_back(std::move(note));
  } else if (measurement.has_baseline) {
    out.baseline = side_report(metric, measurement.baseline);
  }
  out.candidate = side_report(metric, measurement.candidate);
  say_zeros(out, metric, measurement);
  if (!cannot_be_judged(out, metric, measurement, now)) {
    if (metric.kind == config::Kind::slo) {
      judge_slo(out, metric, measurement, now);
      out.candidate_evidence = out.evidence;
    } else if (metric.kind == config::Kind::status) {
      judge_status(out, metric, measurement, now);
    } else if (metric.kayenta) {
      judge_kayenta(out, metric, measurement, now);
      out.candidate_evidence = out.evidence;
    } else {
      judge_evidence(out, metric, measurement, now);
    }
  }
  note_next_goals(out, metric, now);
  if (!metric.judged) {
    out.verdict = core::Verdict::skipped;
    out.notes.emplace_back("judge = false: shown, not judged");
  }
  return out;
}

}  // namespace

core::MetricReport judge_metric(const config::Metric& metric, const core::Measurement& measurement, core::Time now) {
  if (!lacks_releases_alone(metric, measurement) && measurement.goals.empty())
    return judge_as_it_stands(metric, measurement, now);
  config::Metric as_it_stands = with_goals(metric, measurement);
  if (lacks_releases_alone(metric, measurement)) as_it_stands.rules.on_no_data = *metric.rules.on_few_releases;
  return judge_as_it_stands(as_it_stands, measurement, now);
}

}  // namespace gate::judge
