#include "stats/order_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/distributions.h"
#include "stats/roots.h"

namespace gate::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLeastBeyond = 5.0;

/// The largest number k of `independent` values that may lie below the limit, so that k or fewer lie below the quantile with
/// the probability `alpha`; −1 when even none is likelier.
double may_lie_below(double independent, double probability, double alpha) {
  // P(Binomial(n, p) <= k) = I_{1−p}(n − k, k + 1).
  const auto excess = [&](double k) { return beta_cdf(1.0 - probability, independent - k, k + 1.0) - alpha; };
  if (excess(0.0) > 0.0) return -1.0;
  constexpr double kAlmostAll = 1.0 - 1e-12;  // at all of them the distribution has no density left
  return bracketed_root(excess, 0.0, independent * kAlmostAll);
}

/// Independent values are whole, and a root that is one may come out a rounding below.
double whole_ranks(double ranks, double dispersion) {
  if (ranks < 0.0) return -1.0;
  return dispersion == 1.0 ? std::floor(ranks + 1e-9) : ranks * dispersion;
}

}  // namespace

RankLimits rank_limits(double count, double probability, double dispersion, double alpha) {
  const double independent = count / dispersion;
  return {whole_ranks(may_lie_below(independent, probability, alpha), dispersion),
          whole_ranks(may_lie_below(independent, 1.0 - probability, alpha), dispersion)};
}

Interval order_limits(std::span<const double> sorted, double probability, double dispersion, double alpha) {
  const auto [below, above] = rank_limits(static_cast<double>(sorted.size()), probability, dispersion, alpha);
  const auto place = [&](double ranks) { return std::min(static_cast<std::size_t>(ranks), sorted.size() - 1); };
  Interval out{-kInfinity, kInfinity};
  if (below >= 0.0) out.lower = sorted[place(below)];
  if (above >= 0.0) out.upper = sorted[sorted.size() - 1 - place(above)];
  return out;
}

double least_effective(double probability) {
  return kLeastBeyond / std::min(probability, 1.0 - probability);
}

}  // namespace gate::stats
