// What `history` shows, for people.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cli/history_view.h"
#include "core/text.h"
#include "core/unit.h"

namespace gate::cli {
namespace {

constexpr std::size_t kLongestName = 40;

using Row = std::vector<std::string>;

core::Verdict verdict_of(const std::string& name) {
  for (const core::Verdict verdict :
       {core::Verdict::pass, core::Verdict::warn, core::Verdict::inconclusive, core::Verdict::error, core::Verdict::fail}) {
    if (core::name(verdict) == name) return verdict;
  }
  return core::Verdict::skipped;
}

std::string verdict_text(const std::string& name, const View& view) {
  const core::Verdict verdict = verdict_of(name);
  return fmt::format("{} {}", report::symbol(verdict, view.charset), name);
}

/// Columns as wide as their widest cell; the last one is not filled up.
std::string table(const std::vector<Row>& rows, const View& view) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], report::display_width(row[i]));
  }
  std::string out;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += i + 1 == row.size() ? row[i] : report::pad(row[i], widths[i], report::Align::left) + "  ";
    line.erase(line.find_last_not_of(' ') + 1);
    out += report::fit(line, view.columns, view.charset) + "\n";
  }
  return out;
}

std::string finished(const std::string& text, const View& view) {
  return core::without_commands(view.charset == report::Charset::ascii ? report::to_ascii(text) : text);
}

std::string name_text(const std::string& name) {
  return name.empty() ? "–" : core::shorten(core::printable(name), kLongestName);
}

std::string marked_text(const history::Run& run, const Marks& marks) {
  const history::Mark* mark = mark_of(run, marks);
  if (mark == nullptr) return "";
  const std::string why = mark->reason.empty() ? "" : ": " + core::printable(mark->reason);
  return fmt::format("marked {}{}", mark->good ? "good" : "bad", why);
}

core::Unit unit_of(const history::RunMetric& metric) {
  const auto unit = core::parse_unit(metric.unit);
  return unit ? *unit : core::Unit{};
}

std::string value_text(const std::optional<double>& value, const history::RunMetric& metric) {
  if (!value) return "–";
  const core::Unit unit = unit_of(metric);
  if (unit.is_percent()) return core::format_number(*value) + " %";
  return core::format_quantity(*value, unit, metric.estimand == "ratio" ? core::Style::proportion : core::Style::plain);
}

std::string change_text(const history::RunMetric& metric) {
  if (!metric.change || !metric.baseline || !metric.baseline->value) return "";
  const double before = *metric.baseline->value;
  if (before > 0.0) return core::format_signed(100.0 * metric.change->absolute / before) + " %";
  return core::format_signed_quantity(metric.change->absolute, unit_of(metric));
}

/// "1.8.0 (9 Mar)", or the time of a release without a version.
std::string release_text(const history::Run& run, const View& view) {
  const std::string day = core::format_day(run.released_at(), view.now);
  return run.release.empty() ? core::format_moment(run.released_at(), view.now)
                             : fmt::format("{} ({})", core::printable(run.release), day);
}

std::string change_point_line(const Trend& trend, const stats::ChangePoint& change, const View& view) {
  const history::TrendPoint& point = trend.points[change.first];
  const std::string share =
      change.before > 0.0 ? fmt::format(", {} %", core::format_signed(100.0 * (change.after - change.before) / change.before))
                          : "";
  return fmt::format("moved at {}: {} → {}{} (p = {})\n", release_text(point.run, view),
                     value_text(change.before, point.metric), value_text(change.after, point.metric), share,
                     core::format_number(change.p_value, 2));
}

std::string extent_line(const Trend& trend, const View& view) {
  const auto lower = [](const history::TrendPoint& a, const history::TrendPoint& b) {
    return *a.metric.candidate.value < *b.metric.candidate.value;
  };
  const auto [least, most] = std::minmax_element(trend.points.begin(), trend.points.end(), lower);
  const auto said = [&](const history::TrendPoint& point) {
    return fmt::format("{} at {}", value_text(point.metric.candidate.value, point.metric), release_text(point.run, view));
  };
  return fmt::format("lowest {}, highest {}\n", said(*least), said(*most));
}

}  // namespace

const history::Mark* mark_of(const history::Run& run, const Marks& marks) {
  const auto found = std::find_if(marks.begin(), marks.end(), [&](const history::Mark& mark) {
    return mark.gate == run.gate && mark.release == run.release_key();
  });
  return found == marks.end() ? nullptr : &*found;
}

