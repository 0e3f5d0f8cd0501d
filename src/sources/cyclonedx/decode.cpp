#include "sources/cyclonedx/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "sources/json_at.h"

namespace gate::sources::cyclonedx {
namespace {

/// A component of another document is named by a BOM-Link: urn:cdx:SERIAL/VERSION#REF.
std::string plain_ref(const std::string& ref) {
  const std::size_t mark = ref.starts_with("urn:cdx:") ? ref.find('#') : std::string::npos;
  return mark == std::string::npos ? ref : ref.substr(mark + 1);
}

bool is_closed(const JsonAt& vulnerability) {
  const auto analysis = vulnerability.find("analysis");
  const std::string state = analysis ? analysis->text_of("state") : "";
  return state == "not_affected" || state == "false_positive" || state.starts_with("resolved");
}

/// The worst of its ratings: those of several sources stand beside each other.
FindingSeverity severity_of(const JsonAt& vulnerability) {
  FindingSeverity worst = FindingSeverity::unknown;
  for (const JsonAt& rating : vulnerability.items_of("ratings")) {
    FindingSeverity one = severity_of_word(rating.text_of("severity"));
    const auto score = rating.find("score");
    if (one == FindingSeverity::unknown && score && rating.text_of("method").starts_with("CVSS")) {
      one = severity_of_score(score->number());
    }
    worst = std::min(worst, one);
  }
  return worst;
}

std::vector<std::string> refs_of(const JsonAt& vulnerability) {
  std::vector<std::string> out;
  for (const JsonAt& affected : vulnerability.items_of("affects")) {
    const auto versions = affected.items_of("versions");
    const bool is_spared = !versions.empty() && std::all_of(versions.begin(), versions.end(), [](const JsonAt& one) {
      return one.text_of("status") == "unaffected";
    });
    if (!is_spared) out.push_back(plain_ref(affected.need("ref").text()));
  }
  if (out.empty() && vulnerability.items_of("affects").empty()) out.emplace_back();
  return out;
}

void require_cyclonedx(const JsonAt& root) {
  if (root.is_object() && root.text_of("bomFormat") == "CycloneDX") return;
  throw_wrong_form(root.place(), "it is no CycloneDX document in JSON", "its `bomFormat` is \"CycloneDX\"");
}

/// "id\nref" of what is said not to matter; "id\n" where no component is named.
using Closed = std::set<std::string>;

Closed read_vex(const Workspace& workspace, const std::string& pattern) {
  Closed out;
  auto files = find_files(workspace, pattern);
  if (!files) throw core::SourceError(files.error());
  for (WorkspaceFile& one : files.value()) {
    read_json(one, workspace.max_bytes, [&](const JsonAt& root) {
      require_cyclonedx(root);
      for (const JsonAt& vulnerability : root.items_of("vulnerabilities")) {
        if (!is_closed(vulnerability)) continue;
        for (const std::string& ref : refs_of(vulnerability)) out.insert(vulnerability.need("id").text() + "\n" + ref);
      }
    });
  }
  return out;
}

/// Names of components by their refs, nested ones, too.
void name_components(const JsonAt& holder, std::map<std::string, std::string>& names) {
  for (const JsonAt& component : holder.items_of("components")) {
    const std::string group = component.text_of("group");
    names[component.text_of("bom-ref")] = group.empty() ? component.text_of("name") : group + "/" + component.text_of("name");
    name_components(component, names);
  }
}

}  // namespace

void read(WorkspaceFile& file, const Workspace& workspace, const core::Settings& source, FindingsReport& report) {
  const auto vex = source.text("vex");
  const Closed closed = vex ? read_vex(workspace, *vex) : Closed();
  read_json(file, workspace.max_bytes, [&](const JsonAt& root) {
    require_cyclonedx(root);
    const auto vulnerabilities = root.find("vulnerabilities");
    if (!vulnerabilities) {
      throw_wrong_content(root.place(), "it has no `vulnerabilities`: nobody has looked for any, which is not 0",
                          "let a scanner write them: trivy --format cyclonedx --scanners vuln, grype -o cyclonedx-json");
    }
    const auto metadata = root.find("metadata");
    if (const auto written = core::parse_time(metadata ? metadata->text_of("timestamp") : "")) report.made_at(*written);
    std::map<std::string, std::string> names;
    name_components(root, names);
    for (const JsonAt& vulnerability : vulnerabilities->items()) {
      for (const std::string& ref : refs_of(vulnerability)) {
        Finding finding;
        finding.id = vulnerability.need("id").text();
        const auto component = names.find(ref);
        finding.where = component == names.end() ? ref : component->second;
        finding.identity = finding.id + "\n" + finding.where;
        finding.severity = severity_of(vulnerability);
        finding.is_suppressed =
            is_closed(vulnerability) || closed.contains(finding.id + "\n" + ref) || closed.contains(finding.id + "\n");
        report.findings.push_back(std::move(finding));
      }
    }
  });
}

}  // namespace gate::sources::cyclonedx
