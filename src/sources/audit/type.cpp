// What the rest of the program is told of audits.
#include <algorithm>

#include "sources/audit/decode.h"

namespace gate::sources::audit {
namespace {

ReportType report_type() {
  ReportType out = findings_type();
  out.type = "audit";
  out.title = "Results of audits: controls that passed, failed or are waived until a day (CSV, JSON)";
  out.noun = "audit";
  out.measures.insert(out.measures.begin(), {{"failed", "1", "controls that failed, with those whose waiver has expired"},
                                             {"passed", "1", "controls that passed"},
                                             {"waived", "1", "controls that are waived, and whose waiver holds"},
                                             {"expired", "1", "waivers that hold no more"},
                                             {"past_due", "1", "controls that fail, and should have been mended by now"},
                                             {"controls", "1", "all that passed, failed or are waived"},
                                             {"pass_rate", "%", "controls that passed, of all"}});
  out.source_keys.clear();
  out.source_example = R"(path          = "audit.csv"        # relative to this file; CSV or JSON
baseline_path = "main/audit.csv"   # of the version before, where it is at hand
)";
  out.example = R"(measure = "failed"
better  = "lower"
fail    = { above = 0 }
)";
  out.read = read;
  out.measure = measure;
  return out;
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  return report_source_type<report_type>();
}

}  // namespace gate::sources::audit
