// Names: which field, status or clause a name of the gate file means. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sources/jira/decode.h"
#include "sources/jira/history.h"

namespace gate::sources::jira {

/// Whether a field holds a moment, or a day that begins in the zone of whoever looks.
enum class Grain { moment, day };

/// A date field: as JQL names it, and as answers do.
struct DateField {
  std::string clause;
  std::string id;
  Grain grain = Grain::moment;
};

/// The window to ask for, so that what is inside of `window` is in the answer: a day counts as 00:00 UTC here, and begins up to
/// 14 hours from then in Jira.
std::optional<core::Window> asked_window(const std::optional<core::Window>& window, Grain grain);

/// The fields that every Jira has, under the names JQL gives them ("resolved" is `resolutiondate` in an answer); nullopt for
/// others.
std::optional<DateField> system_date_field(std::string_view name);

/// The field that `name` means: its id, its name or one of its clauses, in any case. RG1712: none, or several of that name.
core::Result<Field> find_field(const std::vector<Field>& fields, std::string_view name);

/// As JQL names it: "cf[10111]" for a field of one's own, whose name need not be unique.
DateField date_field(const Field& field);

/// Which statuses are in progress and done: `in_progress` and `done` as they were configured, by the category of each status
/// where they are empty. RG1713: a configured status that Jira does not know.
core::Result<Workflow> make_workflow(const std::vector<KnownStatus>& statuses, const std::vector<std::string>& in_progress,
                                     const std::vector<std::string>& done);

}  // namespace gate::sources::jira
