#include "report/looks.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "core/text.h"
#include "core/unit.h"

namespace gate::report {
namespace {

using core::Outcome;
using core::Verdict;

constexpr std::size_t kWide = 80;
constexpr std::size_t kBarCells = 25;
constexpr std::size_t kMostRows = 24;
constexpr std::size_t kLogEvery = 5;
constexpr std::string_view kReset = "\x1b[0m";

std::string clock_text(core::Time time) {
  const auto of_day = std::chrono::floor<std::chrono::seconds>(time - std::chrono::floor<std::chrono::days>(time));
  const std::chrono::hh_mm_ss parts(of_day);
  return fmt::format("{:02}:{:02}:{:02}", parts.hours().count(), parts.minutes().count(), parts.seconds().count());
}

/// What a bar is drawn from, on one scale: the change's own, or of the baseline.
struct Marks {
  double lower = 0.0;
  double point = 0.0;
  double upper = 0.0;
  double limit = 0.0;
};

std::optional<Marks> marks_of(const core::MetricReport& metric) {
  const core::CriterionReport* criterion = deciding(metric);
  if (criterion == nullptr || !criterion->harm_interval || !criterion->margin || !metric.change || !criterion->observed)
    return std::nullopt;
  const auto& interval = criterion->relative ? metric.change->relative_interval : metric.change->interval;
  const double unit = criterion->relative ? std::abs(metric.baseline->value.value_or(0.0)) : 1.0;
  if (!interval || unit <= 0.0) return std::nullopt;
  const bool falls = criterion->rule == "decrease_over" || (criterion->rule == "improve_by" && metric.better == "lower");
  return Marks{interval->lower, *criterion->observed, interval->upper, (falls ? -1.0 : 1.0) * *criterion->margin / unit};
}

struct Signs {
  std::string_view outside, inside, left, right, beyond_left, beyond_right, point;
};

Signs signs_of(Charset charset) {
  if (charset == Charset::ascii) return {".", "-", "[", "]", "<", ">", "o"};
  return {"·", "─", "├", "┤", "◂", "▸", "●"};
}

/// One word for where a metric stands; the same word means that nothing changed.
std::string standing_of(const core::MetricReport& metric) {
  if (metric.evidence == core::Evidence::error) return "no answer";
  if (metric.evidence == core::Evidence::pending) return "not yet";
  if (metric.evidence != core::Evidence::enough) return std::string(core::name(metric.evidence));
  const core::CriterionReport* criterion = deciding(metric);
  if (criterion == nullptr) return "";
  if (criterion->outcome == Outcome::holds) return "safe";
  if (criterion->outcome == Outcome::violated) return criterion->harm_interval ? "worse" : "violated";
  if (criterion->outcome == Outcome::unproven) return criterion->within ? "not proven" : "worse?";
  return "not evaluable";
}

std::string numbers_of(const Cells& cells) {
  if (!cells.brief.empty()) return cells.brief;
  if (cells.change.empty()) return cells.after;
  return cells.change + (cells.interval.empty() ? "" : " " + cells.interval);
}

bool is_shown(const core::MetricReport& metric) {
  return metric.verdict != Verdict::skipped;
}

std::string head_line(const core::Report& report, std::optional<core::Duration> next) {
  const core::WatchReport& watch = *report.watch;
  const core::LookReport& look = watch.history.back();
  std::string out = fmt::format("{} · look {} of {} · {} UTC", who(report), look.number, watch.looks, clock_text(look.at));
  const core::Time passable = watch.opened_at + watch.least;
  if (next && look.at < passable) out += " · pass possible from " + core::format_clock(passable);
  if (next) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(std::max(*next, core::Duration(0)));
    out += " · next in " + core::describe_duration(seconds);
  }
  return out;
}

/// "p99_latency=+4.1%[-1.2,+9.6]".
std::string compact(const core::MetricReport& metric) {
  const Cells cells = cells_of(metric, Charset::ascii);
  std::string text = cells.brief.empty() ? numbers_of(cells) : core::replace_all(standing_of(metric), " ", "-");
  std::erase(text, ' ');
  return fmt::format("{}={}", core::printable(metric.id), text);
}

std::string ending_of(const core::Report& report) {
  const core::WatchReport& watch = *report.watch;
  const core::Duration gone = watch.history.back().at - watch.opened_at;
  const std::string next = report.verdict <= Verdict::warn ? "promote" : report.next;
  return fmt::format(" after {}: {}", core::describe_duration(gone), core::printable(next));
}

}  // namespace

