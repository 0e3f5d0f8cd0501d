// What the rest of the program is told of k6.
#include "sources/k6/decode.h"

namespace gate::sources::k6 {
namespace {

using core::KeyType;

core::Diagnostics check(const core::Settings& query) {
  core::Diagnostics out;
  const bool is_any = query.text("measure").value_or("") == "statistic";
  if (is_any != query.has("statistic") || (is_any && !query.has("name"))) {
    report_key(out, "RG1506",
               is_any ? "`measure = \"statistic\"` needs `name` and `statistic`"
                      : "`statistic` is only read with measure = \"statistic\"",
               "measure = \"statistic\", name = \"ws_connecting\", statistic = \"p(95)\"",
               query.location("statistic", query.location_of_table));
  }
  return out;
}

ReportType report_type() {
  ReportType out;
  out.type = "k6";
  out.title = "k6: the summary of a run";
  out.noun = "summary of k6";
  out.measures = {
      {"p95", "ms", "response time that 95 of 100 requests did not exceed"},
      {"p90", "ms", "of 90 of 100"},
      {"p99", "ms", "of 99 of 100, where --summary-trend-stats asks for it"},
      {"median", "ms", "of one in two"},
      {"mean", "ms", "mean response time"},
      {"min", "ms", "the shortest"},
      {"max", "ms", "the longest"},
      {"error_rate", "%", "requests that failed, of all"},
      {"check_rate", "%", "checks that were kept, of all"},
      {"throughput", "1/s", "requests a second"},
      {"requests", "1", "how many there were"},
      {"iterations", "1", "how often the script ran"},
      {"thresholds_crossed", "1", "thresholds of the script that were not kept"},
      {"statistic", "", "any number of any metric"},
  };
  out.query_keys = {
      {"name", KeyType::text, "a metric or submetric instead of the usual one: http_req_duration{expected_response:true}"},
      {"statistic", KeyType::text, "for measure = \"statistic\": the number, such as p(95) or rate"},
  };
  out.source_example =
      R"(path          = "summary.json"              # of k6 run --summary-export=summary.json; relative to this file
baseline_path = "main/summary.json"         # of the version before, where it is at hand
)";
  out.example = R"(measure = "p95"
better  = "lower"
fail    = { above = "500ms", increase_over = "10%" }
)";
  out.read = [](std::vector<WorkspaceFile>& files, const Workspace& workspace, const core::Settings& /*source*/) {
    return read(files, workspace.max_bytes);
  };
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

}  // namespace gate::sources::k6
