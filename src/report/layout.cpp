#include "report/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "core/unit.h"

namespace gate::report {
namespace {

using core::Outcome;
using core::Verdict;

constexpr core::Digits kDown{2, core::Rounding::down};
constexpr core::Digits kUp{2, core::Rounding::up};
constexpr std::string_view kNothing = "–";

bool is_proportion(const core::MetricReport& metric) {
  return metric.kind == "ratio" || metric.unit.is_percent();
}

std::string side_text(const std::optional<core::Side>& side, const core::MetricReport& metric) {
  if (!side) return std::string(kNothing);
  const auto& shown = side->at_least ? side->at_least : side->at_most ? side->at_most : side->value;
  if (!shown) return std::string(kNothing);
  const std::string beyond = side->at_least ? "≥ " : side->at_most ? "≤ " : "";
  return beyond + value_text(*shown, metric);
}

/// "312 → 409 ms": a unit that both share is written once.
std::string values_text(const std::string& before, const std::string& after) {
  if (after == kNothing) return before == kNothing ? "" : fmt::format("{} → {}", before, kNothing);
  if (before == kNothing) return after;
  const std::size_t first = before.rfind(' ');
  const std::size_t second = after.rfind(' ');
  const bool shared = first != std::string::npos && second != std::string::npos && before.substr(first) == after.substr(second);
  return fmt::format("{} → {}", shared ? before.substr(0, first) : before, after);
}

/// How a change is written: of the baseline, in percentage points, or in the metric's unit.
enum class Scale { relative, points, unit };

Scale scale_of(const core::MetricReport& metric, const core::CriterionReport* criterion) {
  const bool judges_change = criterion != nullptr && is_change(*criterion);
  if (judges_change && criterion->relative && metric.change->relative) return Scale::relative;
  if (is_proportion(metric)) return Scale::points;
  return metric.change->relative && !judges_change ? Scale::relative : Scale::unit;
}

/// A change or an end of its interval, without a sign of its unit where the column's heading or the change says it.
std::string bare_text(double value, Scale scale, const core::MetricReport& metric, core::Digits digits) {
  if (!std::isfinite(value)) return value > 0 ? "+∞" : "−∞";
  if (scale == Scale::relative) return core::format_signed(value * 100.0, digits);
  if (scale == Scale::points) return core::format_signed(value * metric.unit.scale * 100.0, digits);
  return core::format_signed_quantity(value, metric.unit, digits);
}

std::string_view unit_of(Scale scale) {
  return scale == Scale::relative ? " %" : scale == Scale::points ? " pp" : "";
}

const std::optional<core::Range>& range_of(const core::MetricReport& metric, Scale scale) {
  return scale == Scale::relative ? metric.change->relative_interval : metric.change->interval;
}

/// A change that cannot be told from none, with as many digits as its interval has.
struct Rounded {
  double value = 0.0;
  core::Digits digits;
};

Rounded without_noise(double value, const core::Range& range) {
  const double half = (range.upper - range.lower) / 2.0;
  if (range.lower > 0.0 || range.upper < 0.0 || !(half > 0.0) || !std::isfinite(half)) return {value, {}};
  const double last = std::floor(std::log10(half)) - 1.0;  // where the second digit of the interval stands
  const double place = std::pow(10.0, last);
  if (std::abs(value) < place / 2.0) return {0.0, {}};
  if (std::abs(value) < place) return {std::copysign(place, value), {1}};
  const double digits = std::floor(std::log10(std::abs(value))) - last + 1.0;
  return {value, {static_cast<int>(std::clamp(digits, 1.0, 3.0))}};
}

std::string change_text(const core::MetricReport& metric, const core::CriterionReport* criterion, Scale scale) {
  const double value = scale == Scale::relative ? *metric.change->relative : metric.change->absolute;
  const auto& range = range_of(metric, scale);
  // What failed or is open keeps the digits that the sentences about it have.
  const bool holds = criterion != nullptr && criterion->outcome == Outcome::holds;
  const Rounded shown = range && holds ? without_noise(value, *range) : Rounded{value, {}};
  return fmt::format("{}{}", bare_text(shown.value, scale, metric, shown.digits), unit_of(scale));
}

/// "+24 to +38 %": a unit that both share is written once.
std::string range_text(const std::string& lower, const std::string& upper) {
  const std::size_t first = lower.rfind(' ');
  const std::size_t second = upper.rfind(' ');
  const bool shared = first != std::string::npos && second != std::string::npos && lower.substr(first) == upper.substr(second);
  return fmt::format("{} to {}", shared ? lower.substr(0, first) : lower, upper);
}

std::string change_range_text(const core::MetricReport& metric, Scale scale) {
  const auto& range = range_of(metric, scale);
  if (!range) return "";
  return range_text(fmt::format("{}{}", bare_text(range->lower, scale, metric, kDown), unit_of(scale)),
                    fmt::format("{}{}", bare_text(range->upper, scale, metric, kUp), unit_of(scale)));
}

std::string interval_text(const core::MetricReport& metric, const core::CriterionReport* criterion, Scale scale) {
  if (const auto& range = range_of(metric, scale); range)
    return fmt::format("[{}, {}]", bare_text(range->lower, scale, metric, kDown), bare_text(range->upper, scale, metric, kUp));
  return criterion != nullptr && is_change(*criterion) ? "no interval" : "exact";
}

/// In words, so that it does not hang on colour.
std::string tendency_of(const core::MetricReport& metric, const core::CriterionReport* criterion) {
  if (criterion == nullptr) return "";
  const bool gain = criterion->rule == "improve_by";
  if (criterion->outcome == Outcome::violated && is_change(*criterion)) return gain ? "no gain" : "worse";
  if (criterion->outcome == Outcome::unproven) return criterion->within || gain ? "not proven" : "worse?";
  if (!metric.change || !metric.change->interval || metric.better.empty()) return "";
  const core::Range& range = *metric.change->interval;
  if (range.lower <= 0.0 && range.upper >= 0.0) return "";
  return (range.lower > 0.0) == (metric.better == "lower") ? "worse" : "better";
}

/// Where the limits of a bound on the change lie, `margin` away from no change.
std::vector<Limit> change_limits(const core::MetricReport& metric, const core::CriterionReport& criterion, double margin) {
  if (criterion.rule == "decrease_over") return {{-margin, false}};
  if (criterion.rule == "change_over") return {{-margin, false}, {margin, true}};
  if (criterion.rule == "improve_by") return {metric.better == "higher" ? Limit{margin, false} : Limit{-margin, true}};
  return {{margin, true}};
}

/// A bound on the error budget looks at what is left of it, and not at the burn rate.
std::string after_text(const core::MetricReport& metric, const core::CriterionReport* criterion) {
  const bool budget = criterion != nullptr && criterion->rule == "budget_left_below" && criterion->observed;
  return budget ? core::format_number(*criterion->observed * 100.0) + " % left" : side_text(metric.candidate, metric);
}

void make_plain(Cells& cells) {
  for (std::string* text : {&cells.title, &cells.before, &cells.after, &cells.values, &cells.change, &cells.interval,
                            &cells.range, &cells.limit, &cells.tendency, &cells.brief})
    *text = to_ascii(*text);
}

/// The windows of an SLO reach back as far as they are long.
bool has_windows(const core::MetricReport& metric) {
  return metric.candidate && metric.candidate->window && metric.kind != "slo";
}

std::string versions_text(const core::Report& report) {
  if (report.previous_version.empty() || report.release_version.empty()) return "";
  return fmt::format("{} → {}", core::printable(report.previous_version), core::printable(report.release_version));
}

/// The same, before what follows.
std::string versions_before(const core::Report& report) {
  const std::string versions = versions_text(report);
  return versions.empty() ? "" : versions + " · ";
}

std::string windows_text(const core::MetricReport& metric, core::Time now) {
  const core::Window& after = *metric.candidate->window;
  if (!metric.baseline || !metric.baseline->window) return "after " + window_text(after, now) + " UTC";
  if (metric.baseline->window == after) return "both " + window_text(after, now) + " UTC";
  return fmt::format("before {}, after {} UTC", window_text(*metric.baseline->window, now), window_text(after, now));
}

}  // namespace

bool is_change(const core::CriterionReport& criterion) {
  return criterion.rule == "increase_over" || criterion.rule == "decrease_over" || criterion.rule == "change_over" ||
         criterion.rule == "improve_by";
}

std::string bound_text(const core::CriterionReport& criterion) {
  if (criterion.limit.empty()) return "";
  return (criterion.goal ? "goal " : "limit ") + core::printable(criterion.limit);
}

std::string value_text(double value, const core::MetricReport& metric) {
  if (metric.unit.is_percent()) return core::format_number(value) + " %";
  return core::format_quantity(value, metric.unit, metric.kind == "ratio" ? core::Style::proportion : core::Style::plain);
}

std::string move_text(double value, bool relative, const core::MetricReport& metric) {
  const Scale scale = relative ? Scale::relative : is_proportion(metric) ? Scale::points : Scale::unit;
  return fmt::format("{}{}", bare_text(value, scale, metric, {}), unit_of(scale));
}

std::string move_range_text(const core::Range& range, bool relative, const core::MetricReport& metric) {
  const Scale scale = relative ? Scale::relative : is_proportion(metric) ? Scale::points : Scale::unit;
  return range_text(fmt::format("{}{}", bare_text(range.lower, scale, metric, kDown), unit_of(scale)),
                    fmt::format("{}{}", bare_text(range.upper, scale, metric, kUp), unit_of(scale)));
}

std::optional<Drawn> drawn_of(const core::MetricReport& metric, const core::CriterionReport& criterion) {
  if (criterion.outcome == Outcome::not_evaluated || !criterion.margin) return std::nullopt;
  Drawn out;
  out.is_change = is_change(criterion);
  if (!out.is_change) {
    if (!criterion.observed) return std::nullopt;
    out.value = *criterion.observed;
    out.interval = criterion.observed_interval;
    out.limits = value_limits(metric, criterion);
    if (criterion.rule == "budget_left_below") out.limits = {{*criterion.margin, false}};
    return out.limits.empty() ? std::nullopt : std::optional(out);
  }
  if (!metric.change) return std::nullopt;
  const bool relative = scale_of(metric, &criterion) == Scale::relative;
  const double baseline = metric.baseline && metric.baseline->value ? *metric.baseline->value : 0.0;
  if (relative && !(baseline > 0.0)) return std::nullopt;
  out.value = relative ? *metric.change->relative : metric.change->absolute;
  out.interval = relative ? metric.change->relative_interval : metric.change->interval;
  out.limits = change_limits(metric, criterion, *criterion.margin / (relative ? baseline : 1.0));
  return out;
}

std::string drawn_text(double value, const core::MetricReport& metric, const core::CriterionReport& criterion,
                       core::Digits digits) {
  if (is_change(criterion)) {
    const Scale scale = scale_of(metric, &criterion);
    return fmt::format("{}{}", bare_text(value, scale, metric, digits), unit_of(scale));
  }
  if (criterion.rule == "burn_over") return core::format_number(value, digits) + " ×";
  if (criterion.rule == "budget_left_below") return core::format_number(value * 100.0, digits) + " %";
  if (metric.unit.is_percent()) return core::format_number(value, digits) + " %";
  return core::format_quantity(value, metric.unit, metric.kind == "ratio" ? core::Style::proportion : core::Style::plain,
                               digits);
}

std::string drawn_range_text(const core::Range& range, const core::MetricReport& metric,
                             const core::CriterionReport& criterion) {
  return range_text(drawn_text(range.lower, metric, criterion, kDown), drawn_text(range.upper, metric, criterion, kUp));
}

std::vector<Limit> value_limits(const core::MetricReport& metric, const core::CriterionReport& criterion) {
  if (!criterion.margin) return {};
  const double margin = *criterion.margin;
  if (is_change(criterion)) {
    if (!metric.baseline || !metric.baseline->value) return {};
    std::vector<Limit> out = change_limits(metric, criterion, margin);
    for (Limit& limit : out) limit.at += *metric.baseline->value;
    return out;
  }
  if (criterion.rule == "above" || criterion.rule == "worse_than" || criterion.rule == "burn_over") return {{margin, true}};
  if (criterion.rule == "below") return {{margin, false}};
  if (criterion.goal) return {{margin, !criterion.goal->at_least}};
  return {};
}

std::vector<const core::MetricReport*> worst_first(const core::Report& report) {
  std::vector<const core::MetricReport*> rows;
  for (const core::MetricReport& metric : report.metrics) rows.push_back(&metric);
  // Within inconclusive, what is merely not due comes last: nothing can be done about it now.
  const auto rank = [](const core::MetricReport* metric) {
    const bool waits = metric->verdict == Verdict::inconclusive && metric->evidence == core::Evidence::pending;
    return 2 * static_cast<int>(metric->verdict) - (waits ? 1 : 0);
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const core::MetricReport* a, const core::MetricReport* b) { return rank(a) > rank(b); });
  return rows;
}

