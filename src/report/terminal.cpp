#include "report/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/text.h"
#include "core/unit.h"
#include "report/layout.h"

namespace gate::report {
namespace {

using core::Verdict;

constexpr std::size_t kWide = 80;
constexpr std::size_t kNarrowest = 40;
constexpr std::size_t kMostTitle = 28;
constexpr std::size_t kTrendCells = 8;
constexpr std::string_view kIndent = "    ";

const char* colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return "\x1b[31m";
    case Verdict::error:
      return "\x1b[35m";
    case Verdict::inconclusive:
      return "\x1b[33m";
    case Verdict::warn:
      return "\x1b[33m";
    case Verdict::pass:
      return "\x1b[32m";
    case Verdict::skipped:
      return "\x1b[2m";
  }
  return "";
}

class Writer {
 public:
  Writer(const core::Report& report, const TerminalOptions& options)
      : report_(report),
        options_(options),
        columns_(std::max(options.columns, kNarrowest)),
        charset_(options.ascii ? Charset::ascii : Charset::unicode) {}

  std::string write() {
    headline();
    if (options_.log) {
      log_rows();
    } else {
      rows();
    }
    if (options_.verbose) method();
    closing();
    return out_;
  }

 private:
  /// One line, cut to the width, `painted` bytes of it in colour.
  void line(std::string text, const char* colour = "", std::size_t painted = std::string::npos) {
    if (options_.ascii) text = to_ascii(text);
    text = options_.log ? text : fit(text, columns_);
    while (text.ends_with(' ')) text.pop_back();
    if (options_.colour && *colour != '\0') {
      const std::size_t end = std::min(painted, text.size());
      text = colour + text.substr(0, end) + "\x1b[0m" + text.substr(end);
    }
    out_ += text + "\n";
  }

  void wrapped(std::string_view indent, std::string_view text) {
    const std::size_t width = columns_ - std::min(columns_ / 2, indent.size());
    for (const std::string& piece : wrap(text, options_.log ? 100000 : width)) line(std::string(indent) + piece);
  }

  [[nodiscard]] std::string who() const {
    std::string name = core::printable(report_.gate_name.empty() ? report_.gate_file : report_.gate_name);
    if (!report_.release_version.empty()) name += " " + core::printable(report_.release_version);
    return name;
  }

  /// PENDING stands for an inconclusive gate when nothing but the time is missing.
  [[nodiscard]] bool only_pending() const {
    if (report_.verdict != Verdict::inconclusive) return false;
    bool any = false;
    for (const core::MetricReport& metric : report_.metrics) {
      if (metric.verdict != Verdict::inconclusive) continue;
      any = true;
      if (metric.evidence != core::Evidence::pending) return false;
    }
    return any;
  }

  void headline() {
    const std::string_view name = only_pending() ? std::string_view("PENDING") : word(report_.verdict);
    const std::string_view mark = only_pending() ? (options_.ascii ? "." : "…") : symbol(report_.verdict, charset_);
    const std::string first = options_.log ? std::string(name) : fmt::format("{} {}", mark, name);
    const std::string text = fmt::format("{}: {}", who(), core::printable(report_.headline));
    const std::string hang(display_width(first) + 2, ' ');
    bool started = false;
    for (const std::string& piece : wrap(text, options_.log ? 100000 : columns_ - hang.size())) {
      line((started ? hang : first + "  ") + piece, started ? "" : colour_of(report_.verdict), first.size());
      started = true;
    }
    std::string when;
    if (const core::MetricReport* metric = with_windows()) {
      if (metric->baseline && metric->baseline->window)
        when += "before " + window_text(*metric->baseline->window, report_.now) + ", ";
      when += (when.empty() ? "" : "after ") + window_text(*metric->candidate->window, report_.now) + " UTC · ";
    }
    wrapped("  ", when + tally(report_));
    for (const core::Error& error : report_.errors) wrapped("  ", "! " + core::printable(error.message));
  }

  [[nodiscard]] const core::MetricReport* with_windows() const {
    for (const core::MetricReport& metric : report_.metrics) {
      if (metric.candidate && metric.candidate->window) return &metric;
    }
    return nullptr;
  }

