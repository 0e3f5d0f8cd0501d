#include "peers.h"

#include <numeric>

#include "stats/kayenta.h"
#include "stats/mean.h"
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
  return claims_increase<stats::RankComparison>(before, after);
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
