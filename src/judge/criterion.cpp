#include "judge/criterion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "judge/goals.h"
#include "judge/needs.h"
#include "judge/words.h"

namespace gate::judge {
namespace {

using config::Rule;
using core::Outcome;

/// One bound of a criterion on the change, judged.
struct BoundResult {
  Outcome outcome = Outcome::not_evaluated;
  stats::Harm harm;
  bool has_interval = false;
  std::optional<stats::Unusable> unusable;
  std::optional<double> needs_factor;
  double baseline_weight = 1.0;  ///< of the baseline's variance in the contrast
};

bool value_violates(const config::Criterion& criterion, const config::Bound& bound, double value) {
  switch (criterion.rule) {
    case Rule::above:
    case Rule::worse_than:
      return value > bound.value;
    case Rule::below:
      return value < bound.value;
    case Rule::equals:
      return value == bound.value;
    case Rule::goals:
      return criterion.goals.at(criterion.goal->number - 1).at_least ? value < bound.value : value > bound.value;
    case Rule::target:
      return std::abs(value - bound.value) > criterion.tolerance;
    default:
      return false;
  }
}

void judge_value(core::CriterionReport& out, const config::Metric& metric, const config::Criterion& criterion,
                 const Evidence& evidence) {
  const double value = *evidence.candidate_value;
  if (evidence.candidate_beyond != Beyond::nowhere)
    return judge_value_beyond(out, metric, criterion, {value, evidence.candidate_beyond});
  const bool violated = std::all_of(criterion.bounds.begin(), criterion.bounds.end(),
                                    [&](const config::Bound& bound) { return value_violates(criterion, bound, value); });
  out.outcome = violated ? Outcome::violated : Outcome::holds;
  out.observed = value;
  out.margin = criterion.bounds.front().value;
  out.reason = value_sentence(metric, criterion, value, out.outcome);
}

/// The contrast of a rule in one direction. "0 %" of anything is nothing, so that a baseline of zero can still be asked about
/// any change.
stats::Contrast contrast_of(const config::Bound& bound, stats::Direction direction, double sign) {
  const bool relative = bound.relative && bound.value != 0.0;
  return {direction, relative ? stats::MarginKind::relative : stats::MarginKind::absolute, sign * bound.value};
}

stats::Direction direction_of(const config::Metric& metric, Rule rule) {
  if (rule == Rule::decrease_over) return stats::Direction::decrease;
  if (rule == Rule::improve_by && metric.better == config::Better::higher) return stats::Direction::decrease;
  return stats::Direction::increase;
}

Outcome outcome_of(const stats::Harm& harm) {
  if (harm.interval.lower > 0.0) return Outcome::violated;
  return harm.interval.upper <= 0.0 ? Outcome::holds : Outcome::unproven;
}

BoundResult ask(const Comparison& comparison, const stats::Contrast& contrast, double confidence) {
  BoundResult out;
  const auto harm = comparison.harm(contrast, confidence);
  if (!harm) {
    out.unusable = harm.reason();
    return out;
  }
  out.harm = *harm;
  out.has_interval = true;
  out.outcome = outcome_of(*harm);
  out.needs_factor = comparison.needs_factor(contrast, confidence);
  const double factor = stats::baseline_factor(contrast);
  out.baseline_weight = factor * factor;
  return out;
}

/// Harm on either side at half the level each; safety when both sides are safe at the whole level (two one-sided tests).
BoundResult ask_both_ways(const Comparison& comparison, const config::Bound& bound, double confidence) {
  const double strict = 1.0 - (1.0 - confidence) / 2.0;
  BoundResult worst;
  bool safe = true;
  bool harmed = false;
  for (const stats::Direction direction : {stats::Direction::increase, stats::Direction::decrease}) {
    const stats::Contrast contrast = contrast_of(bound, direction, 1.0);
    const auto proof = comparison.harm(contrast, strict);
    BoundResult side = ask(comparison, contrast, confidence);
    if (side.unusable) return side;
    safe = safe && side.outcome == Outcome::holds;
    harmed = harmed || (proof && proof->interval.lower > 0.0);
    if (proof) side.harm.interval.lower = proof->interval.lower;
    if (proof) side.harm.detectable = proof->detectable;
    if (side.harm.point > 0.0) side.needs_factor = comparison.needs_factor(contrast, strict);
    side.harm.p_value = std::min(1.0, 2.0 * side.harm.p_value);
    if (!worst.has_interval || side.harm.point > worst.harm.point) worst = side;
  }
  worst.outcome = harmed ? Outcome::violated : safe ? Outcome::holds : Outcome::unproven;
  return worst;
}

/// Two bare numbers: the point decides. A share of a baseline that is not above zero has no meaning.
BoundResult ask_bare(const config::Metric& metric, const config::Criterion& criterion, const config::Bound& bound,
                     double baseline, double candidate) {
  BoundResult out;
  const bool relative = bound.relative && bound.value != 0.0;
  if (relative && baseline <= 0.0) {
    out.unusable = stats::Unusable::baseline_not_positive;
    return out;
  }
  const double margin = relative ? bound.value * baseline : bound.value;
  const double change = candidate - baseline;
  double harm = 0.0;
  switch (criterion.rule) {
    case Rule::decrease_over:
      harm = -change - margin;
      break;
    case Rule::change_over:
      harm = std::abs(change) - margin;
      break;
    case Rule::improve_by:
      harm = margin - (metric.better == config::Better::higher ? change : -change);
      break;
    default:
      harm = change - margin;
      break;
  }
  out.harm.point = harm;
  out.harm.margin_absolute = margin;
  out.outcome = harm > 0.0 ? Outcome::violated : Outcome::holds;
  return out;
}

BoundResult judge_bound(const config::Metric& metric, const config::Criterion& criterion, const config::Bound& bound,
                        const Evidence& evidence) {
  if (evidence.comparison == nullptr)
    return ask_bare(metric, criterion, bound, *evidence.baseline_value, *evidence.candidate_value);
  const double confidence = metric.rules.level();
  if (criterion.rule == Rule::change_over) return ask_both_ways(*evidence.comparison, bound, confidence);
  const double sign = criterion.rule == Rule::improve_by ? -1.0 : 1.0;
  return ask(*evidence.comparison, contrast_of(bound, direction_of(metric, criterion.rule), sign), confidence);
}

/// All bounds of a list must be exceeded: proven when every one is, safe when any one is.
Outcome together(const std::vector<BoundResult>& results) {
  const auto is = [](Outcome outcome) { return [outcome](const BoundResult& result) { return result.outcome == outcome; }; };
  if (std::any_of(results.begin(), results.end(), is(Outcome::holds))) return Outcome::holds;
  if (std::any_of(results.begin(), results.end(), is(Outcome::not_evaluated))) return Outcome::not_evaluated;
  return std::all_of(results.begin(), results.end(), is(Outcome::violated)) ? Outcome::violated : Outcome::unproven;
}

/// The bound that decides: of those that came out as all together did, the one whose harm is smallest.
std::size_t deciding(const std::vector<BoundResult>& results, Outcome outcome) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].outcome != outcome) continue;
    if (!best || results[i].harm.point < results[*best].harm.point) best = i;
  }
  return best.value_or(0);
}

