#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "config/formula.h"
#include "config/formula_units.h"

using namespace gate;
using config::Formula;
using config::FormulaMistake;
using config::parse_formula;

namespace {

/// The tree with all parentheses written out.
std::string tree(const Formula& formula, std::size_t at) {
  const Formula::Node& node = formula.nodes[at];
  switch (node.operation) {
    case Formula::Operation::number: {
      std::string text = std::to_string(node.number);
      while (text.back() == '0') text.pop_back();
      if (text.back() == '.') text.pop_back();
      return text;
    }
    case Formula::Operation::metric:
      return node.metric;
    case Formula::Operation::negate:
      return "(-" + tree(formula, node.left) + ")";
    default: {
      const char sign = node.operation == Formula::Operation::add        ? '+'
                        : node.operation == Formula::Operation::subtract ? '-'
                        : node.operation == Formula::Operation::multiply ? '*'
                                                                         : '/';
      return "(" + tree(formula, node.left) + sign + tree(formula, node.right) + ")";
    }
  }
}

/// The tree, or "offset+length message".
std::string read(const std::string& text) {
  const auto parsed = parse_formula(text);
  if (const auto* formula = std::get_if<Formula>(&parsed)) return tree(*formula, formula->nodes.size() - 1);
  const auto& mistake = std::get<FormulaMistake>(parsed);
  CHECK_FALSE(mistake.hint.empty());
  return std::to_string(mistake.offset) + "+" + std::to_string(mistake.length) + " " + mistake.message;
}

/// "EUR", "s" and so on for words that begin so: "s_a" is in s.
core::Unit unit_of(const std::string& metric) {
  const std::string symbol = metric.substr(0, metric.find('_'));
  if (symbol == "rate") return *core::parse_unit("1/s");
  if (symbol == "percent") return *core::parse_unit("%");
  if (symbol == "price") return *core::parse_unit("EUR/req");
  return symbol == "plain" ? core::Unit{} : *core::parse_unit(symbol);
}

/// The unit that comes out, or "offset+length message".
std::string units(const std::string& text) {
  const auto parsed = parse_formula(text);
  REQUIRE(std::holds_alternative<Formula>(parsed));
  const auto found = config::dimension_of(std::get<Formula>(parsed), unit_of);
  if (const auto* dimension = std::get_if<config::Dimension>(&found)) return config::unit_text(*dimension);
  const auto& mistake = std::get<FormulaMistake>(found);
  return std::to_string(mistake.offset) + "+" + std::to_string(mistake.length) + " " + mistake.message;
}

}  // namespace

TEST_CASE("formulas and what they mean") {
  struct Case {
    const char* text;
    const char* tree;
  };
  for (const Case& c : {
           Case{"a", "a"},
           Case{"1000 * cost / requests", "((1000*cost)/requests)"},
           Case{"a + b * c", "(a+(b*c))"},
           Case{"(a + b) * c", "((a+b)*c)"},
           Case{"a - b - c", "((a-b)-c)"},
           Case{"a / b / c", "((a/b)/c)"},
           Case{"a - (b - c)", "(a-(b-c))"},
           Case{"-a * b", "((-a)*b)"},
           Case{"a - -b", "(a-(-b))"},
           Case{"a × b ÷ c − d", "(((a*b)/c)-d)"},
           Case{"\"a-b\" / 'c d' * `e`", "((a-b/c d)*e)"},
           Case{"a-b", "(a-b)"},
           Case{" 1e3*a\n  + .5 ", "((1000*a)+0.5)"},
           Case{"((((a))))", "a"},
       }) {
    INFO(c.text);
    CHECK(read(c.text) == c.tree);
  }
}

