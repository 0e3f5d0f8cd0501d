// A quantile of single values (points, rows) of two sides compared. Not for histograms, whose values are not known:
// histogram.h.
#pragma once

#include <optional>
#include <span>
#include <variant>

#include "stats/dispersion.h"
#include "stats/harm.h"
#include "stats/long_run.h"
#include "stats/mover.h"
#include "stats/quantile_bootstrap.h"

namespace gate::stats {

/// One side: finite values in order of time, and how many of them lie in each part of the window (rows), or in each cluster
/// (users); empty where every value is a part of its own (points at equal steps).
struct GroupedValues {
  std::span<const double> values;
  std::span<const double> sizes;
};

/// What the groups are: equal parts of time, which hang together, or clusters, which do not. `independent`: every value stands
/// for itself.
enum class Grouping { time, clusters, independent };

/// Prepared once per metric, then asked as often as there are bounds. Immutable.
///
/// What is estimated is always the sample quantile of type 7 (quantiles.h). The data choose only how its limits are found: how
/// many values lie above the quantile is a count per group, with a dispersion φ (dispersion.h). With φ at most kNegligible on
/// both sides, and for groups that are no parts of time, the limits are order statistics by the binomial ranks
/// (order_statistics.h), combined by MOVER: exact a side where values are independent, else widened by φ (the delta method for
/// quantiles of clusters: Deng, Knoblich & Lu, KDD 2018, section 4.3). So they are where the values at a quantile are tied.
/// Else the block bootstrap.
class QuantileComparison {
 public:
  /// Sizes add up to the number of values. Unusable: no_data, not_finite, bad_counts (sizes that do not add up),
  /// bad_confidence. Whether a side is worth enough values for this quantile is the caller's question: least_effective().
  static Evaluated<QuantileComparison> prepare(const GroupedValues& baseline, const GroupedValues& candidate,
                                               double probability, Grouping grouping, double confidence);

  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast) const { return harm(contrast, confidence_); }
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast, double confidence) const;
  [[nodiscard]] Change change() const;
  [[nodiscard]] std::optional<double> needs_factor(const Contrast& contrast, double confidence) const;

 private:
  using Chosen = std::variant<MoverComparison, QuantileBootstrap>;
  QuantileComparison(Chosen chosen, double confidence);

  Chosen chosen_;
  double confidence_;
};

/// φ up to which the values count as independent. A pure series comes out below it in nine of ten cases, and leaving out one
/// that is greater than it by chance costs the interval at most 2 % of its width.
inline constexpr double kNegligible = 1.05;

}  // namespace gate::stats
