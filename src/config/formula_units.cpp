#include "config/formula_units.h"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>
#include <vector>

namespace gate::config {
namespace {

using Operation = Formula::Operation;

void multiply(Dimension& dimension, const Dimension& other, int power) {
  for (const auto& [base, exponent] : other) {
    const int sum = dimension[base] + power * exponent;
    if (sum == 0) {
      dimension.erase(base);
    } else {
      dimension[base] = sum;
    }
  }
}

void multiply_word(Dimension& dimension, std::string_view word, int power) {
  if (word == "1" || word == "pp" || word.empty()) return;
  multiply(dimension, {{std::string(word), 1}}, power);
}

/// The base unit of a base dimension; free words stand for themselves.
std::string_view symbol_of(std::string_view base) {
  if (base == "time") return "s";
  if (base == "size") return "B";
  return base == "bits" ? "bit" : base;
}

std::string product_text(const Dimension& dimension, int sign) {
  std::string out;
  for (const auto& [base, exponent] : dimension) {
    if (exponent * sign <= 0) continue;
    if (!out.empty()) out += "·";
    out += symbol_of(base);
    if (std::abs(exponent) > 1) out += fmt::format("^{}", std::abs(exponent));
  }
  return out;
}

std::string_view text_of(const Formula& formula, const Formula::Node& node) {
  return std::string_view(formula.text).substr(node.offset, node.length);
}

std::optional<double> constant_of(const Formula::Node& node, const std::vector<std::optional<double>>& known) {
  switch (node.operation) {
    case Operation::number:
      return node.number;
    case Operation::metric:
      return std::nullopt;
    case Operation::negate:
      return known[node.left] ? std::optional(-*known[node.left]) : std::nullopt;
    default:
      break;
  }
  if (!known[node.left] || !known[node.right]) return std::nullopt;
  const double left = *known[node.left];
  const double right = *known[node.right];
  switch (node.operation) {
    case Operation::add:
      return left + right;
    case Operation::subtract:
      return left - right;
    case Operation::multiply:
      return left * right;
    default:
      return left / right;
  }
}

}  // namespace

Dimension dimension_of(const core::Unit& unit) {
  Dimension out;
  const std::string_view text = unit.dimension;
  const std::size_t slash = text.find('/');
  multiply_word(out, text.substr(0, slash), 1);
  if (slash == std::string_view::npos) return out;
  // Hz in the numerator brings a second slash: "1/time/core".
  std::string_view rest = text.substr(slash + 1);
  for (std::size_t next = rest.find('/'); next != std::string_view::npos; next = rest.find('/')) {
    multiply_word(out, rest.substr(0, next), -1);
    rest = rest.substr(next + 1);
  }
  multiply_word(out, rest, -1);
  return out;
}

std::string unit_text(const Dimension& dimension) {
  const std::string above = product_text(dimension, 1);
  const std::string below = product_text(dimension, -1);
  if (below.empty()) return above.empty() ? "1" : above;
  return fmt::format("{}/{}", above.empty() ? "1" : above, below);
}

std::string describe(const Dimension& dimension) {
  const std::string text = unit_text(dimension);
  const auto unit = core::parse_unit(text);
  return unit ? core::describe_dimension(*unit) : fmt::format("an amount in \"{}\"", text);
}

std::variant<Dimension, FormulaMistake> dimension_of(const Formula& formula,
                                                     const std::function<core::Unit(const std::string& metric)>& unit_of) {
  std::vector<Dimension> known;
  for (const Formula::Node& node : formula.nodes) {
    Dimension own;
    switch (node.operation) {
      case Operation::number:
        break;
      case Operation::metric:
        own = dimension_of(unit_of(node.metric));
        break;
      case Operation::negate:
        own = known[node.left];
        break;
      case Operation::multiply:
      case Operation::divide:
        own = known[node.left];
        multiply(own, known[node.right], node.operation == Operation::multiply ? 1 : -1);
        break;
      case Operation::add:
      case Operation::subtract: {
        own = known[node.left];
        if (own == known[node.right]) break;
        const Formula::Node& right = formula.nodes[node.right];
        const bool sum = node.operation == Operation::add;
        return FormulaMistake{fmt::format("`{}` is {} and cannot be {} {}", text_of(formula, right),
                                          describe(known[node.right]), sum ? "added to" : "taken from", describe(own)),
                              "only what has the same dimension can be added; units of one dimension are converted",
                              right.offset, right.length};
      }
    }
    known.push_back(std::move(own));
  }
  return known.back();
}

std::optional<FormulaMistake> check_divisors(const Formula& formula) {
  std::vector<std::optional<double>> known;
  for (const Formula::Node& node : formula.nodes) {
    if (node.operation == Operation::divide && known[node.right] && *known[node.right] == 0.0) {
      const Formula::Node& divisor = formula.nodes[node.right];
      return FormulaMistake{fmt::format("the formula divides by {}, which is zero", text_of(formula, divisor)),
                            "divide by a metric, or by another number", divisor.offset, divisor.length};
    }
    known.push_back(constant_of(node, known));
  }
  return std::nullopt;
}

}  // namespace gate::config
