#include "plan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "plan/doubts.h"
#include "plan/exposure.h"
#include "plan/facts.h"
#include "plan/goals.h"
#include "plan/identity.h"
#include "plan/pre_period.h"
#include "plan/present.h"
#include "plan/put_in.h"
#include "plan/selection.h"
#include "plan/spans.h"
#include "plan/split.h"
#include "plan/steps.h"
#include "plan/windows.h"

namespace gate::plan {

namespace {

struct Planning {
  const config::Gate& gate;
  const Options& options;
  Clock clock;
  core::Diagnostics diagnostics;
};

void report(Planning& planning, std::string code, std::string message, std::string hint, const core::Location& place) {
  planning.diagnostics.push_back({core::Severity::error, {std::move(code), std::move(message), std::move(hint), {}, place}});
}

std::optional<core::Time> moment_time(const std::optional<config::Moment>& moment, core::Time now) {
  if (!moment) return std::nullopt;
  if (moment->now) return now;
  return moment->time;
}

void set_clock(Planning& planning) {
  Clock& clock = planning.clock;
  clock.now = planning.options.now;
  clock.deployed_at =
      planning.options.deployed_at ? planning.options.deployed_at : moment_time(planning.gate.deployed_at, clock.now);
  clock.started_at = moment_time(planning.gate.started_at, clock.now);
  if (clock.started_at && clock.deployed_at && *clock.started_at > *clock.deployed_at) {
    report(planning, "RG0302",
           fmt::format("the rollout started at {}, after it was deployed at {}", core::format_time(*clock.started_at),
                       core::format_time(*clock.deployed_at)),
           "started_at is when the first of the new version took traffic, deployed_at when it had all of it",
           planning.gate.started_at->location);
  }
}

/// Once for all metrics: a time of deployment is missing.
void require_deployment(Planning& planning) {
  if (planning.clock.deployed_at) return;
  const auto& moment = planning.gate.deployed_at;
  const bool unset = moment && !moment->unset_variable.empty();
  report(planning, "RG0301",
         unset ? fmt::format("the time of the deployment is not known: {} is not set", moment->unset_variable)
               : "the time of the deployment is not known",
         unset ? fmt::format("set {} (RFC 3339 or Unix seconds), or pass --deployed-at", moment->unset_variable)
               : R"(pass --deployed-at TIME, or add [release] deployed_at = { env = "DEPLOYED_AT" })",
         moment ? moment->location : core::Location{planning.gate.file, 1, 1, 1});
}

/// The part as it is asked on `side`: its own form where the author gives one.
const config::Part* part_for(const config::Metric& metric, Side side, const std::string& name) {
  const auto own = metric.parts.find(fmt::format("{}.{}", plan::name(side), name));
  if (own != metric.parts.end()) return &own->second;
  const auto common = metric.parts.find(name);
  return common == metric.parts.end() ? nullptr : &common->second;
}

std::vector<std::string> part_names(config::Kind kind) {
  switch (kind) {
    case config::Kind::ratio:
    case config::Kind::slo:
      return {"events", "total"};
    case config::Kind::count:
      return {"events", "exposure"};
    case config::Kind::histogram:
      return {"buckets"};
    case config::Kind::samples:
    case config::Kind::value:
    case config::Kind::status:
    case config::Kind::findings:
      return {"value"};
    case config::Kind::derived:
      return {};
  }
  return {};
}

/// Files and databases may answer for parts of the same metric: each in its own shape, over the same slices.
core::Shape shape_for(const config::Part& part, const Grid& grid, const Planning& planning) {
  const bool is_sliced_database = grid.shape == core::Shape::slices &&
                                  spec_of(part, planning.gate, planning.options).data == core::SourceTypeSpec::Data::points;
  if (!is_sliced_database) return grid.shape;
  return grid.whole_window ? core::Shape::instant : core::Shape::range;
}

void add_asks(MetricPlan& out, Side side, const std::optional<core::Window>& window, const Grid& common, Planning& planning) {
  const config::Metric& metric = *out.metric;
  for (const std::string& name : part_names(metric.kind)) {
    const config::Part* part = part_for(metric, side, name);
    if (part == nullptr) continue;
    const core::Duration length = window ? window->length() : core::Duration(0);
    const bool whole = out.spread && name == "exposure";
    const Grid grid = whole ? grid_of_exposure(common, spec_of(*part, planning.gate, planning.options).data, length) : common;
    Ask ask;
    ask.side = side;
    ask.part = name;
    ask.source = part->source;
    ask.question.metric = metric.id;
    ask.question.part = name;
    ask.question.query = put_in(*part, {side, grid.step, length}, planning.gate,
                                spec_of(*part, planning.gate, planning.options), planning.diagnostics);
    ask.question.shape = shape_for(*part, grid, planning);
    ask.question.window = window;
    ask.question.step = grid.whole_window && window ? length : grid.step;
    ask.question.parts = parts_of(grid, ask.question.shape, length);
    ask.question.first = grid.range;
    ask.question.partial_is_error = metric.on_partial == config::OnPartial::error;
    ask.question.wants_buckets = metric.kind == config::Kind::histogram;
    ask.question.cluster = metric.cluster;
    ask.question.each = metric.each;
    out.asks.push_back(std::move(ask));
  }
}

Grid snapshot_grid(const config::Metric& metric, const MetricFacts& facts, Planning& planning) {
  Grid grid;
  const bool counted = metric.kind == config::Kind::ratio || metric.kind == config::Kind::count;
  grid.whole_window = counted || facts.uses_window;
  const core::Shape counts = metric.cluster.empty() ? core::Shape::slices : core::Shape::clusters;
  grid.shape = grid.whole_window ? counts : core::Shape::rows;
  if (!facts.rows) {
    report(planning, "RG0311", fmt::format("{} compares snapshots, and its source answers for windows of time", metric.id),
           R"(snapshots are files: use design = "before-after", or a source of type "file")", metric.location);
  } else if (metric.kind == config::Kind::count && !metric.parts.contains("exposure")) {
    report(planning, "RG0313", fmt::format("{} counts events, and a snapshot has no length of time to divide by", metric.id),
           "give the metric an `exposure`, or make it a ratio", metric.location);
  } else if (metric.kind == config::Kind::value && !metric.aggregate && !facts.uses_window) {
    report(planning, "RG0310", fmt::format("{} is one value, but the file has many rows", metric.id),
           R"(say how they become one: aggregate = "mean" (median, p95, min, max, sum, last, count))", metric.location);
  }
  return grid;
}

/// What a window must be long enough for: the range of one point, and its own step.
core::Duration shortest_of(const config::Metric& metric, const MetricFacts& facts) {
  const core::Duration step = metric.compare.step.value_or(core::Duration(0));
  return std::max({facts.longest_range, metric.range.value_or(core::Duration(0)), step + facts.beyond_step});
}

/// Two tracks, or two questions about the present, that are asked the same would always agree: a gate that can only pass.
void check_tracks(const MetricPlan& out, Planning& planning) {
  const config::Metric& metric = *out.metric;
  const bool tracks = metric.compare.design == config::Design::side_by_side;
  const bool snapshots = out.present && metric.compare.design == config::Design::snapshot;
  if ((!tracks && !snapshots) || (!out.asks.empty() && out.asks.front().question.before)) return;
  const std::size_t half = out.asks.size() / 2;
  if (half == 0 || !std::equal(out.asks.begin(), out.asks.begin() + static_cast<std::ptrdiff_t>(half),
                               out.asks.begin() + static_cast<std::ptrdiff_t>(half), out.asks.end(), same_query)) {
    return;
  }
  report(planning, "RG0314",
         fmt::format("{} asks both {} the same question, so that they cannot differ", metric.id, tracks ? "tracks" : "sides"),
         tracks ? "put {{track}} (stable, canary) or a variable of [compare.tracks] into the query"
                : "say what the baseline is asked instead: baseline = { … }",
         metric.location);
}

MetricPlan plan_present(const config::Metric& metric, const MetricFacts& facts, Planning& planning) {
  MetricPlan out;
  out.metric = &metric;
  out.present = true;
  out.notes = facts.notes;
  const Present present = make_present(metric, facts, planning.clock, planning.diagnostics);
  out.candidate_only = !present.has_baseline;
  Grid grid;
  grid.shape = metric.kind == config::Kind::status ? core::Shape::state : core::Shape::latest;
  if (present.has_baseline) add_asks(out, Side::baseline, std::nullopt, grid, planning);
  add_asks(out, Side::candidate, std::nullopt, grid, planning);
  for (Ask& ask : out.asks) {
    if (ask.side == Side::baseline) ask.question.before = present.before;
    if (ask.side == Side::candidate || present.before) ask.question.released_at = present.released_at;
    ask.question.wants_findings = metric.kind == config::Kind::findings && ask.side == Side::candidate;
  }
  check_tracks(out, planning);
  return out;
}

void add_notes(MetricPlan& out, const std::vector<std::string>& notes) {
  for (const std::string& note : notes) {
    if (std::find(out.notes.begin(), out.notes.end(), note) == out.notes.end()) out.notes.push_back(note);
  }
}

/// An SLO is asked once for each of its windows, on the candidate's side.
void plan_spans(MetricPlan& out, const MetricFacts& facts, Planning& planning) {
  out.spans = spans_of(*out.metric, out.candidate->end);
  for (std::size_t i = 0; i < out.spans.size(); ++i) {
    Span& span = out.spans[i];
    const Grid grid = grid_of_span(*out.metric, facts, span.window.length(), planning.diagnostics);
    span.step = grid.step;
    span.whole = grid.whole_window;
    add_notes(out, grid.notes);
    const std::size_t before = out.asks.size();
    add_asks(out, Side::candidate, span.window, grid, planning);
    for (std::size_t k = before; k < out.asks.size(); ++k) out.asks[k].span = i;
  }
  if (const auto& deployed = planning.clock.deployed_at) {
    const std::string note = reach_note(out.spans, planning.clock.started_at.value_or(*deployed));
    if (!note.empty()) out.notes.push_back(note);
  }
}

void add_placebo(MetricPlan& out, const Grid& grid, Planning& planning) {
  out.placebo = make_placebo(*out.metric, out.baseline, out.candidate, planning.options, planning.diagnostics);
  for (std::size_t i = 0; out.placebo && i < out.placebo->days.size(); ++i) {
    const PlaceboDay& day = out.placebo->days[i];
    if (!day.left_out.empty()) continue;
    const std::size_t before = out.asks.size();
    add_asks(out, Side::baseline, day.baseline, grid, planning);
    add_asks(out, Side::candidate, day.candidate, grid, planning);
    for (std::size_t k = before; k < out.asks.size(); ++k) out.asks[k].day = i;
  }
}

Windows windows_of(const config::Metric& metric, const MetricFacts& facts, const std::vector<core::GoalStanding>& goals,
                   Planning& planning) {
  config::Compare compare = metric.compare;
  compare.shorten_early = compare.shorten_early && !is_watched(metric, planning.options);
  const core::Duration delay = ingest_delay_of(metric, planning.gate, planning.options);
  return make_windows(compare, planning.clock, delay, shortest_of(metric, facts), goal_moment(metric, goals, delay));
}

/// Before the first goal is due nothing is asked, where nothing else could be judged.
void wait_for_goals(MetricPlan& metric) {
  const bool waits = only_waits(*metric.metric, metric.goals) && !metric.metric->compare.shorten_early;
  if (!waits || metric.state != MetricPlan::State::due) return;
  metric.state = MetricPlan::State::pending;
  metric.due = first_due(metric.goals);
}

/// What a formula is made of must be of the time of its goal, and not of the first minutes after the release.
void check_goals_of_formula(const MetricPlan& metric, Planning& planning) {
  for (const std::string& id : metric.metric->formula->formula.metrics) {
    const config::Metric* part = planning.gate.find_metric(id);
    if (part == nullptr || part->kind == config::Kind::derived) continue;
    const MetricFacts facts = facts_of(*part, planning.gate, planning.options);
    if (is_present(*part, facts) || !grows(part->compare) || config::has_goals(*part)) continue;
    report(planning, "RG0321",
           fmt::format("{} has goals in time, and the window of its part {} stays where it was after the release",
                       metric.metric->id, id),
           fmt::format("give {} anchor = \"now\": its window then ends at the newest data", id), metric.metric->location);
  }
}

MetricPlan plan_metric(const config::Metric& metric, Planning& planning) {
  MetricPlan out;
  out.metric = &metric;
  const core::Duration delay = ingest_delay_of(metric, planning.gate, planning.options);
  out.goals = stand(metric, planning.clock, delay);
  if (metric.kind == config::Kind::derived) {
    if (!out.goals.empty() && metric.formula) check_goals_of_formula(out, planning);
    return out;
  }
  const MetricFacts facts = facts_of(metric, planning.gate, planning.options);
  out.rows = facts.rows;
  out.spread = facts.spread;
  if (metric.compare.anchor && !metric.compare.anchor->now && !metric.compare.anchor->time) {
    report(planning, "RG0301",
           fmt::format("the anchor of {} is not known: {} is not set", metric.id, metric.compare.anchor->unset_variable),
           "set it, or leave `anchor` out", metric.compare.anchor->location);
    return out;
  }
  if (is_present(metric, facts)) {
    std::vector<core::GoalStanding> goals = std::move(out.goals);
    out = plan_present(metric, facts, planning);
    out.goals = std::move(goals);
    wait_for_goals(out);
    return out;
  }
  if (metric.compare.design != config::Design::snapshot) {
    const Windows windows = windows_of(metric, facts, out.goals, planning);
    out.baseline = windows.baseline;
    out.candidate = windows.candidate;
    out.due = windows.due;
    out.notes = windows.notes;
    if (windows.pending) out.state = MetricPlan::State::pending;
  }
  wait_for_goals(out);
  const core::Duration least = shortest_of(metric, facts);
  const bool watched = is_watched(metric, planning.options);
  if (metric.kind == config::Kind::slo) {
    if (watched) grow(out, {}, least, delay, planning.clock.now);
    plan_spans(out, facts, planning);
    return out;
  }
  Grid grid;
  if (out.candidate) {
    const core::Duration shortest = shortest_window(out, delay, planning.options);
    grid = make_grid(metric, facts, shortest, planning.diagnostics);
    warn_of_doubts(metric, facts, grid, planning.diagnostics);
    grid.growing = watched;
    if (watched) grow(out, grid, least, delay, planning.clock.now);
  } else {
    grid = snapshot_grid(metric, facts, planning);
  }
  out.step = grid.step;
  out.range = grid.range;
  out.overlapping = grid.overlapping;
  out.whole_window = grid.whole_window;
  add_notes(out, grid.notes);
  if (const std::string note = unequal_note(out); !note.empty()) out.notes.push_back(note);
  if (facts.rows && facts.points) check_meeting(metric, out, planning.diagnostics);
  if (config::asks_baseline(metric.compare.design)) add_asks(out, Side::baseline, out.baseline, grid, planning);
  add_asks(out, Side::candidate, out.candidate, grid, planning);
  check_tracks(out, planning);
  if (metric.split)
    add_split(out, planning.gate, spec_of(*metric.split, planning.gate, planning.options), planning.diagnostics);
  add_placebo(out, grid, planning);
  add_pre_period(out, planning.clock);
  return out;
}

/// A variable that should have told the time and is not set must not make every analysis a fresh one.
bool is_time_needed(const config::Metric& metric, const Planning& planning) {
  if (config::has_goals(metric) && !goals_from(metric, planning.clock)) return true;
  const MetricFacts facts = facts_of(metric, planning.gate, planning.options);
  if (!is_present(metric, facts)) return needs_deployment(metric.compare);
  const auto& deployed_at = planning.gate.deployed_at;
  return (deployed_at && !deployed_at->unset_variable.empty()) || present_needs_deployment(metric, facts);
}

}  // namespace

Planned make_plan(const config::Gate& gate, const Options& options) {
  Planning planning{gate, options, {}, {}};
  set_clock(planning);
  check_selection(gate, options, planning.diagnostics);
  const std::set<std::string> in_formulas = needed_by_formulas(gate, options);
  const bool needs_time = std::any_of(gate.metrics.begin(), gate.metrics.end(), [&](const config::Metric& metric) {
    const bool is_derived = metric.kind == config::Kind::derived && !config::has_goals(metric);
    const bool is_asked = !is_derived && (is_kept(metric, options) || in_formulas.contains(metric.id));
    return is_asked && is_time_needed(metric, planning);
  });
  if (needs_time) require_deployment(planning);
  Planned out;
  Plan plan;
  plan.clock = planning.clock;
  plan.notes = gate.notes;
  if (!core::has_errors(planning.diagnostics)) {
    for (const config::Metric& metric : gate.metrics) {
      if (is_kept(metric, options) || in_formulas.contains(metric.id)) {
        plan.metrics.push_back(plan_metric(metric, planning));
        plan.metrics.back().for_others = !is_kept(metric, options);
      } else {
        MetricPlan left_out;
        left_out.metric = &metric;
        left_out.state = MetricPlan::State::left_out;
        plan.metrics.push_back(std::move(left_out));
      }
    }
  }
  if (options.look && options.look->past) leave_out_present(plan);
  out.diagnostics = std::move(planning.diagnostics);
  if (!core::has_errors(out.diagnostics)) out.plan = std::move(plan);
  return out;
}

}  // namespace gate::plan
