// Quantiles of two series in time compared by a block bootstrap. Not for independent values, for which ranks are exact:
// order_statistics.h. Which of the two is taken: quantile_comparison.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "stats/harm.h"

namespace gate::stats {

/// One side, and what is known of its dependence.
struct QuantileSeries {
  std::span<const double> values;  ///< finite, in order of time, not empty
  double dispersion = 1.0;         ///< φ: how much more values below the quantile vary in number than independent ones
  double slices = 0.0;             ///< independent slices that φ was learnt from
};

struct Resampling {
  std::size_t resamples = 2000;
  std::uint64_t seed = 1;
};

/// Prepared once per metric, then asked as often as there are bounds. Immutable.
///
/// Percentile-t: the error of a quantile is the distance between the values one standard error of the rank below and above it,
/// the rank's variance n·p·(1 − p)·φ. In a resample it is measured alike, with the φ that the blocks themselves give, so that
/// the resamples teach the shape (skewed at p99, since the error grows with the quantile) and φ the scale. The limits are
/// T − t*·SE with t* a quantile of the resamples' (T* − T)/SE*; multiplied by how much wider Student's t is than the normal
/// distribution with as many degrees of freedom as φ has slices. Blocks are as long as block_length.h finds for the series of
/// "below the quantile", and longer in series of more than 20,000 blocks.
class QuantileBootstrap {
 public:
  /// 0 < probability < 1. Unusable: no_data, not_finite, bad_confidence; tied_values when the values around the quantile of a
  /// side are all equal, or one, so that it has no error that could be measured so.
  static Evaluated<QuantileBootstrap> prepare(const QuantileSeries& baseline, const QuantileSeries& candidate,
                                              double probability, const Resampling& resampling, double confidence);

  /// Unusable: bad_margin, bad_confidence; for relative margins baseline_not_positive, baseline_near_zero (its lower limit).
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast) const { return harm(contrast, confidence_); }
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast, double confidence) const;
  /// The relative interval holds the factors, less 1, at which a limit of `harm` is zero.
  [[nodiscard]] Change change() const;
  /// See power.h. Nothing when the question is not evaluable.
  [[nodiscard]] std::optional<double> needs_factor(const Contrast& contrast, double confidence) const;

 private:
  struct Side {
    double point = 0.0;
    double standard_error = 0.0;
    double effective = 0.0;
    double slices = 0.0;
    std::size_t block = 1;
    std::vector<double> moves;   ///< per resample: its quantile less `point`
    std::vector<double> errors;  ///< per resample: its standard error
  };
  /// The resamples' t of θc − factor·θb.
  struct Shape;

  QuantileBootstrap() = default;
  [[nodiscard]] Shape shape_of(double factor) const;
  [[nodiscard]] double standard_error(double factor) const;
  [[nodiscard]] double degrees(double factor) const;
  [[nodiscard]] Interval limits(Shape& shape, double factor, double confidence) const;
  [[nodiscard]] bool baseline_is_near_zero(double confidence) const;

  Side baseline_;
  Side candidate_;
  Resampling resampling_;
  double confidence_ = 0.95;
};

}  // namespace gate::stats
