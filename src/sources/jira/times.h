// Times as Jira writes and reads them. Not for windows: those are plan's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace gate::sources::jira {

/// "2020-12-03T14:05:20.974+0100", with "Z" or "+01:00" in place of "+0100" as well; nullopt for anything else, a bare date
/// among it.
std::optional<core::Time> parse_stamp(std::string_view text);

/// "2010-07-06": 00:00 UTC of that day, since a bare date names no zone; nullopt when it is no date.
std::optional<core::Time> parse_day(std::string_view text);

/// How the bounds of a window are written in JQL.
enum class JqlTimes {
  epoch,  ///< milliseconds since 1970: the same instant for every user
  text    ///< "yyyy-MM-dd HH:mm", which Jira reads in the zone of the user who asks
};

/// A bound at or before `start` (or at or after `end`), never inside the window, for any time zone of the user (UTC−12 to
/// UTC+14) and though Jira compares whole minutes at best: more is asked for than wanted, and the edges are checked on the
/// answer.
std::string lower_bound_text(core::Time start, JqlTimes times);
std::string upper_bound_text(core::Time end, JqlTimes times);

}  // namespace gate::sources::jira
