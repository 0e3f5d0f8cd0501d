// EventQuery: what a metric asks of event logs, and the same question as the file source understands it. Not for reading them.
#pragma once

#include <string>
#include <vector>

#include "core/settings.h"

namespace gate::sources::event_log {

enum class Measure {
  active_users,    ///< different users with an event in the window; where the source knows who is eligible, of these alone
  eligible_users,  ///< different users of the list
  events,          ///< rows, or different ids where the log has any
  cohort_users,    ///< users by when they were first seen, before the window
  retained_users,  ///< of these, the ones with an event in the window
  funnel_users,    ///< users who got through all steps, or with `each` through each but the first
  funnel_from,     ///< users who took the first step, or with `each` the one before
};

struct EventQuery {
  Measure measure = Measure::active_users;
  std::string path;
  std::string user;                                    ///< the column of users
  std::string event_column;                            ///< the column that says what happened
  std::vector<std::string> events;                     ///< which of them count; empty: all
  std::string event_id;                                ///< the column of ids; "" when there is none
  std::string eligible;                                ///< the files of eligible users; "" when there are none
  std::string eligible_user;                           ///< their column of users
  core::Node where;                                    ///< a table; none when it is no table
  std::string counting;                                ///< "hyperloglog" for an estimate, "" for exact
  core::Duration cohort = std::chrono::hours(24 * 7);  ///< how long a cohort is
  std::size_t cohorts = 4;                             ///< how many, back from the start of the window
  std::vector<std::string> steps;                      ///< of a funnel: events, in order; empty for another measure
  core::Duration within = std::chrono::hours(24);      ///< of a funnel: from the first step to the last
};

/// Whether it is about single users over time, which the file source does not know.
[[nodiscard]] bool is_of_users(Measure measure);

/// Which users count.
enum class Among { all, eligible };

/// The id under which the list of eligible users is known to the file source.
inline constexpr const char* kEligible = "eligible users";

/// Reads the keys; every mistake goes to `diagnostics`: RG1403, RG1410, RG1505, RG1506, RG1507 (no list of eligible users).
EventQuery read_query(const core::Settings& query, core::Diagnostics& diagnostics);

/// "retained_users, cohorts of 7d", for people and for the tape.
std::string describe(const EventQuery& query);

/// The keys of a question to the file source: `distinct`, `where`, `in`.
core::Settings file_query(const EventQuery& query, Among among);

/// The keys of a file source over the list of eligible users, whose rows hold at any time.
core::Settings eligible_settings(const EventQuery& query);

}  // namespace gate::sources::event_log
