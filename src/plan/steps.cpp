#include "plan/steps.h"

#include <fmt/format.h>

#include <algorithm>

namespace gate::plan {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kFewPoints = 10;
constexpr int kLeastSlices = 20;
constexpr std::int64_t kMostParts = 100'000;  ///< more than any window needs, few enough to be held for every metric

void report(core::Diagnostics& diagnostics, core::Severity severity, std::string code, std::string message, std::string hint,
            const core::Location& place) {
  diagnostics.push_back({severity, {std::move(code), std::move(message), std::move(hint), {}, place}});
}

core::Location place_of(const MetricFacts& facts, const config::Metric& metric) {
  return facts.range_location.known() ? facts.range_location : metric.location;
}

core::Duration declared_range(const config::Metric& metric) {
  return metric.range.value_or(core::Duration(0));
}

/// The window must hold one point at least.
void check_fit(const config::Metric& metric, const MetricFacts& facts, const Grid& grid, core::Duration shortest,
               core::Diagnostics& diagnostics) {
  if (grid.range <= shortest) return;
  const bool step_alone = grid.step > shortest && std::max(facts.longest_range, declared_range(metric)) <= shortest;
  report(diagnostics, core::Severity::error, "RG0306",
         fmt::format("a {} of {} does not fit into a window of {}", step_alone ? "step" : "range",
                     core::format_duration(grid.range), core::format_duration(shortest)),
         step_alone
             ? fmt::format("use a step of at most {}, or a longer window", core::format_duration(shortest))
             : fmt::format("every point would hold data from outside the window: use a range of at most {}, or a longer window",
                           core::format_duration(shortest)),
         step_alone && metric.compare.step_location.known() ? metric.compare.step_location : place_of(facts, metric));
}

void warn_of_few_points(const config::Metric& metric, const MetricFacts& facts, const Grid& grid, core::Duration shortest,
                        core::Diagnostics& diagnostics) {
  if (grid.overlapping || grid.range > shortest) return;
  const auto points = (shortest - grid.range) / grid.step + 1;
  const core::Duration range = std::max(facts.longest_range, declared_range(metric));
  if (points >= kFewPoints || range <= minutes(1)) return;
  const core::Duration better = std::max<core::Duration>(minutes(1), shortest / 30 / seconds(1) * seconds(1));
  report(diagnostics, core::Severity::warning, "RG0307",
         fmt::format("points of a range of {} would hold data from before the window: the first is moved {} into it, then one "
                     "every {} ({} point{})",
                     core::format_duration(range), core::format_duration(grid.range), core::format_duration(grid.step), points,
                     points == 1 ? "" : "s"),
         fmt::format("use [{}] for {} points, or a longer window", core::format_duration(better), shortest / better),
         place_of(facts, metric));
}

/// A subquery of [{{step}}] over a range starts earlier than its step: so must the first point start later.
void add_beyond(Grid& grid, const MetricFacts& facts) {
  if (facts.beyond_step.count() == 0) return;
  grid.range = std::max(grid.range, grid.step + facts.beyond_step);
  grid.notes.push_back(fmt::format("a subquery reaches {} beyond its step: neighbouring points share that much data",
                                   core::format_duration(facts.beyond_step)));
}

Grid grid_of_points(const config::Metric& metric, const MetricFacts& facts, core::Duration shortest,
                    core::Diagnostics& diagnostics) {
  Grid grid;
  grid.step = metric.compare.step.value_or(default_step(shortest));
  grid.range = std::max(facts.longest_range, declared_range(metric));
  if (facts.uses_step) grid.range = std::max(grid.range, grid.step);
  const bool shares_data = grid.range > grid.step;
  if (shares_data && !metric.overlap) {
    grid.notes.push_back(fmt::format("step raised from {} to {}, the range of the query, so that points share no data",
                                     core::format_duration(grid.step), core::format_duration(grid.range)));
    grid.step = grid.range;
  } else if (shares_data) {
    grid.overlapping = true;
    grid.notes.push_back(
        fmt::format("overlap = true: points {} apart share the data of their range of {}; their errors are correlated, and "
                    "the interval may be too short",
                    core::format_duration(grid.step), core::format_duration(grid.range)));
  }
  grid.range = std::max(grid.range, grid.step);
  add_beyond(grid, facts);
  check_fit(metric, facts, grid, shortest, diagnostics);
  warn_of_few_points(metric, facts, grid, shortest, diagnostics);
  return grid;
}

Grid grid_of_slices(const config::Metric& metric, const MetricFacts& facts, core::Duration shortest,
                    core::Diagnostics& diagnostics) {
  Grid grid;
  const core::Duration declared = std::max(facts.longest_range, declared_range(metric));
  if (facts.uses_step || (facts.rows && !facts.uses_window)) {
    grid.step = metric.compare.own_step ? *metric.compare.step : slice_step(shortest, metric.compare.step);
  } else if (declared.count() > 0) {
    grid.step = declared;
  } else {
    grid.step = metric.compare.step.value_or(slice_step(shortest, std::nullopt));
    grid.notes.push_back(
        fmt::format("the query has no range such as [{{{{step}}}}]: each point is taken as what happened in {}",
                    core::format_duration(grid.step)));
  }
  // One part may count per step while another looks further back: no point may see what was before the window.
  grid.range = std::max(grid.step, declared);
  add_beyond(grid, facts);
  if (facts.rows) grid.shape = metric.cluster.empty() ? core::Shape::slices : core::Shape::clusters;
  check_fit(metric, facts, grid, shortest, diagnostics);
  return grid;
}

Grid whole(const config::Metric& metric, const MetricFacts& facts, core::Duration shortest) {
  Grid grid;
  grid.whole_window = true;
  grid.step = shortest;
  grid.range = shortest;
  grid.shape = facts.rows ? core::Shape::slices : core::Shape::instant;
  if (metric.kind == config::Kind::ratio || metric.kind == config::Kind::count || metric.kind == config::Kind::histogram) {
    grid.notes.push_back("asked for the whole window at once: bursts cannot be seen, so events count as independent");
  }
  return grid;
}

/// Rows are averaged where they are read, so that a million of them take no more room than a thousand. Single rows are wanted
/// for an aggregate that needs them all, and where one that is no number counts as something.
Grid grid_of_rows(const config::Metric& metric, const MetricFacts& facts, core::Duration shortest,
                  core::Diagnostics& diagnostics) {
  const bool is_value = metric.kind == config::Kind::value;
  if (facts.uses_window) {
    if (!is_value) {
      report(diagnostics, core::Severity::error, "RG0312",
             fmt::format("{} would be one number a side, and samples are many", metric.id),
             R"(use kind = "value" for one number without an interval)", metric.location);
    }
    return whole(metric, facts, shortest);
  }
  Grid grid;
  grid.step = slice_step(shortest, metric.compare.step);
  const bool needs_rows = is_value || config::is_quantile(metric) || !metric.cluster.empty();
  grid.shape = needs_rows || metric.on_nan != config::OnNan::drop ? core::Shape::rows : core::Shape::batches;
  if (is_value && !metric.aggregate) {
    report(diagnostics, core::Severity::error, "RG0310", fmt::format("{} is one value, but the file has many rows", metric.id),
           R"(say how they become one: aggregate = "mean" (median, p95, min, max, sum, last, count))", metric.location);
  }
  return grid;
}

}  // namespace

