// Between which ranks a quantile lies, whatever the distribution: the binomial interval of its rank. For sorted values and for
// buckets; not for comparing two sides: mover.h.
#pragma once

#include <span>

#include "stats/harm.h"

namespace gate::stats {

/// How many values may lie below the lower limit and above the upper one. A negative number: there is no such limit, the data
/// are too few.
struct RankLimits {
  double below = 0.0;
  double above = 0.0;
};

/// Two one-sided limits for the `probability` quantile of `count` values that are worth `count` / `dispersion` independent
/// ones, each wrong with a probability of at most `alpha`: of n independent values, Binomial(n, p) lie below the quantile. By
/// the continuous binomial (the incomplete beta function), so that n need not be whole; whole for independent values, and then
/// exact (David & Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1; Woodruff, JASA 47:635, 1952, for n / dispersion).
/// Precondition: 0 < probability < 1, count > 0, dispersion >= 1, 0 < alpha < 1.
RankLimits rank_limits(double count, double probability, double dispersion, double alpha);

/// The values at those ranks; infinite where there is none. `sorted` ascending and not empty.
Interval order_limits(std::span<const double> sorted, double probability, double dispersion, double alpha);

/// How many values a side must be worth for a quantile to be judged: five of them beyond it on its thinner side.
double least_effective(double probability);

}  // namespace gate::stats
