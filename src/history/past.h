// Which earlier releases a metric is compared with: the last that passed, each by one of its runs. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/past.h"
#include "core/unit.h"
#include "history/run.h"

namespace gate::history {

/// What is wanted of the past of one metric.
struct PastQuestion {
  std::string metric;
  std::string estimand;
  core::Unit unit;
  std::size_t releases = 10;
  std::string anchor;     ///< a version, "" without one
  bool findings = false;  ///< kind findings: what was open at the newest release that passed, and not a value
};

/// The release that is judged now: it and what came after it are not its past.
struct Present {
  std::string gate;
  std::string release;
  core::Time released_at{};
  core::Time now{};
};

/// Releases that people have marked, by Run::release_key: true for good, false for bad.
using Marks = std::map<std::string, bool>;

/// One release and the runs that its values may be taken from, newest first; ids.
struct PassedRelease {
  std::string key;
  std::vector<std::string> runs;
  bool by_mark = false;  ///< it counts because people say so, whatever its verdicts were
};

/// The releases before `present` that passed, newest first. `runs` are of one gate, without metrics, in any order.
///
/// A release has passed when the newest of its complete runs with the verdict pass, warn or fail did not fail; inconclusive
/// runs and errors say nothing about it. A mark of a person beats all runs.
std::vector<PassedRelease> passed_releases(const std::vector<Run>& runs, const Marks& marks, const Present& present);

/// The ids of the runs whose metrics past_of() looks at: of as many of the releases as `question` may need, and of the anchor.
std::vector<std::string> runs_to_read(const std::vector<PassedRelease>& passed, const std::vector<Run>& runs,
                                      const PastQuestion& question, const Present& present);

/// A run and what it says of a metric.
struct RunOfMetric {
  const Run* run = nullptr;
  const RunMetric* metric = nullptr;
};

/// The newest of the `passed` releases of which the findings of the metric are kept, of the same estimand and, as for values,
/// by a run in which the metric did not fail; nothing when there is none.
std::optional<RunOfMetric> run_with_findings(const PastQuestion& question, const std::vector<PassedRelease>& passed,
                                             const std::vector<Run>& runs);

/// The past of the metric, or of each of its series, by id. `runs` have their metrics. A value counts when enough data were
/// behind it, its metric did not fail (unless the release counts by a mark), and it is of the same estimand in a unit that
/// fits; the newest run of a release that has one gives it.
std::map<std::string, core::PastReleases> past_of(const PastQuestion& question, const std::vector<PassedRelease>& passed,
                                                  const std::vector<Run>& runs, const Present& present);

}  // namespace gate::history
