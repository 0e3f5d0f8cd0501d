#include "sources/prometheus/promql_scanner.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace gate::sources::prometheus {
namespace {

constexpr std::string_view kStep = "{{step}}";
constexpr std::string_view kWindow = "{{window}}";

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool same_word(std::string_view word, std::string_view lower_case) {
  return std::equal(word.begin(), word.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
}

/// "s" for …_seconds, "B" for …_bytes, also of histograms and summaries; "" for any other name.
/// https://prometheus.io/docs/practices/naming/
std::string_view unit_of(std::string_view name) {
  for (const std::string_view part : {"_bucket", "_sum"}) {
    if (name.ends_with(part)) name.remove_suffix(part.size());
  }
  if (name.ends_with("_seconds")) return "s";
  return name.ends_with("_bytes") ? "B" : "";
}

/// What the text inside one pair of parentheses reaches, and what its last operand does.
struct Frame {
  char opener = '\0';
  std::size_t offset = 0;
  core::Duration total{};
  Span total_at;
  core::Duration last{};
  Span last_at;

  void reach(core::Duration duration, Span at) {
    last = duration;
    last_at = at;
    if (duration > total) {
      total = duration;
      total_at = at;
    }
  }
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { frames_.emplace_back(); }

  Scan run() {
    while (at_ < text_.size() && !scan_.problem) step();
    if (!scan_.problem && frames_.size() > 1) {
      const Frame& open = frames_.back();
      problem(std::string("`") + open.opener + "` is never closed", {open.offset, 1});
    }
    scan_.longest_range = frames_.front().total;
    scan_.longest_at = frames_.front().total_at;
    if (units_differ_) scan_.named_unit = "";
    return scan_;
  }

 private:
  void problem(std::string message, Span at) { scan_.problem = ScanProblem{std::move(message), at}; }

  void step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'' || c == '`') return string(c);
    if (c == '#') return comment();
    if (placeholder()) return;
    if (c == '[') return range();
    if (c == '(' || c == '{') return open(c);
    if (c == ')' || c == '}') return close(c);
    if (c == ']') return problem("`]` closes nothing", {at_, 1});
    if (c == '@') scan_.uses_at = true;
    if (c == '*' || (c == '/' && is_number_next())) units_differ_ = true;
    if (is_name_start(c)) return word();
    if (is_digit(c)) return number();
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') frames_.back().reach(core::Duration(0), {});
    ++at_;
  }

  void string(char quote) {
    const std::size_t start = at_++;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && quote != '`') ++at_;
      ++at_;
    }
    if (at_ >= text_.size()) return problem("the string that starts here never ends", {start, 1});
    ++at_;
  }

  void comment() {
    const std::size_t end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
  }

  bool placeholder() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with(kStep)) {
      scan_.uses_step = true;
      at_ += kStep.size();
      return true;
    }
    if (rest.starts_with(kWindow)) {
      scan_.uses_window = true;
      at_ += kWindow.size();
      return true;
    }
    return false;
  }

  void open(char c) {
    Frame frame;
    frame.opener = c;
    frame.offset = at_++;
    frames_.push_back(frame);
  }

  void close(char c) {
    const char opener = c == ')' ? '(' : '{';
    if (frames_.back().opener != opener) {
      if (frames_.size() == 1) return problem(std::string("`") + c + "` closes nothing", {at_, 1});
      return problem(std::string("`") + c + "` closes `" + frames_.back().opener + "`", {at_, 1});
    }
    const Frame inner = frames_.back();
    frames_.pop_back();
    frames_.back().reach(inner.total, inner.total_at);
    ++at_;
  }

  void range() {
    const std::size_t end = text_.find(']', at_);
    if (end == std::string_view::npos) return problem("`[` is never closed", {at_, 1});
    const Span span{at_, end + 1 - at_};
    const std::string_view brackets = text_.substr(at_ + 1, end - at_ - 1);
    const std::size_t colon = brackets.find(':');
    const std::string_view length = trimmed(brackets.substr(0, colon));
    at_ = end + 1;
    if (brackets.find(kStep) != std::string_view::npos) scan_.uses_step = true;
    // Brackets after a selector start from nothing; a subquery adds to what its operand reaches.
    const core::Duration inside = colon == std::string_view::npos ? core::Duration(0) : frames_.back().last;
    if (length == kStep) {
      scan_.step_is_range = true;
      scan_.beyond_step = std::max(scan_.beyond_step, inside);
    } else if (length == kWindow) {
      scan_.uses_window = true;
      scan_.beyond_window = std::max(scan_.beyond_window, inside);
    } else if (const auto duration = parse_promql_duration(length)) {
      frames_.back().reach(inside + *duration, span);
    } else if (!scan_.unreadable_range) {
      scan_.unreadable_range = span;
    }
  }

  void word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_name_start(text_[at_]) || is_digit(text_[at_]))) ++at_;
    if (frames_.back().opener == '{') return;
    const std::string_view name = text_.substr(start, at_ - start);
    if (same_word(name, "offset")) {
      scan_.uses_offset = true;
    } else {
      take_unit(unit_of(name), {start, name.size()});
      frames_.back().reach(core::Duration(0), {});
    }
  }

  void take_unit(std::string_view unit, Span at) {
    if (unit.empty()) return;
    units_differ_ = units_differ_ || (!scan_.named_unit.empty() && scan_.named_unit != unit);
    if (scan_.named_unit.empty()) scan_.named_unit_at = at;
    scan_.named_unit = unit;
  }

  [[nodiscard]] bool is_number_next() const {
    const std::size_t next = text_.find_first_not_of(" \t\r\n(", at_ + 1);
    return next != std::string_view::npos && (is_digit(text_[next]) || text_[next] == '.');
  }

  void number() {
    while (at_ < text_.size() && (is_name_start(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Frame> frames_;
  bool units_differ_ = false;  ///< names of several units, or numbers that convert them
  Scan scan_;
};

}  // namespace

Scan scan_promql(std::string_view query) {
  return Scanner(query).run();
}

std::optional<core::Duration> parse_promql_duration(std::string_view text) {
  using std::chrono::duration_cast;
  struct DurationUnit {
    std::string_view name;
    std::int64_t milliseconds;
  };
  // In the order in which Prometheus wants them; "ms" before "m".
  constexpr std::array<DurationUnit, 7> kUnits = {
      {{"y", 31536000000}, {"w", 604800000}, {"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}}};
  constexpr std::int64_t kMost = std::int64_t{1000} * 31536000000;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  std::size_t at = 0;
  if (text.empty()) return std::nullopt;
  while (at < text.size()) {
    std::int64_t count = 0;
    const std::size_t digits = at;
    while (at < text.size() && is_digit(text[at]) && count <= kMost) count = count * 10 + (text[at++] - '0');
    const std::size_t unit_start = at;
    while (at < text.size() && !is_digit(text[at])) ++at;
    if (digits == unit_start) return std::nullopt;
    const std::string_view name = text.substr(unit_start, at - unit_start);
    const auto* unit =
        std::find_if(kUnits.begin() + next_unit, kUnits.end(), [&](const DurationUnit& u) { return u.name == name; });
    if (unit == kUnits.end() || count > kMost / unit->milliseconds) return std::nullopt;
    next_unit = static_cast<std::size_t>(unit - kUnits.begin()) + 1;
    total += count * unit->milliseconds;
  }
  if (total <= 0 || total > kMost) return std::nullopt;
  return core::Duration(total);
}

}  // namespace gate::sources::prometheus