  void rows() {
    std::vector<const core::MetricReport*> shown;
    std::vector<std::string> passed;
    for (const core::MetricReport* metric : worst_first(report_)) {
      if (needs_attention(*metric) || (options_.verbose && metric->verdict == Verdict::pass)) {
        shown.push_back(metric);
      } else if (metric->verdict == Verdict::pass) {
        passed.push_back(core::printable(metric->title));
      }
    }
    if (!shown.empty()) {
      out_ += "\n";
      columns_ >= kWide ? table(shown) : narrow(shown);
    }
    if (!passed.empty()) folded(passed);
  }

  void folded(const std::vector<std::string>& titles) {
    std::string text = fmt::format("{} {} pass: ", symbol(Verdict::pass, charset_), titles.size());
    const std::size_t marker = symbol(Verdict::pass, charset_).size();
    for (std::size_t i = 0; i < titles.size(); ++i) {
      const std::string more = fmt::format(" and {} more", titles.size() - i);
      if (i > 0 && display_width(text) + display_width(titles[i]) + 2 + more.size() > columns_) {
        text += more;
        break;
      }
      text += (i > 0 ? ", " : "") + titles[i];
    }
    line(text, colour_of(Verdict::pass), marker);
  }

  static constexpr std::size_t kColumns = 6;
  using Widths = std::array<std::size_t, kColumns>;

  static std::array<std::string, kColumns> texts(const Cells& cells) {
    return {fit(cells.title, kMostTitle), cells.before, cells.after, cells.change, cells.interval, cells.limit};
  }

