#include "plan/windows.h"

#include <fmt/format.h>

#include <algorithm>

namespace gate::plan {
namespace {

/// With anchor = "now" the windows look back from now: the candidate is the newest data there are, the baseline lies before it.
Windows looking_back(const config::Compare& compare, core::Time end) {
  Windows windows;
  windows.candidate = core::Window{end - compare.candidate_window, end};
  const core::Time baseline_end = windows.candidate->start - compare.gap;
  windows.baseline = core::Window{baseline_end - compare.baseline_window, baseline_end};
  return windows;
}

Windows around_release(const config::Compare& compare, core::Time started, core::Time deployed) {
  Windows windows;
  const core::Time start = deployed + compare.settle;
  windows.candidate = core::Window{start, start + compare.candidate_window};
  const core::Time end = started - compare.gap;
  windows.baseline = core::Window{end - compare.baseline_window, end};
  return windows;
}

Windows around_anchor_or_release(const config::Compare& compare, const Clock& clock) {
  if (compare.anchor) return around_release(compare, *compare.anchor->time, *compare.anchor->time);
  return around_release(compare, clock.started_at.value_or(*clock.deployed_at), *clock.deployed_at);
}

void shorten(Windows& windows, const config::Compare& compare, core::Time newest, core::Duration shortest) {
  const core::Duration minute = std::chrono::minutes(1);
  const core::Duration unit = compare.candidate_window >= 20 * minute ? minute : core::Duration(std::chrono::seconds(15));
  const core::Duration length = (newest - windows.candidate->start) / unit * unit;
  if (length < unit || length < shortest) return;
  windows.candidate->end = windows.candidate->start + length;
  windows.pending = false;
  windows.notes.push_back(fmt::format("judged early: {} of the {} that the candidate window should have",
                                      core::describe_duration(length), core::describe_duration(compare.candidate_window)));
}

/// The end moves to the goal, and the start with it.
void end_at(core::Window& candidate, core::Time goal, const config::Compare& compare, std::vector<std::string>& notes) {
  const core::Time earliest = candidate.start;
  candidate = {std::max(earliest, goal - compare.candidate_window), goal};
  if (candidate.start >= candidate.end) candidate.start = goal - compare.candidate_window;
  if (candidate.length() >= compare.candidate_window) return;
  notes.push_back(fmt::format("the window is {} long: that is all there is from the release to the goal",
                              core::describe_duration(candidate.length())));
}

}  // namespace

bool needs_deployment(const config::Compare& compare) {
  return compare.design != config::Design::snapshot && !compare.anchor.has_value();
}

core::Window window_before(const config::Compare& compare, const Clock& clock) {
  return *around_anchor_or_release(compare, clock).baseline;
}

Windows make_windows(const config::Compare& compare, const Clock& clock, core::Duration ingest_delay, core::Duration shortest,
                     std::optional<core::Time> goal) {
  if (compare.design == config::Design::snapshot) return {};
  const core::Time newest = clock.now - ingest_delay;
  Windows windows =
      compare.anchor && compare.anchor->now ? looking_back(compare, newest) : around_anchor_or_release(compare, clock);
  if (goal) end_at(*windows.candidate, *goal, compare, windows.notes);
  if (compare.design == config::Design::side_by_side) windows.baseline = windows.candidate;
  if (!config::asks_baseline(compare.design)) windows.baseline.reset();
  windows.due = windows.candidate->end + ingest_delay;
  windows.pending = windows.candidate->end > newest;
  if (windows.pending && compare.shorten_early) shorten(windows, compare, newest, shortest);
  if (windows.baseline && compare.design == config::Design::side_by_side) windows.baseline = windows.candidate;
  return windows;
}

}  // namespace gate::plan
