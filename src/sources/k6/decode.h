// K6Report: the summary of a run of k6, in either of its two forms.
#pragma once

#include <map>
#include <string>

#include "sources/report_source.h"

namespace gate::sources::k6 {

struct Metric {
  std::map<std::string, double, std::less<>> numbers;   ///< "avg", "p(95)", "count", "rate", "passes", …
  std::map<std::string, bool, std::less<>> thresholds;  ///< whether each was kept
};

struct K6Report final : Report {
  std::map<std::string, Metric, std::less<>> metrics;
};

/// Reads --summary-export (numbers beside each other; a threshold is *true* when it was crossed) or the data of handleSummary()
/// (numbers under `values`; a threshold is { ok }). Throws core::SourceError: RG1401, RG1502 to RG1504.
/// https://grafana.com/docs/k6/latest/results-output/end-of-test/custom-summary/, https://github.com/grafana/k6/issues/1498
std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files, std::uint64_t max_bytes);

/// Response times (ms) of http_req_duration, error_rate and check_rate (%), throughput (1/s), thresholds_crossed, any
/// statistic.
Measured measure(const ReportQuestion& question, const Report& report, const Report* before);

}  // namespace gate::sources::k6
