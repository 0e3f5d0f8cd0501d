#include "stats/proportions.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/roots.h"

namespace gate::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kRounding = 8.0 * std::numeric_limits<double>::epsilon();
// Beyond it a normal tail is below the smallest double.
constexpr double kMostQuantile = 40.0;

/// The two rates under the restriction θc = factor·θb + difference.
struct Restricted {
  double baseline = 0.0;
  double candidate = 0.0;
};

/// The likelihood of the baseline's rate p under the restriction, by its derivative, which falls in p.
struct Likelihood {
  const CountPair& counts;
  CountModel model;
  double factor;
  double difference;

  [[nodiscard]] double slope(double p) const {
    const double q = factor * p + difference;
    return part(counts.baseline, p) + factor * part(counts.candidate, q);
  }

 private:
  [[nodiscard]] double part(const Totals& side, double rate) const {
    const double gained = side.events > 0.0 ? side.events / std::max(rate, 0.0) : 0.0;
    if (model == CountModel::poisson) return gained - side.total;
    const double others = side.total - side.events;
    return gained - (others > 0.0 ? others / std::max(1.0 - rate, 0.0) : 0.0);
  }
};

Restricted most_likely(const CountPair& counts, CountModel model, double factor, double difference) {
  const Likelihood likelihood{counts, model, factor, difference};
  const double lower = std::max(0.0, -difference / factor);
  double upper = std::min(1.0, (1.0 - difference) / factor);
  if (model == CountModel::poisson)
    upper = lower + counts.baseline.events / counts.baseline.total + counts.candidate.events / counts.candidate.total / factor;
  double p = lower;
  if (upper > lower) {
    if (likelihood.slope(lower) <= 0.0) {
      p = lower;
    } else if (likelihood.slope(upper) >= 0.0) {
      p = upper;
    } else {
      p = bracketed_root([&](double x) { return likelihood.slope(x); }, lower, upper);
    }
  }
  return {p, std::max(factor * p + difference, 0.0)};
}

struct Moments {
  double variance = 0.0;
  double skew = 0.0;  // third central moment
};

Moments moments(const CountPair& counts, CountModel model, double factor, double difference) {
  const auto [p, q] = most_likely(counts, model, factor, difference);
  const double n = counts.baseline.total;
  const double m = counts.candidate.total;
  if (model == CountModel::poisson) return {q / m + factor * factor * p / n, q / (m * m) - std::pow(factor, 3) * p / (n * n)};
  const double spread_b = std::max(p * (1.0 - p), 0.0);
  const double spread_c = std::max(q * (1.0 - q), 0.0);
  const double all = n + m;
  return {(spread_c / m + factor * factor * spread_b / n) * all / (all - 1.0),
          spread_c * (1.0 - 2.0 * q) / (m * m) - std::pow(factor, 3) * spread_b * (1.0 - 2.0 * p) / (n * n)};
}

}  // namespace

double score_statistic(const CountPair& counts, CountModel model, double factor, double difference) {
  if (model == CountModel::binomial && counts.baseline.total + counts.candidate.total <= 1.0) return 0.0;
  const double distance = counts.difference(factor) - difference;
  const Moments moment = moments(counts, model, factor, difference);
  if (moment.variance <= 0.0) {
    // Near n of n the variance of 1 − difference rounds to nothing before the difference does: that refutes nothing.
    if (std::abs(distance) <= kRounding * (1.0 + factor)) return 0.0;
    return distance > 0.0 ? kInfinity : -kInfinity;
  }
  const double plain = distance / std::sqrt(moment.variance);
  const double a = moment.skew / (6.0 * std::pow(moment.variance, 1.5));
  // The corrected score solves a·z² + z = plain + a. In this form nothing cancels as a vanishes. Where no real root is left the
  // correction has broken down: its vertex, or the plain score once that is the larger, keeps the statistic monotone.
  const double discriminant = 1.0 + 4.0 * a * (plain + a);
  if (discriminant >= 0.0) return 2.0 * (plain + a) / (1.0 + std::sqrt(discriminant));
  const double vertex = -1.0 / (2.0 * a);
  return plain > 0.0 ? std::max(vertex, plain) : std::min(vertex, plain);
}

Interval score_limits(const CountPair& counts, CountModel model, double factor, double quantile) {
  const double point = counts.difference(factor);
  double lowest = -factor;
  double highest = 1.0;
  if (model == CountModel::poisson) {
    // Beyond these, one side alone is refuted at far more than any quantile asked for.
    const auto reach = [quantile](const Totals& side) {
      return (side.events + 10.0 * quantile * (std::sqrt(side.events) + quantile)) / side.total;
    };
    lowest = -factor * reach(counts.baseline) - reach(counts.candidate);
    highest = -lowest;
  }
  const auto limit = [&](double target, double edge) {
    const auto above = [&](double difference) { return score_statistic(counts, model, factor, difference) - target; };
    const double at_edge = above(edge);
    // The corrected score never reaches the target before the edge of what is possible: nothing tighter can be claimed.
    if (edge < point ? at_edge <= 0.0 : at_edge >= 0.0) return edge;
    return edge < point ? bracketed_root(above, edge, point) : bracketed_root(above, point, edge);
  };
  Interval limits{lowest, highest};
  if (point > lowest) limits.lower = limit(quantile, lowest);
  if (point < highest) limits.upper = limit(-quantile, highest);
  return limits;
}

Interval wilson(const Totals& totals, double quantile) {
  const double n = totals.total;
  const double p = totals.events / n;
  const double squared = quantile * quantile;
  const double middle = (p + squared / (2.0 * n)) / (1.0 + squared / n);
  const double reach = quantile / (1.0 + squared / n) * std::sqrt(p * (1.0 - p) / n + squared / (4.0 * n * n));
  // At 0 of n and n of n the formula's end is exact but for rounding.
  return {totals.events == 0.0 ? 0.0 : std::max(0.0, middle - reach), totals.events == n ? 1.0 : std::min(1.0, middle + reach)};
}

Interval newcombe_limits(const CountPair& counts, double factor, double quantile) {
  const Interval b = wilson(counts.baseline, quantile);
  const Interval c = wilson(counts.candidate, quantile);
  const double rate_b = counts.baseline.events / counts.baseline.total;
  const double rate_c = counts.candidate.events / counts.candidate.total;
  const double point = counts.difference(factor);
  return {point - std::hypot(rate_c - c.lower, factor * (b.upper - rate_b)),
          point + std::hypot(c.upper - rate_c, factor * (rate_b - b.lower))};
}

double newcombe_statistic(const CountPair& counts, double factor, double difference) {
  const double point = counts.difference(factor);
  if (point == difference) return 0.0;
  const auto reach = [&](double quantile) {
    const Interval limits = newcombe_limits(counts, factor, quantile);
    return difference < point ? limits.lower - difference : difference - limits.upper;
  };
  const double size = reach(kMostQuantile) > 0.0 ? kMostQuantile : bracketed_root(reach, 0.0, kMostQuantile);
  return difference < point ? size : -size;
}

}  // namespace gate::stats
