#include "sources/dynatrace/selector.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace gate::sources::dynatrace {
namespace {

/// What stands before the ":" of a key. That of a key with a dot in it needs not be known: no transformation has one.
constexpr std::array<std::string_view, 5> kNamespaces = {"builtin", "ext", "calc", "func", "appmon"};

/// https://docs.dynatrace.com/docs/dynatrace-api/environment-api/metric-v2/metric-selector#aggregation
constexpr std::array<std::string_view, 9> kAggregations = {"avg",    "count",      "max",  "min",     "sum",
                                                           "median", "percentile", "last", "lastReal"};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<Selector> read() {
    while (skip_space(), at_ < text_.size()) {
      if (!read_one()) return std::nullopt;
    }
    if (depth_ != 0 || out_.keys.empty()) return std::nullopt;
    return out_;
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  static bool is_of_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  }

  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  std::string_view name() {
    const std::size_t start = at_;
    while (is_of_name(peek())) ++at_;
    return text_.substr(start, at_ - start);
  }

  /// From a quote to behind the one that ends it; a tilde takes the meaning of the character behind it away.
  bool skip_quoted() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '~') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    return false;
  }

  /// From "(" to behind the ")" that belongs to it.
  bool skip_parentheses() {
    int depth = 0;
    while (at_ < text_.size()) {
      const char c = peek();
      if (c == '"') {
        if (!skip_quoted()) return false;
        continue;
      }
      ++at_;
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) return true;
    }
    return false;
  }

  bool read_transformations() {
    has_aggregation_ = false;
    while (skip_space(), peek() == ':') {
      ++at_;
      skip_space();
      const std::string_view transformation = name();
      if (transformation.empty()) return false;
      out_.transformations.emplace_back(transformation);
      has_aggregation_ =
          has_aggregation_ || std::find(kAggregations.begin(), kAggregations.end(), transformation) != kAggregations.end();
      skip_space();
      if (peek() == '(' && !skip_parentheses()) return false;
    }
    return true;
  }

  bool read_key() {
    out_.is_quotient = out_.is_quotient || joins_by_factor_;
    joins_by_factor_ = is_number_last_ = false;
    const std::size_t start = at_;
    if (peek() == '"') {
      if (!skip_quoted()) return false;
    } else {
      const std::string_view first = name();
      const std::size_t end = at_;
      if (peek() == ':') {
        ++at_;
        const std::string_view second = name();
        const bool is_namespace = std::find(kNamespaces.begin(), kNamespaces.end(), first) != kNamespaces.end();
        if (!is_namespace && second.find('.') == std::string_view::npos) at_ = end;
      }
    }
    const std::string_view key = text_.substr(start, at_ - start);
    if (key.ends_with('.') && peek() == '(') {
      out_.is_list = true;
      if (!skip_parentheses()) return false;
    }
    out_.keys.emplace_back(key);
    if (!read_transformations()) return false;
    if (!has_aggregation_) out_.unaggregated.emplace_back(key);
    return true;
  }

  bool read_one() {
    const char c = peek();
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      name();
      joins_by_factor_ = false;
      is_number_last_ = true;
      return true;
    }
    if (c == '"' || is_of_name(c)) return c == '-' ? (++at_, true) : read_key();
    ++at_;
    if (c == '/' || c == '*') joins_by_factor_ = c == '/' || !is_number_last_;
    if (c == '(') ++depth_;
    if (c == ')') return --depth_ >= 0 && read_transformations();
    if (c == ',' && depth_ == 0) out_.is_list = true;
    return c == '(' || c == '+' || c == '*' || c == '/' || (c == ',' && depth_ == 0);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool has_aggregation_ = false;  ///< among the transformations that were read last
  bool joins_by_factor_ = false;  ///< "/", or "*" behind a metric, and the operand is still to come
  bool is_number_last_ = false;   ///< the last operand is a number
  Selector out_;
};

}  // namespace

std::optional<Selector> read_selector(std::string_view text) {
  return Reader(text).read();
}

}  // namespace gate::sources::dynatrace
