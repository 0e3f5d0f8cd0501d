// A small, fixed share of tests/bench/false_alarms: 400 releases without a change. A rule of 5 % alarms in 20 of them, give or
// take 4.4; treating the points as independent, in some 80.
#include <cmath>
#include <random>
#include <vector>

#include "near.h"
#include "stats/mean.h"
#include "stats/rank.h"

using namespace gate::stats;

namespace {

std::vector<double> dependent(std::mt19937_64& engine, std::size_t count) {
  const auto uniform = [&engine] { return (static_cast<double>(engine() >> 11U) + 0.5) * 0x1.0p-53; };
  constexpr double kTurn = 6.283185307179586;
  double state = 0.0;
  std::vector<double> values;
  for (std::size_t i = 0; i < count + 50; ++i) {
    state = 0.6 * state + std::sqrt(-2.0 * std::log(uniform())) * std::cos(kTurn * uniform());
    if (i >= 50) values.push_back(10.0 + state);
  }
  return values;
}

template <typename Comparison>
bool alarms(const std::vector<double>& baseline, const std::vector<double>& candidate, Dependence dependence) {
  return Comparison::prepare(baseline, candidate, dependence, 0.95)
             ->harm({Direction::increase, MarginKind::absolute, 0.0})
             ->interval.lower > 0.0;
}

}  // namespace

TEST_CASE("false alarms among dependent points") {
  std::mt19937_64 engine(20240229);
  int mean = 0, rank = 0, careless = 0;
  for (int run = 0; run < 400; ++run) {
    const std::vector<double> baseline = dependent(engine, 120);
    const std::vector<double> candidate = dependent(engine, 120);
    mean += alarms<MeanComparison>(baseline, candidate, Dependence::autocorrelated) ? 1 : 0;
    rank += alarms<RankComparison>(baseline, candidate, Dependence::autocorrelated) ? 1 : 0;
    careless += alarms<MeanComparison>(baseline, candidate, Dependence::independent) ? 1 : 0;
  }
  CHECK(mean >= 7);
  CHECK(mean <= 33);
  CHECK(rank >= 7);
  CHECK(rank <= 33);
  CHECK(careless >= 60);
}