  void table(const std::vector<const core::MetricReport*>& shown) {
    const std::string level = fmt::format("{:g}", (2.0 * report_.confidence - 1.0) * 100.0);
    const std::array<std::string, kColumns> head = {"metric", "before", "after", "change", level + " % interval", "limit"};
    Widths widths{};
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = display_width(head[i]);
    std::vector<std::array<std::string, kColumns>> rows;
    for (const core::MetricReport* metric : shown) {
      rows.push_back(texts(cells_of(*metric)));
      for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], display_width(rows.back()[i]));
    }
    std::size_t used = 2;
    for (const std::size_t width : widths) used += width + 2;
    const bool trend = used + 2 * kTrendCells + 9 <= columns_;
    line("  " + row(head, widths) + (trend ? "  trend" : ""), "\x1b[2m");
    for (std::size_t i = 0; i < shown.size(); ++i) {
      std::string text = fmt::format("{} {}", symbol(*shown[i], charset_), row(rows[i], widths));
      const Cells cells = cells_of(*shown[i]);
      if (trend) {
        const std::string drawn = sparkline(*shown[i], kTrendCells, charset_);
        text += "  " + (drawn.empty() ? std::string() : drawn + " ") + cells.tendency;
      }
      line(text, colour_of(shown[i]->verdict), symbol(*shown[i], charset_).size());
      explain(*shown[i]);
    }
  }

  static std::string row(const std::array<std::string, kColumns>& cells, const Widths& widths) {
    std::string text;
    for (std::size_t i = 0; i < kColumns; ++i) {
      const Align align = i == 0 || i == 4 ? Align::left : Align::right;
      text += (i > 0 ? "  " : "") + pad(cells[i], widths[i], align);
    }
    return text;
  }

  void narrow(const std::vector<const core::MetricReport*>& shown) {
    for (const core::MetricReport* metric : shown) {
      const Cells cells = cells_of(*metric);
      std::string text = fmt::format("{} {}", symbol(*metric, charset_), cells.title);
      if (cells.after != "–") text += fmt::format("  {} → {}", cells.before, cells.after);
      if (!cells.change.empty()) text += "  " + cells.change + (cells.tendency.empty() ? "" : " " + cells.tendency);
      line(text, colour_of(metric->verdict), symbol(*metric, charset_).size());
      std::string second = cells.interval;
      if (!cells.limit.empty()) second += (second.empty() ? "" : "  ") + std::string("limit ") + cells.limit;
      if (!second.empty()) line(std::string(kIndent) + second);
      explain(*metric);
    }
  }

  /// The reason, and what to do about it.
  void explain(const core::MetricReport& metric) {
    if (!needs_attention(metric) && !options_.verbose) return;
    wrapped(kIndent, core::printable(metric.headline));
    // A server that is down fails every metric with the same words: its facts are told once.
    if (metric.error && std::exchange(last_error_, metric.error->message) != metric.error->message) {
      for (const std::string& fact : metric.error->context) line(std::string(kIndent) + "  " + core::printable(fact));
    }
    if (!metric.next.empty()) wrapped(kIndent, "→ " + core::printable(metric.next));
    if (needs_attention(metric) && !metric.graph_url.empty() && options_.verbose)
      out_ += fmt::format("    graph: {}\n", core::printable(metric.graph_url));
  }

  void log_rows() {
    for (const core::MetricReport* metric : worst_first(report_)) {
      if (metric->verdict == Verdict::skipped) continue;
      const Cells cells = cells_of(*metric);
      std::string text = fmt::format("{}  {}", pad(word(*metric), 12, Align::left), cells.title);
      if (metric->error) {
        line(text + "  " + core::printable(metric->headline));
        continue;
      }
      if (cells.after != "–") text += fmt::format("  {} → {}", cells.before, cells.after);
      if (!cells.change.empty()) text += "  " + cells.change + (cells.interval.empty() ? "" : " " + cells.interval);
      if (!cells.limit.empty()) text += "  limit " + cells.limit;
      if (needs_attention(*metric)) text += "  " + core::printable(metric->headline);
      line(text);
    }
  }

  void method() {
    out_ += "\n";
    line("How it was measured", "\x1b[1m");
    for (const core::MetricReport& metric : report_.metrics) {
      line(fmt::format("  {} ({})", core::printable(metric.id), core::printable(metric.source)));
      method_of("before", metric.baseline);
      method_of("after", metric.candidate);
      if (metric.change) {
        std::string text = "method " + metric.change->method;
        if (metric.change->effective_samples) {
          text +=
              fmt::format(", worth {} and {} independent samples", core::format_number(metric.change->effective_samples->first),
                          core::format_number(metric.change->effective_samples->second));
        }
        wrapped(kIndent, text);
      }
      for (const core::CriterionReport& criterion : metric.criteria) {
        wrapped(kIndent,
                fmt::format("{} {} {}: {} {}", core::name(criterion.level), criterion.rule, core::printable(criterion.bound),
                            core::name(criterion.outcome), core::printable(criterion.reason)));
      }
      for (const core::ResolvedQuery& query : metric.queries) {
        wrapped(kIndent, fmt::format("{} {}: {}", query.side, query.part, core::printable(query.text)));
      }
      for (const std::string& note : metric.notes) wrapped(kIndent, "note: " + core::printable(note));
    }
  }

  void method_of(std::string_view name, const std::optional<core::Side>& side) {
    if (!side) return;
    std::string text = fmt::format("{}: {} samples", name, side->samples);
    if (side->window) {
      text = fmt::format("{} [{}, {}), {}: {} samples", name, core::format_time(side->window->start),
                         core::format_time(side->window->end), core::describe_duration(side->window->length()), side->samples);
    }
    if (side->dropped > 0) text += fmt::format(", {} left out", side->dropped);
    wrapped(kIndent, text);
  }

  void closing() {
    for (const std::string& note : report_.notes) wrapped("  ", "note: " + core::printable(note));
    if (report_.override_) {
      const std::string actor = report_.override_->actor.empty() ? "" : " by " + core::printable(report_.override_->actor);
      wrapped("  ", fmt::format("overridden{}: {}", actor, core::printable(report_.override_->reason)));
    }
    std::string text = fmt::format("exit {}", report_.exit_code);
    if (report_.would_exit) text += fmt::format(" (would be {})", *report_.would_exit);
    text += fmt::format(" · {:.2f} s", static_cast<double>(report_.duration.count()) / 1000.0);
    if (report_.score) text += " · score " + core::format_number(*report_.score);
    if (!report_.replay.empty()) text += " · replay: " + core::printable(report_.replay);
    line(text, "\x1b[2m");
  }

  const core::Report& report_;
  const TerminalOptions& options_;
  std::size_t columns_;
  Charset charset_;
  std::string out_;
  std::string last_error_;
};

}  // namespace

std::string to_terminal(const core::Report& report, const TerminalOptions& options) {
  return core::without_commands(Writer(report, options).write());
}

}  // namespace gate::report
