#include "report/codequality.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "report/json_text.h"
#include "report/layout.h"
#include "report/standing.h"

namespace gate::report {
namespace {

using Json = nlohmann::ordered_json;

const char* severity_of(const Finding& finding) {
  switch (finding.standing) {
    case Standing::fails:
      return "critical";
    case Standing::errs:
      return "major";
    case Standing::warns:
      return "minor";
    case Standing::open:
    case Standing::holds:
      break;
  }
  return finding.blocks ? "minor" : "info";
}

}  // namespace

std::string to_codequality(const core::Report& report) {
  Json list = Json::array();
  for (const Finding& finding : findings_of(report)) {
    Json one;
    one["description"] = finding.text;
    one["check_name"] = finding.rule;
    one["fingerprint"] = finding.fingerprint;
    one["severity"] = severity_of(finding);
    // GitLab wants a line: the first one for what stands elsewhere.
    one["location"] = Json{{"path", core::printable(marked_file(report))},
                           {"lines", Json{{"begin", std::max<std::uint32_t>(finding.line, 1)}}}};
    list.push_back(std::move(one));
  }
  std::string out;
  append_json(out, list, 0);
  return core::with_json_escapes(out + "\n");
}

}  // namespace gate::report