TEST_CASE("formulas that cannot be read, and where") {
  struct Case {
    const char* text;
    const char* mistake;
  };
  for (const Case& c : {
           Case{"", "0+1 the formula ends where an operand should stand"},
           Case{"1 + 2", "0+5 the formula names no metric"},
           Case{"a +", "2+1 the formula ends where an operand should stand"},
           Case{"a + * b", "4+1 * cannot stand here"},
           Case{"a ^ 2", "2+1 ^ cannot stand here"},
           Case{"a b", "2+1 an operator is missing here"},
           Case{"2a", "0+1 an operator is missing after 2"},
           Case{"1.2.3 * a", "0+3 an operator is missing after 1.2"},
           Case{"1e999 * a", "0+5 \"1e999\" is not a number"},
           Case{". * a", "0+1 \".\" is not a number"},
           Case{"(a + b", "0+1 the parenthesis is not closed"},
           Case{"a)", "1+1 ) cannot stand here"},
           Case{"a * (b c)", "7+1 an operator is missing here"},
           Case{"\"a", "0+1 the quote is not closed"},
           Case{"''", "0+2 no metric has an empty name"},
           Case{"log(a)", "0+3 there is no function `log`"},
           Case{"a % b", "2+1 % cannot stand here"},
           Case{"a · b", "2+2 · cannot stand here"},
       }) {
    INFO(c.text);
    CHECK(read(c.text) == c.mistake);
  }
  CHECK(read(std::string(100, '(') + "a" + std::string(100, ')')) == "64+1 the formula is nested too deeply");
  CHECK(read(std::string(100, '-') + "a") == "64+1 the formula is nested too deeply");
  CHECK(read("a" + std::string(4000, ' ')) == "0+1 a formula of 4001 bytes is too long");
  CHECK(read("a" + std::string(998, '+') + "a").starts_with("2+1"));
}

TEST_CASE("each metric once, in the order of the text, and what was read where") {
  const Formula formula = std::get<Formula>(parse_formula("b / (a + b)"));
  CHECK(formula.metrics == std::vector<std::string>{"b", "a"});
  const Formula::Node& sum = formula.nodes[formula.nodes.back().right];
  CHECK(formula.text.substr(sum.offset, sum.length) == "(a + b)");
}

TEST_CASE("no text breaks the parser, and what it accepts it accepts when written out again") {
  std::mt19937_64 engine(7);
  const std::string alphabet = "ab1.()+-*/ \"'`−×÷\xff\n%e";
  int accepted = 0;
  for (int run = 0; run < 20'000; ++run) {
    std::string text;
    for (std::size_t i = engine() % 14; i > 0; --i) text += alphabet[engine() % alphabet.size()];
    const auto parsed = parse_formula(text);
    if (const auto* formula = std::get_if<Formula>(&parsed)) {
      ++accepted;
      for (std::size_t i = 0; i < formula->nodes.size(); ++i) {
        const Formula::Node& node = formula->nodes[i];
        CHECK(node.offset + node.length <= text.size());
        if (node.operation >= Formula::Operation::add) CHECK((node.left < i && node.right < i));
      }
    } else {
      const auto& mistake = std::get<FormulaMistake>(parsed);
      CHECK(mistake.offset <= text.size());
    }
  }
  CHECK(accepted > 100);
}

TEST_CASE("the dimension of a formula") {
  struct Case {
    const char* text;
    const char* unit;
  };
  for (const Case& c : {
           Case{"s_a + ms_b", "s"},
           Case{"1000 * EUR_cost / plain", "EUR"},
           Case{"EUR_cost / req_n", "EUR/req"},
           Case{"MiB_x / s_y", "B/s"},
           Case{"rate_a * s_b", "1"},
           Case{"EUR_cost / rate_a", "EUR·s"},
           Case{"percent_a * plain", "1"},
           Case{"1 - percent_a", "1"},
           Case{"price * req_n - EUR_fee", "EUR"},
           Case{"-(s_a * s_b)", "s^2"},
           Case{"1 / s_a", "1/s"},
           Case{"s_a + kB_b", "6+4 `kB_b` is a size and cannot be added to a duration"},
           Case{"s_a - 5", "6+1 `5` is a plain number and cannot be taken from a duration"},
           Case{"plain + (EUR_a * EUR_b)",
                "8+15 `(EUR_a * EUR_b)` is an amount in \"EUR^2\" and cannot be added to a plain number"},
       }) {
    INFO(c.text);
    CHECK(units(c.text) == c.unit);
  }
}

TEST_CASE("division by numbers that make zero") {
  const auto divisor = [](const char* text) {
    const auto mistake = config::check_divisors(std::get<Formula>(parse_formula(text)));
    return mistake ? std::string(text).substr(mistake->offset, mistake->length) : std::string();
  };
  CHECK(divisor("a / 0") == "0");
  CHECK(divisor("a / (2 - 2)") == "(2 - 2)");
  CHECK(divisor("a / -0") == "-0");
  CHECK(divisor("a / (b / 0)") == "0");
  CHECK(divisor("a / (0 * b)").empty());
  CHECK(divisor("0 / a").empty());
  CHECK(divisor("a / 2").empty());
}
