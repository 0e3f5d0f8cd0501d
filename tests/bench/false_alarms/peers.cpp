#include "peers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stats/differences.h"
#include "stats/kayenta.h"
#include "stats/mean.h"
#include "stats/quantiles.h"
#include "stats/rank.h"

namespace gate::bench {
namespace {

constexpr double kConfidence = 0.95;
constexpr double kHigh = 1.1;
constexpr std::size_t kHighMinutes = 3;
constexpr stats::Contrast kAnyIncrease{stats::Direction::increase, stats::MarginKind::absolute, 0.0};

template <typename Comparison>
bool claims_increase(Points before, Points after) {
  const auto made = Comparison::prepare(before, after, stats::Dependence::independent, kConfidence);
  if (!made) return false;
  const auto harm = made->harm(kAnyIncrease, kConfidence);
  return harm && harm->interval.lower > 0.0;
}

bool has_ties(const std::vector<double>& sorted) {
  return std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
}

/// Whether the pairs are anywhere near the limit of 5 %: else there is no need to find the limits of the shift. Ties make the
/// standard deviation smaller than it is taken here, and are not looked at.
bool may_be_higher(Points before, Points after) {
  constexpr double kFarBelow = 0.8;  // of 1.64
  const std::vector<double> baseline = stats::sorted_copy(before);
  const std::vector<double> candidate = stats::sorted_copy(after);
  if (has_ties(baseline) || has_ties(candidate)) return true;
  const stats::PairCounts pairs = stats::count_pairs(baseline, candidate, 1.0, 0.0);
  const auto n = static_cast<double>(before.size());
  const auto m = static_cast<double>(after.size());
  const double above = n * m - static_cast<double>(pairs.below) - 0.5 * static_cast<double>(pairs.equal);
  return above - n * m / 2.0 > kFarBelow * std::sqrt(n * m * (n + m + 1.0) / 12.0);
}

}  // namespace

double mean(Points values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

bool is_high(double before, double after) {
  return after > kHigh * before;
}

bool welch_claims(Points before, Points after) {
  return claims_increase<stats::MeanComparison>(before, after);
}

bool mann_whitney_claims(Points before, Points after) {
  return may_be_higher(before, after) && claims_increase<stats::RankComparison>(before, after);
}

bool kayenta_claims(Points before, Points after) {
  stats::KayentaRules rules;
  rules.direction = stats::KayentaRules::Direction::increase;
  return stats::kayenta(before, after, rules).classification == stats::KayentaResult::Class::high;
}

bool HighMinutes::add(double before, Points minute) {
  if (is_high(before, mean(minute))) ++high_;
  return high_ >= kHighMinutes;
}

}  // namespace gate::bench
