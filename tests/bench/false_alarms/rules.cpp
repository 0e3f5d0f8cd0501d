#include "rules.h"

#include <algorithm>

#include "judge/comparison.h"
#include "judge/quantile.h"
#include "peers.h"
#include "stats/ratio.h"

namespace gate::bench {
namespace {

constexpr double kConfidence = 0.95;
constexpr stats::Contrast kAnyIncrease{stats::Direction::increase, stats::MarginKind::absolute, 0.0};

template <typename Comparison>
void count_claims(Tally& tally, const Comparison& comparison, const stats::Contrast& contrast) {
  ++tally.asked;
  const auto harm = comparison.harm(contrast, kConfidence);
  if (!harm) return;
  if (harm->interval.lower > 0.0) ++tally.harm;
  if (harm->interval.upper <= 0.0) ++tally.safe;
}

/// Only quantiles are held to a number of independent values that such windows may fall short of.
bool is_too_little(const config::Metric& metric, const judge::Comparison& comparison) {
  if (!config::is_quantile(metric)) return false;
  const stats::Change change = comparison.change();
  return std::min(change.effective_baseline, change.effective_candidate) < judge::least_independent(metric);
}

void ask_gate(Tally& at_zero, Tally& at_margin, const config::Metric& metric, const Draw& draw, double change) {
  const judge::MadeComparison made = judge::make_comparison(metric, draw.measurement);
  if (!made.comparison) {
    ++at_zero.asked;
    return;
  }
  if (is_too_little(metric, *made.comparison)) {  // as the gate refuses it
    ++at_zero.asked;
    if (change > 0.0) ++at_margin.asked;
    return;
  }
  count_claims(at_zero, *made.comparison, kAnyIncrease);
  if (change > 0.0)
    count_claims(at_margin, *made.comparison, {stats::Direction::increase, stats::MarginKind::relative, change});
}

double level(const Plain& side) {
  return side.total > 0.0 ? side.events / side.total : mean(side.points);
}

void ask_newcombe(Tally& tally, const Plain& b, const Plain& c) {
  const auto made = stats::RatioComparison::prepare({{&b.events, 1}, {&b.total, 1}}, {{&c.events, 1}, {&c.total, 1}},
                                                    stats::RatioMethod::newcombe, stats::DispersionRule::none, kConfidence);
  if (made) count_claims(tally, *made, kAnyIncrease);
}

/// The rules that look each minute: claimed at any of them is claimed.
void ask_each_minute(Tallies& tallies, Points before, const Plain& candidate) {
  const Points after(candidate.points);
  HighMinutes thresholds;
  bool are_too_high = false;
  bool is_worse = false;
  std::size_t start = 0;
  for (const std::size_t end : candidate.minutes) {
    if (end > start) are_too_high = thresholds.add(mean(before), after.subspan(start, end - start));
    if (end >= kLeastPoints && !is_worse) is_worse = mann_whitney_claims(before, after.first(end));
    start = end;
  }
  tallies.count(Rule::minutes, are_too_high);
  tallies.count(Rule::each_minute, is_worse);
}

}  // namespace

void Tallies::add(const Tallies& other) {
  for (std::size_t i = 0; i < kRules; ++i) {
    rules[i].asked += other.rules[i].asked;
    rules[i].harm += other.rules[i].harm;
    rules[i].safe += other.rules[i].safe;
  }
}

void ask_rules(Tallies& tallies, const Scenario& scenario, const Draw& draw, double change) {
  ask_gate(tallies.of(Rule::ours), tallies.of(Rule::at_margin), scenario.metric, draw, change);
  if (scenario.metric.kind == config::Kind::samples && !config::is_quantile(scenario.metric)) {
    config::Metric ranked = scenario.metric;
    ranked.method = config::Method::rank;
    ask_gate(tallies.of(Rule::ranked), tallies.of(Rule::ranked_at_margin), ranked, draw, change);
  }
  const Points before(draw.baseline.points);
  const Points after(draw.candidate.points);
  if (before.size() > 1) {
    const bool is_worse = mann_whitney_claims(before, after);
    tallies.count(Rule::welch, welch_claims(before, after));
    tallies.count(Rule::mann_whitney, is_worse);
    tallies.count(Rule::kayenta, is_worse && kayenta_claims(before, after));
  }
  if (!draw.candidate.minutes.empty()) ask_each_minute(tallies, before, draw.candidate);
  if (scenario.metric.kind == config::Kind::ratio) ask_newcombe(tallies.of(Rule::newcombe), draw.baseline, draw.candidate);
  if (before.empty() && draw.baseline.total == 0.0) return;
  tallies.count(Rule::means, is_high(level(draw.baseline), level(draw.candidate)));
}

}  // namespace gate::bench