ChangeWords words_for(const config::Metric& metric, const config::Bound& bound, const Evidence& evidence) {
  ChangeWords words;
  words.baseline = *evidence.baseline_value;
  words.candidate = *evidence.candidate_value;
  words.confidence = metric.rules.confidence;
  words.against = evidence.against;
  words.change = words.candidate - words.baseline;
  if (evidence.comparison != nullptr) {
    const stats::Change change = evidence.comparison->change();
    words.change = change.absolute;
    if (change.interval) words.interval = core::Range{change.interval->lower, change.interval->upper};
    if (bound.relative && change.relative) {
      words.scale = Scale::relative;
      words.change = *change.relative;
      words.interval.reset();
      if (change.relative_interval)
        words.interval = core::Range{change.relative_interval->lower, change.relative_interval->upper};
    }
  } else if (bound.relative && words.baseline > 0.0) {
    words.scale = Scale::relative;
    words.change /= words.baseline;
  }
  return words;
}

Needs needs_for(const BoundResult& result, const config::Metric& metric, const Evidence& evidence) {
  const stats::Change change = evidence.comparison->change();
  DataAtHand data;
  data.design = metric.compare.design;
  data.placebo = evidence.placebo;
  data.baseline = evidence.baseline_window;
  data.candidate = evidence.candidate_window;
  data.effective_baseline = change.effective_baseline;
  data.effective_candidate = change.effective_candidate;
  return needs_of(result.needs_factor, result.baseline_weight, data);
}

