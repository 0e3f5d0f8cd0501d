// What the rest of the program is told of OSV-Scanner.
#include "sources/osv/decode.h"

namespace gate::sources::osv {
namespace {

ReportType report_type() {
  ReportType out = findings_type();
  out.type = "osv";
  out.title = "OSV-Scanner: its JSON report";
  out.noun = "OSV-Scanner report";
  out.source_example = R"(path          = "osv.json"
baseline_path = "main/osv.json"   # of the version before, where it is at hand
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

}  // namespace gate::sources::osv
