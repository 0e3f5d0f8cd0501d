// The criteria of a metric, judged against one reference, or against two where the file names an anchor. Private to judge.
#pragma once

#include <optional>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/report.h"
#include "judge/comparison.h"
#include "judge/criterion.h"

namespace gate::judge {

/// The anchor as a second reference.
struct Anchor {
  MadeComparison made;
  Evidence evidence;
};

/// The anchor of `measurement` beside `evidence`, which is that of the first reference; nothing without one.
std::optional<Anchor> anchor_of(const Evidence& evidence, const config::Metric& metric, const core::Measurement& measurement);

/// Fills out.criteria: each is the worse of what it makes of the references. Returns which the anchor (or nullptr) decided.
std::vector<bool> judge_criteria(core::MetricReport& out, const config::Metric& metric, const Evidence& evidence,
                                 const Anchor* anchor);

/// Puts the comparison with the anchor in the place of the first one, where it decided.
void show_anchor(core::MetricReport& out, const config::Metric& metric, const Anchor& anchor);

}  // namespace gate::judge
