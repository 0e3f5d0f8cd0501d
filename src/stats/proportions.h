// Test statistics and limits for θc − k·θb from two pairs of counts: the skewness-corrected score and Newcombe's hybrid. The
// numerical heart of ratio.h and count.h; not for callers outside this module.
#pragma once

#include "stats/dispersion.h"
#include "stats/harm.h"

namespace gate::stats {

/// Counts of two sides; need not be whole, since they may have been divided by their dispersion.
struct CountPair {
  Totals baseline;
  Totals candidate;

  [[nodiscard]] double difference(double factor) const {
    return candidate.events / candidate.total - factor * (baseline.events / baseline.total);
  }
};

/// Laud's skewness-corrected score (Pharmaceutical Statistics 16:334, 2017) of the hypothesis θc − factor·θb = difference:
/// positive when the data lie above it. factor > 0; ±infinity where the hypothesis is impossible. With N <= 1 in all, 0: such
/// data refute nothing.
double score_statistic(const CountPair& counts, CountModel model, double factor, double difference);

/// The differences at which the score is ±`quantile`: two one-sided limits for θc − factor·θb.
Interval score_limits(const CountPair& counts, CountModel model, double factor, double quantile);

/// Newcombe's hybrid of two Wilson intervals for pc − factor·pb (MOVER, Zou & Donner, Statistics in Medicine 27:1693, 2008).
Interval newcombe_limits(const CountPair& counts, double factor, double quantile);

/// The quantile at which a limit of `newcombe_limits` is `difference`; positive when the data lie above it.
double newcombe_statistic(const CountPair& counts, double factor, double difference);

/// Wilson's interval for one proportion.
Interval wilson(const Totals& totals, double quantile);

}  // namespace gate::stats
