// Counts of events over an exposure (seconds, requests, hosts) of two sides compared by their rates. Not for events that are a
// part of a total: ratio.h.
#pragma once

#include <optional>

#include "stats/dispersion.h"
#include "stats/harm.h"
#include "stats/proportions.h"

namespace gate::stats {

/// Prepared once per metric, then asked as often as there are bounds. Immutable; safe to share between threads.
///
/// Relative margins: the exact conditional test of the rate ratio (given the sum of the events, the candidate's are binomial),
/// with Clopper–Pearson limits by beta quantiles; the limits are brought into the metric's unit by the baseline's rate.
/// Absolute margins: the skewness-corrected score for a difference of Poisson rates (Laud 2017), since the conditional test
/// knows ratios only. Both divide the counts by the dispersion φ, and take Student's tail once φ was learnt from slices.
class CountComparison {
 public:
  /// Per-step slices of both sides (events, exposure in any unit) in order of time, or whole sums as one slice each.
  /// Unusable: no_data (no exposure), not_finite, bad_counts, bad_confidence.
  static Evaluated<CountComparison> prepare(const Slices& baseline, const Slices& candidate, DispersionRule rule,
                                            double confidence);

  /// In events per unit of exposure. `standard_error` is half the interval over its quantile. Unusable: bad_margin,
  /// bad_confidence; baseline_near_zero for a relative margin on a baseline without an event.
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast) const { return harm(contrast, confidence_); }
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast, double confidence) const;

  /// The difference of the rates by the score, the relative change by the exact conditional limits.
  [[nodiscard]] Change change() const;

  /// See ratio.h.
  [[nodiscard]] std::optional<double> needs_factor(const Contrast& contrast, double confidence) const;

  [[nodiscard]] const Totals& baseline() const { return baseline_; }
  [[nodiscard]] const Totals& candidate() const { return candidate_; }
  [[nodiscard]] const Dispersion& dispersion() const { return dispersion_; }

 private:
  CountComparison() = default;
  [[nodiscard]] CountPair scaled(double growth) const;
  [[nodiscard]] double degrees_of_difference() const;
  [[nodiscard]] double degrees_of_ratio() const;
  [[nodiscard]] Harm relative_harm(const Contrast& contrast, double confidence) const;
  [[nodiscard]] Harm absolute_harm(const Contrast& contrast, double confidence) const;

  Totals baseline_;
  Totals candidate_;
  Dispersion dispersion_;
  double confidence_ = 0.95;
};

/// Limits for the rate ratio θc/θb, each with the tail probability `alpha`; the upper one is infinite without a baseline event.
Interval rate_ratio_limits(const CountPair& counts, double alpha);

/// One-sided exact conditional p-values of "rate ratio <= factor" (harm) and "rate ratio >= factor" (safe).
struct ExactTails {
  double harm = 1.0;
  double safe = 1.0;
};
ExactTails rate_ratio_tails(const CountPair& counts, double factor);

}  // namespace gate::stats
