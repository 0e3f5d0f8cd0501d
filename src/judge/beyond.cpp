#include "judge/beyond.h"

#include <fmt/format.h>

#include <algorithm>

#include "judge/words.h"

namespace gate::judge {
namespace {

using config::Rule;
using core::Outcome;

const Reached& farther(const Reached& baseline, const Reached& candidate) {
  return candidate.beyond == Beyond::nowhere ? baseline : candidate;
}

}  // namespace

std::string reached_text(const Reached& reached, const config::Metric& metric) {
  const std::string value = value_text(reached.value, metric);
  if (reached.beyond == Beyond::above) return "≥ " + value;
  return reached.beyond == Beyond::below ? "≤ " + value : value;
}

std::string more_buckets(const Reached& beyond, const config::Metric& metric) {
  return fmt::format("add buckets {} {}", beyond.beyond == Beyond::below ? "below" : "above", value_text(beyond.value, metric));
}

std::optional<bool> violates_beyond(const config::Criterion& criterion, const config::Bound& bound, const Reached& candidate) {
  const bool is_above = candidate.beyond == Beyond::above;
  // A value beyond the highest edge is above every bound up to it; of greater bounds nothing is known.
  const bool clears = is_above ? candidate.value >= bound.value : candidate.value <= bound.value;
  if (!clears) return std::nullopt;
  if (criterion.rule == Rule::above) return is_above;
  if (criterion.rule == Rule::below) return is_above ? std::optional(false) : std::nullopt;
  return std::nullopt;
}

void judge_value_beyond(core::CriterionReport& out, const config::Metric& metric, const config::Criterion& criterion,
                        const Reached& candidate) {
  bool all_violated = true;
  bool any_holds = false;
  for (const config::Bound& bound : criterion.bounds) {
    const auto violated = violates_beyond(criterion, bound, candidate);
    all_violated = all_violated && violated == true;
    any_holds = any_holds || violated == false;
  }
  out.outcome = all_violated ? Outcome::violated : any_holds ? Outcome::holds : Outcome::not_evaluated;
  out.margin = criterion.bounds.front().value;
  out.reason = fmt::format("{} is {}, beyond its buckets; the limit is {}.", metric.title, reached_text(candidate, metric),
                           plain_limit(limit_text(metric, criterion)));
  if (out.outcome == Outcome::not_evaluated) out.next = more_buckets(candidate, metric);
}

void explain_change_beyond(core::CriterionReport& out, const config::Metric& metric, const Reached& baseline,
                           const Reached& candidate) {
  out.observed.reset();
  out.relative = false;
  const std::string values = fmt::format("{} → {}", reached_text(baseline, metric), reached_text(candidate, metric));
  const Reached& far = farther(baseline, candidate);
  switch (out.outcome) {
    case Outcome::violated:
      out.reason = fmt::format("{} changed by more than its limit: {} (limit {}); how far its buckets do not say.",
                               metric.title, values, out.limit);
      break;
    case Outcome::holds:
      out.reason = fmt::format("{}: {}; {} sure it is inside its limit ({}).", metric.title, values,
                               percent_text(metric.rules.confidence), out.limit);
      break;
    case Outcome::unproven:
    case Outcome::not_evaluated:
      out.reason = fmt::format("Not proven: {} went {} (limit {}), beyond its buckets.", metric.title, values, out.limit);
      out.next = more_buckets(far, metric);
      break;
  }
}

}  // namespace gate::judge
