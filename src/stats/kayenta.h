// Kayenta's judge, as its users know it, for teams that move over and compare. Not for our own claims: its points are taken as
// independent, its limits follow the size of the change itself, and nothing is ever unproven.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "stats/harm.h"

namespace gate::stats {

/// What makes a metric fail, with Kayenta's defaults: github.com/spinnaker/kayenta, NetflixACAJudge.scala and
/// MannWhitneyClassifier.scala.
struct KayentaRules {
  enum class Direction { increase, decrease, either };
  enum class EffectSize { mean_ratio, cles };

  Direction direction = Direction::either;
  double tolerance_ratio = 0.25;  ///< of the shift; Kayenta has no key for it
  double confidence = 0.98;       ///< of the two-sided interval; Kayenta has no key for it
  EffectSize effect_size = EffectSize::mean_ratio;
  double allowed_increase = 1.0;  ///< effects below it pass
  double allowed_decrease = 1.0;  ///< effects above it pass
  bool critical = false;
  double critical_increase = 1.0;
  double critical_decrease = 1.0;
  bool replace_nan = false;  ///< a side without data passes
  bool must_have_data = false;
  std::optional<double> outlier_factor;  ///< of the interquartile range; absent: outliers are kept
};

struct KayentaResult {
  /// `failed` is what Kayenta calls Error: an interval cannot be computed, as of one value on each side.
  enum class Class { pass, high, low, nodata, nodata_fail, failed };

  Class classification = Class::pass;
  bool critical = false;             ///< as Kayenta says it of the result: the whole analysis fails
  std::optional<double> effect;      ///< candidate by baseline, or cles; absent when it was not or cannot be computed
  std::optional<Interval> interval;  ///< of the shift candidate − baseline, in the metric's unit
  std::optional<double> shift;       ///< the estimate, in the metric's unit
  double bound = 0.0;                ///< what the limits have to be beyond: tolerance · |shift|
  std::size_t dropped_baseline = 0;  ///< outliers
  std::size_t dropped_candidate = 0;
};

/// "High", "NodataFailMetric": as Kayenta spells it.
std::string_view name(KayentaResult::Class classification);

/// Classifies `candidate` against `baseline`; finite values in any order, of any unit, NaN handled already. Two constant sides
/// get noise of 1e-5 of their value, by a fixed seed.
KayentaResult kayenta(std::span<const double> baseline, std::span<const double> candidate, const KayentaRules& rules);

/// The interval of Mann–Whitney's shift x − y and its estimate as Kayenta and R's wilcox.test(exact = FALSE) have them: normal
/// approximation with continuity and ties, the limits by Brent's method to 1e-4 of the unit, whatever the unit is.
struct WilcoxonShift {
  Interval interval;
  double estimate = 0.0;
};
/// Neither side empty, confidence in (0, 1). Nothing when all values are tied under some shift, as of one value on each side.
std::optional<WilcoxonShift> wilcoxon_shift(std::span<const double> x, std::span<const double> y, double confidence);

}  // namespace gate::stats
