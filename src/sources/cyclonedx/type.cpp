// What the rest of the program is told of CycloneDX.
#include "sources/cyclonedx/decode.h"

namespace gate::sources::cyclonedx {
namespace {

const ReportType& report_type() {
  static const ReportType type = [] {
    ReportType out = findings_type();
    out.type = "cyclonedx";
    out.title = "CycloneDX: vulnerabilities of a BOM, with VEX";
    out.noun = "CycloneDX document";
    out.source_keys.push_back({"vex", core::KeyType::text, "CycloneDX documents whose analyses hold for these findings, too"});
    out.source_example = R"(path          = "bom.json"
baseline_path = "main/bom.json"   # of the version before, where it is at hand
)";
    out.example = R"(measure  = "total"
severity = ["critical", "high"]
better   = "lower"
fail     = { above = 0 }
)";
    out.read = [](std::vector<WorkspaceFile>& files, const Workspace& workspace, const core::Settings& source) {
      return read_findings(files, workspace, source, read);
    };
    return out;
  }();
  return type;
}

}  // namespace

const SourceType& type();

/// For the registry.
const SourceType& type() {
  static const SourceType type = report_source_type<report_type>();
  return type;
}

}  // namespace gate::sources::cyclonedx
