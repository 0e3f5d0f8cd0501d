// What the rest of the program is told of coverage reports.
#include "sources/coverage/decode.h"

namespace gate::sources::coverage {
namespace {

ReportType report_type() {
  ReportType out;
  out.type = "coverage";
  out.title = "Coverage reports: Cobertura XML, LCOV";
  out.noun = "coverage report";
  out.measures = {
      {"line_coverage", "%", "lines that ran, of those that can"},
      {"branch_coverage", "%", "branches that were taken, of all"},
      {"uncovered_lines", "1", "lines that did not run"},
      {"lines", "1", "lines that can run"},
  };
  out.source_example = R"(path          = "coverage/lcov.info"        # or Cobertura's XML, relative to this file
baseline_path = "main/lcov.info"            # of the version before, where it is at hand
)";
  out.example = R"(measure = "line_coverage"
better  = "higher"
fail    = { below = "80%" }
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

}  // namespace gate::sources::coverage
