#include "report/html_metric.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "core/unit.h"
#include "report/ab_test.h"
#include "report/layout.h"
#include "report/placebo.h"
#include "report/scorecard.h"

namespace gate::report {
namespace {

using core::Verdict;

constexpr core::Digits kDown{2, core::Rounding::down};
constexpr core::Digits kUp{2, core::Rounding::up};
constexpr std::size_t kMostRequests = 20;
constexpr std::size_t kMostBytesOfQuery = 4000;
constexpr std::size_t kMostBytesOfUrl = 500;
constexpr std::size_t kMostLimitCharts = 4;

Values figure(std::string_view name, std::string_view value, std::string_view note = "") {
  Values out;
  out.set("name", shown(name));
  out.set("value", prose(value));
  out.set("note", optional(note));
  return out;
}

std::vector<Values> figures(const core::MetricReport& metric, const Cells& cells) {
  std::vector<Values> out;
  const bool is_state = metric.status.has_value();
  const bool expected = metric.placebo && metric.placebo->expected && metric.placebo->before;
  if (expected) out.push_back(figure("Before", value_text(*metric.placebo->before, metric)));
  if (metric.baseline && metric.baseline->value)
    out.push_back(figure(expected ? "Expected" : "Before", cells.before, expected ? "by " + metric.placebo->days : ""));
  if (is_state) out.push_back(figure("State", cells.after));
  if (!is_state && metric.candidate && metric.candidate->value)
    out.push_back(figure(metric.baseline ? "After" : "Now", cells.after));
  if (!cells.change.empty()) out.push_back(figure("Change", cells.change, cells.tendency));
  const std::string certainty = certainty_text(metric);
  if (!certainty.empty() && cells.brief.empty())
    out.push_back(
        figure("Interval", certainty,
               metric.change && metric.change->interval ? fmt::format("{:.3g} %", metric.change->interval_level * 100.0) : ""));
  if (!cells.limit.empty() && !metric.error) out.push_back(figure("Limit", cells.limit));
  return out;
}

Values chart_values(const core::MetricReport& metric, const ChartContext& context, Charts charts) {
  Values out;
  out.set("series", false);
  out.set("spread", false);
  out.set("drawn_limits", false);
  if (charts == Charts::left_out) return out;
  if (const auto chart = series_chart(metric, context)) {
    Values series;
    series.set("axis", markup(chart->axis));
    series.set("drawing", markup(chart->drawing));
    series.set("points", shown(points_text(metric, context.most_points)));
    const core::CriterionReport* criterion = deciding(metric);
    series.set("has_before", !metric.baseline_series.times.empty());
    series.set("has_limit", criterion != nullptr && !value_limits(metric, *criterion).empty());
    out.set("series", series);
    if (const auto strips = spread_chart(metric, context)) {
      Values spread;
      spread.set("axis", markup(strips->axis));
      spread.set("drawing", markup(strips->drawing));
      out.set("spread", spread);
    }
  }
  std::vector<Values> limits;
  for (const core::CriterionReport& criterion : metric.criteria) {
    const auto chart = limit_chart(metric, criterion);
    if (!chart || limits.size() == kMostLimitCharts) continue;
    Values one;
    const bool change = is_change(criterion);
    const bool interval = change && metric.change && metric.change->interval;
    one.set("caption", prose(interval ? fmt::format("Change with its {:.3g} % interval, limit {}",
                                                    metric.change->interval_level * 100.0, criterion.limit)
                                      : fmt::format("{}, limit {}", change ? "Change" : "Value", criterion.limit)));
    one.set("drawing", markup(*chart));
    limits.push_back(one);
  }
  if (const auto chart = placebo_chart(metric)) {
    Values one;
    one.set("caption", prose(fmt::format("These hours on {}, and now", metric.placebo->days)));
    one.set("drawing", markup(*chart));
    limits.push_back(one);
  }
  if (!limits.empty()) out.set("drawn_limits", list_of(limits));
  return out;
}

/// Each text once: both sides are mostly asked the same.
std::vector<Values> queries(const core::MetricReport& metric) {
  struct Query {
    std::string part;
    std::string text;
    std::vector<std::string> sides;
  };
  std::vector<Query> merged;
  for (const core::ResolvedQuery& one : metric.queries) {
    const auto known = std::find_if(merged.begin(), merged.end(),
                                    [&](const Query& query) { return query.part == one.part && query.text == one.text; });
    Query& query = known == merged.end() ? merged.emplace_back(Query{one.part, one.text, {}}) : *known;
    query.sides.push_back(one.side);
  }
  std::vector<Values> out;
  for (const Query& query : merged) {
    Values one;
    const bool both = query.sides.size() > 1;
    one.set("label", shown(fmt::format("{}, {}", query.part, both ? "both sides" : query.sides.front())));
    one.set("text", shown_lines(core::shorten(query.text, kMostBytesOfQuery)));
    out.push_back(one);
  }
  return out;
}

std::string side_line(const core::Side& side) {
  std::string text;
  if (side.window) {
    text = fmt::format("[{}, {}), {}: ", core::format_time(side.window->start), core::format_time(side.window->end),
                       core::describe_duration(side.window->length()));
  }
  if (side.at) text += "newest of " + core::format_time(*side.at) + ": ";
  text += fmt::format("{} sample{}", side.samples, side.samples == 1 ? "" : "s");
  if (side.dropped > 0) text += fmt::format(", {} left out", side.dropped);
  return text;
}

std::vector<Values> method(const core::MetricReport& metric) {
  std::vector<Values> out;
  const bool is_state = metric.kind == "status";
  if (metric.baseline) out.push_back(figure("Before", side_line(*metric.baseline)));
  if (metric.candidate && !is_state) out.push_back(figure("After", side_line(*metric.candidate)));
  if (const std::string days = placebo_line(metric, Charset::unicode); !days.empty()) out.push_back(figure("Placebo", days));
  if (const std::string test = ab_test_line(metric); !test.empty()) out.push_back(figure("Experiment", test));
  if (metric.change) {
    std::string text = metric.change->method;
    if (const auto& effective = metric.change->effective_samples) {
      text += fmt::format(", worth {} and {} independent samples", core::format_number(effective->first),
                          core::format_number(effective->second));
    }
    out.push_back(figure("Method", text));
  }
  for (const core::CriterionReport& criterion : metric.criteria) {
    for (const core::BurnWindow& window : criterion.windows) {
      std::string text = fmt::format("{} of {} bad", core::format_number(window.events), core::format_number(window.total));
      if (window.burn) text += fmt::format(", burn rate {}", core::format_number(*window.burn));
      if (window.interval)
        text += fmt::format(" [{}, {}]", core::format_number(window.interval->lower, kDown),
                            core::format_number(window.interval->upper, kUp));
      out.push_back(figure("Last " + core::describe_duration(window.length), text));
    }
  }
  if (metric.criteria.size() == 1) {
    const core::CriterionReport& one = metric.criteria.front();
    out.push_back(figure("Criterion", fmt::format("{} {} {}", core::name(one.level), one.rule, one.bound)));
  }
  if (!metric.file.empty()) out.push_back(figure("Written in", fmt::format("{}:{}", metric.file, metric.line)));
  return out;
}

/// Where there is but one, the card says how it came out.
std::vector<Values> criteria(const core::MetricReport& metric) {
  std::vector<Values> out;
  if (metric.criteria.size() < 2) return out;
  for (const core::CriterionReport& criterion : metric.criteria) {
    Values one;
    one.set("rule", shown(fmt::format("{} {} {}", core::name(criterion.level), criterion.rule, criterion.bound)));
    const bool judged = criterion.outcome != core::Outcome::not_evaluated;
    one.set("outcome", shown(judged ? core::name(criterion.outcome) : std::string_view("not evaluated")));
    one.set("reason", prose(criterion.reason));
    out.push_back(one);
  }
  return out;
}

/// Requests that look the same in one line: their bodies differ, and are not shown.
std::vector<Values> requests(const core::MetricReport& metric) {
  struct Line {
    const core::RequestLog* log;
    std::size_t times = 1;
    double slowest = 0.0;
  };
  std::vector<Line> lines;
  for (const core::RequestLog& log : metric.requests) {
    const auto same = std::find_if(lines.begin(), lines.end(), [&](const Line& line) {
      return line.log->method == log.method && line.log->url == log.url && line.log->status == log.status &&
             line.log->attempts == log.attempts;
    });
    if (same == lines.end()) {
      lines.push_back({&log, 1, log.milliseconds});
      continue;
    }
    ++same->times;
    same->slowest = std::max(same->slowest, log.milliseconds);
  }
  std::vector<Values> out;
  for (const Line& line : lines) {
    if (out.size() == kMostRequests) break;
    Values one;
    one.set("what", shown(fmt::format("{} {}", line.log->method, core::shorten(line.log->url, kMostBytesOfUrl))));
    one.set("times", optional(line.times > 1 ? fmt::format("{} times", line.times) : ""));
    const std::string attempts = line.log->attempts > 1 ? fmt::format(", {} attempts", line.log->attempts) : "";
    one.set("status", shown(line.log->status == 0 ? "no answer" + attempts : fmt::format("{}{}", line.log->status, attempts)));
    one.set("took", prose(fmt::format("{:.0f} ms", line.slowest)));
    out.push_back(one);
  }
  if (lines.size() > kMostRequests) {
    Values rest;
    rest.set("what", shown(fmt::format("and {} more", lines.size() - kMostRequests)));
    for (const char* cell : {"times", "status", "took"}) rest.set(cell, false);
    out.push_back(rest);
  }
  return out;
}

std::vector<Values> texts(const std::vector<std::string>& lines) {
  std::vector<Values> out(lines.size());
  std::transform(lines.begin(), lines.end(), out.begin(), shown);
  return out;
}

/// A list under `name`, and "has_NAME" for what stands around it.
void set_list(Values& out, const std::string& name, const std::vector<Values>& items) {
  out.set("has_" + name, !items.empty());
  out.set(name, list_of(items));
}

/// For a row: whose it is and where it comes from.
std::string place(const core::MetricReport& metric) {
  return metric.category.empty() || metric.source.empty() ? metric.category + metric.source
                                                          : metric.category + " · " + metric.source;
}

std::string where(const core::MetricReport& metric) {
  std::string out = metric.category.empty() ? "" : metric.category + " · ";
  if (!metric.source.empty())
    out += metric.source_type.empty() || metric.source_type == metric.source
               ? metric.source + " · "
               : fmt::format("{} ({}) · ", metric.source, metric.source_type);
  return out + (metric.required ? "required" : "optional");
}

std::vector<Values> links(const core::MetricReport& metric) {
  std::vector<Values> out;
  for (const auto& [label, url] : {std::pair("Open the graph", metric.graph_url), std::pair("More about it", metric.link)}) {
    if (!is_web_url(url)) continue;
    Values one;
    one.set("label", shown(label));
    one.set("url", shown(url));
    out.push_back(one);
  }
  return out;
}

}  // namespace

std::string tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return "fail";
    case Verdict::error:
      return "error";
    case Verdict::inconclusive:
      return "open";
    case Verdict::warn:
      return "warn";
    case Verdict::pass:
      return "pass";
    case Verdict::skipped:
      break;
  }
  return "none";
}

