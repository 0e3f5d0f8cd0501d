#include "sources/jira/history.h"

#include <algorithm>
#include <cctype>

namespace gate::sources::jira {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

void StatusSet::add_name(const std::string& name) {
  names.insert(lower(name));
}

bool StatusSet::contains(const Status& status) const {
  return known.contains(status.id) ? ids.contains(status.id) : names.contains(lower(status.name));
}

std::vector<core::Time> done_moments(const std::vector<Change>& changes, const Workflow& workflow) {
  std::vector<core::Time> moments;
  for (const Change& change : changes) {
    if (!workflow.done.contains(change.from) && workflow.done.contains(change.to)) moments.push_back(change.at);
  }
  return moments;
}

std::optional<core::Time> done_within(const std::vector<Change>& changes, const Workflow& workflow,
                                      const std::optional<core::Window>& window) {
  for (const core::Time moment : done_moments(changes, workflow)) {
    if (!window || window->contains(moment)) return moment;
  }
  return std::nullopt;
}

std::optional<core::Time> work_began(const std::vector<Change>& changes, const Workflow& workflow, core::Time created) {
  if (!changes.empty() && workflow.in_progress.contains(changes.front().from)) return created;
  for (const Change& change : changes) {
    if (workflow.in_progress.contains(change.to)) return change.at;
  }
  return std::nullopt;
}

bool was_reopened(const std::vector<Change>& changes, const Workflow& workflow, core::Time done,
                  const std::optional<core::Time>& end) {
  return std::any_of(changes.begin(), changes.end(), [&](const Change& change) {
    const bool leaves = workflow.done.contains(change.from) && !workflow.done.contains(change.to);
    return leaves && change.at >= done && (!end || change.at < *end);
  });
}

bool is_done_at(const std::vector<Change>& changes, const Workflow& workflow, core::Time moment, const Status& now) {
  Status then = changes.empty() ? now : changes.front().from;
  for (const Change& change : changes) {
    if (change.at <= moment) then = change.to;
  }
  return workflow.done.contains(then);
}

}  // namespace gate::sources::jira
