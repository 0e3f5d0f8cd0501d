// The number that a formula makes of its metrics' numbers, with its slope in each of them. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/formula.h"

namespace gate::judge {

/// What came out. Without a value, `divisor` is the text that was zero, or "" when a number left the range of double.
struct FormulaValue {
  std::optional<double> value;
  std::vector<double> gradient;  ///< in the order of Formula::metrics
  std::string divisor;
  /// The smallest |divisor| / (its standard error) of all divisions; infinite where the errors are not known or 0.
  double least_divisor = 0.0;
};

/// `values` and `errors` are those of Formula::metrics in base units; `errors` is empty when they are not known. Slopes by the
/// chain rule, exact but for rounding (forward differentiation), so that a metric that stands in the formula twice counts once.
FormulaValue evaluate(const config::Formula& formula, std::span<const double> values, std::span<const double> errors);

}  // namespace gate::judge
