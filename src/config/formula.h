// Formula: the arithmetic of a derived metric, such as "1000 * cost / requests", read into a tree. Pure: what the names stand
// for and whether the units fit is formula_check's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gate::config {

struct Formula {
  enum class Operation { number, metric, negate, add, subtract, multiply, divide };

  /// `offset` and `length` are the bytes of `text` that it was read from, for diagnostics.
  struct Node {
    Operation operation = Operation::number;
    double number = 0.0;    ///< Operation::number
    std::string metric;     ///< Operation::metric: the id
    std::size_t left = 0;   ///< the operand of a sign, the left one of the others
    std::size_t right = 0;  ///< Operation::add to divide
    std::size_t offset = 0;
    std::size_t length = 0;
  };

  std::string text;
  std::vector<Node> nodes;           ///< operands before what is made of them; the last one is the whole
  std::vector<std::string> metrics;  ///< the ids in it, each once, in the order of the text
};

/// What is wrong with a formula, and which bytes of it.
struct FormulaMistake {
  std::string message;
  std::string hint;
  std::size_t offset = 0;
  std::size_t length = 1;
};

/// Longer formulas, and deeper ones, are refused: nobody writes them.
inline constexpr std::size_t kLongestFormula = 4'000;
inline constexpr std::size_t kDeepestFormula = 64;

/// Reads + − × ÷ (also - * /), parentheses, signs, numbers, and ids: words of letters, digits and _, or any id between quotes
/// ("a-b", 'a-b'). The usual precedence; blanks and line breaks mean nothing. Any text is safe to pass.
std::variant<Formula, FormulaMistake> parse_formula(std::string_view text);

}  // namespace gate::config
