// One release against earlier ones: is its value one that they would have led to expect? Knows nothing of the data behind a
// value: how much releases differ is learnt from the releases.
#pragma once

#include <optional>
#include <span>

#include "stats/harm.h"

namespace gate::stats {

/// The candidate's value against a reference made of N earlier ones. With an exchangeable past (normal, independent, one mean,
/// one spread) each claim is wrong at most as often as promised, whatever the unknown spread. Immutable.
///
/// Against the mean x̄ of all N, T = c − f·x̄ − m has SE² = s²·(max(1, f)² + f²/N) with the sample deviation s and N − 1 degrees
/// of freedom. For f = 1, m = 0 that is Student's prediction interval (Hahn & Meeker, Statistical Intervals, 1991,
/// section 4.7), R's predict(lm(y ~ 1), interval = "prediction"). A release at f times the level is taken to scatter f times as
/// much, as latencies and counts do, and never less than the others.
///
/// Against one of them (the anchor) SE² = δ²·(max(1, f)² + f²), where δ² is half the mean square successive difference (von
/// Neumann et al. 1941), with 2·(N − 1)²/(3N − 4) degrees of freedom: the slow drift that an anchor is there to find does not
/// widen it.
///
/// Values that are all equal have no spread: the difference itself decides.
class PredictionComparison {
 public:
  /// `previous`: finite, two or more, oldest first, of any unit. Unusable: no_data (fewer than two), not_finite,
  /// bad_confidence.
  static Evaluated<PredictionComparison> of_mean(std::span<const double> previous, double candidate, double confidence);
  /// `anchor` need not be among `previous`, which tell how much two releases differ.
  static Evaluated<PredictionComparison> of_anchor(std::span<const double> previous, double anchor, double candidate,
                                                   double confidence);

  /// Unusable: bad_margin, bad_confidence; for relative margins baseline_not_positive, baseline_near_zero.
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast, double confidence) const;
  /// `baseline` is the reference. The relative interval holds the margins at which `harm` changes its answer (Fieller).
  [[nodiscard]] Change change() const;
  /// Never: more of this release's traffic does not tell more of how releases differ.
  [[nodiscard]] static std::optional<double> needs_factor(const Contrast& contrast, double confidence);

 private:
  PredictionComparison() = default;
  [[nodiscard]] double standard_error(double factor) const;
  [[nodiscard]] bool reference_is_near_zero(double confidence) const;
  [[nodiscard]] std::optional<double> relative_limit(double t) const;

  double reference_ = 0.0;
  double candidate_ = 0.0;
  double deviation_ = 0.0;  ///< between releases
  double weight_ = 1.0;     ///< of the reference's own variance, in units of deviation²
  double degrees_ = 1.0;
  double count_ = 0.0;
  double confidence_ = 0.95;
};

}  // namespace gate::stats
