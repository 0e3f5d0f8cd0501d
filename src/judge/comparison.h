// Comparison: one face for the estimators of stats, chosen by a metric's kind and method, never by its data.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "stats/delta.h"
#include "stats/harm.h"

namespace gate::judge {

/// Both sides of a metric, ready to be asked about contrasts.
class Comparison {
 public:
  Comparison() = default;
  virtual ~Comparison() = default;
  Comparison(const Comparison&) = delete;
  Comparison& operator=(const Comparison&) = delete;

  [[nodiscard]] virtual stats::Evaluated<stats::Harm> harm(const stats::Contrast& contrast, double confidence) const = 0;
  [[nodiscard]] virtual stats::Change change() const = 0;
  /// See stats/power.h.
  [[nodiscard]] virtual std::optional<double> needs_factor(const stats::Contrast& contrast, double confidence) const = 0;
};

/// A comparison, or why there is none; neither when the metric is two bare numbers by its nature (kind value, method point).
struct MadeComparison {
  std::unique_ptr<Comparison> comparison;
  std::optional<stats::Unusable> unusable;
};
MadeComparison make_comparison(const config::Metric& metric, const core::Measurement& measurement);

/// Both sides of a metric with the errors of their own data, for formulas; in the metric's unit. nullopt when its kind or
/// method gives no error (values, ranks, method point), or when a side has no usable data.
std::optional<stats::EstimatePair> estimates(const config::Metric& metric, const core::Measurement& measurement);

/// The values whose order is compared: points, or the means of batches that have rows.
std::vector<double> ranked_values(const core::SideMeasurement& side);

/// The estimand of one side in the metric's unit: mean, ratio, rate or the value. nullopt without usable data, or when
/// their sums are beyond what a number can hold.
std::optional<double> estimate(const config::Metric& metric, const core::SideMeasurement& side);

}  // namespace gate::judge