std::string tone_of(const core::MetricReport& metric) {
  return word(metric) == "PENDING" ? "pending" : tone_of(metric.verdict);
}

Values metric_values(const core::MetricReport& metric, const std::string& anchor, const ChartContext& context, Charts charts) {
  const Cells cells = cells_of(metric, Charset::unicode);
  Values out;
  out.set("anchor", anchor);
  out.set("tone", tone_of(metric));
  out.set("symbol", std::string(symbol(metric, Charset::unicode)));
  out.set("word", std::string(word(metric)));
  out.set("title", shown(metric.title));
  out.set("where", shown(where(metric)));
  out.set("sentence", optional(metric.headline));
  out.set("tendency", optional(cells.brief.empty() ? cells.tendency : ""));
  out.set("place", shown(place(metric)));
  out.set("values", prose(cells.values));
  out.set("change", prose(cells.brief.empty() ? cells.change : cells.brief));
  out.set("certainty", optional(cells.brief.empty() ? certainty_text(metric) : ""));
  out.set("limit", optional(cells.brief.empty() ? cells.limit : ""));
  set_list(out, "figures", figures(metric, cells));
  out.set("plots", chart_values(metric, context, charts));
  const core::CriterionReport* criterion = deciding(metric);
  const bool small = charts == Charts::drawn && !needs_attention(metric);
  out.set("small_limit", markup(small && criterion != nullptr ? small_limit_chart(metric, *criterion) : ""));
  out.set("small_series", markup(small ? small_series_chart(metric, context) : ""));
  set_list(out, "facts", texts(metric.error ? metric.error->context : std::vector<std::string>{}));
  out.set("advice", optional(needs_attention(metric) ? capitalised(metric.next) : ""));
  out.set("code", optional(metric.error ? metric.error->code : ""));
  set_list(out, "links", links(metric));
  set_list(out, "queries", queries(metric));
  set_list(out, "method", method(metric));
  set_list(out, "criteria", criteria(metric));
  set_list(out, "requests", requests(metric));
  set_list(out, "notes", texts(metric.notes));
  return out;
}

}  // namespace gate::report
