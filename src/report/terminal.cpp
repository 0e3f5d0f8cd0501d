#include "report/terminal.h"
#include "report/ab_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/text.h"
#include "core/unit.h"
#include "report/layout.h"
#include "report/pending.h"
#include "report/placebo.h"
#include "report/table.h"

namespace gate::report {
namespace {

using core::Verdict;

constexpr std::size_t kWide = 80;
constexpr std::size_t kNarrowest = 40;
constexpr std::size_t kNarrowTitle = 20;
constexpr std::string_view kIndent = "    ";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kReset = "\x1b[0m";

class Writer {
 public:
  Writer(const core::Report& report, const TerminalOptions& options)
      : report_(report), options_(options), columns_(std::max(options.columns, kNarrowest)) {}

  std::string write() {
    headline();
    if (report_.verdict == Verdict::pass && !full()) {
      passed();
      return out_;
    }
    advice();
    overview();
    rows();
    pending();
    if (full()) measured();
    closing();
    return out_;
  }

 private:
  [[nodiscard]] bool full() const { return options_.detail == Detail::full; }
  [[nodiscard]] bool wide() const { return columns_ >= kWide; }
  [[nodiscard]] std::string_view mark(Verdict verdict) const { return symbol(verdict, options_.charset); }

  [[nodiscard]] bool stays_whole(std::string_view text) const { return options_.urls == Urls::whole && has_url(text); }

  enum class Length { cut, whole };

  /// One line, its first `painted` bytes in colour.
  void line(std::string text, std::string_view colour = "", std::size_t painted = std::string::npos,
            Length length = Length::cut) {
    if (options_.charset == Charset::ascii) text = to_ascii(text);
    if (length == Length::cut && !stays_whole(text)) text = fit(text, columns_, options_.charset);
    while (text.ends_with(' ')) text.pop_back();
    if (options_.colour == Colour::on && !colour.empty()) {
      const std::size_t end = std::min(painted, text.size());
      text = std::string(colour) + text.substr(0, end) + std::string(kReset) + text.substr(end);
    }
    out_ += text + "\n";
  }

  /// `text` in as many lines as it takes: the first behind `first`, the others behind `rest`.
  void wrapped(std::string_view first, std::string_view rest, std::string_view text) {
    const std::string head = plain(first);
    const std::size_t indent = std::max(display_width(head), display_width(rest));
    bool started = false;
    for (const std::string& piece : wrap(plain(text), columns_ - std::min(columns_ / 2, indent), options_.urls))
      line((std::exchange(started, true) ? std::string(rest) : head) + piece);
  }

  /// In the character set already, so that it is measured at its final width.
  [[nodiscard]] std::string plain(std::string_view text) const {
    return options_.charset == Charset::ascii ? to_ascii(text) : std::string(text);
  }

  void headline() {
    const std::string first = fmt::format("{} {}", symbol(report_, options_.charset), word(report_));
    const std::string hang(display_width(first) + 2, ' ');
    bool started = false;
    for (const std::string& piece :
         wrap(plain(fmt::format("{}: {}", who(report_), full_headline(report_))), columns_ - hang.size(), options_.urls)) {
      line(fmt::format("{}{}", started ? hang : first + "  ", piece), started ? "" : colour_of(report_.verdict), first.size());
      started = true;
    }
  }

  /// A pass in two lines: nothing needs an eye.
  void passed() {
    std::string text = report_.closest.empty() ? "" : "closest to its limit: " + core::printable(report_.closest) + " · ";
    wrapped("  ", "  ", text + ending());
    pending();
    remarks();
  }

  void advice() {
    if (report_.verdict == Verdict::fail || report_.next.empty()) return;
    wrapped("  → ", "    ", core::printable(report_.next));
  }

