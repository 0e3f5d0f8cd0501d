// Design previous-releases: the candidate against the last releases that passed, and against the anchor. Private to judge.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/report.h"
#include "judge/comparison.h"
#include "judge/evidence.h"

namespace gate::judge {

/// Fewer releases than this teach no spread.
inline constexpr std::size_t kLeastReleases = 5;

bool has_releases(const config::Metric& metric);

/// The baseline as a side: the mean of the releases, or ("anchor") the one; no value without any.
core::Side releases_side(const core::PastReleases& past);
core::Side anchor_side(const core::PastRelease& anchor);

/// Releases as points over time, for charts.
core::Samples releases_series(const core::PastReleases& past);

/// Whether there are enough releases, and the anchor that the file names; where not, how many are missing.
SideEvidence releases_evidence(const config::Metric& metric, const core::PastReleases& past);

/// Against the mean of the releases (stats/prediction.h); two bare numbers for method point. With an anchor, harm against
/// either is a violation, so that each of the two proves it at half the level.
MadeComparison compare_releases(const config::Metric& metric, const core::PastReleases& past, double candidate);
MadeComparison compare_anchor(const config::Metric& metric, const core::PastReleases& past, double candidate);

/// "the last 8 releases that passed", "release 1.40.0, the anchor".
std::string releases_text(const core::PastReleases& past);
std::string anchor_text(const core::PastRelease& anchor);

/// What a reader should know of them.
std::vector<std::string> releases_notes(const core::PastReleases& past, const core::SideMeasurement& candidate);

}  // namespace gate::judge
