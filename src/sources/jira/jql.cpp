#include "sources/jira/jql.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace gate::sources::jira {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// The position after the string that starts at `at`; nullopt when it does not end.
std::optional<std::size_t> skip_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return std::nullopt;
}

struct Words {
  std::vector<std::string> words;  ///< in lower case, strings left out
  std::optional<std::string> problem;
};

Words scan(std::string_view jql) {
  Words out;
  std::vector<char> open;
  std::size_t i = 0;
  while (i < jql.size()) {
    const char c = jql[i];
    if (c == '"' || c == '\'') {
      const auto end = skip_string(jql, i);
      if (!end) {
        out.problem = fmt::format("the quote {} is never closed", c);
        return out;
      }
      out.words.emplace_back("\"\"");
      i = *end;
    } else if (is_word(c)) {
      std::size_t end = i;
      while (end < jql.size() && is_word(jql[end])) ++end;
      out.words.push_back(lower(jql.substr(i, end - i)));
      i = end;
    } else {
      if (c == '(' || c == '[') open.push_back(c == '(' ? ')' : ']');
      if (c == ')' || c == ']') {
        if (open.empty() || open.back() != c) {
          out.problem = fmt::format("the {} closes nothing", c);
          return out;
        }
        open.pop_back();
      }
      ++i;
    }
  }
  if (!open.empty()) out.problem = fmt::format("a {} is missing", open.back());
  return out;
}

/// Words and signs, one a token; a string is the token `""`.
std::vector<std::string> tokens(std::string_view jql) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < jql.size();) {
    std::size_t end = i + 1;
    const char c = jql[i];
    if (c == '"' || c == '\'') {
      end = skip_string(jql, i).value_or(jql.size());
      all.emplace_back("\"\"");
    } else if (is_word(c)) {
      while (end < jql.size() && is_word(jql[end])) ++end;
      all.emplace_back(jql.substr(i, end - i));
    } else if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      all.emplace_back(1, c);
    }
    i = end;
  }
  return all;
}

/// Keys of projects are written in capitals: "SHOP", "A_2".
bool is_key(std::string_view word) {
  return word.size() >= 2 && word[0] >= 'A' && word[0] <= 'Z' &&
         std::all_of(word.begin(), word.end(), [](char c) { return is_word(c) && (c < 'a' || c > 'z'); });
}

}  // namespace

std::optional<std::string> jql_problem(std::string_view jql) {
  const Words found = scan(jql);
  if (found.problem) return found.problem;
  if (found.words.empty()) return "the JQL is empty";
  for (std::size_t i = 0; i + 1 < found.words.size(); ++i) {
    if (found.words[i] == "order" && found.words[i + 1] == "by") return "ORDER BY has no place here: the issues are counted";
  }
  return std::nullopt;
}

std::vector<std::string> projects_in(std::string_view jql) {
  const std::vector<std::string> all = tokens(jql);
  const auto at = [&](std::size_t i) { return i < all.size() ? std::string_view(all[i]) : std::string_view(); };
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (lower(all[i]) != "project") continue;
    if (at(i + 1) == "=" && is_key(at(i + 2))) keys.emplace_back(at(i + 2));
    if (lower(at(i + 1)) != "in" || at(i + 2) != "(") continue;
    for (std::size_t k = i + 3; k < all.size() && all[k] != ")"; ++k) {
      if (is_key(all[k])) keys.push_back(all[k]);
    }
  }
  return keys;
}

std::string bounded_jql(std::string_view jql, std::string_view clause, const std::optional<core::Window>& window,
                        JqlTimes times, UpperBound upper) {
  std::string text = fmt::format("({})", jql);
  if (!window) return text;
  text += fmt::format(" AND {} >= {}", clause, lower_bound_text(window->start, times));
  if (upper == UpperBound::closed) text += fmt::format(" AND {} < {}", clause, upper_bound_text(window->end, times));
  return text;
}

std::string jql_name(std::string_view name) {
  if (!name.empty() && std::all_of(name.begin(), name.end(), is_word)) return std::string(name);
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace gate::sources::jira
