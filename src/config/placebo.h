// Placebo: which earlier days tell how much a metric moves at these hours without a release.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/time.h"
#include "core/zone.h"

namespace gate::config {

/// The same difference between the same hours on earlier days of the calendar of `zone`.
struct Placebo {
  enum class Days {
    every,    ///< each `every` days back: 7 for the same day of earlier weeks
    weekdays  ///< Monday to Friday
  };

  Days days = Days::every;
  int every = 7;          ///< days
  std::size_t count = 6;  ///< usable days that are looked for
  core::Zone zone;
  std::string zone_name = "UTC";
  std::vector<core::Time> releases;  ///< days with one of these in their windows are left out
  core::Location location;
};

/// Fewer days than this teach no spread.
inline constexpr std::size_t kLeastPlaceboDays = 4;

}  // namespace gate::config
