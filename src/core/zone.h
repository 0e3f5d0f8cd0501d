// Zone: what a clock on the wall says in terms of UTC, by a fixed offset or by the system's time zone files. Not for showing
// times.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace gate::core {

class Zone {
 public:
  /// "UTC", "Z", "+02:00", "-0530", or a name of the IANA database ("Europe/Berlin"), read from $TZDIR or /usr/share/zoneinfo.
  /// RG1412 on anything else.
  static Result<Zone> find(std::string_view name);

  /// UTC.
  Zone() : Zone(Duration(0)) {}
  /// Always `ahead` of UTC.
  explicit Zone(Duration ahead);

  /// The instant at which clocks showed `local` (a wall-clock time counted as if it were UTC). Of an hour that comes twice, the
  /// first is meant; one that was skipped counts on from the offset before.
  [[nodiscard]] Time to_utc(Time local) const;
  /// How far clocks are ahead of UTC at the instant `time`.
  [[nodiscard]] Duration ahead(Time time) const;

 private:
  friend class ZoneFile;
  /// From `since` on, clocks are `ahead` of UTC.
  struct Span {
    Time since;
    Duration ahead;
  };

  explicit Zone(std::vector<Span> spans) : spans_(std::move(spans)) {}

  std::vector<Span> spans_;  ///< never empty, ascending; the first holds from ever
};

/// "+02:00" or "-0530" or "Z" as a duration ahead of UTC; false when it is none of that.
bool parse_offset(std::string_view text, Duration& ahead);

}  // namespace gate::core
