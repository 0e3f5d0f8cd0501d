// An estimator of stats as a Comparison. A new method is a function that prepares one and wraps it. Private to judge.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "judge/comparison.h"

namespace gate::judge {

inline void divide(stats::Interval& interval, double scale) {
  interval.lower /= scale;
  interval.upper /= scale;
}

/// The estimators share one shape: harm(contrast, confidence), change(), needs_factor(contrast, confidence). A proportion is
/// compared as a fraction and shown in the metric's unit: `scale` is what one of the unit is of what the estimator works in.
template <typename Estimator>
class Wrapped final : public Comparison {
 public:
  Wrapped(Estimator estimator, double scale) : estimator_(std::move(estimator)), scale_(scale) {}

  [[nodiscard]] stats::Evaluated<stats::Harm> harm(const stats::Contrast& contrast, double confidence) const override {
    const auto asked = estimator_.harm(scaled(contrast), confidence);
    if (!asked) return asked;
    stats::Harm harm = *asked;
    harm.point /= scale_;
    divide(harm.interval, scale_);
    harm.standard_error /= scale_;
    harm.margin_absolute /= scale_;
    if (contrast.kind == stats::MarginKind::absolute) harm.detectable /= scale_;
    return harm;
  }

  [[nodiscard]] stats::Change change() const override {
    stats::Change change = estimator_.change();
    change.baseline /= scale_;
    change.candidate /= scale_;
    change.absolute /= scale_;
    if (change.interval) divide(*change.interval, scale_);
    if (change.covariate) change.covariate->unadjusted /= scale_;
    return change;
  }

  [[nodiscard]] std::optional<double> needs_factor(const stats::Contrast& contrast, double confidence) const override {
    return estimator_.needs_factor(scaled(contrast), confidence);
  }

 private:
  [[nodiscard]] stats::Contrast scaled(stats::Contrast contrast) const {
    if (contrast.kind == stats::MarginKind::absolute) contrast.margin *= scale_;
    return contrast;
  }

  Estimator estimator_;
  double scale_;
};

template <typename Estimator>
MadeComparison wrap(stats::Evaluated<Estimator> prepared, double scale = 1.0) {
  if (!prepared) return {nullptr, prepared.reason()};
  return {std::make_unique<Wrapped<Estimator>>(*prepared, scale), std::nullopt};
}

}  // namespace gate::judge
