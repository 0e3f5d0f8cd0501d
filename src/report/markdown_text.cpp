#include "report/markdown_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/text.h"

namespace gate::report {
namespace {

constexpr std::string_view kZeroWidthSpace = "\u200B";

bool is_alphanumeric(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// The longest run of backticks in `text`.
std::size_t longest_run(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool ends_with_word(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  text.remove_prefix(text.size() - word.size());
  return std::equal(text.begin(), text.end(), word.begin(),
                    [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

/// Escapes one piece, character by character.
class Escaper {
 public:
  explicit Escaper(std::string_view text) : text_(text) {}

  std::string write() {
    start_of_line();
    for (; at_ < text_.size(); ++at_) one(text_[at_]);
    return std::move(out_);
  }

 private:
  [[nodiscard]] char next(std::size_t distance = 1) const {
    return at_ + distance < text_.size() ? text_[at_ + distance] : '\0';
  }
  [[nodiscard]] char before() const { return at_ > 0 ? text_[at_ - 1] : '\0'; }
  [[nodiscard]] bool ends_here() const { return at_ + 1 == text_.size(); }

  void put(char c) { out_ += c; }
  void escape(char c) { out_ += {'\\', c}; }
  void break_here() { out_ += kZeroWidthSpace; }

  /// What would open a list, a line, a quotation, a heading or a task, had the piece a line of its own, as in an item of a
  /// list.
  void start_of_line() {
    const std::size_t digits = std::min(text_.find_first_not_of("0123456789"), text_.size());
    const char first = text_.empty() ? '\0' : text_.front();
    const char second = next();
    const bool ends = second == '\0' || second == ' ';
    const bool number = digits > 0 && digits < text_.size() && (text_[digits] == '.' || text_[digits] == ')') &&
                        (digits + 1 == text_.size() || text_[digits + 1] == ' ');
    if (number) {
      out_ = text_.substr(0, digits);
      at_ = digits;
    }
    const bool list = ((first == '-' || first == '+') && (ends || second == first)) || number;
    const bool heading = first == '#' && (ends || second == '#');
    const bool task = first == '[' && text_.size() > 2 && text_[2] == ']';
    if (list || heading || task || first == '>') escape(text_[at_++]);
  }

  void one(char c) {
    switch (c) {
      case '<':
        out_ += "&lt;";
        return;
      case '&':
        ampersand();
        return;
      case '`':
      case '|':
        escape(c);
        return;
      case '\\':
        backslash();
        return;
      case '_':
        is_alphanumeric(before()) && is_alphanumeric(next()) ? put(c) : escape(c);
        return;
      case '[':
        put(c);
        if (is_reference_in_brackets()) break_here();
        return;
      case ']':
        std::string_view("([:").find(next()) != std::string_view::npos ? escape(c) : put(c);
        return;
      case ':':
        put(c);
        if (next() == '/' || next() == ':' || names_emoji()) break_here();
        return;
      case '.':
        if (ends_with_word(text_.substr(0, at_), "www")) break_here();
        put(c);
        return;
      case '-':
        put(c);
        if (is_digit(next()) && ends_with_word(text_.substr(0, at_), "gh")) break_here();
        return;
      default:
        reference(c);
    }
  }

  void ampersand() {
    const bool entity = is_alphanumeric(next()) || next() == '#';
    out_ += entity ? "&amp;" : "&";
    if (is_digit(next())) break_here();
  }

  void backslash() {
    const bool means_something = ends_here() || std::ispunct(static_cast<unsigned char>(next())) != 0;
    out_ += means_something ? "\\\\" : "\\";
  }

  /// "##[" would be a pipeline's command. "@octocat", "#12", "!7", "$3", "%\"next\"", "~bug", "^alert", "*iteration:4": GitHub
  /// and GitLab look for them in the rendered text, where no backslash is left.
  void reference(char c) {
    const bool sigil = std::string_view("@#!$%~^*").find(c) != std::string_view::npos;
    std::string_view("$~*").find(c) == std::string_view::npos ? put(c) : escape(c);
    const char after = next();
    const bool command = c == '#' && (after == '#' || after == '[');
    if (command || (sigil && (is_alphanumeric(after) || after == '_' || after == '"'))) break_here();
  }

  /// GitLab's "[vulnerability:12]", "[epic:…]".
  [[nodiscard]] bool is_reference_in_brackets() const {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (is_alphanumeric(text_[end]) || text_[end] == '_')) ++end;
    return end > at_ + 1 && end < text_.size() && text_[end] == ':';
  }

  /// ":tada:", or ":tada" before a colon of ours; not the minutes of a time.
  [[nodiscard]] bool names_emoji() const {
    if (is_digit(before()) && is_digit(next())) return false;
    std::size_t end = at_ + 1;
    while (end < text_.size() &&
           (is_alphanumeric(text_[end]) || std::string_view("_+-").find(text_[end]) != std::string_view::npos))
      ++end;
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    if (end == text_.size()) return name.find_first_not_of("0123456789") != std::string_view::npos;
    return !name.empty() && text_[end] == ':';
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string escaped(std::string_view text, std::size_t longest) {
  const std::string plain = core::shorten(core::printable(text), longest);
  return Escaper(trimmed(plain)).write();
}

std::string code(std::string_view text) {
  const std::string plain = core::shorten(core::without_commands(core::printable(text)), kLongestPiece);
  const std::string fence(longest_run(plain) + 1, '`');
  // A renderer takes one blank off each end, unless there is nothing else.
  const bool blank = plain.find_first_not_of(' ') == std::string::npos;
  const bool at_edge = !blank && (plain.front() == '`' || plain.back() == '`' || plain.front() == ' ' || plain.back() == ' ');
  const std::string space = at_edge ? " " : "";
  return plain.empty() ? "" : fence + space + plain + space + fence;
}

std::string web_link(std::string_view label, const std::string& url) {
  const bool web = url.starts_with("http://") || url.starts_with("https://");
  const bool safe = url.find_first_of(" <>()[]\"\\\n\r\t`|") == std::string::npos;
  if (!web || !safe || core::printable(url) != url) return "";
  return fmt::format("[{}]({})", label, url);
}

std::string marker(std::string_view gate_name) {
  std::string name;
  for (const char c : core::shorten(core::printable(gate_name), kLongestPiece)) {
    const bool ends_comment = c == '<' || c == '>' || (c == '-' && name.ends_with('-'));
    // "##[" would be changed on the way out, as the opening of a pipeline's command.
    if (ends_comment || c == '%' || c == '#') {
      name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      name += c;
    }
  }
  return fmt::format("<!-- release-gate:{} -->\n", name);
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) count += byte >= 0xF0U ? 2 : 1;
  }
  return count;
}

}  // namespace gate::report
