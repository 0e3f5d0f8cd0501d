// What the rest of the program is told of Locust.
#include <fmt/format.h>

#include "sources/locust/decode.h"

namespace gate::sources::locust {
namespace {

using core::KeyType;

core::Diagnostics check(const core::Settings& query) {
  core::Diagnostics out;
  if (query.text("measure").value_or("") != "exceptions") return out;
  for (const std::string_view key : {"name", "request_type"}) {
    if (!query.has(key)) continue;
    report_key(out, "RG1506", fmt::format("`{}` is not read with measure = \"exceptions\": they are of no request", key),
               "leave it out", query.location(key, query.location_of_table));
  }
  return out;
}

ReportType report_type() {
  ReportType out;
  out.type = "locust";
  out.title = "Locust: the CSV files of --csv";
  out.noun = "file of Locust's";
  out.measures = {
      {"p95", "ms", "response time that 95 of 100 requests did not exceed, as Locust rounds it"},
      {"p90", "ms", "of 90 of 100"},
      {"p99", "ms", "of 99 of 100"},
      {"median", "ms", "of one in two"},
      {"mean", "ms", "mean response time"},
      {"min", "ms", "the shortest"},
      {"max", "ms", "the longest"},
      {"error_rate", "%", "requests that failed, of all"},
      {"throughput", "1/s", "requests a second over the whole run"},
      {"requests", "1", "how many there were"},
      {"errors", "1", "how many failed"},
      {"failure_kinds", "1", "different failures, of PREFIX_failures.csv"},
      {"exceptions", "1", "errors of the load test's own script, of PREFIX_exceptions.csv"},
      {"peak_users", "1", "most users at a time, of PREFIX_stats_history.csv"},
      {"peak_p95", "ms", "the worst p95 of about ten seconds, of PREFIX_stats_history.csv"},
  };
  out.query_keys = {{"name", KeyType::text, "the request's name; without it, all together"},
                    {"request_type", KeyType::text, "the request's type, where a name has several: \"GET\""}};
  out.each = {"name"};
  out.source_example = R"(path          = "load_*.csv"                # of locust --csv load; relative to this file
baseline_path = "main/load_*.csv"           # of the version before, where it is at hand
)";
  out.example = R"(measure = "p95"
better  = "lower"
fail    = { above = "500ms", increase_over = "10%" }
)";
  out.read = [](std::vector<WorkspaceFile>& files, const Workspace& /*workspace*/, const core::Settings& /*source*/) {
    return read(files);
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

}  // namespace gate::sources::locust
