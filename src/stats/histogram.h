// A quantile of values that are known only by bucket: where it lies, and how sure that is. For Prometheus' classic and native
// histograms and anything binned alike. Not for single values: quantile_comparison.h.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "stats/dispersion.h"
#include "stats/harm.h"
#include "stats/mover.h"

namespace gate::stats {

/// Between which values a bucket's are taken to be spread evenly: the values themselves, as Prometheus does for buckets that
/// the author chose, or their logarithms, for buckets that grow by a factor.
enum class Spread { linear, geometric };

/// One side. Bucket i holds values in (edges[i], edges[i + 1]]; edges ascend, and only the first and the last may be infinite.
/// counts[i][t] are those of slice t, in order of time; need not be whole, since increase() extrapolates.
struct Histogram {
  std::span<const double> edges;
  std::span<const std::vector<double>> counts;
  Spread spread = Spread::linear;
};

/// Where a quantile of a histogram lies.
struct BucketQuantile {
  double value = 0.0;
  /// The quantile lies above the highest edge, which is `value`: how far above, the buckets do not say.
  bool at_least = false;
  /// Likewise below the lowest one.
  bool at_most = false;
};

/// Over all slices, interpolated within its bucket. Nothing when there is no count, or one bucket from −∞ to ∞.
std::optional<BucketQuantile> quantile(const Histogram& histogram, double probability);

/// Prepared once per metric, then asked as often as there are bounds. Immutable.
///
/// The limits of a side's quantile are the outer edges of the buckets that hold the values at the binomial ranks
/// (order_statistics.h): of n / φ values, φ being the dispersion of the slices' counts above the bucket with the quantile, or
/// from it on, whichever is greater (dispersion.h), with Student's t for what φ is uncertain. So they hold whatever happens
/// inside a bucket. The difference is by MOVER. A quantile above the highest edge counts as that edge with an infinite upper
/// limit: harm can still be proven, safety cannot.
class HistogramComparison {
 public:
  /// 0 < probability < 1. Unusable: no_data (no count), not_finite, bad_counts (a negative count, or slices of different
  /// number), bad_confidence, beyond_buckets when the quantiles of both sides lie beyond the edges.
  static Evaluated<HistogramComparison> prepare(const Histogram& baseline, const Histogram& candidate, double probability,
                                                DispersionRule rule, double confidence);

  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast) const { return compared_.harm(contrast); }
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast, double confidence) const {
    return compared_.harm(contrast, confidence);
  }
  [[nodiscard]] Change change() const { return compared_.change(); }
  [[nodiscard]] std::optional<double> needs_factor(const Contrast& contrast, double confidence) const {
    return compared_.needs_factor(contrast, confidence);
  }

 private:
  explicit HistogramComparison(MoverComparison compared) : compared_(std::move(compared)) {}

  MoverComparison compared_;
};

}  // namespace gate::stats
