#include "sources/datadog/query_scanner.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace gate::sources::datadog {
namespace {

constexpr std::string_view kStep = "{{step}}";
constexpr std::string_view kWindow = "{{window}}";
constexpr std::string_view kRollup = ".rollup";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == ':';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// "avg", "p95", "p99.9": what may stand before a metric's name.
bool is_aggregator(std::string_view word) {
  for (const std::string_view known : {"avg", "sum", "min", "max", "count"}) {
    if (word == known) return true;
  }
  if (word.size() < 2 || word.front() != 'p') return false;
  return std::all_of(word.begin() + 1, word.end(), [](char c) { return is_digit(c) || c == '.'; });
}

/// "60" or "1m" as a length of time; nullopt for "daily", "{{step}}" and everything else.
std::optional<core::Duration> interval_of(std::string_view text) {
  constexpr std::int64_t kMostSeconds = 100'000'000;
  std::int64_t seconds = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (code == std::errc() && end == text.data() + text.size()) {
    if (seconds <= 0 || seconds > kMostSeconds) return std::nullopt;
    return core::Duration(seconds * 1000);
  }
  const auto duration = core::parse_duration(text);
  if (!duration.ok() || duration->count() <= 0) return std::nullopt;
  return *duration;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Scan run() {
    while (at_ < text_.size() && !scan_.problem) step();
    if (!scan_.problem && !open_.empty()) {
      fail(std::string("`") + text_[open_.back()] + "` is never closed", {open_.back(), 1});
    }
    return scan_;
  }

 private:
  void fail(std::string message, Span at) { scan_.problem = ScanProblem{std::move(message), at}; }

  void step() {
    const char c = text_[at_];
    if (text_.substr(at_).starts_with("{{")) return variable();
    if (is_word(c)) return word();
    if (is_space(c)) {
      ++at_;
      return;
    }
    if (c == '{') return braces();
    if (c == '(') return open_round();
    if (c == ')') return close_round();
    if (c == '}') return fail("`}` closes nothing", {at_, 1});
    ++at_;
    word_ = {};
  }

  /// A name of ours stands for text that is not known yet: part of the word it stands in.
  void variable() {
    const std::size_t end = text_.find("}}", at_);
    if (end == std::string_view::npos) return fail("`{{` is never closed", {at_, 2});
    note_variable(text_.substr(at_, end + 2 - at_));
    if (word_.empty() || word_end_ != at_) word_start_ = at_;
    at_ = end + 2;
    take_word();
  }

  void note_variable(std::string_view token) {
    if (token == kStep) scan_.uses_step = true;
    if (token == kWindow) scan_.uses_window = true;
  }

  void word() {
    if (word_.empty() || word_end_ != at_) word_start_ = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    take_word();
  }

  void take_word() {
    word_ = text_.substr(word_start_, at_ - word_start_);
    word_end_ = at_;
  }

  void braces() {
    const std::size_t end = closing_brace();
    if (end == std::string_view::npos) return fail("`{` is never closed", {at_, 1});
    if (!word_.empty() && word_ != "by") {
      ++scan_.selectors;
      const std::size_t colon = word_.find(':');
      const bool says = colon != std::string_view::npos && is_aggregator(word_.substr(0, colon));
      if (!says && !scan_.unaggregated) scan_.unaggregated = Span{word_start_, word_.size()};
    }
    word_ = {};
    at_ = end + 1;
  }

  /// Of the brace at at_; variables of ours between are skipped.
  std::size_t closing_brace() {
    std::size_t i = at_ + 1;
    while (i < text_.size() && text_[i] != '}') {
      if (!text_.substr(i).starts_with("{{")) {
        ++i;
        continue;
      }
      const std::size_t end = text_.find("}}", i);
      if (end == std::string_view::npos) return end;
      note_variable(text_.substr(i, end + 2 - i));
      i = end + 2;
    }
    return i < text_.size() ? i : std::string_view::npos;
  }

  void open_round() {
    if (word_.ends_with(kRollup)) return rollup();
    if (word_.ends_with(".as_count")) scan_.as_count = true;
    if (word_.ends_with(".as_rate")) scan_.as_rate = true;
    if (word_ == "default_zero") scan_.fills_zero = true;
    if (word_.ends_with(".fill")) {
      const std::string_view inside = trimmed(text_.substr(at_ + 1, text_.find(')', at_) - at_ - 1));
      if (inside == "zero" || inside == "0") scan_.fills_zero = true;
    }
    open_.push_back(at_++);
    word_ = {};
  }

  void close_round() {
    if (open_.empty()) return fail("`)` closes nothing", {at_, 1});
    open_.pop_back();
    ++at_;
    word_ = {};
  }

  void rollup() {
    const std::size_t end = text_.find(')', at_);
    if (end == std::string_view::npos) return fail("`(` is never closed", {at_, 1});
    const Span span{word_end_ - kRollup.size(), end + 1 - (word_end_ - kRollup.size())};
    std::string_view rest = text_.substr(at_ + 1, end - at_ - 1);
    bool is_first = true;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      argument(trimmed(rest.substr(0, comma)), is_first, span);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      is_first = false;
    }
    at_ = end + 1;
    word_ = {};
  }

  void argument(std::string_view argument, bool is_first, Span span) {
    if (argument == kStep || argument == kWindow) {
      note_variable(argument);
      ++scan_.rollups;
    } else if (const auto interval = interval_of(argument)) {
      ++scan_.rollups;
      if (scan_.longest_rollup.count() != 0 && *interval != scan_.longest_rollup) scan_.rollups_differ = true;
      if (*interval > scan_.longest_rollup) {
        scan_.longest_rollup = *interval;
        scan_.longest_at = span;
      }
    } else if (is_first) {
      scan_.rollup_by = std::string(argument);
    } else if (!argument.empty()) {
      ++scan_.rollups;
      scan_.calendar_rollup = true;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view word_;  ///< the last one, unless something that ends it came since
  std::size_t word_start_ = 0;
  std::size_t word_end_ = 0;
  std::vector<std::size_t> open_;  ///< offsets of round brackets
  Scan scan_;
};

std::string argument_in_seconds(std::string_view argument) {
  const std::string_view bare = trimmed(argument);
  const auto interval = bare.empty() || is_digit(bare.back()) ? std::nullopt : interval_of(bare);
  if (!interval || interval->count() % 1000 != 0) return std::string(argument);
  const std::size_t lead = argument.find(bare);
  return std::string(argument.substr(0, lead)) + std::to_string(interval->count() / 1000) +
         std::string(argument.substr(lead + bare.size()));
}

}  // namespace

Scan scan_query(std::string_view query) {
  return Scanner(query).run();
}

std::string with_rollup_seconds(std::string_view query) {
  constexpr std::string_view kOpening = ".rollup(";
  std::string out;
  while (true) {
    const std::size_t start = query.find(kOpening);
    const std::size_t end = start == std::string_view::npos ? start : query.find(')', start);
    if (end == std::string_view::npos) return out + std::string(query);
    std::size_t at = start + kOpening.size();
    out += query.substr(0, at);
    while (at < end) {
      const std::size_t comma = std::min(query.find(',', at), end);
      out += argument_in_seconds(query.substr(at, comma - at));
      if (comma < end) out += ',';
      at = comma + 1;
    }
    query.remove_prefix(end);
  }
}

}  // namespace gate::sources::datadog
