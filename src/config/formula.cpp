#include "config/formula.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "core/text.h"

namespace gate::config {
namespace {

using Operation = Formula::Operation;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_word(char c) {
  return is_word_start(c) || is_digit(c);
}

/// Recursive descent. After the first mistake nothing more is read.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) { formula_.text = std::string(text); }

  std::variant<Formula, FormulaMistake> run() {
    if (text_.size() > kLongestFormula) {
      return FormulaMistake{fmt::format("a formula of {} bytes is too long", text_.size()),
                            fmt::format("at most {}: split it into several derived metrics", kLongestFormula), 0, 1};
    }
    sum();
    skip_blanks();
    if (!mistake_ && at_ < text_.size()) unexpected();
    if (!mistake_ && formula_.metrics.empty())
      fail("the formula names no metric", "name metrics of this file: 1000 * cost / requests", 0, text_.size());
    if (mistake_) return *mistake_;
    return std::move(formula_);
  }

 private:
  /// The operators that join two operands, as they are written.
  struct Sign {
    std::string_view text;
    Operation operation;
  };
  static constexpr Sign kSums[] = {{"+", Operation::add}, {"-", Operation::subtract}, {"−", Operation::subtract}};
  static constexpr Sign kProducts[] = {
      {"*", Operation::multiply}, {"×", Operation::multiply}, {"/", Operation::divide}, {"÷", Operation::divide}};

  void fail(std::string message, std::string hint, std::size_t offset, std::size_t length) {
    if (mistake_) return;
    mistake_ = FormulaMistake{std::move(message), std::move(hint), offset, std::max<std::size_t>(1, length)};
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }

  bool take(std::string_view sign) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }

  template <std::size_t N>
  std::optional<Operation> take_any(const Sign (&signs)[N]) {
    if (mistake_) return std::nullopt;
    for (const Sign& sign : signs) {
      if (take(sign.text)) return sign.operation;
    }
    return std::nullopt;
  }

  std::size_t add(Formula::Node node) {
    formula_.nodes.push_back(std::move(node));
    return formula_.nodes.size() - 1;
  }

  std::size_t join(Operation operation, std::size_t left, std::size_t right) {
    if (mistake_) return 0;
    const Formula::Node& first = formula_.nodes[left];
    const Formula::Node& last = formula_.nodes[right];
    return add({operation, 0.0, "", left, right, first.offset, last.offset + last.length - first.offset});
  }

  std::size_t sum() {
    std::size_t left = product();
    while (const auto operation = take_any(kSums)) left = join(*operation, left, product());
    return left;
  }

  std::size_t product() {
    std::size_t left = signed_operand();
    while (const auto operation = take_any(kProducts)) left = join(*operation, left, signed_operand());
    return left;
  }

  /// Signs and parentheses go deeper; everything else is a loop.
  std::size_t signed_operand() {
    skip_blanks();
    const std::size_t start = at_;
    if (++depth_ > kDeepestFormula) {
      fail("the formula is nested too deeply", fmt::format("at most {} signs and parentheses deep", kDeepestFormula), start, 1);
      return 0;
    }
    std::size_t made = 0;
    if (take("-") || take("−")) {
      const std::size_t behind = signed_operand();
      if (!mistake_) {
        const Formula::Node& inner = formula_.nodes[behind];
        made = add({Operation::negate, 0.0, "", behind, 0, start, inner.offset + inner.length - start});
      }
    } else {
      made = operand();
    }
    --depth_;
    return made;
  }

  std::size_t operand() {
    if (mistake_) return 0;
    if (at_ >= text_.size()) {
      fail("the formula ends where an operand should stand", "name a metric, or write a number", last_byte(), 1);
      return 0;
    }
    const char c = text_[at_];
    if (c == '(') return group();
    if (is_digit(c) || c == '.') return number();
    if (c == '"' || c == '\'' || c == '`') return quoted();
    if (is_word_start(c)) return word();
    unexpected();
    return 0;
  }

  std::size_t group() {
    const std::size_t start = at_++;
    const std::size_t inner = sum();
    if (!mistake_ && !take(")")) {
      if (at_ < text_.size()) {
        unexpected();
      } else {
        fail("the parenthesis is not closed", "add )", start, 1);
      }
      return 0;
    }
    if (mistake_) return 0;
    // The caret of a mistake in units shows the parentheses, too.
    formula_.nodes[inner].offset = start;
    formula_.nodes[inner].length = at_ - start;
    return inner;
  }

  std::size_t number() {
    double value = 0.0;
    const auto [end, code] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    const auto length = static_cast<std::size_t>(end - (text_.data() + at_));
    if (code != std::errc() || !std::isfinite(value)) {
      fail(fmt::format("\"{}\" is not a number", word_at()), "write 1000, 0.5 or 1e6", at_, word_at().size());
      return 0;
    }
    const std::size_t start = std::exchange(at_, at_ + length);
    if (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.')) {
      fail(fmt::format("an operator is missing after {}", text_.substr(start, length)),
           "write 1000 * cost; an id that begins with a digit stands between quotes", start, length);
      return 0;
    }
    return add({Operation::number, value, "", 0, 0, start, length});
  }

  std::size_t quoted() {
    const std::size_t start = at_;
    const std::size_t end = text_.find(text_[start], start + 1);
    if (end == std::string_view::npos) {
      fail("the quote is not closed", fmt::format("add {}", text_[start]), start, 1);
      return 0;
    }
    at_ = end + 1;
    return metric(std::string(text_.substr(start + 1, end - start - 1)), start);
  }

  std::size_t word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    std::string id(text_.substr(start, at_ - start));
    if (at_ < text_.size() && text_[at_] == '(') {
      fail(fmt::format("there is no function `{}`", id), "a formula knows + - * / and parentheses", start, id.size());
      return 0;
    }
    return metric(std::move(id), start);
  }

  std::size_t metric(std::string id, std::size_t start) {
    if (id.empty()) {
      fail("no metric has an empty name", "write the id of a metric of this file", start, at_ - start);
      return 0;
    }
    auto& known = formula_.metrics;
    if (std::find(known.begin(), known.end(), id) == known.end()) known.push_back(id);
    return add({Operation::metric, 0.0, std::move(id), 0, 0, start, at_ - start});
  }

  [[nodiscard]] std::string_view word_at() const {
    std::size_t end = at_;
    while (end < text_.size() && (is_word(text_[end]) || text_[end] == '.')) ++end;
    return text_.substr(at_, std::max<std::size_t>(1, end - at_));
  }

  [[nodiscard]] std::size_t last_byte() const { return text_.empty() ? 0 : text_.size() - 1; }

  void unexpected() {
    skip_blanks();
    const char c = text_[at_];
    const bool starts_operand = is_word(c) || c == '(' || c == '"' || c == '\'' || c == '`';
    // A character of several bytes is shown whole.
    std::size_t length = 1;
    while (at_ + length < text_.size() && (static_cast<unsigned char>(text_[at_ + length]) & 0xC0U) == 0x80U) ++length;
    if (starts_operand) {
      fail("an operator is missing here", "write + - * or / between two operands", at_, word_at().size());
    } else {
      fail(fmt::format("{} cannot stand here", core::printable(text_.substr(at_, length))),
           "a formula is made of metrics, numbers, + - * / and parentheses", at_, length);
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  Formula formula_;
  std::optional<FormulaMistake> mistake_;
};

}  // namespace

std::variant<Formula, FormulaMistake> parse_formula(std::string_view text) {
  return Parser(text).run();
}

}  // namespace gate::config
