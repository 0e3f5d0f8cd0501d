// How much less a series in time is worth than independent values: the long-run variance by one AR(p) fit to both sides. Not
// for series whose points share data or whose steps differ: those are resampled before they come here.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "stats/summary.h"

namespace gate::stats {

enum class Dependence { autocorrelated, independent };

inline constexpr std::size_t kMaxOrder = 4;

/// The inflation f = (long-run variance) / (variance) >= 1, and the fit it came from: the greatest order it was chosen from,
/// its coefficients, 0 beyond its order, and the autocorrelations that they imply at the lags 1 … 4.
struct LongRun {
  double inflation = 1.0;
  std::size_t order = 0;
  std::array<double, kMaxOrder> coefficients{};
  std::array<double, kMaxOrder> correlations{};
};

/// The inflation that both sides share. The autocorrelations of the two sides (not their covariances, so that sides of
/// different spread count alike) are averaged by length; an AR(p), p <= 4, is fitted by Yule–Walker with the order of least
/// BIC, at least 2 (below 60 values the order up to it with the largest inflation); the autocorrelations are corrected for
/// their bias (at p = 1 Kendall's (1 + 3ρ)/n) and no partial autocorrelation may exceed 0.97. A constant side has no
/// autocorrelation and is left out; with both constant, or fewer than three values a side, the inflation is 1. Values are
/// finite and in order of time, equally spaced.
LongRun long_run(std::span<const double> baseline, std::span<const double> candidate);

/// The same for one series.
LongRun long_run(std::span<const double> values);

/// The standard deviation with the divisor n − f in place of n − 1: around their own mean, dependent values spread less than
/// around the true one, by the share f/n. f is held at n/2. Infinite for fewer than two values.
double free_deviation(const Summary& summary, double inflation);

}  // namespace gate::stats
