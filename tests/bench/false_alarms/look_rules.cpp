#include "look_rules.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "draws.h"
#include "judge/comparison.h"
#include "peers.h"
#include "stats/distributions.h"
#include "stats/spending.h"

namespace gate::bench {
namespace {

using config::Design;

constexpr double kConfidence = 0.95;
constexpr double kLeastEffective = 3.0;
constexpr std::size_t kLeastLooks = kLooks / 2;  // no pass before: --min as it is by default
constexpr stats::Contrast kAnyIncrease{stats::Direction::increase, stats::MarginKind::absolute, 0.0};

/// The share of the horizon's information that `look` (from 0) has.
double information(std::size_t look, Design design) {
  const double share = static_cast<double>(look + 1) / static_cast<double>(kLooks);
  return design == Design::side_by_side ? share : 2.0 * share / (1.0 + share);
}

std::array<double, kLooks> spending_levels(Design design) {
  std::array<double, kLooks> levels{};
  stats::SpendingBoundary boundary(kConfidence);
  for (std::size_t k = 0; k < kLooks; ++k) levels[k] = boundary.look(information(k, design));
  return levels;
}

/// The normal-mixture boundary (Robbins, Annals of Mathematical Statistics 41:1397, 1970; Waudby-Smith, Arbour, Sinha, Kennedy
/// & Ramdas, arXiv:2103.06476), as tight as it gets at half of the information.
std::array<double, kLooks> mixture_levels(Design design) {
  constexpr double kTightest = 0.5;
  const double alpha = 2.0 * (1.0 - kConfidence);
  const double logs = -2.0 * std::log(alpha);
  const double rho = kTightest / (logs + std::log(logs + 1.0));
  std::array<double, kLooks> levels{};
  for (std::size_t k = 0; k < kLooks; ++k) {
    const double share = information(k, design);
    levels[k] = stats::normal_cdf(std::sqrt((1.0 + rho / share) * std::log((share + rho) / (rho * alpha * alpha))));
  }
  return levels;
}

core::SideMeasurement first_part(const core::SideMeasurement& side, std::size_t count) {
  const auto cut = [count](std::vector<double>& values) { values.resize(std::min(values.size(), count)); };
  core::SideMeasurement out = side;
  cut(out.samples.values);
  cut(out.counts.events);
  cut(out.counts.totals);
  return out;
}

/// The claims of one release as they come.
class Watching {
 public:
  Watching(const LookRow& row, const LookLevels& levels, double change) : row_(row), levels_(levels), change_(change) {
    metric_.kind = row.kind;
  }

  void look(std::size_t number, const Release& release, Points before, Points after) {
    number_ = number;
    claim(LookRule::minutes, thresholds_.add(mean(before), after.last(row_.per_look)));
    if (after.size() < kLeastPoints) return;
    ask_peers(before, after);
    ask_gate(release, after.size());
  }

  [[nodiscard]] const Claims& claims() const { return claims_; }

 private:
  [[nodiscard]] bool is_open(LookRule rule) const { return !claims_[static_cast<std::size_t>(rule)]; }
  void claim(LookRule rule, bool claimed) {
    if (claimed && is_open(rule)) claims_[static_cast<std::size_t>(rule)] = number_;
  }

  void ask_peers(Points before, Points after) {
    claim(LookRule::means, is_high(mean(before), mean(after)));
    if (is_open(LookRule::welch)) claim(LookRule::welch, welch_claims(before, after));
    if (!is_open(LookRule::mann_whitney) && !is_open(LookRule::kayenta)) return;
    const bool is_worse = mann_whitney_claims(before, after);
    claim(LookRule::mann_whitney, is_worse);
    if (is_open(LookRule::kayenta)) claim(LookRule::kayenta, is_worse && kayenta_claims(before, after));
  }

  void ask_gate(const Release& release, std::size_t count) {
    core::Measurement measurement;
    measurement.baseline = row_.design == Design::side_by_side ? first_part(release.baseline, count) : release.baseline;
    measurement.candidate = first_part(release.candidate, count);
    const judge::MadeComparison made = judge::make_comparison(metric_, measurement);
    if (!made.comparison) return;
    const stats::Change worth = made.comparison->change();
    if (std::min(worth.effective_baseline, worth.effective_candidate) < kLeastEffective) return;
    const stats::Contrast at_change{stats::Direction::increase,
                                    change_ > 0.0 ? stats::MarginKind::relative : stats::MarginKind::absolute, change_};
    const auto claim_harm = [&](LookRule rule, const stats::Contrast& contrast, double level) {
      if (!is_open(rule)) return;
      const auto harm = made.comparison->harm(contrast, level);
      claim(rule, harm && harm->interval.lower > 0.0);
    };
    const double level = levels_.spending[number_];
    claim_harm(LookRule::ours, kAnyIncrease, level);
    claim_harm(LookRule::ours_at_margin, at_change, level);
    claim_harm(LookRule::mixture, kAnyIncrease, levels_.mixture[number_]);
    claim_harm(LookRule::every_look, kAnyIncrease, kConfidence);
    if (number_ + 1 < kLeastLooks || !is_open(LookRule::ours_safe)) return;
    const auto harm = made.comparison->harm(at_change, level);
    claim(LookRule::ours_safe, harm && harm->interval.upper <= 0.0);
  }

  const LookRow& row_;
  const LookLevels& levels_;
  double change_;
  config::Metric metric_;
  Claims claims_;
  std::size_t number_ = 0;
  HighMinutes thresholds_;
};

}  // namespace

LookLevels look_levels(Design design) {
  return {spending_levels(design), mixture_levels(design)};
}

Claims watch(const LookRow& row, const LookLevels& levels, const Release& release, double change) {
  Watching watching(row, levels, change);
  const Plain baseline = plain_of(release.baseline, row.per_look);
  const Plain candidate = plain_of(release.candidate, row.per_look);
  const Points before(baseline.points);
  const bool alongside = row.design == Design::side_by_side;
  for (std::size_t look = 0; look < kLooks; ++look) {
    const std::size_t count = (look + 1) * row.per_look;
    watching.look(look, release, before.first(alongside ? count : before.size()), Points(candidate.points).first(count));
  }
  return watching.claims();
}

}  // namespace gate::bench
