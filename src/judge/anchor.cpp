#include "judge/anchor.h"

#include <fmt/format.h>

#include "judge/change_report.h"
#include "judge/releases.h"
#include "judge/words.h"

namespace gate::judge {
namespace {

/// Worst first: what a criterion makes of two references is the worse of what it makes of each.
int badness(const core::CriterionReport& criterion) {
  switch (criterion.outcome) {
    case core::Outcome::violated:
      return 4;
    case core::Outcome::not_evaluated:
      return 3;
    case core::Outcome::unproven:
      return criterion.within ? 1 : 2;
    case core::Outcome::holds:
      break;
  }
  return 0;
}

}  // namespace

std::optional<Anchor> anchor_of(const Evidence& evidence, const config::Metric& metric, const core::Measurement& measurement) {
  const auto& anchor = measurement.past.anchor;
  if (!has_releases(metric) || !anchor || !evidence.candidate_value) return std::nullopt;
  Anchor out{compare_anchor(metric, measurement.past, *evidence.candidate_value), evidence};
  out.evidence.comparison = out.made.comparison.get();
  out.evidence.baseline_value = anchor->value;
  out.evidence.against = anchor_text(*anchor);
  return out;
}

std::vector<bool> judge_criteria(core::MetricReport& out, const config::Metric& metric, const Evidence& evidence,
                                 const Anchor* anchor) {
  std::vector<bool> by_anchor;
  out.criteria.clear();
  for (const config::Criterion& criterion : metric.criteria) {
    out.criteria.push_back(judge_criterion(metric, criterion, evidence));
    by_anchor.push_back(false);
    if (anchor == nullptr || !config::is_change(criterion.rule)) continue;
    core::CriterionReport other = judge_criterion(metric, criterion, anchor->evidence);
    if (badness(other) <= badness(out.criteria.back())) continue;
    by_anchor.back() = true;
    if (other.outcome != core::Outcome::violated) other.reason += fmt::format(" Compared with {}.", anchor->evidence.against);
    out.criteria.back() = std::move(other);
  }
  return by_anchor;
}

void show_anchor(core::MetricReport& out, const config::Metric& metric, const Anchor& anchor) {
  const double value = *anchor.evidence.baseline_value;
  out.past->anchor_decides = true;
  out.baseline = anchor_side(*out.past->anchor);
  out.change = anchor.made.comparison ? change_report(anchor.made.comparison->change())
                                      : bare_change_report(value, *anchor.evidence.candidate_value, metric);
  out.change->effective_samples.reset();
  out.notes.push_back(fmt::format("{} decides: it was {} there", anchor.evidence.against, value_text(value, metric)));
}

}  // namespace gate::judge
