#include "stats/harm.h"

#include <cmath>
#include <limits>

namespace gate::stats {

std::string_view describe(Unusable reason) {
  switch (reason) {
    case Unusable::no_data:
      return "one side has no data";
    case Unusable::not_finite:
      return "a value is not a finite number, or beyond what can be computed with";
    case Unusable::bad_counts:
      return "the counts are impossible: negative, more events than their total, or sides of different length";
    case Unusable::baseline_near_zero:
      return "the baseline cannot be told from zero, so a relative bound has no meaning: use an absolute one";
    case Unusable::baseline_not_positive:
      return "the baseline is not above zero, so a relative bound has no meaning: use an absolute one";
    case Unusable::bad_margin:
      return "the margin is not a finite number, or a relative one leaves nothing of the baseline";
    case Unusable::bad_confidence:
      return "the confidence is not between 0.5 and 1";
    case Unusable::few_events:
      return "a part of the formula has fewer than five events on one side, too few for the delta method";
    case Unusable::tied_values:
      return "the values around the quantile are all equal";
    case Unusable::beyond_buckets:
      return "the quantile lies beyond the highest bucket on both sides: how far, the buckets do not say";
    case Unusable::divisor_near_zero:
      return "what the formula divides by cannot be told from zero";
    case Unusable::no_covariate:
      return "what the units did before does not tell them apart";
  }
  return "unknown reason";
}

double without_rounding(double difference, double magnitude) {
  constexpr double kRounding = 8.0 * std::numeric_limits<double>::epsilon();
  return std::abs(difference) <= kRounding * magnitude ? 0.0 : difference;
}

std::optional<Unusable> malformed(const Contrast& contrast, double confidence) {
  if (!(confidence > 0.5 && confidence < 1.0)) return Unusable::bad_confidence;
  if (!std::isfinite(contrast.margin) || baseline_factor(contrast) <= 0.0) return Unusable::bad_margin;
  return std::nullopt;
}

}  // namespace gate::stats
