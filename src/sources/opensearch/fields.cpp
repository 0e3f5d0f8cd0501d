#include "sources/opensearch/fields.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

namespace gate::sources::opensearch {
namespace {

using nlohmann::json;

/// Clauses whose one member is a field: {"term": {"status": 500}}.
constexpr std::array<std::string_view, 14> kClausesOfAField = {"term",
                                                               "terms",
                                                               "range",
                                                               "prefix",
                                                               "wildcard",
                                                               "regexp",
                                                               "fuzzy",
                                                               "match_phrase",
                                                               "terms_set",
                                                               "match",
                                                               "match_none",
                                                               "intervals",
                                                               "match_phrase_prefix",
                                                               "match_bool_prefix"};
/// Their members that are no field.
constexpr std::array<std::string_view, 3> kOptions = {"boost", "_name", "case_insensitive"};

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_of_a_name(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || byte >= 0x80 || std::string_view("_@.-*?").find(c) != std::string_view::npos;
}

void add(std::set<std::string>& out, std::string name) {
  const bool is_own = name.starts_with('_') || name.find_first_of("*?") != std::string::npos;
  if (!name.empty() && !is_own) out.insert(std::move(name));
}

class TextScanner {
 public:
  explicit TextScanner(std::string_view text) : text_(text) {}

  std::set<std::string> scan() && {
    while (at_ < text_.size()) step();
    end_word();
    return std::move(out_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '\\') {
      word_.clear();
      at_ += 2;
    } else if (c == '"') {
      skip_to("\"");
    } else if (c == '/' && word_.empty()) {
      skip_to("/");
    } else if (c == '[' || c == '{') {
      skip_to("]}");
    } else if (c == ':') {
      end_field();
    } else if (is_of_a_name(c)) {
      if (!(word_.empty() && c == '-')) word_ += c;
      ++at_;
    } else {
      end_word();
      ++at_;
    }
  }

  /// Behind the next of `ends`; one that is not there ends nothing.
  void skip_to(std::string_view ends) {
    end_word();
    std::size_t end = at_ + 1;
    while (end < text_.size() && ends.find(text_[end]) == std::string_view::npos) end += text_[end] == '\\' ? 2 : 1;
    at_ = end < text_.size() ? end + 1 : at_ + 1;
  }

  void end_field() {
    is_of_exists_ = word_ == "_exists_";
    add(out_, std::exchange(word_, {}));
    ++at_;
  }

  void end_word() {
    if (std::exchange(is_of_exists_, false)) add(out_, word_);
    word_.clear();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string word_;
  bool is_of_exists_ = false;  ///< the word is what `_exists_` asks for
  std::set<std::string> out_;
};

void collect(const json& value, std::set<std::string>& out) {
  if (value.is_array()) {
    for (const json& one : value) collect(one, out);
    return;
  }
  if (!value.is_object()) return;
  for (const auto& [key, inner] : value.items()) {
    if (key == "exists" && inner.is_object() && inner.contains("field") && inner["field"].is_string()) {
      add(out, inner["field"].get<std::string>());
    } else if (is_one_of(kClausesOfAField, key) && inner.is_object()) {
      for (const auto& [field, how] : inner.items()) {
        if (!is_one_of(kOptions, field)) add(out, field);
      }
    } else {
      collect(inner, out);
    }
  }
}

}  // namespace

std::set<std::string> fields_of_text(std::string_view text) {
  return TextScanner(text).scan();
}

std::set<std::string> fields_of_clause(const json& clause) {
  std::set<std::string> out;
  collect(clause, out);
  return out;
}

}  // namespace gate::sources::opensearch
