#include "judge/formula_value.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gate::judge {
namespace {

using Operation = config::Formula::Operation;

/// A value with its slope in each metric.
struct Dual {
  double value = 0.0;
  std::vector<double> slopes;
};

double error_of(const Dual& dual, std::span<const double> errors) {
  double error = 0.0;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (dual.slopes[i] != 0.0) error = std::hypot(error, dual.slopes[i] * errors[i]);
  }
  return error;
}

/// a·left + b·right, slope by slope.
std::vector<double> mixed(const Dual& left, double a, const Dual& right, double b) {
  std::vector<double> out(left.slopes.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = a * left.slopes[i] + b * right.slopes[i];
  return out;
}

Dual combined(Operation operation, const Dual& left, const Dual& right) {
  switch (operation) {
    case Operation::add:
      return {left.value + right.value, mixed(left, 1.0, right, 1.0)};
    case Operation::subtract:
      return {left.value - right.value, mixed(left, 1.0, right, -1.0)};
    case Operation::multiply:
      return {left.value * right.value, mixed(left, right.value, right, left.value)};
    default:
      return {left.value / right.value, mixed(left, 1.0 / right.value, right, -left.value / right.value / right.value)};
  }
}

}  // namespace

FormulaValue evaluate(const config::Formula& formula, std::span<const double> values, std::span<const double> errors) {
  FormulaValue out;
  out.least_divisor = std::numeric_limits<double>::infinity();
  std::vector<Dual> known;
  for (const config::Formula::Node& node : formula.nodes) {
    Dual dual{node.number, std::vector<double>(formula.metrics.size(), 0.0)};
    if (node.operation == Operation::metric) {
      const auto at = std::find(formula.metrics.begin(), formula.metrics.end(), node.metric) - formula.metrics.begin();
      dual.value = values[static_cast<std::size_t>(at)];
      dual.slopes[static_cast<std::size_t>(at)] = 1.0;
    } else if (node.operation == Operation::negate) {
      dual = known[node.left];
      dual.value = -dual.value;
      for (double& slope : dual.slopes) slope = -slope;
    } else if (node.operation != Operation::number) {
      const Dual& right = known[node.right];
      if (node.operation == Operation::divide) {
        if (right.value == 0.0) {
          const config::Formula::Node& divisor = formula.nodes[node.right];
          out.divisor = formula.text.substr(divisor.offset, divisor.length);
          return out;
        }
        const double error = error_of(right, errors);
        if (error > 0.0) out.least_divisor = std::min(out.least_divisor, std::abs(right.value) / error);
      }
      dual = combined(node.operation, known[node.left], right);
    }
    known.push_back(std::move(dual));
  }
  const Dual& whole = known.back();
  const auto finite = [](double value) { return std::isfinite(value); };
  if (!finite(whole.value) || !std::all_of(whole.slopes.begin(), whole.slopes.end(), finite)) return out;
  out.value = whole.value;
  out.gradient = whole.slopes;
  return out;
}

}  // namespace gate::judge
