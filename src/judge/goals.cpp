#include "judge/goals.h"

#include <fmt/format.h>

#include <algorithm>

#include "judge/words.h"

namespace gate::judge {
namespace {

constexpr const char* kWaitForIt = R"(run again then, let --wait wait for it, or on_pending = "skip")";

std::string text_of(const config::Metric& metric, const config::Criterion& criterion, const config::Goal& goal) {
  config::Criterion bound = criterion;
  bound.rule = goal.at_least ? config::Rule::below : config::Rule::above;
  bound.bounds = {goal.bound};
  return fmt::format("{} after {}", limit_text(metric, bound), core::describe_duration(goal.after));
}

}  // namespace

config::Metric with_goals(const config::Metric& metric, const core::Measurement& measurement) {
  config::Metric out = metric;
  for (const core::GoalStanding& standing : measurement.goals) {
    config::Criterion& criterion = out.criteria.at(standing.criterion);
    criterion.goal = standing.report;
    criterion.bounds = {criterion.goals.at(standing.report.number - 1).bound};
    criterion.text = fmt::format("{} after {}", criterion.bounds.front().text, core::format_duration(standing.report.after));
  }
  return out;
}

std::string goal_text(const config::Metric& metric, const config::Criterion& criterion) {
  const std::size_t number = criterion.goal ? criterion.goal->number : 1;
  return text_of(metric, criterion, criterion.goals.at(number - 1));
}

bool is_ahead(const core::CriterionReport& criterion) {
  return criterion.goal && !criterion.goal->is_due;
}

std::string due_text(core::Time due, core::Time now) {
  return "due " + core::format_moment(std::chrono::ceil<std::chrono::minutes>(due), now);
}

void say_ahead(core::CriterionReport& out, const config::Metric& metric, core::Time now) {
  out.due = out.goal->due;
  out.reason = fmt::format("Not due: the goal of {} is {}.", out.limit, due_text(out.goal->due, now));
  out.next = metric.judged ? kWaitForIt : "";
}

void note_next_goals(core::MetricReport& report, const config::Metric& metric, core::Time now) {
  for (std::size_t i = 0; i < report.criteria.size(); ++i) {
    const auto& goal = report.criteria[i].goal;
    if (!goal || !goal->is_due || !goal->next_due) continue;
    report.notes.push_back(fmt::format("the next goal, {}, is {}",
                                       text_of(metric, metric.criteria[i], metric.criteria[i].goals.at(goal->number)),
                                       due_text(*goal->next_due, now)));
  }
}

}  // namespace gate::judge
