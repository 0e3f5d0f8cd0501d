// How it was measured, as lines.
#include <fmt/format.h>

#include "core/text.h"
#include "core/unit.h"
#include "report/layout.h"
#include "report/terminal.h"

namespace gate::report {
namespace {

std::string side_line(std::string_view name, const core::Side& side) {
  std::string text = std::string(name);
  if (side.window) {
    text += fmt::format(" [{}, {}), {}", core::format_time(side.window->start), core::format_time(side.window->end),
                        core::describe_duration(side.window->length()));
  }
  if (side.at) text += ", newest of " + core::format_time(*side.at);
  text += fmt::format(": {} sample{}", side.samples, side.samples == 1 ? "" : "s");
  if (side.dropped > 0) text += fmt::format(", {} left out", side.dropped);
  return text;
}

std::string past_line(const core::PastReleases& past) {
  std::string text = fmt::format("before: {} release{} of the history", past.last.size(), past.last.size() == 1 ? "" : "s");
  for (const core::PastRelease& one : past.last) text += (&one == &past.last.front() ? ": " : ", ") + core::name_of(one);
  if (past.anchor) text += fmt::format("; anchor {}", core::name_of(*past.anchor));
  return text;
}

/// "earlier weeks (Europe/Berlin): 3 Mar 210 → 224 ms, 10 Mar left out (a release)".
std::string placebo_line(const core::MetricReport& metric, core::Time now) {
  const core::PlaceboReport& placebo = *metric.placebo;
  std::string text = fmt::format("{} ({}): ", core::printable(placebo.days), core::printable(placebo.zone));
  for (const core::PlaceboDayReport& day : placebo.all) {
    text += (&day == &placebo.all.front() ? "" : ", ") + core::format_day(day.candidate_window.start, now);
    text += day.left_out.empty() && day.baseline && day.candidate
                ? fmt::format(" {} → {}", value_text(*day.baseline, metric), value_text(*day.candidate, metric))
                : fmt::format(" left out ({})", core::printable(day.left_out));
  }
  return placebo.all.empty() ? text + "none" : text;
}

void metric_lines(std::vector<std::string>& out, const core::MetricReport& metric, core::Time now) {
  const std::string indent = "    ";
  std::string source = metric.source_type.empty() ? metric.source : metric.source + ", " + metric.source_type;
  if (!source.empty()) source = ", " + source;
  out.push_back(fmt::format("  {} ({}{})", core::printable(metric.id), metric.kind, core::printable(source)));
  if (metric.past) {
    out.push_back(indent + past_line(*metric.past));
  } else if (metric.baseline) {
    out.push_back(indent + side_line("before", *metric.baseline));
  }
  if (metric.placebo) out.push_back(indent + placebo_line(metric, now));
  if (metric.status) out.push_back(indent + "state " + core::printable(*metric.status));
  if (metric.candidate && metric.kind != "status") out.push_back(indent + side_line("after", *metric.candidate));
  if (metric.change) {
    std::string text = "method " + metric.change->method;
    if (const auto& effective = metric.change->effective_samples) {
      text += fmt::format(", worth {} and {} independent samples", core::format_number(effective->first),
                          core::format_number(effective->second));
    }
    out.push_back(indent + text);
  }
  for (const core::CriterionReport& criterion : metric.criteria) {
    const std::string bound = criterion.bound.empty() ? "" : " " + core::printable(criterion.bound);
    out.push_back(indent + fmt::format("{} {}{}: {}. {}", core::name(criterion.level), criterion.rule, bound,
                                       criterion.outcome == core::Outcome::not_evaluated ? "not evaluated"
                                                                                         : core::name(criterion.outcome),
                                       core::printable(criterion.reason)));
  }
  for (const core::ResolvedQuery& query : metric.queries)
    out.push_back(indent + fmt::format("{} {}: {}", query.side, query.part, core::printable(query.text)));
  if (!metric.graph_url.empty()) out.push_back(indent + "graph: " + core::printable(metric.graph_url));
  if (!metric.link.empty()) out.push_back(indent + "link: " + core::printable(metric.link));
  for (const std::string& note : metric.notes) out.push_back(indent + "note: " + core::printable(note));
}

}  // namespace

std::vector<std::string> measured_lines(const core::Report& report) {
  std::vector<std::string> out;
  for (const core::SourceUsed& source : report.sources) {
    const std::string version = source.version.empty() ? "" : ": " + core::printable(source.version);
    out.push_back(fmt::format("  source {} ({}){}", core::printable(source.id), source.type, version));
  }
  for (const core::MetricReport& metric : report.metrics) metric_lines(out, metric, report.now);
  return out;
}

}  // namespace gate::report