std::string_view after_violation(const config::Criterion& criterion) {
  return criterion.level == core::Level::fail ? "hold or roll back" : "no reason to stop; look into it";
}

void explain_change(core::CriterionReport& out, const config::Metric& metric, const config::Criterion& criterion,
                    const ChangeWords& words, const Needs& needs) {
  switch (out.outcome) {
    case Outcome::violated:
      out.reason = violated_change(metric, criterion, words);
      out.next = after_violation(criterion);
      break;
    case Outcome::holds:
      out.reason = holds_change(metric, criterion, words);
      break;
    case Outcome::unproven:
      out.reason = out.within ? unproven_within(metric, criterion, words) : unproven_beyond(metric, criterion, words);
      if (out.within) {
        out.next = needs.text.empty() ? "keep watching" : "keep watching; " + needs.text;
      } else {
        out.next = needs.text.empty() ? "wait for more data" : needs.text;
      }
      break;
    case Outcome::not_evaluated:
      break;
  }
}

void explain(core::CriterionReport& out, const config::Metric& metric, const config::Criterion& criterion,
             const ChangeWords& words, const Needs& needs, const Evidence& evidence) {
  if (evidence.baseline_beyond == Beyond::nowhere && evidence.candidate_beyond == Beyond::nowhere)
    return explain_change(out, metric, criterion, words, needs);
  explain_change_beyond(out, metric, {words.baseline, evidence.baseline_beyond}, {words.candidate, evidence.candidate_beyond});
  if (out.outcome == Outcome::violated) out.next = after_violation(criterion);
}

void cannot_evaluate(core::CriterionReport& out, const config::Metric& metric, const std::vector<BoundResult>& results) {
  const auto unusable =
      std::find_if(results.begin(), results.end(), [](const BoundResult& one) { return one.unusable.has_value(); });
  out.reason =
      fmt::format("{} cannot be judged against {}: {}.", metric.title, out.limit, stats::describe(*unusable->unusable));
  out.next = "give the limit as an amount in the metric's unit";
}

