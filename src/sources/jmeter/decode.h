// JmeterReport: the requests of load tests, from JMeter's result files (JTL) in CSV or XML.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sources/report_source.h"

namespace gate::sources::jmeter {

struct Sample {
  std::int64_t start_ms = 0;    ///< Unix time
  std::int64_t elapsed_ms = 0;  ///< until the last byte
  std::uint32_t label = 0;      ///< place in JmeterReport::labels
  bool ok = false;
};

struct JmeterReport final : Report {
  std::vector<Sample> samples;  ///< requests: no sub-samples, no transactions
  std::vector<std::string> labels;
  std::size_t transactions = 0;  ///< rows that sum up others, left out

  std::uint32_t label_of(std::string_view name);

 private:
  std::map<std::string, std::uint32_t, std::less<>> known_;
};

/// Whether a message is that of a transaction controller, whose sample sums up others.
/// https://jmeter.apache.org/usermanual/component_reference.html#Transaction_Controller
bool is_transaction(std::string_view message);

/// Adds one sample. Throws RG1504 about `place`: times that are no milliseconds, `ok` that is neither true nor false.
void add_sample(JmeterReport& report, std::string_view start, std::string_view elapsed, std::string_view ok,
                std::string_view label, const std::function<std::string()>& place);

/// https://jmeter.apache.org/usermanual/listeners.html#csvlogformat. A file without header has the columns of JMeter's
/// defaults. Throws core::SourceError: RG1401, RG1406, RG1407, RG1503, RG1504.
void read_csv(WorkspaceFile& file, JmeterReport& report);
/// https://jmeter.apache.org/usermanual/listeners.html#xmlformat2.1. Nested samples belong to the one around them, unless that
/// is a transaction.
void read_xml_file(WorkspaceFile& file, std::uint64_t max_bytes, JmeterReport& report);

/// Response times (ms) of successful and failed requests alike, by nearest rank; error_rate (%); throughput (1/s) from the
/// first request's start to the last one's end; apdex.
Measured measure(const ReportQuestion& question, const Report& report, const Report* before);

}  // namespace gate::sources::jmeter
