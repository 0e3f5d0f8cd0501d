// One side's ratio by itself: how large it was in its window, with exact limits. For statements about a window that is over
// (burn rates), not for comparing two sides: ratio.h.
#pragma once

#include "stats/dispersion.h"
#include "stats/harm.h"

namespace gate::stats {

/// The greatest chance (binomial) or rate (Poisson) at which `total`, divided by `dispersion`, would hold no event with a
/// probability of 1 − `confidence`: Clopper and Pearson's upper limit for none, 1 − α^(1/n) or −ln(α)/n. At 95 % it is about
/// 3/n, the rule of three (Hanley & Lippman-Hand, JAMA 249:1743, 1983). `total` > 0.
double limit_of_none(double total, CountModel model, double dispersion, double confidence);

/// Events of a total in one window, and what that proves of the chance of an event in that very window.
///
/// Clopper and Pearson's limits (Biometrika 26:404, 1934): never too eager, however few the events. Events that come in
/// clusters (retries, one user's page) are worth fewer: counts and totals are divided by φ, the mean square successive
/// difference of the slices' residuals, Σ(rₜ₊₁ − rₜ)² / 2(k − 1), r = x − p̂·n, over n̄·p̂·q̂, at least 1 (von Neumann, Kent,
/// Bellinson & Hart, Annals of Mathematical Statistics 12:153, 1941). Successive differences leave slow changes out: that the
/// chance rose and fell within the window is part of what the window is, not doubt about it; a long-run variance would call an
/// hour with a ten-minute outage unproven. Student's t with 2(k − 1)²/(3k − 4) degrees of freedom, those of that estimate,
/// replaces the normal tail.
class SingleRatio {
 public:
  /// Slices in order of time, or the whole as one. Unusable: as totals_of says for the binomial model.
  static Evaluated<SingleRatio> prepare(const Slices& slices, DispersionRule rule);

  [[nodiscard]] double point() const { return totals_.events / totals_.total; }
  /// Two one-sided limits, each at `confidence`, in (0.5, 1).
  [[nodiscard]] Interval limits(double confidence) const;
  /// P-values of "the chance is at most `limit`" and of "it is at least `limit`", 0 < limit < 1.
  [[nodiscard]] double p_above(double limit) const;
  [[nodiscard]] double p_below(double limit) const;
  [[nodiscard]] double dispersion() const { return dispersion_; }
  [[nodiscard]] const Totals& totals() const { return totals_; }

 private:
  Totals totals_;
  double dispersion_ = 1.0;
  double degrees_ = 0.0;
};

}  // namespace gate::stats
