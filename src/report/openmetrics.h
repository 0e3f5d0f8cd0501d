// Openmetrics: the figures of a report as a scrape, for the Pushgateway and GitLab's metrics report. A renderer.
#pragma once

#include <string>

#include "core/report.h"

namespace gate::report {

/// Gauges: release_gate_verdict and release_gate_metric_verdict (1 for the verdict that it is, 0 for the others),
/// release_gate_value (in the metric's unit, a side each), release_gate_change_ratio and release_gate_score. Without times and
/// without anything that differs between two runs with the same outcome, since GitLab compares the lines as text; blanks,
/// quotes, "#", backslashes and "%" of names are percent-encoded ("_" in units), since it splits lines as a shell does.
/// https://prometheus.io/docs/specs/om/open_metrics_spec/, https://docs.gitlab.com/ci/testing/metrics_reports/
std::string to_openmetrics(const core::Report& report);

}  // namespace gate::report
