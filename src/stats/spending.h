// Repeated looks at growing data: how much error each look may spend, so that all looks together make no more than one would.
// Not for which looks are taken, nor for what is concluded from them.
#pragma once

#include <vector>

namespace gate::stats {

/// How much of the one-sided error `alpha` may have been used when the share `information` of all data is in:
/// α*(t) = 2 − 2Φ(z_{1−α/2}/√t), the spending function whose limits are like O'Brien and Fleming's: next to nothing early, next
/// to everything left for the end (Lan & DeMets, Biometrika 70:659, 1983). 0 at and below t = 0, `alpha` from t = 1 on.
double spent(double alpha, double information);

/// The levels that the looks of one sequence are judged at. Whatever looks are taken, and however many, the chance that any of
/// them goes wrong is at most 1 − confidence: a look that is left out spends nothing, and the next one has its share. Limits
/// at these levels are repeated confidence intervals (Jennison & Turnbull, JRSS B 51:305, 1989): all of them hold at once.
///
/// The distribution of what is still open after each look is carried on by numerical integration (Armitage, McPherson & Rowe,
/// JRSS A 132:235, 1969), for estimates whose increments are independent in the information, such as means of a growing sample
/// against a fixed one or against one that grows along.
class SpendingBoundary {
 public:
  /// `confidence` of the whole sequence, in (0.5, 1).
  explicit SpendingBoundary(double confidence);

  /// The one-sided confidence of the limits at a look with this share of the information, at most 1 − 10⁻⁹: a quantile beyond
  /// that needs an exacter normal approximation than any data give. A look that has no more information than the one before
  /// is judged as that one was. `information` in (0, 1]; the horizon has 1.
  double look(double information);

  /// The normal quantile of the last look's level; infinite before the first.
  [[nodiscard]] double quantile() const { return quantile_; }

 private:
  void open(double information);
  void carry_on(double information);
  [[nodiscard]] double chance_above(double quantile, double information) const;

  double alpha_;
  double information_ = 0.0;
  double quantile_;
  std::vector<double> places_;  ///< of the standardised estimate, from far below up to the limit
  std::vector<double> masses_;  ///< its density there, with the weight of the place, where no look has crossed
};

}  // namespace gate::stats