std::string interval_bar(const core::MetricReport& metric, std::size_t cells, Charset charset) {
  const auto marks = marks_of(metric);
  if (!marks || cells < 5) return "";
  // Half of the limit still shows an interval around a limit of nothing.
  const double reach = marks->limit != 0.0 ? 2.0 * std::abs(marks->limit) : 2.0 * std::max(marks->upper, -marks->lower);
  if (!(reach > 0.0) || !std::isfinite(reach)) return "";
  const auto last = static_cast<double>(cells - 1);
  const auto place = [&](double value) {
    return static_cast<std::size_t>(std::lround(std::clamp((value / reach + 1.0) / 2.0, 0.0, 1.0) * last));
  };
  const Signs signs = signs_of(charset);
  std::vector<std::string_view> row(cells, signs.outside);
  const std::size_t from = place(marks->lower);
  const std::size_t to = place(marks->upper);
  std::fill(row.begin() + static_cast<std::ptrdiff_t>(from), row.begin() + static_cast<std::ptrdiff_t>(to) + 1, signs.inside);
  row[place(0.0)] = "|";
  row[place(marks->limit)] = ":";
  row[from] = marks->lower < -reach ? signs.beyond_left : signs.left;
  row[to] = marks->upper > reach ? signs.beyond_right : signs.right;
  if (std::abs(marks->point) <= reach) row[place(marks->point)] = signs.point;
  std::string out;
  for (const std::string_view sign : row) out += sign;
  return out;
}

std::string look_block(const core::Report& report, std::optional<core::Duration> next, const TerminalOptions& options) {
  std::vector<const core::MetricReport*> shown;
  for (const core::MetricReport& metric : report.metrics)
    if (is_shown(metric)) shown.push_back(&metric);
  // Of too many for a screen, those that need an eye.
  if (shown.size() > kMostRows)
    std::stable_sort(shown.begin(), shown.end(),
                     [](const auto* a, const auto* b) { return needs_attention(*a) > needs_attention(*b); });
  const std::size_t rows = std::min(shown.size(), kMostRows);
  std::vector<Cells> cells;
  std::size_t titles = 0;
  std::size_t limits = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    cells.push_back(cells_of(*shown[i], options.charset));
    titles = std::max(titles, std::min<std::size_t>(display_width(cells[i].title), options.columns / 4));
    limits = std::max(limits, display_width(cells[i].limit));
  }
  const auto finish = [&](std::string text) {
    if (options.charset == Charset::ascii) text = to_ascii(text);
    return fit(text, options.columns, options.charset);
  };
  std::string out = finish(head_line(report, next)) + "\n";
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string_view sign = symbol(*shown[i], options.charset);
    std::string text = fmt::format("{} {}  {}", sign, pad(fit(cells[i].title, titles, options.charset), titles, Align::left),
                                   pad(cells[i].limit.empty() ? "" : "limit " + cells[i].limit, limits + 6, Align::left));
    if (options.columns >= kWide) {
      const std::string bar = interval_bar(*shown[i], kBarCells, options.charset);
      text += "  " + (bar.empty() ? std::string(kBarCells, ' ') : bar);
    }
    text += "  " + numbers_of(cells[i]);
    const std::string standing = standing_of(*shown[i]);
    if (cells[i].brief.empty() && !standing.empty()) text += " → " + standing;
    text = finish(std::move(text));
    if (options.colour == Colour::on)
      text = std::string(colour_of(shown[i]->verdict)) + text.substr(0, sign.size()) + std::string(kReset) +
             text.substr(sign.size());
    out += text + "\n";
  }
  if (rows < shown.size()) out += fmt::format("  and {} more\n", shown.size() - rows);
  return core::without_commands(std::move(out));
}

void LookScreen::draw(const std::string& block) {
  if (lines_ > 0) out_ << "\x1b[" << lines_ << "A\x1b[J";
  out_ << block << std::flush;
  lines_ = static_cast<std::size_t>(std::count(block.begin(), block.end(), '\n'));
}

std::string LookLog::line(const core::Report& report) {
  const core::WatchReport& watch = *report.watch;
  const core::LookReport& look = watch.history.back();
  const bool over = watch.end != core::WatchEnd::interrupted;
  bool news = look.number % kLogEvery == 0 || over;
  std::size_t judged = 0;
  std::size_t safe = 0;
  std::string open;
  for (const core::MetricReport& metric : report.metrics) {
    if (!is_shown(metric)) continue;
    std::string& before = standing_[metric.id];
    std::string standing = standing_of(metric);
    news = news || before != standing;
    before = std::move(standing);
    ++judged;
    if (metric.verdict == Verdict::pass) {
      ++safe;
    } else {
      open += " " + compact(metric);
    }
  }
  if (!news) return "";
  const std::string ending = over ? ending_of(report) : "";
  return core::without_commands(to_ascii(fmt::format("{} look {}/{} {}{} safe={}/{}{}\n", clock_text(look.at), look.number,
                                                     watch.looks, word(report), open, safe, judged, ending)));
}

}  // namespace gate::report
