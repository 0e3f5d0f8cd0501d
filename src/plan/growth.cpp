#include "plan/growth.h"

#include <algorithm>
#include <set>

#include "plan/plan.h"
#include "plan/steps.h"

namespace gate::plan {

core::Duration Growing::length_at(core::Time look) const {
  const core::Duration available = look - ingest_delay - start;
  if (available < first || available <= core::Duration(0)) return core::Duration(0);
  return step <= core::Duration(0) ? available : first + (available - first) / step * step;
}

double Growing::information_at(core::Time look, core::Time horizon) const {
  const auto worth = [this](core::Duration candidate) {
    const auto length = static_cast<double>(candidate.count());
    const auto before = static_cast<double>(baseline.count());
    return before > 0.0 ? length * before / (length + before) : length;
  };
  const double whole = worth(length_at(horizon));
  return whole > 0.0 ? worth(length_at(look)) / whole : 0.0;
}

bool grows(const config::Compare& compare) {
  const bool looks_back = compare.anchor && compare.anchor->now;
  return compare.design != config::Design::snapshot && !looks_back;
}

bool is_watched(const config::Metric& metric, const Options& options) {
  return options.look && grows(metric.compare) && !config::has_goals(metric) &&
         metric.compare.candidate_window <= options.look->longest_declared;
}

core::Duration shortest_window(const MetricPlan& metric, core::Duration ingest_delay, const Options& options) {
  const bool watched = is_watched(*metric.metric, options);
  const bool alongside = metric.metric->compare.design == config::Design::side_by_side;
  core::Duration shortest = metric.candidate->length();
  if (watched) shortest = options.look->horizon - ingest_delay - metric.candidate->start;
  if (metric.baseline && !(watched && alongside)) shortest = std::min(shortest, metric.baseline->length());
  return shortest;
}

void grow(MetricPlan& metric, const Grid& grid, core::Duration least, core::Duration ingest_delay, core::Time now) {
  const bool alongside = metric.metric->compare.design == config::Design::side_by_side;
  Growing growing;
  growing.start = metric.candidate->start;
  growing.ingest_delay = ingest_delay;
  growing.step = grid.whole_window ? core::Duration(0) : grid.step;
  growing.first = grid.whole_window ? least : std::max(grid.range, grid.step);
  growing.first = std::max<core::Duration>(growing.first, std::chrono::seconds(1));
  if (metric.baseline && !alongside) growing.baseline = metric.baseline->length();
  const core::Duration length = growing.length_at(now);
  metric.state = length > core::Duration(0) ? MetricPlan::State::due : MetricPlan::State::pending;
  metric.candidate->end = growing.start + std::max(length, growing.first);
  metric.due = metric.candidate->end + ingest_delay;
  if (alongside && metric.baseline) metric.baseline = metric.candidate;
  // One number of a longer time is no measure for one of a shorter: sums and extremes grow with it.
  if (metric.metric->kind == config::Kind::value && metric.baseline && !alongside)
    metric.baseline->start = std::max(metric.baseline->start, metric.baseline->end - metric.candidate->length());
  metric.growing = growing;
}

namespace {

void leave_out(MetricPlan& metric, std::string why) {
  metric.state = MetricPlan::State::left_out;
  metric.left_out_why = std::move(why);
  metric.asks.clear();
}

bool is_made_of(const MetricPlan& metric, const std::set<std::string>& parts) {
  if (!metric.metric->formula) return false;
  const std::vector<std::string>& named = metric.metric->formula->formula.metrics;
  return std::any_of(named.begin(), named.end(), [&](const std::string& id) { return parts.contains(id); });
}

}  // namespace

void leave_out_present(Plan& plan) {
  std::set<std::string> gone;
  for (MetricPlan& metric : plan.metrics) {
    if (metric.state == MetricPlan::State::left_out || !metric.present) continue;
    gone.insert(metric.metric->id);
    leave_out(metric, "only what it is now can be asked, not what it was at a look");
  }
  // Formulas of formulas, until nothing more is found.
  for (bool found = !gone.empty(); found;) {
    found = false;
    for (MetricPlan& metric : plan.metrics) {
      if (metric.state == MetricPlan::State::left_out || !is_made_of(metric, gone)) continue;
      leave_out(metric, "a part of its formula is left out");
      found = gone.insert(metric.metric->id).second || found;
    }
  }
}

namespace {

/// Metrics of `plan` whose candidate would grow in a watch.
std::vector<const MetricPlan*> growing_metrics(const Plan& plan) {
  std::vector<const MetricPlan*> out;
  for (const MetricPlan& metric : plan.metrics) {
    const bool is_asked = metric.state != MetricPlan::State::left_out;
    if (is_asked && metric.candidate && grows(metric.metric->compare) && !config::has_goals(*metric.metric))
      out.push_back(&metric);
  }
  return out;
}

}  // namespace

core::Looks make_looks(const Plan& plan, core::Duration every, core::Duration longest, core::Duration least) {
  core::Looks looks{plan.clock.deployed_at.value_or(plan.clock.now), every, longest, least};
  const std::vector<const MetricPlan*> growing = growing_metrics(plan);
  const auto earlier = [](const MetricPlan* a, const MetricPlan* b) { return a->candidate->start < b->candidate->start; };
  const auto first = std::min_element(growing.begin(), growing.end(), earlier);
  if (first != growing.end()) looks.opening = (*first)->candidate->start;
  return looks;
}

core::Duration longest_watched(const Plan& plan, core::Duration longest) {
  std::optional<core::Duration> shortest;
  for (const MetricPlan* metric : growing_metrics(plan)) {
    const core::Duration declared = metric->metric->compare.candidate_window;
    if (!shortest || declared < *shortest) shortest = declared;
  }
  return std::max(longest, shortest.value_or(longest));
}

}  // namespace gate::plan
