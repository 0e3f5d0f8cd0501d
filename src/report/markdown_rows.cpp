#include "report/markdown_rows.h"
#include "report/ab_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "core/text.h"
#include "core/unit.h"
#include "report/layout.h"
#include "report/markdown_text.h"
#include "report/placebo.h"

namespace gate::report {
namespace {

using core::Verdict;

constexpr std::size_t kTrendCells = 6;
constexpr std::size_t kMostTitles = 5;
constexpr std::string_view kNothing = "–";

bool is_loud(const core::MetricReport& metric) {
  return metric.verdict == Verdict::fail || metric.verdict == Verdict::error;
}

bool judges_value(const core::MetricReport& metric) {
  const core::CriterionReport* criterion = deciding(metric);
  return criterion != nullptr && !is_change(*criterion);
}

std::string bold(const std::string& escaped_text) {
  return escaped_text.empty() ? "" : "**" + escaped_text + "**";
}

/// `text` of a cell with no-break spaces where a line must not end: between a number and its unit, behind "≤", in an interval.
std::string unbroken(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kSigns = {"≤", "≥", "≠", "±"};
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view before = text.substr(0, i);
    const std::string_view after = text.substr(i + 1);
    const bool number = !before.empty() && std::isdigit(static_cast<unsigned char>(before.back())) != 0;
    const bool unit = number && !after.starts_with("→") && !after.starts_with('[');
    const bool sign = std::any_of(kSigns.begin(), kSigns.end(), [&](std::string_view one) { return before.ends_with(one); });
    const bool interval = before.ends_with(',') && before.rfind('[') != std::string_view::npos;
    if (text[i] == ' ' && (unit || sign || interval)) {
      out += "\u00A0";
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string values_cell(const core::MetricReport& metric, const Cells& cells, std::size_t longest) {
  if (cells.values.empty()) return std::string(kNothing);
  if (!is_loud(metric) || !judges_value(metric) || cells.after == kNothing) return escaped(cells.values, longest);
  constexpr std::string_view kArrow = " → ";
  const std::size_t arrow = cells.values.rfind(kArrow);
  if (arrow == std::string::npos) return bold(escaped(cells.values, longest));
  const std::size_t after = arrow + kArrow.size();
  return cells.values.substr(0, after) + bold(escaped(cells.values.substr(after), longest));
}

std::string change_cell(const core::MetricReport& metric, const Cells& cells, std::size_t longest) {
  if (!cells.brief.empty()) return escaped(cells.brief, longest);
  std::string out = escaped(cells.change);
  if (is_loud(metric) && !judges_value(metric)) out = bold(out);
  const bool range = cells.interval.starts_with('[');
  const auto append = [&](std::string_view separator, const std::string& text) {
    if (!text.empty()) out += (out.empty() ? "" : std::string(separator)) + text;
  };
  // Beside a change, "exact" would be taken for how sure the change is.
  if (range || cells.interval != "exact" || out.empty()) append(range ? " " : ", ", cells.interval);
  append(range ? " " : ", ", cells.tendency);
  const core::CriterionReport* criterion = deciding(metric);
  if (criterion != nullptr && criterion->outcome == core::Outcome::unproven && criterion->needs_seconds) {
    const core::Duration needed(static_cast<std::int64_t>(*criterion->needs_seconds * 1000.0));
    append(out.ends_with('?') ? " " : ", ", "needs " + core::describe_duration(needed));
  }
  return out.empty() ? std::string(kNothing) : unbroken(out);
}

/// A gap in the data is a dot: blanks run together when rendered.
std::string trend_cell(const core::MetricReport& metric) {
  return core::replace_all(sparkline(metric, kTrendCells, Charset::unicode), " ", "·");
}

/// "1 sample", "120 samples".
std::string samples_text(std::size_t count) {
  return fmt::format("{} sample{}", count, count == 1 ? "" : "s");
}

std::string window_item_text(std::string_view name, const core::Window& window) {
  return fmt::format("{} [{}, {}), {}", name, core::format_time(window.start), core::format_time(window.end),
                     core::describe_duration(window.length()));
}

std::string windows_text(const Windows& windows) {
  std::string out;
  if (windows.before) out = window_item_text("before", *windows.before);
  if (windows.after) out += (out.empty() ? "" : "; ") + window_item_text("after", *windows.after);
  return out;
}

Windows windows_of(const core::MetricReport& metric) {
  return {metric.baseline ? metric.baseline->window : std::nullopt, metric.candidate ? metric.candidate->window : std::nullopt};
}

std::string side_text(const std::optional<core::Side>& side, std::string_view name) {
  if (!side) return "";
  std::string out = fmt::format("{} {}", samples_text(side->samples), name);
  if (side->at) out += ", newest of " + core::format_time(*side->at);
  if (side->dropped > 0) out += fmt::format(", {} left out", side->dropped);
  return out;
}

/// The questions, each once where both sides were asked the same.
std::string questions(const core::MetricReport& metric) {
  std::string out;
  std::vector<std::pair<std::string, std::string>> seen;
  const bool one_part = std::all_of(metric.queries.begin(), metric.queries.end(),
                                    [&](const core::ResolvedQuery& one) { return one.part == metric.queries.front().part; });
  for (const core::ResolvedQuery& query : metric.queries) {
    const std::pair key(query.part, query.text);
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
    seen.push_back(key);
    const bool differs = std::any_of(metric.queries.begin(), metric.queries.end(), [&](const core::ResolvedQuery& other) {
      return other.part == query.part && other.side != query.side && other.text != query.text;
    });
    std::string name = one_part ? "query" : query.part;
    if (differs) name.insert(0, query.side + " ");
    if (const std::string shown = code(query.text); !shown.empty()) out += fmt::format("\n  - {}: {}", name, shown);
  }
  return out;
}

std::string links(const core::MetricReport& metric) {
  std::string out;
  for (const auto& [label, url] : {std::pair("graph", metric.graph_url), std::pair("more", metric.link)}) {
    if (const std::string shown = web_link(label, url); !shown.empty()) out += " · " + shown;
  }
  return out;
}

/// "**p99 latency** got worse …": a sentence that begins with the title is not told it twice.
std::string sentence(const core::MetricReport& metric) {
  const std::string title = bold(escaped(metric.title));
  const std::size_t length = metric.title.size();
  if (length > 0 && metric.headline.starts_with(metric.title) && metric.headline.substr(length, 1) == " ")
    return title + " " + escaped(metric.headline.substr(length));
  return title + ": " + escaped(metric.headline);
}

std::string item(const Metrics& alike) {
  const core::MetricReport& first = *alike.front();
  std::string out = "- ";
  if (alike.size() == 1) {
    out += sentence(first);
  } else {
    const std::size_t named = std::min(alike.size(), kMostTitles);
    for (std::size_t i = 0; i < named; ++i) out += (i > 0 ? ", " : "") + bold(escaped(alike[i]->title));
    if (named < alike.size()) out += fmt::format(" and {} more", alike.size() - named);
    out += ": " + escaped(first.headline);
  }
  if (!first.next.empty()) out += " → " + escaped(first.next);
  if (first.error) {
    for (const std::string& fact : first.error->context) {
      if (const std::string shown = code(fact); !shown.empty()) out += "\n  - " + shown;
    }
    return out + "\n";
  }
  out += links(first);
  for (const std::string& line : {placebo_line(first, Charset::unicode), ab_test_line(first)})
    if (!line.empty()) out += "\n  - " + escaped(line);
  return out + questions(first) + "\n";
}

}  // namespace

bool any_trend(const Metrics& metrics) {
  return std::any_of(metrics.begin(), metrics.end(),
                     [](const core::MetricReport* metric) { return !trend_cell(*metric).empty(); });
}

std::string table_head(const core::Report& report, Trends trends) {
  const bool drawn = trends == Trends::drawn;
  return fmt::format("| | metric | before → after | change, {} interval | limit |{}\n|:-:|:--|--:|:--|--:|{}\n",
                     interval_level(report), drawn ? " trend |" : "", drawn ? ":--|" : "");
}

std::string table_row(const core::MetricReport& metric, Trends trends, std::size_t longest) {
  const Cells cells = cells_of(metric, Charset::unicode);
  const std::string title = escaped(metric.title, longest);
  const bool has_limit = !cells.limit.empty() && cells.brief.empty();
  const std::string limit = has_limit ? escaped(cells.limit, longest) : std::string(kNothing);
  return fmt::format("| {} | {} | {} | {} | {} |{}\n", symbol(metric, Charset::unicode),
                     needs_attention(metric) ? bold(title) : title, unbroken(values_cell(metric, cells, longest)),
                     change_cell(metric, cells, longest), unbroken(limit),
                     trends == Trends::drawn ? fmt::format(" {} |", trend_cell(metric)) : "");
}

std::vector<std::string> advice_items(const Metrics& metrics) {
  std::vector<Metrics> groups;
  for (const core::MetricReport* metric : metrics) {
    const auto alike = std::find_if(groups.begin(), groups.end(), [&](const Metrics& group) {
      const core::MetricReport& other = *group.front();
      return metric->error && other.error && metric->error->message == other.error->message &&
             metric->headline == other.headline && metric->next == other.next;
    });
    if (alike == groups.end()) {
      groups.push_back({metric});
    } else {
      alike->push_back(metric);
    }
  }
  std::vector<std::string> out;
  out.reserve(groups.size());
  for (const Metrics& group : groups) out.push_back(item(group));
  return out;
}

Windows usual_windows(const core::Report& report) {
  std::vector<std::pair<Windows, std::size_t>> counts;
  for (const core::MetricReport& metric : report.metrics) {
    const Windows windows = windows_of(metric);
    // The windows of an SLO reach back as far as they are long.
    if (metric.kind == "slo" || windows == Windows{}) continue;
    const auto known = std::find_if(counts.begin(), counts.end(), [&](const auto& one) { return one.first == windows; });
    if (known == counts.end()) {
      counts.emplace_back(windows, 1);
    } else {
      ++known->second;
    }
  }
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? Windows{} : most->first;
}

std::string windows_item(const Windows& windows) {
  const std::string text = windows_text(windows);
  return text.empty() ? "" : "- Windows, unless a line names others: " + text + "\n";
}

std::string measured_item(const core::MetricReport& metric, const Windows& usual) {
  std::string out = "- " + bold(escaped(metric.title));
  if (!metric.source.empty()) out += " from " + escaped(metric.source);
  const auto append = [&](std::string_view separator, const std::string& text) {
    if (!text.empty()) out += std::string(separator) + text;
  };
  if (metric.status) append(": ", "state " + escaped(*metric.status));
  const bool has_samples =
      (metric.baseline && metric.baseline->samples > 0) || (metric.candidate && metric.candidate->samples > 0);
  const std::string before = has_samples ? side_text(metric.baseline, "before") : "";
  append(": ", before);
  if (has_samples && metric.kind != "status") append(before.empty() ? ": " : "; ", side_text(metric.candidate, "after"));
  if (!has_samples && !metric.status) append(": ", "no samples");
  if (metric.change && metric.change->effective_samples) {
    const auto& [first, second] = *metric.change->effective_samples;
    append(", ", fmt::format("worth {} and {} independent ones", core::format_number(first), core::format_number(second)));
  }
  if (metric.change) append("; ", escaped(metric.change->method));
  const Windows windows = windows_of(metric);
  const bool is_usual = (!windows.before || windows.before == usual.before) && (!windows.after || windows.after == usual.after);
  if (!is_usual) append("; ", windows_text(windows));
  append("\n  - ", escaped(placebo_line(metric, Charset::unicode)));
  append("\n  - ", escaped(ab_test_line(metric)));
  for (const std::string& note : metric.notes) append("\n  - ", escaped(note));
  return out + "\n";
}

}  // namespace gate::report
