#include "report/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text.h"
#include "core/unit.h"
#include "report/layout.h"
#include "report/markdown_text.h"

namespace gate::report {
namespace {

using core::Verdict;

constexpr std::size_t kTrendCells = 6;
constexpr std::size_t kMostTableBytes = 50'000;

bool is_loud(const core::MetricReport& metric) {
  return metric.verdict == Verdict::fail || metric.verdict == Verdict::error;
}

std::string summary(const core::Report& report) {
  const std::string sure = report.certainty.empty() ? "" : fmt::format("The change is {}. ", escaped(report.certainty));
  const std::string next = report.next.empty() ? "" : escaped(report.next) + ". ";
  switch (report.verdict) {
    case Verdict::fail:
      return "**Hold or roll back.** " + sure;
    case Verdict::inconclusive:
      return "**Not a failure.** " + next;
    case Verdict::error:
      return "**Not a verdict on the release.** " + next;
    default:
      return report.closest.empty() ? "" : fmt::format("Closest to its limit: {}. ", escaped(report.closest));
  }
}

enum class Trends { drawn, left_out };

std::string change_cell(const core::MetricReport& metric, const Cells& cells) {
  if (!cells.brief.empty()) return escaped(cells.brief);
  std::string out = escaped(cells.change);
  if (is_loud(metric) && !out.empty()) out = "**" + out + "**";
  for (const std::string& more : {cells.interval, cells.tendency}) {
    if (!more.empty()) out += (out.empty() ? "" : " ") + more;
  }
  const core::CriterionReport* criterion = deciding(metric);
  if (criterion != nullptr && criterion->outcome == core::Outcome::unproven && criterion->needs_seconds) {
    const core::Duration needed(static_cast<std::int64_t>(*criterion->needs_seconds * 1000.0));
    out += " needs " + core::describe_duration(needed);
  }
  return out;
}

std::string row(const core::MetricReport& metric, Trends trends) {
  const Cells cells = cells_of(metric, Charset::unicode);
  const std::string title = needs_attention(metric) ? "**" + escaped(metric.title) + "**" : escaped(metric.title);
  const bool judged = cells.brief.empty();
  const std::string trend = trends == Trends::drawn ? sparkline(metric, kTrendCells, Charset::unicode) : "";
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", symbol(metric, Charset::unicode), title,
                     cells.values.empty() ? "–" : escaped(cells.values), change_cell(metric, cells),
                     cells.limit.empty() || !judged ? "–" : escaped(cells.limit), trend);
}

std::string table_head(const core::Report& report) {
  return fmt::format("| | metric | before → after | change, {} interval | limit | trend |\n|:-:|:--|--:|:--|--:|:--|\n",
                     interval_level(report));
}

std::string details(std::string_view title, const std::string& body) {
  if (body.empty()) return "";
  return fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n", title, body);
}

std::string what_to_do(const core::MetricReport& metric) {
  std::string text = fmt::format("- **{}**: {}", escaped(metric.title), escaped(metric.headline));
  if (!metric.next.empty()) text += " → " + escaped(metric.next);
  for (const auto& [label, url] : {std::pair("graph", metric.graph_url), std::pair("more", metric.link)}) {
    if (const std::string shown = web_link(label, url); !shown.empty()) text += " · " + shown;
  }
  if (metric.error) {
    for (const std::string& fact : metric.error->context) text += "\n  - " + code(fact);
  }
  return text + "\n";
}

std::string side_text(std::string_view name, const std::optional<core::Side>& side) {
  if (!side) return "";
  std::string text = fmt::format("; {} {} sample{}", name, side->samples, side->samples == 1 ? "" : "s");
  if (side->window)
    text += fmt::format(" in [{}, {})", core::format_time(side->window->start), core::format_time(side->window->end));
  if (side->at) text += ", newest of " + core::format_time(*side->at);
  if (side->dropped > 0) text += fmt::format(", {} left out", side->dropped);
  return text;
}

std::string measured(const core::MetricReport& metric) {
  std::string text = fmt::format("- **{}** from {}", escaped(metric.title), escaped(metric.source));
  if (metric.status) text += fmt::format("; state {}", escaped(*metric.status));
  text += side_text("before:", metric.baseline) + (metric.kind == "status" ? "" : side_text("after:", metric.candidate));
  if (metric.change) text += "; " + escaped(metric.change->method);
  for (const core::ResolvedQuery& query : metric.queries)
    text += fmt::format("\n  - {} {}: {}", query.side, query.part, code(query.text));
  for (const std::string& note : metric.notes) text += "\n  - " + escaped(note);
  return text + "\n";
}

/// What is left out to make it fit, in this order.
enum class Room { all, no_passing, no_trends, no_method, no_advice, no_others };

using Metrics = std::vector<const core::MetricReport*>;

/// The rows that need an eye: all that fail or err, of the others as many as there is room for.
std::string attention_table(const core::Report& report, const Metrics& rows, Room room) {
  const Trends trends = room < Room::no_trends ? Trends::drawn : Trends::left_out;
  std::string text;
  std::size_t others = 0;
  std::vector<const core::MetricReport*> missing;
  for (const core::MetricReport* metric : rows) {
    const std::string one = row(*metric, trends);
    const bool fits = text.size() + one.size() <= kMostTableBytes;
    const bool wanted =
        is_loud(*metric) ? fits || room < Room::no_others : fits && others < kMostOtherRows && room < Room::no_others;
    if (!wanted) {
      missing.push_back(metric);
      continue;
    }
    others += is_loud(*metric) ? 0 : 1;
    text += one;
  }
  if (!text.empty()) text = "\n" + table_head(report) + text;
  core::Report left;
  for (const core::MetricReport* metric : missing) left.metrics.push_back(*metric);
  if (!missing.empty()) text += fmt::format("\nplus {} in the full report\n", tally(left, Passing::counted, ", "));
  return text;
}

std::string folds(const core::Report& report, const Metrics& rows, const Metrics& passing, Room room) {
  std::string advice;
  std::string passed;
  std::string how;
  for (const core::MetricReport* metric : rows) advice += what_to_do(*metric);
  for (const core::MetricReport* metric : passing) passed += row(*metric, Trends::drawn);
  for (const core::MetricReport* metric : worst_first(report)) {
    if (metric->verdict != Verdict::skipped) how += measured(*metric);
  }
  for (const core::SourceUsed& source : report.sources)
    how += fmt::format("- {}: {}{}{}\n", escaped(source.id), source.type, source.version.empty() ? "" : " ",
                       escaped(source.version));
  for (const std::string& note : report.notes) how += "- " + escaped(note) + "\n";
  std::string out;
  if (room < Room::no_advice) out += details(fmt::format("What to do, graphs ({})", rows.size()), advice);
  const std::string count = fmt::format("{} pass", passing.size());
  if (room < Room::no_passing) {
    if (!passing.empty()) out += details(count, table_head(report) + passed);
  } else if (!passing.empty()) {
    out += fmt::format("plus {} in the full report\n", count);
  }
  if (room < Room::no_method) out += details("How it was measured", how);
  return out;
}

std::string compose(const core::Report& report, Room room) {
  Metrics attention;
  Metrics passing;
  for (const core::MetricReport* metric : worst_first(report)) {
    if (needs_attention(*metric)) attention.push_back(metric);
    if (metric->verdict == Verdict::pass) passing.push_back(metric);
  }
  std::string out = marker(report.gate_name);
  out += fmt::format("### {} {}: {}, {}\n", symbol(report, Charset::unicode), word(report), escaped(report.headline),
                     escaped(who(report)));
  out += fmt::format("{}{}.\n", summary(report), tally(report, Passing::counted, ", "));
  if (report.override_)
    out += fmt::format("\n**Overridden** by {}: {}\n", escaped(report.override_->actor), escaped(report.override_->reason));
  out += attention_table(report, attention, room) + "\n" + folds(report, attention, passing, room);
  out += fmt::format("\nexit {}", report.exit_code);
  if (report.would_exit) out += fmt::format(" (would be {})", *report.would_exit);
  if (report.score) out += " · score " + core::format_number(*report.score);
  return out + fmt::format(" · {} · release-gate {}\n", seconds_text(report.duration), report.tool_version);
}

}  // namespace

std::string to_markdown(const core::Report& report) {
  std::string text;
  for (const Room room : {Room::all, Room::no_passing, Room::no_trends, Room::no_method, Room::no_advice, Room::no_others}) {
    text = compose(report, room);
    if (text.size() < kMostMarkdownBytes) break;
  }
  return core::without_commands(std::move(text));
}

}  // namespace gate::report