bool needs_attention(const core::MetricReport& metric) {
  return metric.verdict != Verdict::pass && metric.verdict != Verdict::skipped;
}

const std::string& marked_file(const core::Report& report) {
  return report.checkout_file.empty() ? report.gate_file : report.checkout_file;
}

const core::CriterionReport* deciding(const core::MetricReport& metric) {
  return metric.deciding ? &metric.criteria.at(*metric.deciding) : nullptr;
}

Cells cells_of(const core::MetricReport& metric, Charset charset) {
  Cells cells;
  const core::CriterionReport* criterion = deciding(metric);
  cells.title = core::printable(metric.title);
  const bool is_state = metric.status.has_value();
  cells.before = side_text(metric.baseline, metric);
  cells.after = is_state ? core::printable(*metric.status) : after_text(metric, criterion);
  cells.values = values_text(cells.before, cells.after);
  const bool judged = criterion != nullptr && criterion->outcome != Outcome::not_evaluated;
  if (criterion != nullptr) cells.limit = core::printable(criterion->limit);
  if (metric.change) {
    const Scale scale = scale_of(metric, criterion);
    cells.change = change_text(metric, criterion, scale);
    cells.interval = interval_text(metric, criterion, scale);
    cells.range = change_range_text(metric, scale);
  } else if (judged && criterion->observed_interval) {
    cells.interval = fmt::format("[{}, {}]", core::format_number(criterion->observed_interval->lower, kDown),
                                 core::format_number(criterion->observed_interval->upper, kUp));
    cells.range = drawn_range_text(*criterion->observed_interval, metric, *criterion);
  } else if (judged && !is_state && criterion->observed) {
    cells.interval = "exact";
  }
  if (!judged || is_state) cells.brief = core::printable(metric.brief);
  cells.tendency = tendency_of(metric, criterion);
  if (charset == Charset::ascii) make_plain(cells);
  return cells;
}

