// What the rest of the program is told of test reports.
#include "sources/junit/decode.h"

namespace gate::sources::junit {
namespace {

ReportType report_type() {
  ReportType out;
  out.type = "junit";
  out.title = "Test reports in JUnit XML (JUnit, Surefire, Gradle, pytest, Jest, Go, …)";
  out.noun = "test report";
  out.measures = {
      {"pass_rate", "%", "tests that passed, of those that passed or failed"},
      {"failed", "1", "tests that failed or ended in an error"},
      {"new_failed", "1", "tests that fail and did not in the baseline", MeasureSpec::Compares::needs_baseline},
      {"flaky", "1", "tests that failed first and passed when they ran again"},
      {"passed", "1", "tests that passed, flaky ones among them"},
      {"skipped", "1", "tests that were skipped"},
      {"tests", "1", "all of them"},
      {"duration", "s", "the time of all tests, added up"},
  };
  out.source_example = R"(path          = "build/test-results/TEST-*.xml"   # relative to this file
baseline_path = "main/TEST-*.xml"                 # of the version before, where it is at hand
)";
  out.example = R"(measure = "failed"
better  = "lower"
fail    = { above = 0 }
)";
  out.read = [](std::vector<WorkspaceFile>& files, const Workspace& workspace, const core::Settings& /*source*/) {
    return read(files, workspace.max_bytes);
  };
  out.measure = measure;
  return out;
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  return report_source_type<report_type>();
}

}  // namespace gate::sources::junit
