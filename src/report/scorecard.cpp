#include "report/scorecard.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "report/html_text.h"
#include "report/pending.h"

namespace gate::report {
namespace {

constexpr std::size_t kWidth = 120;
constexpr std::size_t kVerdictWidth = 15;
constexpr std::size_t kMostNamed = 3;

struct Question {
  std::string_view category;
  std::string_view text;
};
constexpr std::array<Question, 10> kQuestions = {{{"adoption", "Do the people it is for use it?"},
                                                  {"performance", "As fast, with as few errors as before?"},
                                                  {"scalability", "More load without more machine?"},
                                                  {"experience", "Do pages load and respond as they should?"},
                                                  {"reliability", "Is it up, and quick to recover?"},
                                                  {"security", "Did it bring vulnerabilities?"},
                                                  {"business", "Does it earn and keep what it should?"},
                                                  {"maintainability", "Is the code getting better or worse?"},
                                                  {"delivery", "Do we ship as fast as before?"},
                                                  {"support", "Do customers complain?"}}};

constexpr std::string_view kNotProven = ", not proven";

bool is_unproven(const core::CriterionReport* criterion) {
  return criterion != nullptr && criterion->outcome == core::Outcome::unproven;
}

/// The change; what is none as the value that stayed or nearly did, since "conversion 0 %" reads as a conversion of nothing.
std::string move_of(const Cells& cells) {
  const bool none = cells.change == "0" || cells.change.starts_with("0 ");
  if (!none || cells.before == "–" || cells.after == "–") return cells.change;
  return cells.before == cells.after ? fmt::format("unchanged ({})", cells.after) : cells.values;
}

std::string_view question_of(std::string_view category) {
  const auto* known =
      std::find_if(kQuestions.begin(), kQuestions.end(), [&](const Question& one) { return one.category == category; });
  return known == kQuestions.end() ? std::string_view() : known->text;
}

std::vector<ScorecardLine::Waiting> waiting_of(const core::Report& report, const core::CategoryReport& category,
                                               const ScorecardLine& line) {
  std::vector<ScorecardLine::Waiting> out;
  for (const Pending& one : pending_of(report)) {
    const bool says_so = line.pending && one.metric == line.deciding;
    if (one.metric->category == category.name && !says_so) out.push_back({one.metric, pending_text(one, report.now)});
  }
  return out;
}

bool is_judged(const core::MetricReport& metric) {
  return std::any_of(metric.criteria.begin(), metric.criteria.end(),
                     [](const core::CriterionReport& one) { return one.outcome != core::Outcome::not_evaluated; });
}

/// "; not: first reply time (thin), satisfaction (error)"; "" where `deciding` is the only one, whose row says so.
std::string unjudged_text(const core::Report& report, const core::CategoryReport& category,
                          const core::MetricReport& deciding) {
  std::vector<std::string> named;
  std::size_t count = 0;
  bool others = false;
  for (const core::MetricReport& metric : report.metrics) {
    if (metric.category != category.name || metric.verdict == core::Verdict::skipped || is_judged(metric)) continue;
    others = others || &metric != &deciding;
    if (++count > kMostNamed) continue;
    const bool enough = metric.evidence == core::Evidence::enough;
    named.push_back(
        fmt::format("{} ({})", core::printable(metric.title), enough ? "limit not evaluable" : core::name(metric.evidence)));
  }
  if (!others) return "";
  const std::string more = count > named.size() ? fmt::format(" and {} more", count - named.size()) : "";
  return fmt::format("; not: {}{}", fmt::join(named, ", "), more);
}

ScorecardLine line_of(const core::Report& report, const core::CategoryReport& category, std::size_t number, Charset charset) {
  ScorecardLine line;
  line.name = category.name.empty() ? "Without a category" : capitalised(category.name);
  line.question = question_of(category.name);
  if (!line.question.empty()) line.number = number;
  line.verdict = category.verdict;
  line.absence = category.metrics == 0 ? "not in this gate" : "nothing was judged";
  if (!category.deciding) {
    line.waiting = waiting_of(report, category, line);
    return line;
  }
  const core::MetricReport& metric = report.metrics.at(*category.deciding);
  line.deciding = &metric;
  line.pending = category.verdict == metric.verdict && word(metric) == "PENDING";
  line.waiting = waiting_of(report, category, line);
  line.symbol = line.pending ? symbol(metric, charset) : symbol(category.verdict, charset);
  line.word = line.pending ? word(metric) : word(category.verdict);
  line.reason = standing_text(metric);
  line.sure = certainty_text(metric);
  line.judged =
      category.evaluated == category.metrics
          ? fmt::format("{} metric{}", category.metrics, category.metrics == 1 ? "" : "s")
          : fmt::format("{} of {} judged", category.evaluated, category.metrics) + unjudged_text(report, category, metric);
  return line;
}

/// A line for each metric that waits, the first of them behind `name`.
std::string waiting_text(const ScorecardLine& line, std::string name) {
  const std::string verdict = pad(fmt::format("{}  PENDING", pending_symbol(Charset::unicode)), kVerdictWidth, Align::left);
  std::string out;
  for (const ScorecardLine::Waiting& one : line.waiting) {
    const std::string indent(display_width(name) + kVerdictWidth + 7, ' ');
    bool started = false;
    for (const std::string& piece : wrap(one.text, kWidth - indent.size(), Urls::whole)) {
      out += (started ? indent : fmt::format("  {}  {}   ", name, verdict)) + piece + "\n";
      started = true;
    }
    name.assign(display_width(name), ' ');
  }
  return out;
}

/// The verdict with its reason, and what to do about it.
std::string headline(const core::Report& report) {
  const std::string first = fmt::format("{} {}  ", symbol(report, Charset::unicode), word(report));
  const std::string hang(display_width(first), ' ');
  std::string out;
  const std::string reason = full_headline(report);
  for (const std::string& piece : wrap(who(report) + (reason.empty() ? "" : ": ") + reason, kWidth - hang.size(), Urls::whole))
    out += (out.empty() ? first : hang) + piece + "\n";
  if (report.next.empty()) return out;
  std::string start = "  → ";
  for (const std::string& piece : wrap(core::printable(report.next), kWidth - 4, Urls::whole))
    out += std::exchange(start, "    ") + piece + "\n";
  return out;
}

std::string text_of(const ScorecardLine& line, std::size_t name_width) {
  const std::string name = pad(core::printable(line.name), name_width, Align::left);
  if (line.deciding == nullptr && !line.waiting.empty()) return waiting_text(line, name);
  if (line.deciding == nullptr)
    return fmt::format("  {}  {} {}\n", name, pad("–  not measured", kVerdictWidth + 2, Align::left), line.absence);
  const std::string verdict = pad(line.symbol + "  " + line.word, kVerdictWidth, Align::left);
  std::string what = line.reason;
  if (!line.sure.empty()) what += fmt::format(" ({})", line.sure);
  const std::string indent(name_width + kVerdictWidth + 7, ' ');
  std::string out;
  for (const std::string& piece : wrap(what + " · " + line.judged, kWidth - indent.size(), Urls::whole)) {
    out += (out.empty() ? fmt::format("  {}  {}   ", name, verdict) : indent) + piece + "\n";
  }
  return out + waiting_text(line, std::string(name_width, ' '));
}

}  // namespace

std::string standing_text(const core::MetricReport& metric) {
  const Cells cells = cells_of(metric, Charset::unicode);
  const core::CriterionReport* criterion = deciding(metric);
  const std::string bound = criterion != nullptr ? bound_text(*criterion) : "";
  const std::string behind = bound.empty() ? "" : ", " + bound;
  if (!cells.brief.empty() && metric.evidence == core::Evidence::pending && !behind.empty())
    return cells.title + behind + ", " + cells.brief;
  if (!cells.brief.empty()) return fmt::format("{}: {}", cells.title, cells.brief);
  const std::string& what = criterion != nullptr && is_change(*criterion) && metric.change ? cells.change : cells.after;
  const bool number = !what.empty() && what != "–";
  std::string out = cells.title + (number ? " " + (&what == &cells.change ? move_of(cells) : what) : "");
  if (metric.status) return out;
  return out + behind + (is_unproven(criterion) ? std::string(kNotProven) : "");
}

std::string certainty_text(const core::MetricReport& metric) {
  const core::CriterionReport* criterion = deciding(metric);
  if (criterion == nullptr || criterion->outcome == core::Outcome::not_evaluated || metric.status) return "";
  const Cells cells = cells_of(metric, Charset::unicode);
  if (cells.range.empty()) return cells.interval;
  return is_change(*criterion) ? cells.range : "change " + cells.range;
}

std::vector<ScorecardLine> scorecard_lines(const core::Report& report, Charset charset) {
  std::vector<ScorecardLine> out;
  for (const core::CategoryReport& category : report.categories)
    out.push_back(line_of(report, category, out.size() + 1, charset));
  return out;
}

std::string to_scorecard(const core::Report& report) {
  const std::vector<ScorecardLine> lines = scorecard_lines(report, Charset::unicode);
  std::size_t width = 0;
  for (const ScorecardLine& line : lines) width = std::max(width, display_width(core::printable(line.name)));
  std::string out = headline(report);
  const std::string when = shared_when_text(report);
  out += fmt::format("  as of {}{}{}\n\n", core::format_moment(report.now, core::Time{}), when.empty() ? "" : " · ", when);
  for (const ScorecardLine& line : lines) out += text_of(line, width);
  out += fmt::format("\n  in brackets: where the change lies, with {} certainty\n", interval_level(report));
  const bool open = std::any_of(lines.begin(), lines.end(), [](const ScorecardLine& line) {
    return line.deciding != nullptr && line.reason.ends_with(kNotProven);
  });
  if (open) out += "  not proven: the change may lie within its limit or beyond it\n";
  return core::without_commands(std::move(out));
}

}  // namespace gate::report