std::string advice_of(const core::MetricReport& metric) {
  const core::CriterionReport* criterion = deciding(metric);
  std::string next = core::printable(metric.next);
  if (criterion == nullptr || criterion->outcome != Outcome::unproven) return next;
  if (criterion->rule == "improve_by") return "gain not proven: " + next;
  return (criterion->within ? "probably fine, not proven: " : "looks worse, not proven: ") + next;
}

bool needs_sentence(const core::MetricReport& metric) {
  const core::CriterionReport* criterion = deciding(metric);
  const bool judged = criterion != nullptr && criterion->outcome != Outcome::not_evaluated;
  const bool says_it = !metric.brief.empty() && metric.headline.ends_with(metric.brief + ".");
  return !judged && !says_it && metric.evidence != core::Evidence::pending && metric.evidence != core::Evidence::error;
}

std::string who(const core::Report& report) {
  std::string name = core::printable(report.gate_name.empty() ? report.gate_file : report.gate_name);
  if (!report.release_version.empty()) name += " " + core::printable(report.release_version);
  return name;
}

std::string full_headline(const core::Report& report) {
  return core::printable(report.headline) + (report.certainty.empty() ? "" : ", " + report.certainty);
}

std::string interval_level(const core::Report& report) {
  return fmt::format("{:.3g} %", (2.0 * report.confidence - 1.0) * 100.0);
}

