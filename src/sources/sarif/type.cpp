// What the rest of the program is told of SARIF.
#include "sources/sarif/decode.h"

namespace gate::sources::sarif {
namespace {

ReportType report_type() {
  ReportType out = findings_type();
  out.type = "sarif";
  out.title = "SARIF 2.1.0: CodeQL, Semgrep, ESLint, clang-tidy, …";
  out.noun = "SARIF log";
  for (MeasureSpec& measure : out.measures) {
    if (measure.name == "new") measure.compares = MeasureSpec::Compares::may_have_compared;
  }
  out.source_example = R"(path          = "results.sarif"
baseline_path = "main/results.sarif"   # of the version before, where it is at hand
)";
  out.read = read_findings_as<read>;
  return out;
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  return report_source_type<report_type>();
}

}  // namespace gate::sources::sarif
