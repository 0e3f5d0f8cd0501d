#include "sources/jira/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "core/text.h"
#include "sources/jira/jql.h"

namespace gate::sources::jira {
namespace {

struct SystemField {
  std::string_view name;  ///< in lower case
  std::string_view clause;
  std::string_view id;
};

// https://support.atlassian.com/jira-software-cloud/docs/jql-fields/
constexpr std::array<SystemField, 8> kSystemFields = {
    {{"created", "created", "created"},
     {"updated", "updated", "updated"},
     {"resolved", "resolved", "resolutiondate"},
     {"resolutiondate", "resolved", "resolutiondate"},
     {"due", "due", "duedate"},
     {"duedate", "due", "duedate"},
     {"lastviewed", "lastViewed", "lastViewed"},
     {"statuscategorychangeddate", "statusCategoryChangedDate", "statuscategorychangedate"}}};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool is_meant(const Field& field, const std::string& wanted) {
  if (lower(field.id) == wanted || lower(field.name) == wanted) return true;
  return std::any_of(field.clauses.begin(), field.clauses.end(),
                     [&](const std::string& clause) { return lower(clause) == wanted; });
}

StatusSet none_of(const std::vector<KnownStatus>& statuses) {
  StatusSet set;
  for (const KnownStatus& status : statuses) set.known.insert(status.status.id);
  return set;
}

/// Configured names must be ones that Jira has: a name with a typing error would make every issue unfinished.
core::Result<StatusSet> configured(const std::vector<KnownStatus>& statuses, const std::vector<std::string>& names) {
  StatusSet set = none_of(statuses);
  for (const std::string& name : names) {
    bool known = false;
    for (const KnownStatus& status : statuses) {
      if (lower(status.status.name) != lower(name) && status.status.id != name) continue;
      known = true;
      set.ids.insert(status.status.id);
    }
    if (!known) {
      std::vector<std::string> all;
      all.reserve(statuses.size());
      for (const KnownStatus& status : statuses) all.push_back(status.status.name);
      const std::string near = core::nearest(name, all);
      return core::Error{
          "RG1713",
          fmt::format("Jira has no status `{}`", core::printable(name)),
          near.empty() ? "write it as the workflow does" : fmt::format("did you mean `{}`?", core::printable(near)),
          {},
          {}};
    }
    set.add_name(name);
  }
  return set;
}

StatusSet of_category(const std::vector<KnownStatus>& statuses, std::string_view category) {
  StatusSet set = none_of(statuses);
  for (const KnownStatus& status : statuses) {
    if (status.category != category) continue;
    set.ids.insert(status.status.id);
    // A status that was deleted keeps its name in old changelogs; one of the same name stands for it.
    set.add_name(status.status.name);
  }
  return set;
}

}  // namespace

std::optional<DateField> system_date_field(std::string_view name) {
  const std::string wanted = lower(name);
  for (const SystemField& field : kSystemFields) {
    if (field.name != wanted) continue;
    return DateField{std::string(field.clause), std::string(field.id), field.id == "duedate" ? Grain::day : Grain::moment};
  }
  return std::nullopt;
}

core::Result<Field> find_field(const std::vector<Field>& fields, std::string_view name) {
  std::vector<Field> found;
  const std::string wanted = lower(name);
  std::copy_if(fields.begin(), fields.end(), std::back_inserter(found),
               [&](const Field& field) { return is_meant(field, wanted); });
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    std::vector<std::string> names;
    names.reserve(fields.size());
    for (const Field& field : fields) names.push_back(field.name);
    const std::string near = core::nearest(name, names);
    return core::Error{"RG1712",
                       fmt::format("Jira has no field `{}`, or this user may not see it", name),
                       near.empty() ? "its name or id stands under Settings, Issues, Custom fields"
                                    : fmt::format("did you mean `{}`?", core::printable(near)),
                       {},
                       {}};
  }
  std::vector<std::string> ids;
  ids.reserve(found.size());
  for (const Field& field : found) ids.push_back(field.id);
  return core::Error{"RG1712",
                     fmt::format("Jira has {} fields `{}`", found.size(), name),
                     "name one by its id: " + core::list_names(ids),
                     {},
                     {}};
}

std::optional<core::Window> asked_window(const std::optional<core::Window>& window, Grain grain) {
  if (!window || grain == Grain::moment) return window;
  constexpr std::chrono::hours kFarthestZone{14};
  return core::Window{window->start - kFarthestZone, window->end + kFarthestZone};
}

DateField date_field(const Field& field) {
  const Grain grain = field.type == "date" ? Grain::day : Grain::moment;
  for (const std::string& clause : field.clauses) {
    if (clause.starts_with("cf[")) return {clause, field.id, grain};
  }
  return {jql_name(field.clauses.empty() ? field.name : field.clauses.front()), field.id, grain};
}

core::Result<Workflow> make_workflow(const std::vector<KnownStatus>& statuses, const std::vector<std::string>& in_progress,
                                     const std::vector<std::string>& done) {
  Workflow workflow{of_category(statuses, "indeterminate"), of_category(statuses, "done")};
  if (!in_progress.empty()) {
    auto own = configured(statuses, in_progress);
    if (!own) return own.error();
    workflow.in_progress = std::move(own).value();
  }
  if (!done.empty()) {
    auto own = configured(statuses, done);
    if (!own) return own.error();
    workflow.done = std::move(own).value();
  }
  return workflow;
}

}  // namespace gate::sources::jira