std::string seconds_text(core::Duration duration) {
  return fmt::format("{:.2f} s", static_cast<double>(duration.count()) / 1000.0);
}

const core::MetricReport* with_windows(const core::Report& report) {
  const core::MetricReport* skipped = nullptr;
  for (const core::MetricReport& metric : report.metrics) {
    if (!has_windows(metric)) continue;
    if (metric.verdict != Verdict::skipped) return &metric;
    if (skipped == nullptr) skipped = &metric;
  }
  return skipped;
}

bool windows_differ(const core::Report& report) {
  std::optional<core::Window> before;
  std::optional<core::Window> after;
  const auto other = [](std::optional<core::Window>& known, const std::optional<core::Side>& side) {
    if (!side || !side->window) return false;
    if (!known) known = side->window;
    return !(*known == *side->window);
  };
  return std::any_of(report.metrics.begin(), report.metrics.end(), [&](const core::MetricReport& metric) {
    const bool judged = metric.verdict != Verdict::skipped && has_windows(metric);
    return judged && (other(after, metric.candidate) || other(before, metric.baseline));
  });
}

std::string when_text(const core::Report& report) {
  const core::MetricReport* metric = with_windows(report);
  return metric == nullptr ? versions_text(report) : versions_before(report) + windows_text(*metric, report.now);
}