core::Duration default_step(core::Duration window) {
  for (const core::Duration step : {core::Duration(seconds(15)), core::Duration(seconds(30)), core::Duration(minutes(1)),
                                    core::Duration(minutes(2)), core::Duration(minutes(5)), core::Duration(minutes(10)),
                                    core::Duration(minutes(15)), core::Duration(minutes(30)), core::Duration(minutes(60)),
                                    core::Duration(minutes(120)), core::Duration(minutes(360)), core::Duration(minutes(720))}) {
    if (window / step <= 120) return std::min(step, window);
  }
  return std::chrono::hours(24);
}

core::Duration slice_step(core::Duration window, std::optional<core::Duration> wanted) {
  const core::Duration least = seconds(15);
  core::Duration step = std::max<core::Duration>(wanted.value_or(core::Duration(0)), minutes(1));
  if (!wanted) step = std::max(step, default_step(window));
  if (window / step < kLeastSlices) step = std::max(least, window / kLeastSlices);
  step = std::min(step, window);
  const auto slices = std::max<std::int64_t>(1, window / step);
  const core::Duration even = window / slices;
  return even.count() % 1000 == 0 ? even : step;
}

std::size_t slice_count(core::Duration window, core::Duration step) {
  if (step <= core::Duration(0)) return 1;
  return static_cast<std::size_t>(std::clamp<std::int64_t>(window / step, 1, kMostParts));
}

std::size_t batch_count(core::Duration window, core::Duration step) {
  if (step <= core::Duration(0)) return kLeastSlices;
  const std::int64_t fit = (window + step - core::Duration(1)) / step;
  return static_cast<std::size_t>(std::clamp<std::int64_t>(fit, kLeastSlices, kMostParts));
}

std::size_t parts_of(const Grid& grid, core::Shape shape, core::Duration length) {
  if (shape == core::Shape::batches) return grid.growing ? slice_count(length, grid.step) : batch_count(length, grid.step);
  if (shape == core::Shape::slices && !grid.whole_window) return slice_count(length, grid.step);
  return 1;
}

Grid make_grid(const config::Metric& metric, const MetricFacts& facts, core::Duration shortest,
               core::Diagnostics& diagnostics) {
  if (facts.uses_step && facts.uses_window) {
    const bool counts = metric.kind == config::Kind::count;
    report(diagnostics, core::Severity::error, "RG0309", fmt::format("{} uses both {{{{step}}}} and {{{{window}}}}", metric.id),
           counts ? "only an exposure may be asked for the whole window: use {{step}} in `events`"
                  : "the parts of a metric must be asked alike: use {{step}} in all of them",
           metric.location);
  }
  const bool counted = metric.kind == config::Kind::ratio || metric.kind == config::Kind::count;
  Grid grid;
  if (counted || metric.kind == config::Kind::histogram) {
    grid = facts.uses_window ? whole(metric, facts, shortest) : grid_of_slices(metric, facts, shortest, diagnostics);
  } else if (facts.rows) {
    grid = grid_of_rows(metric, facts, shortest, diagnostics);
  } else if (metric.kind == config::Kind::value && !metric.aggregate) {
    grid = whole(metric, facts, shortest);
    grid.range = std::max(facts.longest_range, declared_range(metric));
    check_fit(metric, facts, grid, shortest, diagnostics);
    grid.range = shortest;
  } else if (facts.uses_window) {
    report(diagnostics, core::Severity::error, "RG0312",
           fmt::format("{{{{window}}}} leaves one point, and {} needs many", metric.id),
           R"(use [{{step}}] or a short range, or kind = "value" for one number without an interval)", metric.location);
  } else {
    grid = grid_of_points(metric, facts, shortest, diagnostics);
  }
  if (facts.spread && !grid.whole_window) {
    grid.notes.push_back(
        "the exposure is one number for the window, spread evenly over the slices: changes of traffic within it count as "
        "dispersion of the events");
  }
  for (const std::string& note : facts.notes) grid.notes.push_back(note);
  return grid;
}

}  // namespace gate::plan
