#include "sources/osv/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "sources/file/number.h"
#include "sources/json_at.h"

namespace gate::sources::osv {
namespace {

/// What is used of a package's vulnerabilities, by their ids.
struct Known {
  std::map<std::string, FindingSeverity> severities;
  std::map<std::string, std::vector<std::string>> aliases;
};

Known read_vulnerabilities(const JsonAt& package) {
  Known out;
  for (const JsonAt& one : package.items_of("vulnerabilities")) {
    const std::string id = one.need("id").text();
    for (const JsonAt& alias : one.items_of("aliases")) out.aliases[id].push_back(alias.text());
    const auto specific = one.find("database_specific");
    const auto word = specific ? specific->find("severity") : std::nullopt;
    out.severities[id] = word && word->is_string() ? severity_of_word(word->text()) : FindingSeverity::unknown;
  }
  return out;
}

FindingSeverity severity_of(const JsonAt& group, const std::vector<std::string>& ids, const Known& known) {
  const std::string score = group.text_of("max_severity");
  if (!score.empty()) {
    const auto number = file::parse_number(score);
    if (!number) throw_wrong_content(group.place(), "`max_severity` is no number", "it is a score from 0.0 to 10.0");
    return severity_of_score(*number);
  }
  FindingSeverity worst = FindingSeverity::unknown;
  for (const std::string& id : ids) {
    const auto found = known.severities.find(id);
    if (found != known.severities.end()) worst = std::min(worst, found->second);
  }
  return worst;
}

/// A CVE where there is one: databases come and go between two scans, and with them the ids of a group.
std::string usual_id(const std::set<std::string>& names) {
  const auto cve = std::find_if(names.begin(), names.end(), [](const std::string& one) { return one.starts_with("CVE-"); });
  return cve == names.end() ? *names.begin() : *cve;
}

void add_group(const JsonAt& group, const Known& known, const std::string& package, FindingsReport& report) {
  std::vector<std::string> ids;
  for (const JsonAt& id : group.need("ids").items()) ids.push_back(id.text());
  if (ids.empty()) throw_wrong_content(group.place(), "a group has no ids", "is it a report of OSV-Scanner's?");
  std::set<std::string> names(ids.begin(), ids.end());
  for (const JsonAt& alias : group.items_of("aliases")) names.insert(alias.text());
  for (const std::string& id : ids) {
    const auto found = known.aliases.find(id);
    if (found != known.aliases.end()) names.insert(found->second.begin(), found->second.end());
  }
  Finding finding;
  finding.id = usual_id(names);
  finding.where = package;
  finding.identity = finding.id + "\n" + package;
  finding.severity = severity_of(group, ids, known);
  finding.aliases.assign(names.begin(), names.end());
  report.findings.push_back(std::move(finding));
}

}  // namespace

void read(WorkspaceFile& file, const Workspace& workspace, const core::Settings& /*source*/, FindingsReport& report) {
  read_json(file, workspace.max_bytes, [&](const JsonAt& root) {
    if (!root.is_object() || !root.find("results")) {
      throw_wrong_form(root.place(), "it is no JSON report of OSV-Scanner's: it has no `results`",
                       "osv-scanner --format json --output FILE; exit code 128 means that it found no packages");
    }
    for (const JsonAt& result : root.need("results").items()) {
      for (const JsonAt& package : result.items_of("packages")) {
        const JsonAt what = package.need("package");
        const std::string name = fmt::format("{}:{}", what.text_of("ecosystem"), what.text_of("name"));
        const Known known = read_vulnerabilities(package);
        const auto groups = package.items_of("groups");
        if (groups.empty() && !known.severities.empty()) {
          throw_wrong_content(package.place(), "it has vulnerabilities and no `groups`", "use an OSV-Scanner from 1.0 on");
        }
        for (const JsonAt& group : groups) add_group(group, known, name, report);
      }
    }
  });
}

}  // namespace gate::sources::osv
