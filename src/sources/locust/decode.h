// LocustReport: what a run of Locust left with --csv: statistics, their history, failures, exceptions. Each file is one of the
// four.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sources/report_source.h"

namespace gate::sources::locust {

/// One row of statistics. Numbers by column; those that are not given ("N/A") are missing.
struct Row {
  std::string type;  ///< "GET"; "" for all requests together
  std::string name;  ///< "Aggregated" for all requests together
  std::map<std::string, double, std::less<>> numbers;
};

struct Failure {
  std::string type;
  std::string name;
  std::string error;
  double occurrences = 0.0;
};

/// One that the script of the test has thrown: no request's failure, but the test's own.
struct Exception {
  std::string message;
  double count = 0.0;
};

struct LocustReport final : Report {
  std::vector<Row> stats;    ///< of the whole run, one a request and one "Aggregated"
  std::vector<Row> history;  ///< of moments, in their order
  std::vector<Failure> failures;
  bool has_failures_file = false;
  std::vector<Exception> exceptions;
  bool has_exceptions_file = false;
};

/// Reads PREFIX_stats.csv, PREFIX_stats_history.csv, PREFIX_failures.csv and PREFIX_exceptions.csv, told apart by their
/// headers. Throws core::SourceError: RG1401, RG1406, RG1407, RG1503, RG1504 (two runs, a number that is none).
/// https://docs.locust.io/en/stable/retrieving-stats.html
std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files);

/// How often something happened, and what.
using Counted = std::pair<double, std::string>;

/// For notes: "3 × what", the most frequent first, a few at most, and how many more there are.
std::vector<std::string> most_frequent(std::vector<Counted> all);

/// Response times (ms), error_rate (%), throughput (1/s), counts, of the whole run; peaks of its history.
Measured measure(const ReportQuestion& question, const Report& report, const Report* before);

}  // namespace gate::sources::locust
