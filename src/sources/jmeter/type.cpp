// What the rest of the program is told of JMeter.
#include "sources/jmeter/decode.h"
#include "sources/report_rows.h"

namespace gate::sources::jmeter {
namespace {

using core::KeyType;

std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files, const Workspace& workspace,
                                   const core::Settings& /*source*/) {
  auto report = std::make_unique<JmeterReport>();
  for (WorkspaceFile& one : files) {
    const std::string line = first_line(one);
    line.starts_with('<') ? read_xml_file(one, workspace.max_bytes, *report) : read_csv(one, *report);
  }
  for (const Sample& sample : report->samples) {
    const core::Time end{std::chrono::milliseconds(sample.start_ms + sample.elapsed_ms)};
    report->newest = std::max(report->newest.value_or(end), end);
  }
  report->oldest = report->newest;
  return report;
}

core::Diagnostics check(const core::Settings& query) {
  core::Diagnostics out;
  if (query.has("threshold") && query.text("measure").value_or("") != "apdex") {
    report_key(out, "RG1506", "`threshold` is only read with measure = \"apdex\"", "remove it",
               query.location("threshold", query.location_of_table));
  }
  return out;
}

ReportType report_type() {
  ReportType out;
  out.type = "jmeter";
  out.title = "JMeter result files (JTL): CSV and XML";
  out.noun = "result file";
  out.measures = {
      {"p95", "ms", "response time that 95 of 100 requests did not exceed"},
      {"p90", "ms", "of 90 of 100"},
      {"p99", "ms", "of 99 of 100"},
      {"p999", "ms", "of 999 of 1000"},
      {"median", "ms", "of one in two"},
      {"mean", "ms", "mean response time"},
      {"min", "ms", "the shortest response time"},
      {"max", "ms", "the longest response time"},
      {"error_rate", "%", "requests that failed, of all"},
      {"throughput", "1/s", "requests a second, from the first one's start to the last one's end"},
      {"apdex", "1", "share of satisfied users, tolerating ones by half, by `threshold`"},
      {"requests", "1", "how many there were"},
      {"errors", "1", "how many failed"},
      {"duration", "s", "from the first request's start to the last one's end"},
  };
  out.query_keys = {
      {"label", KeyType::text, "requests of this label; without it, all"},
      {"threshold", KeyType::duration, "for apdex: the response time that satisfies (500ms)"},
  };
  out.each = {"label"};
  out.source_example = R"(path          = "results.jtl"               # relative to this file
baseline_path = "main/results.jtl"          # of the version before, where it is at hand
)";
  out.example = R"(measure = "p95"
better  = "lower"
fail    = { above = "500ms", increase_over = "10%" }
)";
  out.max_bytes = std::uint64_t{4} << 30;
  out.read = read;
  out.measure = measure;
  out.check = check;
  return out;
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  return report_source_type<report_type>();
}

}  // namespace gate::sources::jmeter
