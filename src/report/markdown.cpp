#include "report/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "core/text.h"
#include "core/unit.h"
#include "report/layout.h"
#include "report/markdown_rows.h"
#include "report/markdown_text.h"
#include "report/pending.h"

namespace gate::report {
namespace {

using core::Verdict;

// A character counts two where it takes four bytes, and takes three at most where it counts one.
static_assert(3 * kMostMarkdownCharacters <= kMostMarkdownBytes);

constexpr std::size_t kMostTableCharacters = 50'000;
constexpr std::size_t kMostErrors = 5;
constexpr std::size_t kMostPending = 10;
/// Heads of tables, tags of folds and the lines that count what is left out: none of them holds text from outside.
constexpr std::size_t kRoomForFrame = 1'200;
/// Bytes a cell, the first that lets all failing rows in.
constexpr std::array<std::size_t, 5> kLengths = {kLongestPiece, 120, 60, 30, 15};

bool is_loud(const core::MetricReport& metric) {
  return metric.verdict == Verdict::fail || metric.verdict == Verdict::error;
}

std::string capitalised(std::string text) {
  if (!text.empty()) text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

std::string with_full_stop(const std::string& text) {
  return text.empty() || text.ends_with('.') ? text : text + ".";
}

std::string summary(const core::Report& report) {
  const std::string sure = report.certainty.empty() ? "" : fmt::format("The change is {}. ", escaped(report.certainty));
  const std::string next = report.next.empty() ? "" : with_full_stop(escaped(report.next)) + " ";
  switch (report.verdict) {
    case Verdict::fail:
      return "**Hold or roll back.** " + sure;
    case Verdict::inconclusive:
      return "**Not a failure:** " + next;
    case Verdict::error: {
      constexpr std::string_view kSaid = "not a verdict on the release: ";
      return "**Not a verdict on the release:** " + (next.starts_with(kSaid) ? next.substr(kSaid.size()) : next);
    }
    default:
      return capitalised(next) +
             (report.closest.empty() ? "" : fmt::format("Closest to its limit: {}. ", escaped(report.closest)));
  }
}

/// What waits for its time, each with its day.
std::string pending_lines(const core::Report& report) {
  const std::vector<Pending> all = pending_of(report);
  std::string out;
  const std::size_t named = std::min(all.size(), kMostPending);
  for (std::size_t i = 0; i < named; ++i)
    out += fmt::format("{}- {} pending: {}\n", i == 0 ? "\n" : "", pending_symbol(Charset::unicode),
                       escaped(pending_text(all[i], report.now)));
  if (named < all.size()) out += fmt::format("- plus {} pending in the full report\n", all.size() - named);
  return out;
}

/// What always stands there: the marker, the verdict, its reason, and what no metric is to blame for.
std::string head(const core::Report& report) {
  std::string out = marker(report.gate_name);
  out += fmt::format("### {} {}: {}, {}\n", symbol(report, Charset::unicode), word(report), escaped(report.headline),
                     escaped(who(report)));
  out += fmt::format("{}{}.\n", summary(report), tally(report, Passing::counted, ", "));
  if (const std::string when = when_text(report); !when.empty()) out += "Compared: " + escaped(when) + "\n";
  out += pending_lines(report);
  for (std::size_t i = 0; i < std::min(report.errors.size(), kMostErrors); ++i) {
    const core::Error& error = report.errors[i];
    out += fmt::format("\n! {}{}{}\n", with_full_stop(escaped(error.message)), error.hint.empty() ? "" : " → ",
                       escaped(error.hint));
  }
  if (report.errors.size() > kMostErrors) out += fmt::format("\nplus {} more errors\n", report.errors.size() - kMostErrors);
  if (report.override_) {
    const std::string actor = report.override_->actor.empty() ? "" : " by " + escaped(report.override_->actor);
    out += fmt::format("\n**Overridden**{}: {}\n", actor, escaped(report.override_->reason));
  }
  return out;
}

std::string foot(const core::Report& report) {
  std::string out = fmt::format("\nexit {}", report.exit_code);
  if (report.would_exit) out += fmt::format(" (would be {})", *report.would_exit);
  if (report.score) out += " · score " + core::format_number(*report.score);
  out += fmt::format(" · {} · release-gate {}", seconds_text(report.duration), report.tool_version);
  if (!report.replay.empty()) out += " · replay: " + code("release-gate check --replay " + report.replay);
  return out + "\n";
}

std::string fold(std::string_view title, const std::string& body) {
  if (body.empty()) return "";
  return fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n", title, body);
}

std::string joined(const std::vector<std::string>& lines, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += lines[i];
  return out;
}

/// One comment while it is made. Room is given out to the parts in the order of what a reader misses most.
class Comment {
 public:
  explicit Comment(const core::Report& report) : report_(report), usual_(usual_windows(report)) {
    for (const core::MetricReport* metric : worst_first(report)) {
      if (is_loud(*metric)) {
        loud_.push_back(metric);
      } else if (needs_attention(*metric)) {
        others_.push_back(metric);
      } else if (metric->verdict == Verdict::pass) {
        passing_.push_back(metric);
      }
    }
  }

  std::string write() {
    const std::string start = head(report_);
    const std::string end = foot(report_);
    room_ -= std::min(room_, count_characters(start) + count_characters(end));
    choose_rows();
    const std::string advice = advice_fold();
    measure_run();
    measure(shown_);
    const Trends trends = choose_trends();
    const std::string passed = passing_fold();
    measure(passing_);
    return start + table(trends) + "\n" + advice + passed + how_fold() + end;
  }

 private:
  /// How many of `lines`, from the first one on, there is room for; they take it, and where some are left out all of it: what
  /// is missed less comes only when all of this is there.
  std::size_t fill(const std::vector<std::string>& lines) {
    const std::size_t count = take(lines);
    if (count < lines.size()) room_ = 0;
    return count;
  }

  /// How many of `lines`, from the first one on, there is room for; they take it.
  std::size_t take(const std::vector<std::string>& lines) {
    std::size_t count = 0;
    for (const std::string& line : lines) {
      const std::size_t characters = count_characters(line);
      if (characters > room_) break;
      room_ -= characters;
      ++count;
    }
    return count;
  }

  [[nodiscard]] std::vector<std::string> rows(const Metrics& metrics, Trends trends, std::size_t longest) const {
    std::vector<std::string> out;
    for (const core::MetricReport* metric : metrics) out.push_back(table_row(*metric, trends, longest));
    return out;
  }

  /// All that fail or err, in cells as long as there is room for, then of the others as many as may be.
  void choose_rows() {
    const std::size_t before = room_;
    std::size_t count = 0;
    for (const std::size_t longest : kLengths) {
      longest_ = longest;
      room_ = before;
      count = take(rows(loud_, Trends::left_out, longest));
      if (count == loud_.size()) break;
    }
    shown_.assign(loud_.begin(), loud_.begin() + static_cast<std::ptrdiff_t>(count));
    std::size_t more = 0;
    if (count == loud_.size()) {
      // Of a table that is long already, what to do is worth more than further rows that do not fail.
      const std::size_t left = room_;
      room_ = std::min(room_, kMostTableCharacters - std::min(before - room_, kMostTableCharacters));
      const std::size_t given = room_;
      more = std::min(others_.size(), kMostOtherRows);
      const Metrics first(others_.begin(), others_.begin() + static_cast<std::ptrdiff_t>(more));
      more = take(rows(first, Trends::left_out, longest_));
      shown_.insert(shown_.end(), first.begin(), first.begin() + static_cast<std::ptrdiff_t>(more));
      room_ = left - (given - room_);
    } else {
      room_ = 0;
    }
    left_out_.assign(loud_.begin() + static_cast<std::ptrdiff_t>(count), loud_.end());
    left_out_.insert(left_out_.end(), others_.begin() + static_cast<std::ptrdiff_t>(more), others_.end());
  }

  std::string advice_fold() {
    const std::vector<std::string> items = advice_items(shown_);
    const std::size_t count = fill(items);
    std::string body = joined(items, count);
    if (count > 0 && count < items.size()) body += fmt::format("- plus {} more in the full report\n", items.size() - count);
    return fold(fmt::format("What to do, graphs ({})", shown_.size()), body);
  }

  Trends choose_trends() {
    if (!any_trend(shown_)) return Trends::left_out;
    std::size_t longer = 0;
    for (const core::MetricReport* metric : shown_) {
      longer += count_characters(table_row(*metric, Trends::drawn, longest_)) -
                count_characters(table_row(*metric, Trends::left_out, longest_));
    }
    if (longer > room_) {
      room_ = 0;
      return Trends::left_out;
    }
    room_ -= longer;
    return Trends::drawn;
  }

  [[nodiscard]] std::string table(Trends trends) const {
    std::string out;
    if (!shown_.empty()) out = "\n" + table_head(report_, trends) + joined(rows(shown_, trends, longest_), shown_.size());
    core::Report left;
    for (const core::MetricReport* metric : left_out_) left.metrics.push_back(*metric);
    if (!left_out_.empty()) out += fmt::format("\nplus {} in the full report\n", tally(left, Passing::counted, ", "));
    return out;
  }

  std::string passing_fold() {
    if (passing_.empty()) return "";
    const Trends trends = any_trend(passing_) ? Trends::drawn : Trends::left_out;
    const std::vector<std::string> lines = rows(passing_, trends, kLongestPiece);
    const std::size_t count = fill(lines);
    if (count == 0) return fmt::format("\nplus {} pass in the full report\n\n", passing_.size());
    std::string body = table_head(report_, trends) + joined(lines, count);
    if (count == passing_.size()) return fold(fmt::format("{} pass", count), body);
    body += fmt::format("\nplus {} pass in the full report\n", passing_.size() - count);
    return fold(fmt::format("{} pass, {} of them here", passing_.size(), count), body);
  }

  /// What holds for all metrics.
  void measure_run() {
    std::vector<std::string> lines;
    for (const core::SourceUsed& source : report_.sources) {
      lines.push_back(
          fmt::format("- {}: {}\n", escaped(source.id), source.version.empty() ? source.type : escaped(source.version)));
    }
    if (std::string windows = windows_item(usual_); !windows.empty()) lines.push_back(std::move(windows));
    for (const std::string& note : report_.notes) lines.push_back("- " + escaped(note) + "\n");
    how_ += joined(lines, fill(lines));
  }

  void measure(const Metrics& metrics) {
    std::vector<std::string> lines;
    for (const core::MetricReport* metric : metrics) lines.push_back(measured_item(*metric, usual_));
    const std::size_t count = fill(lines);
    how_ += joined(lines, count);
    not_measured_ += lines.size() - count;
  }

  [[nodiscard]] std::string how_fold() const {
    std::string body = how_;
    if (!body.empty() && not_measured_ > 0) body += fmt::format("- plus {} metrics in the full report\n", not_measured_);
    return fold("How it was measured", body);
  }

  const core::Report& report_;
  Windows usual_;
  Metrics loud_;    ///< fail or err
  Metrics others_;  ///< need attention, too
  Metrics passing_;
  Metrics shown_;     ///< the rows of the table
  Metrics left_out_;  ///< that are only counted
  std::size_t room_ = kMostMarkdownCharacters - kRoomForFrame;
  std::size_t longest_ = kLongestPiece;
  std::string how_;
  std::size_t not_measured_ = 0;
};

}  // namespace

std::string to_markdown(const core::Report& report) {
  return core::without_commands(Comment(report).write());
}

}  // namespace gate::report
