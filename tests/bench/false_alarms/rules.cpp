#include "rules.h"

#include <algorithm>
#include <numeric>

#include "judge/comparison.h"
#include "judge/quantile.h"
#include "stats/mean.h"
#include "stats/rank.h"
#include "stats/ratio.h"

namespace gate::bench {
namespace {

constexpr double kConfidence = 0.95;
constexpr double kSimpleLimit = 1.1;

template <typename Comparison>
void count(Tally& tally, const Comparison& comparison, const stats::Contrast& contrast) {
  ++tally.asked;
  const auto harm = comparison.harm(contrast, kConfidence);
  if (!harm) return;
  if (harm->interval.lower > 0.0) ++tally.harm;
  if (harm->interval.upper <= 0.0) ++tally.safe;
}

template <typename Comparison>
void count_change(Tally& tally, const Comparison& comparison) {
  count(tally, comparison, {stats::Direction::increase, stats::MarginKind::absolute, 0.0});
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
  count_change(at_zero, *made.comparison);
  if (change > 0.0) count(at_margin, *made.comparison, {stats::Direction::increase, stats::MarginKind::relative, change});
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double level(const Plain& side) {
  return side.total > 0.0 ? side.events / side.total : mean(side.points);
}

void ask_newcombe(Tally& tally, const Draw& draw) {
  const auto& [b, c] = std::pair(draw.baseline, draw.candidate);
  const auto made = stats::RatioComparison::prepare({{&b.events, 1}, {&b.total, 1}}, {{&c.events, 1}, {&c.total, 1}},
                                                    stats::RatioMethod::newcombe, stats::DispersionRule::none, kConfidence);
  if (made) count_change(tally, *made);
}

void add(Tally& sum, const Tally& other) {
  sum.asked += other.asked;
  sum.harm += other.harm;
  sum.safe += other.safe;
}

}  // namespace

void Tallies::add(const Tallies& other) {
  bench::add(ours, other.ours);
  bench::add(at_margin, other.at_margin);
  bench::add(ours_ranked, other.ours_ranked);
  bench::add(ranked_at_margin, other.ranked_at_margin);
  bench::add(welch, other.welch);
  bench::add(newcombe, other.newcombe);
  bench::add(mann_whitney, other.mann_whitney);
  bench::add(means, other.means);
}

void ask_rules(Tallies& tallies, const Scenario& scenario, const Draw& draw, double change) {
  ask_gate(tallies.ours, tallies.at_margin, scenario.metric, draw, change);
  if (scenario.metric.kind == config::Kind::samples && !config::is_quantile(scenario.metric)) {
    config::Metric ranked = scenario.metric;
    ranked.method = config::Method::rank;
    ask_gate(tallies.ours_ranked, tallies.ranked_at_margin, ranked, draw, change);
  }
  const std::vector<double>& before = draw.baseline.points;
  const std::vector<double>& after = draw.candidate.points;
  if (before.size() > 1) {
    const auto independent = stats::Dependence::independent;
    if (const auto welch = stats::MeanComparison::prepare(before, after, independent, kConfidence))
      count_change(tallies.welch, *welch);
    if (const auto ranks = stats::RankComparison::prepare(before, after, independent, kConfidence))
      count_change(tallies.mann_whitney, *ranks);
  }
  if (scenario.metric.kind == config::Kind::ratio) ask_newcombe(tallies.newcombe, draw);
  if (before.empty() && draw.baseline.total == 0.0) return;
  ++tallies.means.asked;
  if (level(draw.candidate) > kSimpleLimit * level(draw.baseline)) ++tallies.means.harm;
}

}  // namespace gate::bench
