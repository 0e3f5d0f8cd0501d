#include "judge/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "judge/settle.h"
#include "stats/spending.h"

namespace gate::judge {
namespace {

using core::Outcome;
using core::Verdict;

constexpr const char* kBoundary = "lan-demets-obrien-fleming";

/// An equal part of the error for each of `count` looks, whatever they have in common.
std::vector<double> equal_levels(double confidence, std::size_t count) {
  return std::vector<double>(count, 1.0 - (1.0 - confidence) / static_cast<double>(count));
}

std::vector<double> spending_levels(double confidence, const std::vector<double>& information) {
  stats::SpendingBoundary boundary(confidence);
  std::vector<double> levels;
  levels.reserve(information.size());
  // Before there are data nothing can be claimed, at any level.
  for (const double share : information) levels.push_back(share > 0.0 ? boundary.look(share) : confidence);
  return levels;
}

/// What a formula knows is as little as what the part with least data knows.
std::vector<double> least_of(const config::Gate& gate, const config::Metric& metric, const Information& information) {
  std::vector<double> least;
  for (const std::string& id : metric.formula->formula.metrics) {
    const config::Metric* part = gate.find_metric(id);
    if (part == nullptr) return {};
    const auto known = information.find(id);
    std::vector<double> own;
    if (part->kind == config::Kind::derived && part->formula) own = least_of(gate, *part, information);
    if (known != information.end()) own = known->second;
    if (own.empty()) return {};
    if (least.empty()) least = own;
    for (std::size_t i = 0; i < least.size(); ++i) least[i] = std::min(least[i], own[i]);
  }
  return least;
}

/// "look 4 of 30, 4 min after the candidate's window opened: harm is proven".
std::string note_of(const core::WatchReport& watch) {
  if (watch.history.empty()) return "no look was taken";
  const core::LookReport& last = watch.history.back();
  const auto why = [&]() -> std::string {
    switch (watch.end) {
      case core::WatchEnd::harm:
        return "harm is proven";
      case core::WatchEnd::safe:
        return "everything required holds";
      case core::WatchEnd::error:
        return fmt::format("{} looks running without an answer", kRunning);
      case core::WatchEnd::horizon:
        return "the last look";
      case core::WatchEnd::interrupted:
        break;
    }
    return "interrupted";
  };
  return fmt::format("look {} of {}, {} after the candidate's window opened: {}; intervals hold at all looks together",
                     last.number, watch.looks, core::describe_duration(last.at - watch.opened_at), why());
}

const config::Metric& written(const config::Gate& gate, const core::MetricReport& metric) {
  return *gate.find_metric(metric.parent.empty() ? metric.id : metric.parent);
}

/// Whether an interval that holds at all looks proves this violation by itself.
bool is_proof(const config::Metric& metric, std::size_t index, const core::CriterionReport& criterion) {
  return metric.kind != config::Kind::status && config::is_change(metric.criteria[index].rule) &&
         criterion.harm_interval.has_value();
}

/// Of a criterion, among what is counted.
std::string place_of(const core::MetricReport& metric, std::size_t criterion) {
  return fmt::format("{} {}", metric.id, criterion);
}

core::LookMetric seen(const core::MetricReport& metric, double level) {
  core::LookMetric out{metric.id, metric.verdict, metric.evidence, level, {}, {}};
  if (!metric.deciding) return out;
  const core::CriterionReport& criterion = metric.criteria[*metric.deciding];
  out.observed = criterion.observed;
  if (criterion.observed_interval) {
    out.interval = criterion.observed_interval;
  } else if (metric.change && criterion.harm_interval) {
    out.interval = criterion.relative ? metric.change->relative_interval : metric.change->interval;
  }
  return out;
}

}  // namespace

Watch::Watch(const config::Gate& gate, const core::Looks& looks, const Information& information) : gate_(gate), looks_(looks) {
  std::map<std::pair<double, std::vector<double>>, std::vector<double>> known;
  for (const config::Metric& metric : gate.metrics) {
    const double confidence = metric.rules.confidence;
    const auto found = information.find(metric.id);
    std::vector<double> own = found == information.end() ? std::vector<double>() : found->second;
    if (metric.kind == config::Kind::derived && metric.formula) own = least_of(gate, metric, information);
    std::vector<double>& levels = known[{confidence, own}];
    if (levels.empty()) levels = own.empty() ? equal_levels(confidence, looks.count()) : spending_levels(confidence, own);
    levels_[metric.id] = levels;
  }
}

void Watch::begin(const std::vector<core::Measurement>& measurements) {
  metrics_ = judge_metrics(gate_, measurements, looks_.opening);
}

void Watch::take(std::size_t number, const std::vector<core::Measurement>& measurements) {
  for (config::Metric& metric : gate_.metrics) metric.rules.look_confidence = levels_.at(metric.id)[number - 1];
  metrics_ = judge_metrics(gate_, measurements, looks_.at(number));
  confirm_all(number);
  remember(number);
  end_ = decide(number);
  history_.back().verdict = report({}).verdict;
}

bool Watch::confirm(core::MetricReport& metric, std::size_t number) {
  const config::Metric& own = written(gate_, metric);
  bool changed = false;
  for (std::size_t i = 0; i < metric.criteria.size(); ++i) {
    core::CriterionReport& criterion = metric.criteria[i];
    std::size_t& running = running_[place_of(metric, i)];
    // A look without an answer says nothing: it neither ends a row nor adds to it.
    if (metric.evidence == core::Evidence::error) continue;
    running = criterion.outcome == Outcome::violated ? running + 1 : 0;
    const bool stands = running >= kRunning || number == looks_.count();
    if (criterion.outcome != Outcome::violated || is_proof(own, i, criterion) || stands) continue;
    criterion.outcome = Outcome::unproven;
    criterion.within = false;
    criterion.reason += fmt::format(" Seen at {} of {} looks running.", running, kRunning);
    criterion.next = "the next looks will tell";
    changed = true;
  }
  return changed;
}

void Watch::confirm_all(std::size_t number) {
  for (core::MetricReport& metric : metrics_) {
    const bool unanswered = metric.evidence == core::Evidence::error;
    std::size_t& running = running_[metric.id];
    running = unanswered ? running + 1 : 0;
    const Verdict before = metric.verdict;
    if (confirm(metric, number) && before != Verdict::skipped) settle(metric, written(gate_, metric), looks_.at(number));
  }
}

bool Watch::is_harmed() const {
  for (const core::MetricReport& metric : metrics_) {
    if (!metric.required || metric.verdict != Verdict::fail) continue;
    for (std::size_t i = 0; i < metric.criteria.size(); ++i) {
      const core::CriterionReport& criterion = metric.criteria[i];
      const bool fails = criterion.level == core::Level::fail && criterion.outcome == Outcome::violated;
      const auto running = running_.find(place_of(metric, i));
      const bool lasts = running != running_.end() && running->second >= kRunning;
      if (fails && (lasts || is_proof(written(gate_, metric), i, criterion))) return true;
    }
  }
  return false;
}

bool Watch::is_unanswered() const {
  return std::any_of(metrics_.begin(), metrics_.end(), [&](const core::MetricReport& metric) {
    return metric.required && metric.evidence == core::Evidence::error && running_.at(metric.id) >= kRunning;
  });
}

bool Watch::is_safe(std::size_t number) const {
  const core::Time now = looks_.at(number);
  if (now - looks_.opening < looks_.least) return false;
  bool any = false;
  for (const core::MetricReport& metric : metrics_) {
    if (!metric.required || metric.verdict == Verdict::skipped) continue;
    any = true;
    // A whole metric may be without criteria that were judged: a series that is new or gone, for one.
    if (metric.verdict > Verdict::warn) return false;
    const config::Metric& own = written(gate_, metric);
    for (std::size_t i = 0; i < metric.criteria.size(); ++i) {
      const auto& from = own.criteria[i].from;
      const bool counts = metric.criteria[i].level == core::Level::fail && !(from && now < *from);
      if (counts && metric.criteria[i].outcome != Outcome::holds) return false;
    }
  }
  return any;
}

std::optional<core::WatchEnd> Watch::decide(std::size_t number) const {
  if (is_harmed()) return core::WatchEnd::harm;
  if (is_unanswered()) return core::WatchEnd::error;
  if (number == looks_.count()) return core::WatchEnd::horizon;
  if (!is_safe(number)) return std::nullopt;
  // A score may hold back what every criterion would let through.
  return conclude(gate_, metrics_, {}).verdict <= Verdict::warn ? std::optional(core::WatchEnd::safe) : std::nullopt;
}

void Watch::remember(std::size_t number) {
  core::LookReport look{number, looks_.at(number), Verdict::inconclusive, {}};
  for (const core::MetricReport& metric : metrics_) {
    const double level = levels_.at(metric.parent.empty() ? metric.id : metric.parent)[number - 1];
    look.metrics.push_back(seen(metric, level));
  }
  history_.push_back(std::move(look));
}

core::Report Watch::report(const Ending& ending) const {
  config::Gate gate = gate_;
  if (!end_) gate.pass_score.reset();
  core::Report report = conclude(gate, metrics_, ending);
  core::WatchReport watch;
  watch.looks = looks_.count();
  watch.every = looks_.every;
  watch.longest = looks_.longest;
  watch.least = looks_.least;
  watch.opened_at = looks_.opening;
  watch.boundary = kBoundary;
  watch.end = end_.value_or(core::WatchEnd::interrupted);
  watch.history = history_;
  report.notes.push_back(note_of(watch));
  report.watch = std::move(watch);
  return report;
}

}  // namespace gate::judge
