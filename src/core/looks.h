// Looks: the moments of a watch, known before it begins. Not for what is seen at them.
#pragma once

#include <algorithm>
#include <cstddef>

#include "core/time.h"

namespace gate::core {

/// Looks 1 to count(), `every` apart, the last one at the horizon: `longest` after the opening. `every` and `longest` > 0.
struct Looks {
  Time opening{};  ///< when the first candidate window starts
  Duration every{};
  Duration longest{};
  Duration least{};  ///< no pass before it has gone by

  [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>((longest + every - Duration(1)) / every); }
  [[nodiscard]] Time at(std::size_t number) const {
    return opening + std::min(every * static_cast<Duration::rep>(number), longest);
  }
  [[nodiscard]] Time horizon() const { return opening + longest; }
  /// The number of the newest look that is not after `now`; 0 when there is none yet.
  [[nodiscard]] std::size_t newest(Time now) const {
    if (now >= horizon()) return count();
    return now < opening ? 0 : static_cast<std::size_t>((now - opening) / every);
  }
};

}  // namespace gate::core
