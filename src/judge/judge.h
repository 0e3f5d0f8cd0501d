// Judge: measurements and criteria to outcomes, outcomes to verdicts. Knows neither sources nor transport; decides everything
// that a report says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/report.h"

namespace gate::judge {

/// How the run was asked to end, beside what was found.
struct Ending {
  bool exit_zero = false;  ///< --exit-zero: report without blocking
  std::optional<core::Override> override_;
  std::optional<int> signal;  ///< SIGINT or SIGTERM arrived
};

/// Judges every measurement of `gate`: metrics in `report`, the gate's verdict, exit code and headline. Fills those fields of a
/// Report whose others the caller sets. Pure: the same measurements give the same report.
core::Report judge(const config::Gate& gate, const std::vector<core::Measurement>& measurements, core::Time now,
                   const Ending& ending);

/// The two halves of `judge`. The metrics, series corrected for their number, in the order of the measurements:
std::vector<core::MetricReport> judge_metrics(const config::Gate& gate, const std::vector<core::Measurement>& measurements,
                                              core::Time now);
/// and what they come to.
core::Report conclude(const config::Gate& gate, std::vector<core::MetricReport> metrics, const Ending& ending);

/// One metric, or one series of it.
core::MetricReport judge_metric(const config::Metric& metric, const core::Measurement& measurement, core::Time now);

/// The exit code of a verdict, but for bugs (5) and signals: pass and warn 0, fail 1, inconclusive 3, error 4.
int exit_code(core::Verdict verdict);

}  // namespace gate::judge
