// What the rest of the program is told of Trivy.
#include "sources/trivy/decode.h"

namespace gate::sources::trivy {
namespace {

ReportType report_type() {
  ReportType out = findings_type();
  out.type = "trivy";
  out.title = "Trivy: its JSON report";
  out.noun = "Trivy report";
  out.source_example = R"(path          = "trivy.json"
baseline_path = "main/trivy.json"   # of the version before, where it is at hand
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

}  // namespace gate::sources::trivy
