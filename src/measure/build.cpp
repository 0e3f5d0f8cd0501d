#include "measure/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "core/text.h"
#include "measure/groups.h"
#include "measure/histograms.h"
#include "measure/place.h"
#include "measure/placebo.h"
#include "measure/pre_period.h"
#include "measure/reduce.h"
#include "measure/spans.h"
#include "measure/split.h"
#include "stats/batch.h"

namespace gate::measure {
namespace {

using plan::Side;

constexpr std::size_t kSnapshotBatches = 60;

std::size_t expected_points(const plan::MetricPlan& plan, const plan::Ask& ask) {
  const auto& question = ask.question;
  if (!question.window || plan.rows) return 0;
  if (question.shape != core::Shape::range) return 1;
  const core::Duration span = question.window->length() - question.first;
  return span.count() < 0 ? 0 : static_cast<std::size_t>(span / question.step) + 1;
}

void add_note(std::vector<std::string>& notes, const std::string& note) {
  if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(note);
}

/// `window` is absent for snapshots, whose rows may have no times.
std::string batches_note(std::size_t count, const std::optional<core::Window>& window) {
  if (!window) return fmt::format("rows averaged in {} batches", count);
  return fmt::format("rows averaged in {} batches of {}", count,
                     core::describe_duration(window->length() / static_cast<std::int64_t>(count)));
}

/// What charts get, in the metric's unit: a ratio of counts is a fraction, and may be wanted in percent.
void show(core::SideMeasurement& side, const config::Metric& metric) {
  if (!side.shown.times.empty()) return;
  if (side.counts.times.empty()) {
    for (std::size_t i = 0; i < side.samples.times.size(); ++i) {
      if (!side.batch_sizes.empty() && side.batch_sizes[i] == 0.0) continue;
      side.shown.times.push_back(side.samples.times[i]);
      side.shown.values.push_back(side.samples.values[i]);
    }
    return;
  }
  const double scale = metric.kind == config::Kind::ratio ? metric.unit.scale : 1.0;
  for (std::size_t i = 0; i < side.counts.times.size(); ++i) {
    if (side.counts.totals[i] <= 0.0) continue;
    side.shown.times.push_back(side.counts.times[i]);
    side.shown.values.push_back(side.counts.events[i] / side.counts.totals[i] / scale);
  }
}

/// Batches that the source has made already.
void take_batches(core::SideMeasurement& side, const core::Series& series, std::vector<std::string>& notes) {
  side.samples.times = series.times;
  side.samples.values = series.values;
  side.batch_sizes = series.weights;
  side.rows = static_cast<std::size_t>(std::accumulate(series.weights.begin(), series.weights.end(), 0.0));
  if (series.weights.empty()) return;
  add_note(notes, batches_note(series.weights.size(), side.window));
}

std::string groups_note(const core::SideMeasurement& side, const config::Metric& metric, std::size_t parts) {
  if (!metric.cluster.empty()) return fmt::format("rows of one {} are one unit, and count together", metric.cluster);
  return config::is_quantile(metric) ? "" : batches_note(parts, side.window);
}

/// Rows of a window in parts of `step`, at least 20, rows of a snapshot in parts of the span they cover, or in clusters.
void group_rows(core::SideMeasurement& side, const plan::MetricPlan& plan, std::vector<std::string>& notes) {
  side.rows = side.samples.values.size();
  if (side.samples.values.empty()) return;
  const auto [first, last] = std::minmax_element(side.samples.times.begin(), side.samples.times.end());
  const core::Window span = side.window.value_or(core::Window{*first, *last + core::Duration(1)});
  const double length = std::chrono::duration<double>(span.length()).count();
  const std::size_t parts = !side.window   ? kSnapshotBatches
                            : plan.growing ? plan::slice_count(side.window->length(), plan.step)
                                           : stats::batch_count(length, std::chrono::duration<double>(plan.step).count());
  const config::Metric& metric = *plan.metric;
  if (metric.cluster.empty()) {
    group_by_time(side, span, parts, metric);
  } else {
    group_by_cluster(side, std::exchange(side.samples.ids, {}), span, parts, metric);
  }
  if (const std::string note = groups_note(side, metric, parts); !note.empty()) add_note(notes, note);
}

using Parts = std::map<std::string, core::Series>;

bool is_batched(const plan::MetricPlan& plan) {
  return !plan.asks.empty() && plan.asks.front().question.shape == core::Shape::batches;
}

/// The newest value stands at its own time, which is no window.
void date_value(core::SideMeasurement& side) {
  if (!side.samples.times.empty()) side.at = side.samples.times.back();
}

std::optional<core::Error> fill_samples(core::SideMeasurement& side, const core::Series& series, std::size_t expected,
                                        const plan::MetricPlan& plan, std::vector<std::string>& notes) {
  if (is_batched(plan)) {
    take_batches(side, series, notes);
    return std::nullopt;
  }
  auto samples = usable(series, expected, *plan.metric);
  if (!samples) return samples.error();
  side.samples = std::move(samples).value();
  side.dropped = side.samples.dropped;
  if (plan.metric->kind == config::Kind::value || plan.metric->kind == config::Kind::findings) {
    const auto how = plan.metric->aggregate.value_or(config::Aggregate::last);
    side.value = aggregate(side.samples.values, how, plan.metric->aggregate_quantile);
    if (plan.rows) side.rows = side.samples.values.size();
    if (plan.present) date_value(side);
  } else if (plan.rows) {
    group_rows(side, plan, notes);
  }
  return std::nullopt;
}

/// How long one slice is. Slices of a file are equal parts of its window, which `step` need not divide.
double seconds_each(const core::SideMeasurement& side, const core::Series& events, const plan::MetricPlan& plan) {
  using Seconds = std::chrono::duration<double>;
  if (!side.window || !(plan.whole_window || plan.rows) || events.times.empty()) return Seconds(plan.step).count();
  return Seconds(side.window->length()).count() / static_cast<double>(events.times.size());
}

std::optional<core::Error> fill_counts(core::SideMeasurement& side, const Parts& parts, std::size_t expected,
                                       const plan::MetricPlan& plan, std::vector<std::string>& notes) {
  const config::Metric& metric = *plan.metric;
  const std::string other = metric.kind == config::Kind::ratio ? "total" : "exposure";
  const bool timed = !parts.contains(other);
  const bool fill = timed && metric.on_nan == config::OnNan::zero && side.window && !plan.whole_window && !plan.rows;
  const core::Series events = fill ? with_zeros(parts.at("events"), *side.window, plan.step) : parts.at("events");
  const core::Series totals = timed ? core::Series{} : plan.spread ? spread(parts.at(other), events) : parts.at(other);
  // Exposure in the metric's own time: "1/h" divides by hours.
  const double exposure = seconds_each(side, events, plan) * metric.unit.scale;
  auto counts = !metric.cluster.empty() ? pair_by_cluster(events, totals)
                : timed                 ? over_time(events, expected, exposure, metric)
                                        : pair_up(events, totals, expected, metric);
  if (!counts) return counts.error();
  side.counts = std::move(counts).value();
  side.dropped = side.counts.dropped;
  if (!metric.cluster.empty()) {
    add_note(notes, groups_note(side, metric, 0));
    return std::nullopt;
  }
  if (!timed && events.times.empty() != parts.at(other).times.empty())
    side.empty_part = events.times.empty() ? "events" : other;
  if (!timed && events.times.empty() && !totals.times.empty()) add_note(notes, no_events_note(other, metric));
  return std::nullopt;
}

std::optional<core::Error> fill_side(core::SideMeasurement& side, const Parts& parts, std::size_t expected,
                                     const plan::MetricPlan& plan, std::vector<std::string>& notes) {
  std::size_t left_out = 0;
  for (const auto& [name, series] : parts) {
    side.present = side.present || !series.values.empty();
    left_out = std::max(left_out, series.dropped);
  }
  const bool counted = parts.contains("events");
  auto error =
      counted ? fill_counts(side, parts, expected, plan, notes) : fill_samples(side, parts.at("value"), expected, plan, notes);
  side.dropped += left_out;
  if (!error) show(side, *plan.metric);
  return error;
}

core::Measurement blank(const plan::MetricPlan& plan) {
  core::Measurement out;
  out.metric = plan.metric->id;
  out.pending = plan.state == plan::MetricPlan::State::pending;
  out.left_out = plan.state == plan::MetricPlan::State::left_out;
  out.left_out_why = plan.left_out_why;
  out.for_others = plan.for_others;
  out.due = plan.due;
  out.goals = plan.goals;
  const config::Design design = plan.metric->compare.design;
  out.has_baseline = design == config::Design::previous_releases || (config::asks_baseline(design) && !plan.candidate_only);
  out.baseline.window = plan.baseline;
  out.candidate.window = plan.candidate;
  out.step = plan.step;
  out.whole_window = plan.whole_window;
  out.notes = plan.notes;
  return out;
}

/// A file that is read once answers many questions.
bool is_same_reading(const std::vector<core::RequestLog>& requests, const core::RequestLog& log) {
  return log.method == "READ" && std::any_of(requests.begin(), requests.end(), [&](const core::RequestLog& one) {
           return one.method == log.method && one.url == log.url;
         });
}

/// An SLO asks the same text over several windows.
void add_query(core::Measurement& out, core::ResolvedQuery query) {
  const bool known = std::any_of(out.queries.begin(), out.queries.end(), [&](const core::ResolvedQuery& one) {
    return one.part == query.part && one.side == query.side && one.text == query.text;
  });
  if (!known) out.queries.push_back(std::move(query));
}

void add_evidence(core::Measurement& out, const std::vector<Reply>& replies) {
  Side shown_side = Side::baseline;
  for (const Reply& reply : replies) {
    if (!reply.answer) continue;
    for (const core::RequestLog& log : reply.answer->requests) {
      if (!is_same_reading(out.requests, log)) out.requests.push_back(log);
    }
    for (const std::string& note : reply.answer->notes) add_note(out.notes, note);
    // The first part of the candidate: what happened, not what it is divided by.
    const bool better = reply.ask->side == Side::candidate && shown_side != Side::candidate;
    if (!out.graph_url.empty() && !better) continue;
    out.graph_url = reply.answer->graph_url;
    shown_side = reply.ask->side;
  }
  for (const Reply& reply : replies) {
    core::ResolvedQuery query{reply.ask->part, std::string(plan::name(reply.ask->side)), ""};
    if (reply.answer && !reply.answer->asked.empty()) {
      query.text = reply.answer->asked;
      add_query(out, std::move(query));
      continue;
    }
    for (const core::Setting& setting : reply.ask->question.query.all()) {
      if (setting.node.string() != nullptr && (setting.key == "query" || query.text.empty()))
        query.text = *setting.node.string();
    }
    if (!query.text.empty()) add_query(out, std::move(query));
  }
}

/// Why a side has nothing, in the words of its source.
void add_absences(core::Measurement& out, const std::vector<Reply>& replies) {
  for (const Reply& reply : replies) {
    if (!reply.answer) continue;
    if (reply.answer->findings) out.findings = reply.answer->findings;
    core::SideMeasurement& side = reply.ask->side == Side::baseline ? out.baseline : out.candidate;
    if (side.absence.empty()) side.absence = reply.answer->absence;
  }
}

/// The first error among the replies; a measurement with any unanswered question cannot be judged.
bool take_error(core::Measurement& out, const std::vector<Reply>& replies) {
  for (const Reply& reply : replies) {
    if (!reply.error) continue;
    out.error = with_place(*reply.error, *reply.ask);
    return true;
  }
  return false;
}

void fill_single(core::Measurement& out, const plan::MetricPlan& plan, const std::vector<Reply>& replies) {
  for (const Side side : {Side::baseline, Side::candidate}) {
    Parts parts;
    std::size_t expected = 0;
    const plan::Ask* ask = nullptr;
    std::size_t dropped_rows = 0;
    for (const Reply& reply : replies) {
      if (reply.ask->side != side) continue;
      auto series = single_series(*reply.answer, *plan.metric);
      if (!series) {
        out.error = with_place(series.error(), *reply.ask);
        return;
      }
      parts[reply.ask->part] = std::move(series).value();
      expected = std::max(expected, expected_points(plan, *reply.ask));
      dropped_rows = std::max(dropped_rows, reply.answer->dropped_rows);
      ask = reply.ask;
    }
    if (ask == nullptr) continue;
    core::SideMeasurement& target = side == Side::baseline ? out.baseline : out.candidate;
    if (const auto error = fill_side(target, parts, expected, plan, out.notes)) {
      out.error = with_place(*error, *ask);
      return;
    }
    target.dropped += dropped_rows;
  }
}

/// label value → side → part → series.
using Split = std::map<std::string, std::map<Side, Parts>>;

std::optional<core::Error> split(Split& out, const plan::MetricPlan& plan, const std::vector<Reply>& replies) {
  for (const Reply& reply : replies) {
    auto series = series_by_label(*reply.answer, *plan.metric);
    if (!series) return with_place(series.error(), *reply.ask);
    for (auto& [value, one] : series.value()) out[value][reply.ask->side][reply.ask->part] = std::move(one);
  }
  return std::nullopt;
}

/// Whether any series has a point on `side`.
bool has_any(const Split& all, Side side) {
  return std::any_of(all.begin(), all.end(), [&](const auto& series) {
    const auto parts = series.second.find(side);
    return parts != series.second.end() &&
           std::any_of(parts->second.begin(), parts->second.end(), [](const auto& part) { return !part.second.times.empty(); });
  });
}

/// A file that has rows of this series, but none that is an event, says that there were none.
void add_silent_events(Parts& parts) {
  const auto events = parts.find("events");
  if (events == parts.end() || !events->second.times.empty()) return;
  for (const auto& [name, series] : parts) {
    if (name == "events") continue;
    events->second.times = series.times;
    events->second.values.assign(series.times.size(), 0.0);
  }
}

std::vector<core::Measurement> fill_each(const core::Measurement& common, const plan::MetricPlan& plan,
                                         const std::vector<Reply>& replies) {
  Split all;
  if (auto error = split(all, plan, replies)) {
    core::Measurement failed = common;
    failed.error = std::move(error);
    return {failed};
  }
  if (all.empty()) return {common};
  const bool no_baseline = !has_any(all, Side::baseline);
  const bool no_candidate = !has_any(all, Side::candidate);
  std::vector<core::Measurement> out;
  for (auto& [value, sides] : all) {
    core::Measurement one = common;
    one.metric = fmt::format("{}[{}={}]", plan.metric->id, plan.metric->each, value);
    one.parent = plan.metric->id;
    one.labels[plan.metric->each] = value;
    for (const Side side : {Side::baseline, Side::candidate}) {
      Parts parts;
      std::size_t expected = 0;
      std::size_t dropped_rows = 0;
      const plan::Ask* ask = nullptr;
      for (const Reply& reply : replies) {
        if (reply.ask->side != side) continue;
        parts[reply.ask->part] = {};
        expected = std::max(expected, expected_points(plan, *reply.ask));
        dropped_rows = std::max(dropped_rows, reply.answer->dropped_rows);
        ask = reply.ask;
      }
      if (parts.empty()) continue;
      if (const auto found = sides.find(side); found != sides.end()) {
        for (auto& [name, series] : found->second) parts[name] = std::move(series);
      }
      if (plan.rows) add_silent_events(parts);
      core::SideMeasurement& target = side == Side::baseline ? one.baseline : one.candidate;
      if (auto error = fill_side(target, parts, expected, plan, one.notes)) one.error = with_place(std::move(*error), *ask);
      target.dropped += dropped_rows;
    }
    one.baseline.present = one.baseline.present || no_baseline;
    one.candidate.present = one.candidate.present || no_candidate;
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<core::Measurement> build_sides(const plan::MetricPlan& plan, const std::vector<Reply>& replies) {
  core::Measurement out = blank(plan);
  if (out.pending || out.left_out) return {out};
  add_evidence(out, replies);
  add_absences(out, replies);
  if (take_error(out, replies)) return {out};
  if (plan.metric->kind == config::Kind::status) {
    out.candidate.state = replies.front().answer->state;
    return {out};
  }
  if (plan.metric->kind == config::Kind::slo) fill_spans(out, plan, replies);
  if (plan.metric->kind == config::Kind::slo || plan.metric->kind == config::Kind::derived) return {out};
  if (plan.metric->kind == config::Kind::histogram) return fill_histograms(out, plan, replies);
  if (!plan.metric->each.empty()) return fill_each(out, plan, replies);
  fill_single(out, plan, replies);
  return {out};
}

}  // namespace

std::vector<core::Measurement> build_measurements(const plan::MetricPlan& plan, const std::vector<Reply>& replies) {
  if (plan.placebo) return with_placebo(plan, replies, build_sides);
  return with_split(plan, replies, [](const auto& own, const auto& rest) {
    return own.pre_period ? with_pre_period(own, rest, build_sides) : build_sides(own, rest);
  });
}

}  // namespace gate::measure