  void overview() {
    std::string text = when_text(report_);
    const std::string counts = tally(report_, Passing::left_out, " ");
    if (!text.empty() && !counts.empty()) text += " · ";
    wrapped("  ", "  ", text + counts);
    for (const core::Error& error : report_.errors) wrapped("  ! ", "    ", core::printable(error.message));
  }

  void rows() {
    std::vector<const core::MetricReport*> shown;
    std::vector<std::string> passed;
    for (const core::MetricReport* metric : worst_first(report_)) {
      if (needs_attention(*metric) || (full() && metric->verdict == Verdict::pass)) {
        shown.push_back(metric);
      } else if (metric->verdict == Verdict::pass) {
        passed.push_back(core::printable(metric->title));
      }
    }
    if (!shown.empty()) {
      out_ += "\n";
      wide() ? table(shown) : narrow(shown);
    }
    if (!passed.empty()) folded(passed);
  }

  void folded(const std::vector<std::string>& titles) {
    const std::string_view check = mark(Verdict::pass);
    std::string text = fmt::format("{} {} pass", check, titles.size());
    if (!wide()) {
      folded_ = text;
      return;
    }
    constexpr std::string_view kMore = "  (--verbose lists them)";
    text += ": ";
    for (std::size_t i = 0; i < titles.size(); ++i) {
      const std::string more = fmt::format(" and {} more", titles.size() - i);
      if (i > 0 && display_width(text) + display_width(titles[i]) + 2 + more.size() + kMore.size() > columns_) {
        text += more;
        break;
      }
      text += (i > 0 ? ", " : "") + titles[i];
    }
    line(text + std::string(kMore), colour_of(Verdict::pass), check.size());
  }

  /// What waits for its time and has no row that says so.
  void pending() {
    for (const Pending& one : pending_of(report_)) {
      if (word(*one.metric) == "PENDING") continue;
      const std::string sign(pending_symbol(options_.charset));
      wrapped(sign + " pending: ", "    ", pending_text(one, report_.now));
    }
  }

  void table(const std::vector<const core::MetricReport*>& shown) {
    const Table rows(report_, shown, columns_, options_.charset);
    line(rows.head(), kDim);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const std::string_view sign = symbol(*shown[i], options_.charset);
      line(rows.row(i), colour_of(shown[i]->verdict), sign.size());
      explain(*shown[i], rows.is_cut(i) && !stays_whole(rows.row(i)), "");
    }
  }

  void narrow(const std::vector<const core::MetricReport*>& shown) {
    std::size_t title_width = 0;
    for (const core::MetricReport* metric : shown)
      title_width = std::max(title_width, display_width(fit(cells_of(*metric, options_.charset).title, kNarrowTitle)));
    for (const core::MetricReport* metric : shown) {
      const Cells cells = cells_of(*metric, options_.charset);
      const std::string_view sign = symbol(*metric, options_.charset);
      std::string text = fmt::format("{} {}", sign, pad(fit(cells.title, kNarrowTitle), title_width, Align::left));
      std::string second;
      if (!cells.brief.empty()) {
        text += "  " + cells.brief;
      } else {
        if (!cells.values.empty()) text += "  " + cells.values;
        if (!cells.change.empty()) text += "  " + cells.change;
        if (!cells.tendency.empty()) text += " " + cells.tendency;
        second = cells.interval.empty() ? "" : cells.interval + "  ";
        const std::string limit = "limit " + cells.limit;
        if (!cells.limit.empty() && display_width(text) + 2 + display_width(limit) <= columns_) {
          text += "  " + limit;
        } else if (!cells.limit.empty()) {
          second += limit + "  ";
        }
      }
      const bool cut = display_width(text) > columns_ && !stays_whole(text);
      line(text, colour_of(metric->verdict), sign.size());
      explain(*metric, cut && !cells.brief.empty(), second);
    }
  }

