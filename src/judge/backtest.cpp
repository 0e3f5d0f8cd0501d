#include "judge/backtest.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "stats/distributions.h"
#include "stats/quantiles.h"

namespace gate::judge {
namespace {

using core::Outcome;
using core::Verdict;

constexpr double kTail = 0.025;
constexpr double kFourOfFive = 0.8;

core::Share share_of(std::size_t count, std::size_t of) {
  core::Share out{count, of, std::nullopt};
  if (of == 0) return out;
  const auto x = static_cast<double>(count);
  const auto n = static_cast<double>(of);
  out.interval = core::Range{count == 0 ? 0.0 : stats::beta_quantile(kTail, x, n - x + 1.0),
                             count == of ? 1.0 : stats::beta_quantile(1.0 - kTail, x + 1.0, n - x)};
  return out;
}

struct Verdicts {
  std::size_t fails = 0, warns = 0, passes = 0, open = 0, errors = 0;

  void add(Verdict verdict) {
    fails += verdict == Verdict::fail ? 1U : 0U;
    warns += verdict == Verdict::warn ? 1U : 0U;
    passes += verdict == Verdict::pass ? 1U : 0U;
    open += verdict == Verdict::inconclusive ? 1U : 0U;
    errors += verdict == Verdict::error ? 1U : 0U;
  }

  template <typename Out>
  void fill(Out& out) const {
    out.fails = share_of(fails, fails + warns + passes + open);
    out.warns = warns;
    out.passes = passes;
    out.open = open;
    out.errors = errors;
  }
};

bool is_growth(const std::string& rule) {
  return rule == "increase_over" || rule == "decrease_over" || rule == "change_over";
}

/// The smallest limit that this change is shown to keep.
std::optional<double> kept_limit(const core::MetricReport& metric, const core::CriterionReport& criterion) {
  if (!metric.change) return std::nullopt;
  const auto& interval = criterion.relative ? metric.change->relative_interval : metric.change->interval;
  if (!interval || !std::isfinite(interval->lower) || !std::isfinite(interval->upper)) return std::nullopt;
  if (criterion.rule == "increase_over") return interval->upper;
  if (criterion.rule == "decrease_over") return -interval->lower;
  return std::max(-interval->lower, interval->upper);
}

std::optional<double> margin_of(const core::MetricReport& metric, const core::CriterionReport& criterion) {
  if (!criterion.margin || !criterion.relative) return criterion.margin;
  const bool known = metric.baseline && metric.baseline->value && *metric.baseline->value > 0.0;
  return known ? std::optional(*criterion.margin / *metric.baseline->value) : std::nullopt;
}

struct Bounds {
  core::BacktestBound out;
  std::size_t judged = 0;
  std::size_t alarms = 0;
  std::vector<double> detectable, kept;
  bool by_traffic = true;  ///< more traffic would tell more

  void add(const core::MetricReport& metric, const core::CriterionReport& criterion) {
    out.level = criterion.level;
    out.rule = criterion.rule;
    out.bound = criterion.bound;
    if (criterion.outcome == Outcome::not_evaluated) return;
    out.relative = criterion.relative;
    ++judged;
    alarms += criterion.outcome == Outcome::violated ? 1U : 0U;
    out.held += criterion.outcome == Outcome::holds ? 1U : 0U;
    out.open += criterion.outcome == Outcome::unproven ? 1U : 0U;
    // All bounds of a list must be exceeded: there is no one limit of which more could be said.
    if (!is_growth(criterion.rule) || criterion.bound.find(" and ") != std::string::npos) return;
    if (const auto margin = margin_of(metric, criterion)) out.margin = margin;
    if (criterion.detectable) detectable.push_back(*criterion.detectable);
    if (const auto limit = kept_limit(metric, criterion)) kept.push_back(*limit);
    by_traffic = by_traffic && metric.change && metric.change->effective_samples;
    if (metric.candidate && metric.candidate->window) out.window = metric.candidate->window->length();
  }

  core::BacktestBound finish() {
    out.alarms = share_of(alarms, judged);
    if (!kept.empty()) out.kept_by_four_of_five = std::max(0.0, stats::quantile(kept, kFourOfFive));
    if (detectable.empty()) return out;
    out.detectable = stats::quantile(detectable, 0.5);
    const bool usable = out.margin && *out.margin > 0.0 && out.window && by_traffic;
    if (!usable) return out;
    // Beyond the limit the reach falls with the root of the data: twice the limit is one limit beyond it.
    const double times = std::pow((*out.detectable - *out.margin) / *out.margin, 2.0);
    const double minutes = std::ceil(times * std::chrono::duration<double, std::ratio<60>>(*out.window).count());
    constexpr double kMost = 366.0 * 24.0 * 60.0;
    if (minutes <= kMost) out.window_needed = core::Duration(static_cast<std::int64_t>(std::max(1.0, minutes)) * 60'000);
    return out;
  }
};

struct Metrics {
  core::BacktestMetric out;
  Verdicts verdicts;
  std::vector<Bounds> bounds;
};

}  // namespace

core::BacktestReport summarize_backtest(const std::vector<core::Report>& reports) {
  core::BacktestReport out;
  Verdicts gate;
  std::vector<std::string> order;
  std::map<std::string, Metrics> metrics;
  for (const core::Report& report : reports) {
    gate.add(report.verdict);
    for (const core::MetricReport& metric : report.metrics) {
      if (metric.left_out || metric.verdict == Verdict::skipped) continue;
      if (!metrics.contains(metric.id)) order.push_back(metric.id);
      Metrics& one = metrics[metric.id];
      one.out.id = metric.id;
      one.out.title = metric.title;
      one.out.kind = metric.kind;
      one.out.unit = metric.unit;
      one.verdicts.add(metric.verdict);
      if (metric.error && one.out.first_error.empty()) one.out.first_error = metric.error->message;
      one.bounds.resize(std::max(one.bounds.size(), metric.criteria.size()));
      for (std::size_t i = 0; i < metric.criteria.size(); ++i) one.bounds[i].add(metric, metric.criteria[i]);
    }
  }
  gate.fill(out);
  for (const std::string& id : order) {
    Metrics& one = metrics[id];
    one.verdicts.fill(one.out);
    for (Bounds& bound : one.bounds) one.out.bounds.push_back(bound.finish());
    out.metrics.push_back(std::move(one.out));
  }
  return out;
}

}  // namespace gate::judge
