// A function of several estimates, such as cost / requests, on two sides: its error by the delta method, and the comparison.
// Not for the estimates themselves: those are taken from mean.h and dispersion.h.
#pragma once

#include <limits>
#include <optional>
#include <span>

#include "stats/dispersion.h"
#include "stats/harm.h"
#include "stats/mean.h"

namespace gate::stats {

/// One number with its uncertainty, in any unit.
struct Estimate {
  double value = 0.0;
  double standard_error = 0.0;
  double degrees = std::numeric_limits<double>::infinity();    ///< of the standard error: of its t distribution
  double effective = std::numeric_limits<double>::infinity();  ///< independent samples (totals, events) that it is worth
};

/// `value` is what a function makes of `parts`, `gradient` its slope in each of them. First-order propagation of error, with
/// the parts independent: se² = Σ (gᵢ·seᵢ)² (Gauss's law; Oehlert, The American Statistician 46:27, 1992), degrees of freedom
/// by Welch and Satterthwaite. Parts with a slope of 0 have no say. `effective` is the smallest of those that have one.
/// Precondition: gradient and parts have the same length.
Estimate propagate(double value, std::span<const double> gradient, std::span<const Estimate> parts);

/// Both sides of a proportion or a rate, each with the standard error of its own data, φ included (dispersion.h).
struct EstimatePair {
  Estimate baseline;
  Estimate candidate;
};

/// Events of a total (binomial) or over an exposure (Poisson). Unusable: as totals_of says.
Evaluated<EstimatePair> estimate_counts(const Slices& baseline, const Slices& candidate, CountModel model, DispersionRule rule);
/// The means that mean.h compares.
EstimatePair estimate_means(const MeanComparison& means);

/// Two such estimates compared. Immutable; what is claimed is what MeanComparison claims of two means with these errors.
class DeltaComparison {
 public:
  /// Unusable: not_finite, bad_confidence.
  static Evaluated<DeltaComparison> prepare(const Estimate& baseline, const Estimate& candidate, double confidence);

  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast, double confidence) const {
    return means_.harm(contrast, confidence);
  }
  [[nodiscard]] Change change() const;
  [[nodiscard]] std::optional<double> needs_factor(const Contrast& contrast, double confidence) const {
    return means_.needs_factor(contrast, confidence);
  }

 private:
  DeltaComparison(MeanComparison means, double effective_baseline, double effective_candidate);

  MeanComparison means_;
  double effective_baseline_;
  double effective_candidate_;
};

}  // namespace gate::stats
