// PosixZone: the rule by which a zone changes its clocks in years to come, "CET-1CEST,M3.5.0,M10.5.0/3".
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace gate::core {

struct PosixZone {
  /// From `at` on, clocks are `ahead` of UTC.
  struct Change {
    Time at;
    Duration ahead;
  };
  /// The nth (5: last) weekday (0: Sunday) of a month, at a time of the day that may lie outside of it.
  struct Day {
    int month = 0;
    int week = 0;
    int weekday = 0;
    Duration time{};
  };

  Duration standard{};  ///< ahead of UTC
  Duration summer{};
  Day summer_begins;
  Day summer_ends;

  /// The two changes of `year`, in order.
  [[nodiscard]] std::vector<Change> changes(int year) const;
};

/// Nothing for a zone that never changes its clocks, and for forms of the rule that no zone of the database uses.
/// POSIX.1-2017, section 8.3, with RFC 8536's wider hours.
std::optional<PosixZone> parse_posix_zone(std::string_view text);

}  // namespace gate::core