std::string list_text(const std::vector<history::Run>& runs, const Marks& marks, const View& view) {
  if (runs.empty()) return "no runs\n";
  std::vector<Row> rows = {{"released", "gate", "version", "verdict", "run", ""}};
  for (const history::Run& run : runs) {
    const std::string mark = marked_text(run, marks);
    const std::string stage = run.stage.empty() ? "" : fmt::format("stage {}: ", core::printable(run.stage));
    rows.push_back({core::format_moment(run.released_at(), view.now), name_text(run.gate), name_text(run.release),
                    verdict_text(run.verdict, view), core::printable(run.id),
                    mark.empty() ? stage + core::printable(run.headline) : mark});
  }
  return finished(table(rows, view), view);
}

std::string show_text(const history::Run& run, const Marks& marks, const View& view) {
  std::string out = fmt::format("{}  {}{}: {}\n", verdict_text(run.verdict, view), name_text(run.gate),
                                run.release.empty() ? "" : " " + core::printable(run.release), core::printable(run.headline));
  out += fmt::format("  run {}, judged {}, by release-gate {}\n", core::printable(run.id),
                     core::format_moment(run.judged_at, view.now), core::printable(run.tool_version));
  if (run.deployed_at) out += fmt::format("  deployed {}\n", core::format_moment(*run.deployed_at, view.now));
  if (!run.revision.empty()) out += fmt::format("  commit {}\n", core::printable(run.revision));
  if (!run.stage.empty()) out += fmt::format("  stage {}\n", core::printable(run.stage));
  if (!run.complete) out += "  some metrics alone (--only): does not decide whether the release passed\n";
  if (run.override_) {
    out += fmt::format("  overridden by {}: {}\n", name_text(run.override_->actor), core::printable(run.override_->reason));
  }
  if (const std::string mark = marked_text(run, marks); !mark.empty()) out += "  " + mark + "\n";
  std::vector<Row> rows = {{"metric", "verdict", "before", "after", "change", ""}};
  for (const history::RunMetric& metric : run.metrics) {
    rows.push_back({name_text(metric.id), verdict_text(metric.verdict, view),
                    metric.baseline ? value_text(metric.baseline->value, metric) : "",
                    metric.status.empty() ? value_text(metric.candidate.value, metric) : core::printable(metric.status),
                    change_text(metric), core::printable(metric.headline)});
  }
  return finished(out + "\n" + table(rows, view), view);
}

std::string trend_text(const Trend& trend, const Marks& marks, const View& view) {
  std::vector<double> values;
  for (const history::TrendPoint& point : trend.points) values.push_back(*point.metric.candidate.value);
  std::string out = fmt::format("{} of {}: {} release{}\n", core::printable(trend.metric), core::printable(trend.gate),
                                values.size(), values.size() == 1 ? "" : "s");
  const std::size_t shown = std::min(values.size(), view.columns);
  out += report::sparkline({values.end() - static_cast<std::ptrdiff_t>(shown), values.end()}, view.charset) + "\n";
  out += extent_line(trend, view);
  for (const stats::ChangePoint& change : trend.changes) out += change_point_line(trend, change, view);
  if (trend.changes.empty()) out += "no change point\n";
  if (trend.unlike > 0)
    out +=
        fmt::format("{} left out: measured as something else than the newest, or in a unit that does not fit\n", trend.unlike);
  out += "\n";
  std::vector<Row> rows = {{"released", "version", "value", "metric", "release", ""}};
  for (std::size_t i = trend.points.size(); i-- > 0;) {
    const history::TrendPoint& point = trend.points[i];
    const bool moved =
        std::any_of(trend.changes.begin(), trend.changes.end(), [&](const stats::ChangePoint& one) { return one.first == i; });
    const std::string mark = marked_text(point.run, marks);
    rows.push_back({core::format_moment(point.run.released_at(), view.now), name_text(point.run.release),
                    value_text(point.metric.candidate.value, point.metric), verdict_text(point.metric.verdict, view),
                    verdict_text(point.run.verdict, view), moved ? (mark.empty() ? "moved" : "moved, " + mark) : mark});
  }
  return finished(out + table(rows, view), view);
}

}  // namespace gate::cli
