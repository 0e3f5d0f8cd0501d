#include "judge/slo.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "core/text.h"
#include "core/unit.h"
#include "judge/criterion.h"
#include "judge/evidence.h"
#include "judge/settle.h"
#include "judge/silence.h"
#include "judge/slo_words.h"
#include "stats/single_ratio.h"

namespace gate::judge {
namespace {

using core::Outcome;

/// A window whose data end, or begin, this share of its length off its end is not what it seems.
constexpr int kSilentShare = 3;
constexpr std::size_t kLongestQuery = 160;

/// What judging one SLO takes.
struct Judging {
  const config::Metric& metric;
  const core::Measurement& measurement;
  core::Time now;
  double allowed;  ///< share of events that may be bad
};

/// Why a bound is not evaluated.
struct Lack {
  core::Evidence evidence = core::Evidence::none;
  std::string why;
  std::string brief;
  std::string next;
};

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

const core::SpanMeasurement& span_of(const Judging& at, core::Duration length) {
  return *std::find_if(at.measurement.spans.begin(), at.measurement.spans.end(),
                       [&](const core::SpanMeasurement& span) { return span.window.length() == length; });
}

std::vector<const core::SpanMeasurement*> spans_of(const Judging& at, const config::Criterion& criterion) {
  std::vector<const core::SpanMeasurement*> out;
  if (criterion.rule == config::Rule::budget_left_below) return {&span_of(at, at.metric.slo->period)};
  for (const core::Duration length : criterion.windows) out.push_back(&span_of(at, length));
  return out;
}

std::string length_text(const core::SpanMeasurement& span) {
  return core::describe_duration(span.window.length());
}

stats::Evaluated<stats::SingleRatio> ratio_of(const Judging& at, const core::SpanMeasurement& span) {
  const bool none = at.metric.dispersion == config::Switch::off;
  return stats::SingleRatio::prepare({span.counts.events, span.counts.totals},
                                     none ? stats::DispersionRule::none : stats::DispersionRule::from_slices);
}

core::BurnWindow burn_of(const Judging& at, const core::SpanMeasurement& span) {
  core::BurnWindow out;
  out.length = span.window.length();
  out.events = sum(span.counts.events);
  out.total = sum(span.counts.totals);
  const auto ratio = ratio_of(at, span);
  if (!ratio) return out;
  out.burn = ratio->point() / at.allowed;
  if (at.metric.method == config::Method::point) return out;
  const stats::Interval limits = ratio->limits(at.metric.rules.confidence);
  out.interval = core::Range{limits.lower / at.allowed, limits.upper / at.allowed};
  return out;
}

Lack without_traffic(const Judging& at, const core::SpanMeasurement& span) {
  Lack out;
  out.brief = "no traffic in " + length_text(span);
  if (!span.counts.totals.empty()) {
    out.why = fmt::format("There was no traffic in the last {}: that is no burn rate, and not one of 0.", length_text(span));
    out.next = "see why nothing came in";
    return out;
  }
  out.why = fmt::format("{} answered, without one usable point in the last {}: that is no burn rate, and not one of 0.",
                        at.metric.source, length_text(span));
  out.next = "check the labels";
  for (const core::ResolvedQuery& one : at.measurement.queries) {
    if (one.part != "total") continue;
    out.next += ": " + core::shorten(one.text, kLongestQuery);
    break;
  }
  return out;
}

/// Slices kept because they had bad events say too much of them.
Lack zeros_left_out(const core::SpanMeasurement& span) {
  return {core::Evidence::thin,
          fmt::format("{} of {} slices in the last {} have no point for the bad events: whether none happened is not said.",
                      span.counts.unsaid, span.counts.unsaid + span.counts.events.size(), length_text(span)),
          "slices without events are missing",
          R"(if no point means no event, write `… or vector(0)`, default_zero(…) or on_nan = "zero")"};
}

/// What keeps a bound over `spans` from being evaluated; nothing when it can be.
std::optional<Lack> lack_of(const Judging& at, const std::vector<const core::SpanMeasurement*>& spans) {
  for (const core::SpanMeasurement* span : spans) {
    const double total = sum(span->counts.totals);
    if (!ratio_of(at, *span)) return without_traffic(at, *span);
    const auto unsaid = static_cast<double>(span->counts.unsaid);
    if (unsaid > kMostUnsaid * (unsaid + static_cast<double>(span->counts.events.size()))) return zeros_left_out(*span);
    if (total >= at.metric.min_events) continue;
    return Lack{core::Evidence::thin,
                fmt::format("Too little: {} of at least {} events in the last {}.", core::format_number(total),
                            core::format_number(at.metric.min_events), length_text(*span)),
                fmt::format("needs {} events", core::format_number(at.metric.min_events)),
                "wait for more traffic, or lower the minimum"};
  }
  return std::nullopt;
}

/// Data that end long before the window does prove no safety: nobody knows what came after.
std::optional<Lack> silence_in(const Judging& at, const std::vector<const core::SpanMeasurement*>& spans) {
  for (const core::SpanMeasurement* span : spans) {
    core::Measurement alone;
    alone.candidate.window = span->window;
    alone.candidate.counts = span->counts;
    alone.step = span->step;
    const auto last = stopped_at(at.metric, alone);
    if (!last) continue;
    const std::string moment = core::format_moment(*last, at.now);
    return Lack{core::Evidence::thin,
                fmt::format("The data stopped at {}, {} before the window of {} ended.", moment,
                            core::describe_duration(span->window.end - *last), length_text(*span)),
                "data stopped " + moment, "see whether the service still runs, is scraped and has traffic"};
  }
  return std::nullopt;
}

/// Violated when every window shows it, holding when one shows the opposite.
void judge_burn(core::CriterionReport& out, const Judging& at, const config::Criterion& criterion,
                const std::vector<const core::SpanMeasurement*>& spans) {
  const double limit = criterion.bounds.front().value;
  const double share = limit * at.allowed;
  core::Range range{std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  double least = std::numeric_limits<double>::infinity();
  double p_value = 0.0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const core::BurnWindow& window = out.windows[i];
    least = std::min(least, *window.burn);
    if (!window.interval) continue;
    range = {std::min(range.lower, window.interval->lower), std::min(range.upper, window.interval->upper)};
    p_value = std::max(p_value, ratio_of(at, *spans[i])->p_above(share));
  }
  out.observed = least;
  out.margin = limit;
  out.within = least <= limit;
  if (at.metric.method == config::Method::point) {
    out.outcome = out.within ? Outcome::holds : Outcome::violated;
  } else {
    out.observed_interval = range;
    out.harm_interval = core::Range{range.lower - limit, range.upper - limit};
    out.p_value = p_value;
    out.outcome = range.lower > limit ? Outcome::violated : range.upper <= limit ? Outcome::holds : Outcome::unproven;
  }
  out.reason = burn_sentence(at.metric, out);
  out.next = burn_advice(out);
}

void judge_budget(core::CriterionReport& out, const Judging& at, const config::Criterion& criterion) {
  out.observed = 1.0 - *out.windows.front().burn;
  out.margin = criterion.bounds.front().value;
  out.outcome = *out.observed < *out.margin ? Outcome::violated : Outcome::holds;
  out.reason = budget_sentence(at.metric, out);
  out.next = burn_advice(out);
}

/// One bound; what it lacks, when it cannot be evaluated.
std::optional<Lack> judge_bound(core::CriterionReport& out, const Judging& at, const config::Criterion& criterion) {
  const auto spans = spans_of(at, criterion);
  for (const core::SpanMeasurement* span : spans) out.windows.push_back(burn_of(at, *span));
  auto lack = lack_of(at, spans);
  if (!lack) {
    criterion.rule == config::Rule::burn_over ? judge_burn(out, at, criterion, spans) : judge_budget(out, at, criterion);
    if (out.outcome != Outcome::violated) lack = silence_in(at, spans);
  }
  if (!lack) return std::nullopt;
  out.outcome = Outcome::not_evaluated;
  out.reason = lack->why;
  out.next = lack->next;
  return lack;
}

/// A budget of a period that the data do not reach back to is that of less traffic.
void note_late_beginning(core::MetricReport& out, const Judging& at) {
  for (const config::Criterion& criterion : at.metric.criteria) {
    if (criterion.rule != config::Rule::budget_left_below) continue;
    const core::SpanMeasurement& span = span_of(at, at.metric.slo->period);
    if (span.counts.times.empty()) return;
    const core::Time first = *std::min_element(span.counts.times.begin(), span.counts.times.end());
    if (first - span.window.start <= span.window.length() / kSilentShare) return;
    out.notes.push_back(fmt::format("the data begin {}: the error budget is that of the traffic since, not of {}",
                                    core::format_moment(first, at.now), length_text(span)));
    return;
  }
}

/// The burn rate that is shown for the metric: that of the bound that decided, or over the shortest window.
void show_value(core::MetricReport& out, const Judging& at) {
  core::Side& side = *out.candidate;
  const core::SpanMeasurement* shown = &at.measurement.spans.back();
  side.value = burn_of(at, *shown).burn;
  if (out.deciding) {
    const core::CriterionReport& criterion = out.criteria[*out.deciding];
    shown = &span_of(at, criterion.windows.front().length);
    side.value = std::nullopt;
    for (const core::BurnWindow& window : criterion.windows) {
      if (window.burn && (!side.value || *window.burn < *side.value)) side.value = window.burn;
    }
    if (criterion.outcome == Outcome::not_evaluated && criterion.windows.size() > 1) side.value.reset();
  }
  side.samples = shown->counts.times.size();
  side.dropped = shown->counts.dropped;
  side.window = shown->window;
}

}  // namespace

void judge_slo(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement, core::Time now) {
  const Judging at{metric, measurement, now, 1.0 - metric.slo->objective};
  out.evidence = ratio_of(at, measurement.spans.back()) ? core::Evidence::enough : core::Evidence::none;
  std::vector<std::optional<Lack>> lacks;
  for (const config::Criterion& criterion : metric.criteria) {
    core::CriterionReport one = unjudged(metric, criterion);
    lacks.push_back(judge_bound(one, at, criterion));
    if (lacks.back()) out.evidence = std::max(out.evidence, lacks.back()->evidence);
    out.criteria.push_back(std::move(one));
  }
  settle(out, metric, now);
  if (out.deciding && lacks[*out.deciding]) out.brief = lacks[*out.deciding]->brief;
  note_late_beginning(out, at);
  show_value(out, at);
}

}  // namespace gate::judge
