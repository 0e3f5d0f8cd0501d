#include "report/log.h"

#include <fmt/format.h>

#include <vector>

#include "core/text.h"
#include "core/unit.h"
#include "report/layout.h"

namespace gate::report {
namespace {

using core::Verdict;

constexpr std::size_t kWordWidth = 12;

std::string painted(std::string_view word, Verdict verdict, Colour colour) {
  std::string padded = pad(word, kWordWidth, Align::left);
  if (colour == Colour::off) return padded;
  return fmt::format("{}{}\x1b[0m{}", colour_of(verdict), word, padded.substr(word.size()));
}

std::string metric_line(const core::MetricReport& metric, std::size_t title_width) {
  const Cells cells = cells_of(metric, Charset::ascii);
  std::string out = pad(cells.title, title_width, Align::left);
  if (!cells.values.empty()) {
    const bool both = metric.baseline && metric.baseline->value && metric.candidate && metric.candidate->value;
    out += "  " + (both ? fmt::format("{} -> {}", cells.before, cells.after) : cells.values);
  }
  if (!cells.brief.empty()) return out + "  " + cells.brief;
  if (!cells.change.empty()) out += "  " + cells.change;
  if (!cells.interval.empty()) out += (cells.change.empty() ? "  " : " ") + cells.interval;
  if (!cells.limit.empty()) out += "  limit " + cells.limit;
  return out + (cells.tendency.empty() ? "" : "  " + cells.tendency);
}

/// What the line could not say, and what to do.
std::string below(const core::MetricReport& metric) {
  std::string out;
  if (needs_sentence(metric)) out += fmt::format("    {}\n", to_ascii(core::printable(metric.headline)));
  if (metric.error) {
    for (const std::string& fact : metric.error->context) out += fmt::format("    {}\n", to_ascii(core::printable(fact)));
  }
  std::string next = advice_of(metric);
  if (metric.error) next += fmt::format("; release-gate explain {}", metric.error->code);
  if (!metric.error && !metric.graph_url.empty() && metric.evidence != core::Evidence::pending)
    next += (next.empty() ? "graph: " : "; graph: ") + core::printable(metric.graph_url);
  if (!next.empty()) out += fmt::format("    -> {}\n", to_ascii(next));
  return out;
}

}  // namespace

std::string to_log(const core::Report& report, Colour colour, Detail detail) {
  std::string out = fmt::format("{}  {}\n", painted(word(report), report.verdict, colour),
                                to_ascii(fmt::format("{}: {}", who(report), full_headline(report))));
  if (!report.next.empty()) out += fmt::format("    -> {}\n", to_ascii(core::printable(report.next)));
  if (!report.closest.empty()) out += fmt::format("    closest to its limit: {}\n", to_ascii(core::printable(report.closest)));
  const std::string when = when_text(report);
  out += fmt::format("    {}\n", to_ascii(when + (when.empty() ? "" : " · ") + tally(report, Passing::counted, " ")));
  for (const core::Error& error : report.errors) out += fmt::format("    ! {}\n", to_ascii(core::printable(error.message)));
  std::size_t title_width = 0;
  std::vector<const core::MetricReport*> shown;
  for (const core::MetricReport* metric : worst_first(report)) {
    if (!needs_attention(*metric) && (detail == Detail::short_ || metric->verdict == Verdict::skipped)) continue;
    shown.push_back(metric);
    title_width = std::max(title_width, display_width(cells_of(*metric, Charset::ascii).title));
  }
  for (const core::MetricReport* metric : shown) {
    out += fmt::format("{}  {}\n", painted(word(*metric), metric->verdict, colour), metric_line(*metric, title_width));
    if (needs_attention(*metric)) out += below(*metric);
  }
  if (detail == Detail::full) {
    out += "How it was measured\n";
    for (const std::string& line : measured_lines(report)) out += to_ascii(line) + "\n";
  }
  for (const std::string& note : report.notes) out += fmt::format("    note: {}\n", to_ascii(core::printable(note)));
  if (report.override_) {
    out += to_ascii(fmt::format("    overridden by {}: {}\n", core::printable(report.override_->actor),
                                core::printable(report.override_->reason)));
  }
  out += fmt::format("exit {}", report.exit_code);
  if (report.would_exit) out += fmt::format(" (would be {})", *report.would_exit);
  if (report.score) out += ", score " + core::format_number(*report.score);
  out += ", " + seconds_text(report.duration);
  if (!report.replay.empty()) out += ", replay: release-gate check --replay " + core::printable(report.replay);
  return core::without_commands(out + "\n");
}

}  // namespace gate::report