  /// What the row could not say, and what to do about it; `start` comes before that.
  void explain(const core::MetricReport& metric, bool cut, std::string_view start) {
    const bool attention = needs_attention(metric);
    if ((attention && needs_sentence(metric)) || cut) wrapped(kIndent, kIndent, core::printable(metric.headline));
    if (const std::string days = placebo_line(metric, options_.charset); !days.empty()) wrapped(kIndent, kIndent, days);
    if (const std::string test = ab_test_line(metric); !test.empty()) wrapped(kIndent, kIndent, test);
    // A server that is down fails every metric with the same words: its facts are told once.
    if (metric.error && std::exchange(last_error_, metric.error->message) != metric.error->message) {
      for (const std::string& fact : metric.error->context) line(std::string(kIndent) + core::printable(fact));
    }
    std::string text = advice_of(metric);
    if (!attention || text.empty()) {
      if (!start.empty() && (attention || full())) line(std::string(kIndent) + std::string(start));
      return;
    }
    if (display_width(start) > columns_ / 3) {
      line(std::string(kIndent) + std::string(start));
      start = "";
    }
    const std::string first = std::string(kIndent) + std::string(start) + "→ ";
    const std::string rest = std::string(kIndent) + "  ";
    if (metric.error) text += fmt::format(" · release-gate explain {}", metric.error->code);
    const bool graph = !metric.error && !metric.graph_url.empty() && metric.evidence != core::Evidence::pending;
    if (!graph) {
      wrapped(first, rest, text);
      return;
    }
    const std::string url = core::printable(metric.graph_url);
    const std::size_t room = options_.urls == Urls::whole ? display_width(url) + 1 : kLeastUrl;
    if (display_width(first) + display_width(text) + 8 + room <= columns_) {
      line(first + text + "; graph: " + url);
      return;
    }
    wrapped(first, rest, text);
    line(rest + "graph: " + url);
  }

  void measured() {
    out_ += "\n";
    line("How it was measured", kBold);
    for (const std::string& text : measured_lines(report_)) {
      const std::string_view body = std::string_view(text).substr(text.find_first_not_of(' '));
      const std::string indent(text.size() - body.size(), ' ');
      const bool link = has_url(body);
      if (link) {
        line(text, "", 0, Length::whole);
      } else {
        wrapped(indent, indent + "  ", body);
      }
    }
    out_ += "\n";
  }

  void remarks() {
    for (const std::string& note : report_.notes) wrapped("  note: ", "        ", core::printable(note));
    if (!report_.override_) return;
    const std::string actor = report_.override_->actor.empty() ? "" : " by " + core::printable(report_.override_->actor);
    wrapped("  ", "    ", fmt::format("overridden{}: {}", actor, core::printable(report_.override_->reason)));
  }

  [[nodiscard]] std::string ending() const {
    std::string text = fmt::format("exit {}", report_.exit_code);
    if (report_.would_exit) text += fmt::format(" (would be {})", *report_.would_exit);
    if (report_.score) text += " · score " + core::format_number(*report_.score);
    text += " · " + seconds_text(report_.duration);
    if (!report_.replay.empty()) text += " · replay: release-gate check --replay " + core::printable(report_.replay);
    return text;
  }

  void closing() {
    remarks();
    line((folded_.empty() ? "" : folded_ + " · ") + ending(), kDim);
  }

  static constexpr std::size_t kLeastUrl = 24;

  const core::Report& report_;
  const TerminalOptions& options_;
  std::size_t columns_;
  std::string out_;
  std::string last_error_;
  std::string folded_;  ///< "✓ 5 pass", where it shares the last line
};

}  // namespace

std::string_view colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return "\x1b[31m";
    case Verdict::error:
      return "\x1b[35m";
    case Verdict::inconclusive:
    case Verdict::warn:
      return "\x1b[33m";
    case Verdict::pass:
      return "\x1b[32m";
    case Verdict::skipped:
      return kDim;
  }
  return "";
}

std::string to_terminal(const core::Report& report, const TerminalOptions& options) {
  return core::without_commands(Writer(report, options).write());
}

}  // namespace gate::report
