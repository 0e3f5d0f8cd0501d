#include "sources/file/filter.h"

#include <fmt/format.h>
#include <regex.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/text.h"
#include "sources/file/number.h"

namespace gate::sources::file {

/// A POSIX extended regular expression: the C library's takes time in proportion to the text, whatever the expression.
class Pattern {
 public:
  static std::shared_ptr<const Pattern> make(const std::string& text, std::string& why) {
    auto pattern = std::make_shared<Pattern>();
    const int problem = regcomp(&pattern->compiled_, text.c_str(), REG_EXTENDED | REG_NOSUB);
    if (problem == 0) {
      pattern->is_compiled_ = true;
      pattern->text_ = text;
      return pattern;
    }
    std::array<char, 128> message{};
    regerror(problem, &pattern->compiled_, message.data(), message.size());
    why = message.data();
    return nullptr;
  }

  Pattern() = default;
  ~Pattern() {
    if (is_compiled_) regfree(&compiled_);
  }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  [[nodiscard]] bool found_in(std::string_view text) const {
    regmatch_t range{};
    range.rm_so = 0;
    range.rm_eo = static_cast<regoff_t>(text.size());
    return regexec(&compiled_, text.data() == nullptr ? "" : text.data(), 1, &range, REG_STARTEND) == 0;
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  regex_t compiled_{};
  bool is_compiled_ = false;
  std::string text_;
};

namespace {

using Test = Condition::Test;

struct Operator {
  std::string_view key;
  Test test;
  std::string_view words;
};

constexpr std::array<Operator, 6> kOperators = {{{"ge", Test::greater_equal, "≥"},
                                                 {"gt", Test::greater, ">"},
                                                 {"le", Test::less_equal, "≤"},
                                                 {"lt", Test::less, "<"},
                                                 {"not", Test::is_none_of, "is not"},
                                                 {"matches", Test::matches, "matches"}}};

/// Digits are what others write as \d; references to groups would make matching slow.
bool has_foreign_escape(const std::string& text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '\\') continue;
    ++i;
    if (text[i] == 'd' || text[i] == 'D' || (text[i] >= '0' && text[i] <= '9')) return true;
  }
  return false;
}

bool is_one_of(const std::vector<std::string>& texts, std::string_view text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

class WhereReader {
 public:
  explicit WhereReader(core::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  std::vector<Condition> read(const core::Node& where) {
    for (const core::Member& member : *where.table()) {
      if (const auto* table = member.node.table()) {
        if (table->empty())
          report(fmt::format("`where.{}` asks nothing", core::printable(member.key)), kHint, member.node.location);
        for (const core::Member& test : *table) read_operator(member.key, test);
      } else if (const auto texts = texts_of(member.node, member.key)) {
        conditions_.push_back({member.key, Test::is_one_of, *texts, 0.0, nullptr});
      }
    }
    return std::move(conditions_);
  }

 private:
  static constexpr const char* kHint = R"(a text, a list of alternatives, or { ge, gt, le, lt, not, matches })";

  void report(std::string message, std::string hint, const core::Location& place) {
    diagnostics_.push_back({core::Severity::error, {"RG1410", std::move(message), std::move(hint), {}, place}});
  }

  /// A scalar or a list of scalars, as texts.
  std::optional<std::vector<std::string>> texts_of(const core::Node& node, const std::string& name) {
    const auto is_scalar = [](const core::Node& one) { return one.array() == nullptr && one.table() == nullptr; };
    if (is_scalar(node)) return std::vector<std::string>{core::scalar_text(node)};
    std::vector<std::string> texts;
    const auto* list = node.array();
    const bool fits = list != nullptr && !list->empty() && std::all_of(list->begin(), list->end(), is_scalar);
    if (!fits) {
      report(fmt::format("`where.{}` must be a text or a list of texts", core::printable(name)), kHint, node.location);
      return std::nullopt;
    }
    for (const core::Node& item : *list) texts.push_back(core::scalar_text(item));
    return texts;
  }

  void read_operator(const std::string& column, const core::Member& member) {
    const auto found =
        std::find_if(kOperators.begin(), kOperators.end(), [&](const Operator& one) { return one.key == member.key; });
    const std::string name = column + "." + member.key;
    if (found == kOperators.end()) {
      const std::string near = core::nearest(member.key, {"ge", "gt", "le", "lt", "not", "matches"});
      diagnostics_.push_back(
          {core::Severity::error,
           {"RG0104",
            fmt::format("unknown key `{}` in `where.{}`", core::printable(member.key), core::printable(column)),
            near.empty() ? kHint : fmt::format("did you mean `{}`?", near),
            {},
            member.key_location}});
    } else if (found->test == Test::is_none_of) {
      if (const auto texts = texts_of(member.node, name)) conditions_.push_back({column, found->test, *texts, 0.0, nullptr});
    } else if (found->test == Test::matches) {
      read_pattern(column, member.node);
    } else {
      read_limit(column, name, found->test, member.node);
    }
  }

  void read_pattern(const std::string& column, const core::Node& node) {
    const std::string* text = node.string();
    std::string why = "it must be a string";
    auto pattern = text == nullptr ? nullptr : Pattern::make(*text, why);
    if (text != nullptr && has_foreign_escape(*text)) {
      pattern = nullptr;
      why = "it has no \\d and no \\1";
    }
    if (!pattern) {
      return report(fmt::format("`where.{}.matches` is no POSIX extended regular expression: {}", core::printable(column), why),
                    "for instance '^/pay/[0-9]+$'", node.location);
    }
    conditions_.push_back({column, Test::matches, {}, 0.0, std::move(pattern)});
  }

  void read_limit(const std::string& column, const std::string& name, Test test, const core::Node& node) {
    const auto number = parse_number(core::scalar_text(node));
    if (!number)
      return report(fmt::format("`where.{}` must be a number", core::printable(name)),
                    "text is compared with equality or `matches`", node.location);
    conditions_.push_back({column, test, {}, *number, nullptr});
  }

  core::Diagnostics& diagnostics_;
  std::vector<Condition> conditions_;
};

bool holds(Test test, double value, double limit) {
  switch (test) {
    case Test::greater:
      return value > limit;
    case Test::greater_equal:
      return value >= limit;
    case Test::less:
      return value < limit;
    default:
      return value <= limit;
  }
}

std::string alternatives(const std::vector<std::string>& texts) {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    out += i == 0 ? "" : i + 1 == texts.size() ? " or " : ", ";
    out += texts[i].empty() ? "empty" : core::printable(texts[i]);
  }
  return out;
}

std::string describe(const Condition& condition) {
  const std::string column = core::printable(condition.column);
  if (condition.test == Test::is_one_of) return fmt::format("{} is {}", column, alternatives(condition.texts));
  const auto found =
      std::find_if(kOperators.begin(), kOperators.end(), [&](const Operator& one) { return one.test == condition.test; });
  std::string limit = condition.test == Test::is_none_of ? alternatives(condition.texts) : fmt::format("{}", condition.number);
  if (condition.test == Test::matches) limit = core::printable(condition.pattern->text());
  return fmt::format("{} {} {}", column, found->words, limit);
}

}  // namespace

Kept meets(const Condition& condition, const Cell& cell) {
  switch (condition.test) {
    case Test::is_one_of:
      return is_one_of(condition.texts, cell.text) ? Kept::yes : Kept::no;
    case Test::is_none_of:
      return is_one_of(condition.texts, cell.text) ? Kept::no : Kept::yes;
    case Test::matches:
      return condition.pattern->found_in(cell.text) ? Kept::yes : Kept::no;
    default:
      break;
  }
  if (cell.text.empty()) return Kept::no;
  const auto value = parse_number(cell.text);
  if (!value) return Kept::not_a_number;
  return holds(condition.test, *value, condition.number) ? Kept::yes : Kept::no;
}

std::vector<Condition> read_where(const core::Node& where, core::Diagnostics& diagnostics) {
  return WhereReader(diagnostics).read(where);
}

std::string describe(const std::vector<Condition>& conditions) {
  std::string out;
  for (const Condition& condition : conditions) out += (out.empty() ? "" : " and ") + describe(condition);
  return out;
}

}  // namespace gate::sources::file
