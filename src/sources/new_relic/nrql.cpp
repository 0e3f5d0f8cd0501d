#include "sources/new_relic/nrql.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "core/text.h"

namespace gate::sources::new_relic {
namespace {

struct Token {
  enum class Kind { word, name, text, symbol } kind = Kind::symbol;  ///< name: in backticks; text: in quotes
  std::string text;
};

bool is_of_a_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || byte >= 0x80 || c == '_' || c == '.' || c == ':' || c == '@' || c == '$';
}

std::string changed(std::string text, int (*change)(int)) {
  std::transform(text.begin(), text.end(), text.begin(), [&](unsigned char c) { return static_cast<char>(change(c)); });
  return text;
}

class Lexer {
 public:
  Lexer(std::string_view text, std::string& mistake) : text_(text), mistake_(mistake) {}

  std::vector<Token> run() && {
    while (at_ < text_.size() && mistake_.empty()) step();
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] bool is_here(std::string_view mark) const { return text_.substr(at_).starts_with(mark); }

  void step() {
    const char c = text_[at_];
    if (is_here("/*")) {
      skip_behind("*/", "a comment");
    } else if (is_here("--") || is_here("//")) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '\'' || c == '"' || c == '`') {
      quoted(c);
    } else if (is_of_a_word(c)) {
      const std::size_t start = at_;
      while (at_ < text_.size() && is_of_a_word(text_[at_])) ++at_;
      tokens_.push_back({Token::Kind::word, std::string(text_.substr(start, at_ - start))});
    } else {
      if (std::isspace(static_cast<unsigned char>(c)) == 0) tokens_.push_back({Token::Kind::symbol, std::string(1, c)});
      ++at_;
    }
  }

  void skip_behind(std::string_view end, std::string_view what) {
    const std::size_t found = text_.find(end, at_ + end.size());
    if (found == std::string_view::npos) {
      mistake_ = fmt::format("{} is not closed", what);
    } else {
      at_ = found + end.size();
    }
  }

  void quoted(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) {
      mistake_ = fmt::format("a {} is not closed", quote);
      return;
    }
    tokens_.push_back(
        {quote == '`' ? Token::Kind::name : Token::Kind::text, std::string(text_.substr(at_ + 1, end - at_ - 1))});
    at_ = end + 1;
  }

  std::string_view text_;
  std::string& mistake_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

constexpr std::array<std::string_view, 13> kClauses = {"SELECT", "FROM",       "WHERE",      "FACET", "SINCE",
                                                       "UNTIL",  "TIMESERIES", "COMPARE",    "SLIDE", "LIMIT",
                                                       "WITH",   "SHOW",       "EXTRAPOLATE"};

class Reader {
 public:
  Reader(const std::vector<Token>& tokens, Nrql& out) : tokens_(tokens), out_(out) {}

  void run() {
    if (!tokens_.empty() && tokens_.front().kind == Token::Kind::word)
      out_.first_word = changed(tokens_.front().text, std::toupper);
    int depth = 0;
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      const Token& token = tokens_[at_];
      if (is_symbol(at_, "(")) ++depth;
      if (is_symbol(at_, ")")) --depth;
      if (token.kind == Token::Kind::word) word(token.text, depth);
    }
    if (depth != 0) out_.mistake = "a parenthesis is not closed";
  }

 private:
  [[nodiscard]] bool is_symbol(std::size_t at, std::string_view symbol) const {
    return at < tokens_.size() && tokens_[at].kind == Token::Kind::symbol && tokens_[at].text == symbol;
  }
  [[nodiscard]] bool is_name(std::size_t at) const {
    return at < tokens_.size() && (tokens_[at].kind == Token::Kind::word || tokens_[at].kind == Token::Kind::name);
  }

  void word(const std::string& text, int depth) {
    const std::string capitals = changed(text, std::toupper);
    if (std::find(kClauses.begin(), kClauses.end(), capitals) != kClauses.end()) {
      // A subquery may have a limit of its own.
      if (capitals != "LIMIT" || depth == 0) out_.clauses.insert(capitals);
      if (capitals == "FROM") event_types();
      if (capitals == "SELECT" && is_symbol(at_ + 1, "*")) out_.selects_all = true;
      return;
    }
    if (!is_symbol(at_ + 1, "(")) return;
    const std::string name = changed(text, std::tolower);
    if (name == "and" || name == "or" || name == "not" || name == "in" || name == "as" || name == "join") return;
    out_.functions.insert(name);
    const bool is_outer = depth == 0 || at_ == filtered_;
    if (is_outer) out_.outer_functions.insert(name);
    if (is_outer && name == "filter") filtered_ = at_ + 2;
    if (name == "sum" && is_name(at_ + 2) && is_symbol(at_ + 3, ")")) out_.summed.insert(tokens_[at_ + 2].text);
  }

  void event_types() {
    std::size_t at = at_ + 1;
    while (is_name(at) && !is_symbol(at + 1, "(")) {
      out_.event_types.push_back(tokens_[at].text);
      if (!is_symbol(at + 1, ",")) return;
      at += 2;
    }
  }

  const std::vector<Token>& tokens_;
  Nrql& out_;
  std::size_t at_ = 0;
  std::size_t filtered_ = 0;  ///< where the function in an outer filter(…) stands
};

}  // namespace

Nrql read_nrql(std::string_view text) {
  Nrql out;
  const std::vector<Token> tokens = Lexer(text, out.mistake).run();
  if (out.mistake.empty()) Reader(tokens, out).run();
  return out;
}

std::string in_backticks(std::string_view name) {
  return fmt::format("`{}`", core::replace_all(std::string(name), "`", ""));
}

}  // namespace gate::sources::new_relic
