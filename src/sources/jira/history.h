// History: what the changelog of an issue tells of its way through the statuses. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/time.h"

namespace gate::sources::jira {

/// A status as it is known by its number and its name; the name may be an old one.
struct Status {
  std::string id;
  std::string name;
};

/// One move from a status to another.
struct Change {
  core::Time at;
  Status from;
  Status to;
};

/// Statuses that count as one: by number, or by name (in any case) where the number is of a status that is no more.
struct StatusSet {
  std::set<std::string> known;  ///< the numbers of all statuses there are
  std::set<std::string> ids;    ///< those of them that belong to the set
  std::set<std::string> names;  ///< in lower case

  void add_name(const std::string& name);
  [[nodiscard]] bool contains(const Status& status) const;
};

struct Workflow {
  StatusSet in_progress;
  StatusSet done;
};

/// The moments at which the issue came from a status that is not done into one that is. `changes` are ordered by time.
std::vector<core::Time> done_moments(const std::vector<Change>& changes, const Workflow& workflow);

/// The first of done_moments() inside of `window`; without a window, the first of all.
std::optional<core::Time> done_within(const std::vector<Change>& changes, const Workflow& workflow,
                                      const std::optional<core::Window>& window);

/// When work began: the first move into a status in progress, or `created` when the issue began its life in one.
std::optional<core::Time> work_began(const std::vector<Change>& changes, const Workflow& workflow, core::Time created);

/// Whether the issue left the done statuses after `done` and before `end`.
bool was_reopened(const std::vector<Change>& changes, const Workflow& workflow, core::Time done,
                  const std::optional<core::Time>& end);

/// Whether the issue was done at `moment`; `now` is the status it has today.
bool is_done_at(const std::vector<Change>& changes, const Workflow& workflow, core::Time moment, const Status& now);

}  // namespace gate::sources::jira