void judge_change(core::CriterionReport& out, const config::Metric& metric, const config::Criterion& criterion,
                  const Evidence& evidence) {
  std::vector<BoundResult> results;
  for (const config::Bound& bound : criterion.bounds) results.push_back(judge_bound(metric, criterion, bound, evidence));
  out.outcome = together(results);
  const std::size_t index = deciding(results, out.outcome);
  const BoundResult& result = results[index];
  const config::Bound& bound = criterion.bounds[index];
  const ChangeWords words = words_for(metric, bound, evidence);
  out.observed = words.change;
  out.relative = words.scale == Scale::relative;
  if (out.outcome == Outcome::not_evaluated) {
    cannot_evaluate(out, metric, results);
    return;
  }
  out.margin = std::abs(result.harm.margin_absolute);
  out.within = std::any_of(results.begin(), results.end(),
                           [](const BoundResult& one) { return !one.unusable && one.harm.point <= 0.0; });
  if (!result.has_interval) {
    out.reason = bare_change(metric, criterion, words);
    if (out.outcome != Outcome::violated) return;
    out.next = after_violation(criterion);
    // What has no window cannot be asked per step.
    if (evidence.candidate_window.count() > 0) out.next += "; ask per step to get an interval";
    return;
  }
  out.harm_interval = core::Range{result.harm.interval.lower, result.harm.interval.upper};
  // All bounds of a list must be exceeded, so the least certain of them gives the p-value (Berger's intersection–union test).
  out.p_value = 0.0;
  for (const BoundResult& one : results)
    if (!one.unusable) out.p_value = std::max(*out.p_value, one.harm.p_value);
  // "0 %" is asked as an absolute margin of 0, and still shown as a share.
  const bool as_share = bound.relative && bound.value == 0.0 && words.baseline > 0.0;
  const double detectable = result.harm.detectable / (as_share ? words.baseline : 1.0);
  if (std::isfinite(detectable)) out.detectable = detectable;
  Needs needs;
  if (out.outcome == Outcome::unproven) needs = needs_for(result, metric, evidence);
  out.needs_seconds = needs.seconds;
  explain(out, metric, criterion, words, needs, evidence);
}

}  // namespace

core::CriterionReport unjudged(const config::Metric& metric, const config::Criterion& criterion) {
  core::CriterionReport out;
  out.level = criterion.level;
  out.rule = config::name(criterion.rule);
  out.bound = criterion.text;
  out.limit = limit_text(metric, criterion);
  out.goal = criterion.goal;
  out.file = criterion.location.file;
  out.line = criterion.location.line;
  return out;
}

core::CriterionReport judge_criterion(const config::Metric& metric, const config::Criterion& criterion,
                                      const Evidence& evidence) {
  core::CriterionReport out = unjudged(metric, criterion);
  // Its time has not come, whatever is known by now.
  if (is_ahead(out)) return out;
  const bool change = config::is_change(criterion.rule);
  const core::Evidence basis = change ? evidence.both : evidence.candidate;
  if (basis != core::Evidence::enough) {
    out.reason = evidence.why_not;
    out.next = evidence.next;
  } else if (change) {
    judge_change(out, metric, criterion, evidence);
  } else {
    judge_value(out, metric, criterion, evidence);
    if (out.outcome == Outcome::violated) out.next = after_violation(criterion);
  }
  return out;
}

core::Verdict to_verdict(config::Fallback fallback) {
  switch (fallback) {
    case config::Fallback::inconclusive:
      return core::Verdict::inconclusive;
    case config::Fallback::fail:
      return core::Verdict::fail;
    case config::Fallback::warn:
      return core::Verdict::warn;
    case config::Fallback::pass:
      return core::Verdict::pass;
    case config::Fallback::skip:
      return core::Verdict::skipped;
  }
  return core::Verdict::inconclusive;
}

core::Verdict verdict_of(const core::CriterionReport& criterion, const config::VerdictRules& rules, core::Evidence evidence) {
  const bool fails = criterion.level == core::Level::fail;
  switch (criterion.outcome) {
    case Outcome::holds:
      return core::Verdict::pass;
    case Outcome::violated:
      return fails ? core::Verdict::fail : core::Verdict::warn;
    case Outcome::unproven:
      if (fails) return to_verdict(criterion.within ? rules.unproven_within : rules.unproven_beyond);
      return criterion.within ? core::Verdict::pass : core::Verdict::warn;
    case Outcome::not_evaluated:
      if (evidence == core::Evidence::error) return core::Verdict::error;
      return to_verdict(evidence == core::Evidence::pending ? rules.on_pending : rules.on_no_data);
  }
  return core::Verdict::inconclusive;
}

}  // namespace gate::judge
