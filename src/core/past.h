// What earlier releases of a gate were measured at: the history's part of a measurement. Made by history, compared by judge.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/findings.h"
#include "core/samples.h"
#include "core/time.h"

namespace gate::core {

/// One release, for one metric or one series of it.
struct PastRelease {
  std::string run;      ///< id of the run that measured it
  std::string version;  ///< "" when its gate was not told
  Time released_at{};   ///< its deployment; when it was judged, where that was not told
  double value = 0.0;   ///< in the metric's unit
  std::size_t samples = 0;
  std::optional<Duration> window;  ///< the length of what it was measured over
};

struct PastReleases {
  Labels labels;                  ///< which series of the metric
  std::vector<PastRelease> last;  ///< that passed, oldest first
  bool in_newest = false;         ///< the newest release that passed has it
  std::size_t unlike = 0;         ///< releases that passed and were measured as something else, or in a unit that does not fit
  std::optional<PastRelease> anchor;     ///< the release that the file names, if the history has it
  std::optional<PastFindings> findings;  ///< kind findings: of the newest release that passed and kept them
  bool anchor_decides = false;           ///< the verdict is that of the comparison with the anchor
};

/// For people: the version, or when it was released.
std::string name_of(const PastRelease& release);

/// When a gate judged releases before, so that the days of releases can be told from quiet ones.
struct Releases {
  std::vector<Time> at;
  bool known = false;          ///< a history was asked
  std::optional<Error> error;  ///< and could not be read
};

/// All that was read in a run, by the ids of metrics and series; or why nothing could be read.
struct Past {
  std::map<std::string, PastReleases> metrics;
  std::optional<Error> error;
};

}  // namespace gate::core
