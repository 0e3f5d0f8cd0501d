// A difference against the same difference on earlier days: did these hours move by more than they do by themselves? Knows
// nothing of the data behind a value: how much a day moves by itself is learnt from the days.
#pragma once

#include <optional>
#include <span>

#include "stats/harm.h"

namespace gate::stats {

/// Both sides of one day, in any unit.
struct DayPair {
  double baseline = 0.0;
  double candidate = 0.0;
};

/// How a day moves: by an amount, or by a factor (logarithms), as latencies and traffic do.
enum class Moves { by_amount, by_factor };

/// The candidate's value against the one that the baseline and K earlier days lead to expect, C₀ = θ_b + d or θ_b·exp(d), where
/// d has Student's prediction interval mean(d_k) ± t·s·sqrt(1 + 1/K) with K − 1 degrees of freedom (Hahn & Meeker, Statistical
/// Intervals, 1991, section 4.7; R's predict(lm(d ~ 1), interval = "prediction")). When the days are exchangeable (normal,
/// independent, one mean, one spread) each claim is wrong at most as often as promised, whatever the clock does and however
/// autocorrelated the points behind a value are. Harm is T = θ_c − f·C₀ − m, so that a share is one of what was to be expected.
/// Median and MAD in the place of mean and deviation would alarm twice as often as promised with few days.
///
/// Days that all moved alike have no spread: the difference itself decides. Immutable.
class PlaceboComparison {
 public:
  /// `earlier`: two or more. Unusable: no_data (fewer than two), not_finite, bad_confidence; by_factor: baseline_not_positive
  /// (a side of an earlier day, or the baseline, is not above zero: it has no logarithm).
  static Evaluated<PlaceboComparison> prepare(std::span<const DayPair> earlier, const DayPair& now, Moves moves,
                                              double confidence);

  /// Unusable: bad_margin, bad_confidence; for relative margins baseline_not_positive, baseline_near_zero.
  [[nodiscard]] Evaluated<Harm> harm(const Contrast& contrast, double confidence) const;
  /// `baseline` is what was to be expected; both intervals hold its uncertainty.
  [[nodiscard]] Change change() const;
  /// What was to be expected, with its prediction interval at the level of change().
  [[nodiscard]] double expected() const { return at(0.0); }
  [[nodiscard]] Interval expected_interval() const;
  /// Never: more of this release's traffic does not tell more of how days differ.
  [[nodiscard]] static std::optional<double> needs_factor(const Contrast& contrast, double confidence);

 private:
  PlaceboComparison() = default;
  /// The expected value `t` standard errors above the middle.
  [[nodiscard]] double at(double t) const;
  /// How many standard errors `value` lies above the middle.
  [[nodiscard]] double distance(double value) const;
  [[nodiscard]] double quantile(double confidence) const;

  Moves moves_ = Moves::by_amount;
  DayPair now_;
  double middle_ = 0.0;  ///< mean move of the earlier days: an amount or a logarithm
  double error_ = 0.0;   ///< s·sqrt(1 + 1/K)
  double count_ = 0.0;
  double confidence_ = 0.95;
};

}  // namespace gate::stats
