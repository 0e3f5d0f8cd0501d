// CUPED: two sides of units (users) compared with less noise, by what the same units had done before. Not for sides without
// units, and not for what a release may have moved already.
#pragma once

#include <optional>
#include <span>

#include "stats/harm.h"
#include "stats/mean.h"

namespace gate::stats {

/// One side, a number for each of its units: sums over their rows (or events) and their rows (or totals), now and before. A
/// unit that was not there before has 0 and 0.
struct UnitSums {
  std::span<const double> sums;
  std::span<const double> sizes;
  std::span<const double> earlier_sums;
  std::span<const double> earlier_sizes;
};

/// Means over rows, or ratios, of two sides whose units were drawn at random, adjusted by a covariate (Deng, Xu, Kohavi &
/// Walker, Improving the sensitivity of online controlled experiments by utilizing pre-experiment data, WSDM 2013, with the
/// delta method of their appendix B).
///
/// With Y = Σy / Σn over a side, unit i moves Y by e_i (the jackknife), and what it did before is z_i = (x_i − P·m_i) / m̄, P
/// being Σx / Σm over all units of both sides: its mean over all of them is 0, and so is the z of one that was not there. The
/// adjusted value of a side is Y − θ·z̄, θ = Σ e·z / Σ z² within the sides, pooled over both. Random assignment makes the
/// expected z̄ the same on both, so that the difference stays what it was; its variance loses the share ρ². The error is that
/// of e − θ·z, with the degree that θ costs, and the error of θ itself where the sides differ in z̄.
///
/// Prepared once per metric, then asked as often as there are bounds. Immutable; claims what MeanComparison claims of two means
/// with these errors.
class CupedComparison {
 public:
  /// Unusable: no_data, not_finite, bad_counts, bad_confidence; no_covariate when the units did nothing before, or all the
  /// same, or are three or fewer.
  static Evaluated<CupedComparison> prepare(const UnitSums& baseline, const UnitSums& candidate, double confidence);

  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast, double confidence) const {
    return means_.harm(contrast, confidence);
  }
  /// Change::covariate says what the adjustment was worth.
  [[nodiscard]] Change change() const;
  [[nodiscard]] std::optional<double> needs_factor(const Contrast& contrast, double confidence) const {
    return means_.needs_factor(contrast, confidence);
  }

 private:
  CupedComparison(const MeanComparison& means, const CovariateEffect& effect) : means_(means), effect_(effect) {}

  MeanComparison means_;
  CovariateEffect effect_;
};

}  // namespace gate::stats