std::string shared_when_text(const core::Report& report) {
  return windows_differ(report) ? versions_before(report) + "windows differ by metric" : when_text(report);
}

std::string tally(const core::Report& report, Passing passing, std::string_view joiner) {
  std::string out;
  const auto add = [&](std::string_view name, const auto& counts) {
    const auto count = std::count_if(report.metrics.begin(), report.metrics.end(), counts);
    if (count > 0) out += fmt::format("{}{} {}", out.empty() ? "" : joiner, count, name);
  };
  for (const Verdict verdict :
       {Verdict::fail, Verdict::error, Verdict::inconclusive, Verdict::warn, Verdict::pass, Verdict::skipped}) {
    if (verdict == Verdict::pass && passing == Passing::left_out) continue;
    add(core::name(verdict), [&](const core::MetricReport& one) { return one.verdict == verdict && !is_waiting(one); });
    if (verdict == Verdict::inconclusive) add("pending", is_waiting);
  }
  return out;
}

std::string window_text(const core::Window& window, core::Time now) {
  const std::string start = core::format_clock(window.start);
  const std::string end = core::format_clock(window.end);
  const std::string first_day = core::format_day(window.start, now);
  const std::string last_day = core::format_day(window.end, now);
  if (first_day != last_day) return fmt::format("{} {}–{} {}", first_day, start, last_day, end);
  if (first_day == core::format_day(now, now)) return fmt::format("{}–{}", start, end);
  return fmt::format("{} {}–{}", first_day, start, end);
}

}  // namespace gate::report
