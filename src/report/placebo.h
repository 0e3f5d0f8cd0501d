// Placebo: what these hours did on earlier days beside what they did now, as a line and as a strip. Judges nothing.
#pragma once

#include <optional>
#include <string>

#include "core/report.h"
#include "report/layout.h"

namespace gate::report {

/// "before 312 ms; 6 earlier weeks moved it by +6.1 to +9.8 % at these hours, this release by +31 % ▂▃▂▁▃▂┃█": as shares where
/// days are compared by their ratio, else in the metric's unit. "" without a placebo, or where it does not decide.
std::string placebo_line(const core::MetricReport& metric, Charset charset);

/// A strip of the earlier moves as SVG, with the interval that one day without a release is expected in as a box, and the move
/// of this release. nullopt where placebo_line() is "".
std::optional<std::string> placebo_chart(const core::MetricReport& metric);

}  // namespace gate::report
