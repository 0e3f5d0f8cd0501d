#include "sources/trivy/decode.h"

#include <fmt/format.h>

#include "core/text.h"
#include "sources/json_at.h"

namespace gate::sources::trivy {
namespace {

/// The target of an image's packages has the image's tag in its name, which is another one for each version.
std::string target_of(const JsonAt& result) {
  return result.text_of("Class") == "os-pkgs" ? result.text_of("Type") : result.text_of("Target");
}

/// Names of the members that make up the finding.
struct Shape {
  std::string_view id;
  std::string_view subject;  ///< the package; "" when the target is it
  std::vector<std::string_view> also;
};

Finding read_finding(const JsonAt& from, const Shape& shape, const std::string& target) {
  Finding out;
  out.id = from.need(shape.id).text();
  const std::string subject = shape.subject.empty() ? "" : from.text_of(shape.subject);
  out.where = subject.empty() ? target : subject;
  out.identity = fmt::format("{}\n{}\n{}", out.id, subject, target);
  for (const std::string_view key : shape.also) out.identity += "\n" + from.text_of(key);
  out.severity = severity_of_word(from.text_of("Severity"));
  for (const JsonAt& alias : from.items_of("VendorIDs")) out.aliases.push_back(alias.text());
  return out;
}

const Shape& shape_of(std::string_view kind) {
  static const Shape vulnerability{"VulnerabilityID", "PkgName", {"PkgPath"}};
  static const Shape misconfiguration{"ID", "", {"Message"}};
  static const Shape secret{"RuleID", "", {"Match"}};
  static const Shape license{"Name", "PkgName", {"FilePath"}};
  if (kind == "misconfiguration") return misconfiguration;
  if (kind == "secret") return secret;
  return kind == "license" ? license : vulnerability;
}

/// What Trivy left out by VEX or an ignore file, where it was asked to show it.
void add_suppressed(const JsonAt& result, const std::string& target, FindingsReport& report) {
  for (const JsonAt& one : result.items_of("ExperimentalModifiedFindings")) {
    const auto finding = one.find("Finding");
    if (!finding) continue;
    Finding out = read_finding(*finding, shape_of(one.text_of("Type")), target);
    out.is_suppressed = true;
    report.findings.push_back(std::move(out));
  }
}

void add_result(const JsonAt& result, FindingsReport& report) {
  const std::string target = target_of(result);
  const auto add = [&](std::string_view list, std::string_view kind) {
    for (const JsonAt& one : result.items_of(list)) {
      // Checks that passed are in the list, too, where they were asked for.
      if (kind == "misconfiguration" && one.text_of("Status") != "FAIL") continue;
      report.findings.push_back(read_finding(one, shape_of(kind), target));
    }
  };
  add("Vulnerabilities", "vulnerability");
  add("Misconfigurations", "misconfiguration");
  add("Secrets", "secret");
  add("Licenses", "license");
  add_suppressed(result, target, report);
}

}  // namespace

void read(WorkspaceFile& file, const Workspace& workspace, const core::Settings& /*source*/, FindingsReport& report) {
  read_json(file, workspace.max_bytes, [&](const JsonAt& root) {
    if (!root.is_object() || !root.find("SchemaVersion")) {
      throw_wrong_form(root.place(), "it is no JSON report of Trivy's", "trivy --format json --output FILE");
    }
    if (root.need("SchemaVersion").number() != 2.0) {
      throw_wrong_form(root.place(), "its SchemaVersion is not 2", "use a Trivy from 0.20 on");
    }
    if (const auto written = core::parse_time(root.text_of("CreatedAt"))) report.made_at(*written);
    const auto results = root.items_of("Results");
    if (results.empty()) {
      report.notes.push_back(fmt::format("{} lists no target: Trivy found nothing that it could scan, or all of it is clean",
                                         core::printable(file.path)));
    }
    for (const JsonAt& result : results) add_result(result, report);
  });
}

}  // namespace gate::sources::trivy
