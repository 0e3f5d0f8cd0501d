// What the rest of the program is told of CycloneDX.
#include "sources/cyclonedx/decode.h"

namespace gate::sources::cyclonedx {
namespace {

ReportType report_type() {
  ReportType out = findings_type();
  out.type = "cyclonedx";
  out.title = "CycloneDX: vulnerabilities of a BOM, with VEX";
  out.noun = "CycloneDX document";
  out.source_keys.push_back({"vex", core::KeyType::text, "CycloneDX documents whose analyses hold for these findings, too"});
  out.source_example = R"(path          = "bom.json"
baseline_path = "main/bom.json"   # of the version before, where it is at hand
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

}  // namespace gate::sources::cyclonedx
