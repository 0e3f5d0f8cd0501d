#include "plan/goals.h"

#include <algorithm>

#include "plan/growth.h"

namespace gate::plan {

std::optional<core::Time> goals_from(const config::Metric& metric, const Clock& clock) {
  const auto& anchor = metric.compare.anchor;
  return anchor && !anchor->now ? anchor->time : clock.deployed_at;
}

std::vector<core::GoalStanding> stand(const config::Metric& metric, const Clock& clock, core::Duration ingest_delay) {
  std::vector<core::GoalStanding> out;
  const auto from = goals_from(metric, clock);
  for (std::size_t i = 0; from && i < metric.criteria.size(); ++i) {
    const std::vector<config::Goal>& goals = metric.criteria[i].goals;
    if (goals.empty()) continue;
    const auto due_of = [&](const config::Goal& goal) { return *from + goal.after + ingest_delay; };
    const auto ahead =
        std::find_if(goals.begin(), goals.end(), [&](const config::Goal& goal) { return due_of(goal) > clock.now; });
    core::GoalStanding standing;
    standing.criterion = i;
    core::GoalReport& report = standing.report;
    report.count = goals.size();
    report.is_due = ahead != goals.begin();
    report.number = std::max<std::size_t>(1, static_cast<std::size_t>(ahead - goals.begin()));
    const config::Goal& goal = goals[report.number - 1];
    report.at_least = goal.at_least;
    report.after = goal.after;
    report.due = due_of(goal);
    if (report.is_due && ahead != goals.end()) report.next_due = due_of(*ahead);
    out.push_back(standing);
  }
  return out;
}

std::optional<core::Time> goal_moment(const config::Metric& metric, const std::vector<core::GoalStanding>& goals,
                                      core::Duration ingest_delay) {
  if (goals.empty() || !grows(metric.compare)) return std::nullopt;
  std::optional<core::Time> last_due;
  std::optional<core::Time> first;
  for (const core::GoalStanding& one : goals) {
    const core::Time moment = one.report.due - ingest_delay;
    if (one.report.is_due) last_due = std::max(last_due.value_or(moment), moment);
    first = std::min(first.value_or(moment), moment);
  }
  return last_due ? last_due : first;
}

bool only_waits(const config::Metric& metric, const std::vector<core::GoalStanding>& goals) {
  const bool ahead = std::none_of(goals.begin(), goals.end(), [](const core::GoalStanding& one) { return one.report.is_due; });
  return !goals.empty() && ahead && goals.size() == metric.criteria.size();
}

std::optional<core::Time> first_due(const std::vector<core::GoalStanding>& goals) {
  std::optional<core::Time> first;
  for (const core::GoalStanding& one : goals) {
    if (!one.report.is_due) first = std::min(first.value_or(one.report.due), one.report.due);
  }
  return first;
}

}  // namespace gate::plan
