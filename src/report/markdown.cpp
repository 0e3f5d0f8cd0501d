#include "report/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text.h"
#include "core/unit.h"
#include "report/layout.h"

namespace gate::report {
namespace {

using core::Verdict;

constexpr std::size_t kTrendCells = 7;
constexpr std::size_t kLongestCell = 300;

/// Nothing in it can start markup: HTML is written as entities, Markdown's own characters are escaped, and mentions, references
/// and links are broken with a zero-width space.
std::string escaped(std::string_view text) {
  static constexpr std::string_view kMarkup = "\\`*_[]()|~!{}";
  std::string out;
  const std::string plain = core::shorten(core::printable(text), kLongestCell);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const char c = plain[i];
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '@' || c == '#') {
      out += c;
      out += "\u200B";
    } else if (c == ':' && i + 1 < plain.size() && (plain[i + 1] == ':' || plain[i + 1] == '/')) {
      out += ":\u200B";
    } else if (kMarkup.find(c) != std::string_view::npos) {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

/// A marker must not be able to end its own HTML comment.
std::string marker(const core::Report& report) {
  std::string name = core::replace_all(core::printable(report.gate_name), "--", "- -");
  name = core::replace_all(std::move(name), ">", "");
  return fmt::format("<!-- release-gate:{} -->\n", name);
}

/// A link that cannot leave its parentheses; "" for anything that is not http.
std::string link(std::string_view label, const std::string& url) {
  const bool web = url.starts_with("http://") || url.starts_with("https://");
  const bool safe = url.find_first_of(" <>()\"\n\r\t`|") == std::string::npos;
  if (!web || !safe || core::printable(url) != url) return "";
  return fmt::format("[{}]({})", label, url);
}

/// Inside a code span: no backtick can end it, no line break can leave it.
std::string code(std::string_view text) {
  return "`" + core::replace_all(core::shorten(core::printable(text), kLongestCell), "`", "'") + "`";
}

std::string who(const core::Report& report) {
  std::string name = escaped(report.gate_name.empty() ? report.gate_file : report.gate_name);
  if (!report.release_version.empty()) name += " " + escaped(report.release_version);
  return name;
}

std::string advice(const core::Report& report) {
  switch (report.verdict) {
    case Verdict::fail:
      return "**Hold or roll back.** ";
    case Verdict::inconclusive:
      return "**Not a failure.** Wait for more data, or override with a reason. ";
    case Verdict::error:
      return "**Not a verdict on the release:** a source could not be asked. ";
    default:
      return "";
  }
}

std::string row(const core::MetricReport& metric, bool trends) {
  const Cells cells = cells_of(metric);
  const bool loud = metric.verdict == Verdict::fail || metric.verdict == Verdict::error;
  const std::string title = loud ? "**" + escaped(metric.title) + "**" : escaped(metric.title);
  std::string values = "–";
  if (cells.after != "–")
    values = cells.before == "–" ? escaped(cells.after) : escaped(cells.before) + " → " + escaped(cells.after);
  std::string change = escaped(cells.change);
  if (loud && !change.empty()) change = "**" + change + "**";
  if (!cells.interval.empty()) change += " " + escaped(cells.interval);
  if (!cells.tendency.empty() && !change.empty()) change += " " + cells.tendency;
  if (change.empty()) change = escaped(metric.headline);
  const std::string trend = trends ? sparkline(metric, kTrendCells, Charset::unicode) : "";
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", symbol(metric, Charset::unicode), title, values, change,
                     cells.limit.empty() ? "–" : escaped(cells.limit), trend);
}

std::string table_head(const core::Report& report) {
  return fmt::format("| | metric | before → after | change, {} % interval | limit | trend |\n|:-:|:--|--:|:--|--:|:--|\n",
                     fmt::format("{:g}", (2.0 * report.confidence - 1.0) * 100.0));
}

std::string details(std::string_view title, const std::string& body) {
  if (body.empty()) return "";
  return fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n", title, body);
}

std::string what_to_do(const core::MetricReport& metric) {
  std::string text = fmt::format("- **{}**: {}", escaped(metric.title), escaped(metric.headline));
  if (!metric.next.empty()) text += " → " + escaped(metric.next);
  if (metric.error) {
    for (const std::string& fact : metric.error->context) text += "\n  - " + code(fact);
  }
  const std::string graph = link("graph", metric.graph_url);
  if (!graph.empty()) text += " · " + graph;
  const std::string more = link("more", metric.link);
  if (!more.empty()) text += " · " + more;
  return text + "\n";
}

std::string side_text(std::string_view name, const std::optional<core::Side>& side) {
  if (!side) return "";
  std::string text = fmt::format("{} {} samples", name, side->samples);
  if (side->window)
    text += fmt::format(" in {} – {}", core::format_time(side->window->start), core::format_time(side->window->end));
  if (side->dropped > 0) text += fmt::format(" ({} left out)", side->dropped);
  return text;
}

std::string measured(const core::MetricReport& metric) {
  std::string text = fmt::format("- **{}** from {}", escaped(metric.title), escaped(metric.source));
  for (const std::string& part : {side_text("before:", metric.baseline), side_text("after:", metric.candidate)}) {
    if (!part.empty()) text += "; " + part;
  }
  if (metric.change) text += "; " + escaped(metric.change->method);
  for (const core::ResolvedQuery& query : metric.queries)
    text += fmt::format("\n  - {} {}: {}", query.side, query.part, code(query.text));
  for (const std::string& note : metric.notes) text += "\n  - " + escaped(note);
  return text + "\n";
}

/// What is left out to make it fit, in this order.
enum class Room { all, no_passing, no_trends, no_method, no_advice };

/// As many of `pieces` as fit into `budget` bytes, and how many did not.
std::pair<std::string, std::size_t> as_many(const std::vector<std::string>& pieces, std::size_t budget) {
  std::string text;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (text.size() + pieces[i].size() > budget) return {text, pieces.size() - i};
    text += pieces[i];
  }
  return {text, 0};
}

std::string compose(const core::Report& report, Room room) {
  std::vector<std::string> attention;
  std::vector<std::string> passing;
  std::vector<std::string> advices;
  std::vector<std::string> methods;
  for (const core::MetricReport* metric : worst_first(report)) {
    if (metric->verdict == Verdict::skipped) continue;
    if (needs_attention(*metric)) {
      attention.push_back(row(*metric, room < Room::no_trends));
      if (room < Room::no_advice) advices.push_back(what_to_do(*metric));
    } else if (room < Room::no_passing) {
      passing.push_back(row(*metric, true));
    }
    if (room < Room::no_method) methods.push_back(measured(*metric));
  }
  const std::string level = fmt::format("### {} {}: ", symbol(report.verdict, Charset::unicode), word(report.verdict));
  std::string out = marker(report) + level + fmt::format("{}, {}\n", escaped(report.headline), who(report));
  out += fmt::format("{}{}.\n", advice(report), tally(report));
  if (report.override_)
    out += fmt::format("\n**Overridden** by {}: {}\n", escaped(report.override_->actor), escaped(report.override_->reason));
  const auto [rows, left] = as_many(attention, kMostMarkdownBytes / 2);
  if (!attention.empty()) out += "\n" + table_head(report) + rows;
  if (left > 0) out += fmt::format("\nplus {} more in the full report\n", left);
  out += "\n";
  const auto [steps, more_steps] = as_many(advices, kMostMarkdownBytes / 4);
  out += details(fmt::format("What to do, graphs ({})", advices.size()),
                 steps + (more_steps > 0 ? fmt::format("- and {} more\n", more_steps) : ""));
  std::string passed;
  for (const std::string& one : passing) passed += one;
  const auto pass_count = std::count_if(report.metrics.begin(), report.metrics.end(),
                                        [](const core::MetricReport& metric) { return metric.verdict == Verdict::pass; });
  if (!passing.empty()) out += details(fmt::format("{} pass", pass_count), table_head(report) + passed);
  if (passing.empty() && pass_count > 0) out += fmt::format("{} passing metrics are in the full report.\n", pass_count);
  std::string how;
  for (const std::string& one : methods) how += one;
  for (const std::string& note : report.notes) how += methods.empty() ? "" : "- " + escaped(note) + "\n";
  out += details("How it was measured", how);
  out += fmt::format("\nexit {} · {:.2f} s · release-gate {}\n", report.exit_code,
                     static_cast<double>(report.duration.count()) / 1000.0, report.tool_version);
  return out;
}

}  // namespace

std::string to_markdown(const core::Report& report) {
  std::string text;
  for (const Room room : {Room::all, Room::no_passing, Room::no_trends, Room::no_method, Room::no_advice}) {
    text = compose(report, room);
    if (text.size() < kMostMarkdownBytes) break;
  }
  return core::without_commands(std::move(text));
}

}  // namespace gate::report
