// The measurement of a derived metric, made of those of the metrics in its formula. Private to judge.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"

namespace gate::judge {

/// What was derived already, by the ids of metrics: each formula is evaluated once, however many others name it.
using Derived = std::map<std::string, core::Measurement>;

/// The formula of `metric` evaluated on each side, in its unit, with a standard error by the delta method (stats/delta.h) where
/// all parts have one, and for each earlier day where all parts have a placebo. A part in error makes it an error, one that is
/// pending makes it pending, one without usable data leaves it without; the part is named. `blank` is what was measured for it:
/// nothing, but whether it is left out.
const core::Measurement& derive(const config::Gate& gate, const config::Metric& metric, const core::Measurement& blank,
                                const std::vector<core::Measurement>& measurements, core::Time now, Derived& known);

}  // namespace gate::judge
