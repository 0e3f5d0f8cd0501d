// SARIF, Trivy, OSV-Scanner and CycloneDX: findings, compared by identity, less what is suppressed.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "report_asking.h"
#include "sources/findings.h"

namespace gate::sources::reports {
namespace {

using file::list_node;
using file::text_node;

std::string trivy(std::string_view vulnerabilities, std::string_view target = "shop:1.1 (debian 12)",
                  std::string_view clazz = "os-pkgs") {
  return fmt::format(
      R"({{"SchemaVersion":2,"CreatedAt":"2026-03-17T11:00:00Z","Results":[{{"Target":"{}","Class":"{}","Type":"debian","Vulnerabilities":[{}]}}]}})",
      target, clazz, vulnerabilities);
}

std::string cve(std::string_view id, std::string_view package, std::string_view severity) {
  return fmt::format(R"({{"VulnerabilityID":"{}","PkgName":"{}","InstalledVersion":"1","Severity":"{}"}})", id, package,
                     severity);
}

std::string compared(const std::string& type, const std::string& now, const std::string& before, const std::string& measure,
                     Members query = {}) {
  Asked asked(type, {{"baseline_path", text_node("main.json")}});
  asked.file("now.json", now).file("main.json", before);
  return asked.measure(measure, std::move(query));
}

std::string one(const std::string& type, const std::string& text, const std::string& measure = "total", Members query = {}) {
  Asked asked(type, {});
  asked.file("f", text);
  return asked.measure(measure, std::move(query));
}

TEST_CASE("findings are new, persisting or fixed by what they are, not by where in the list or of which tag") {
  const std::string now =
      trivy(cve("CVE-1", "zlib", "HIGH") + "," + cve("CVE-2", "zlib", "CRITICAL") + "," + cve("CVE-1", "curl", "LOW"));
  const std::string before = trivy(cve("CVE-9", "zlib", "MEDIUM") + "," + cve("CVE-1", "zlib", "HIGH"), "shop:1.0 (debian 12)");
  CHECK(compared("trivy", now, before, "total") ==
        "3 (total: CVE-2 in zlib (critical), CVE-1 in zlib (high), CVE-1 in curl (low))");
  CHECK(compared("trivy", now, before, "new") == "2 (new: CVE-2 in zlib (critical), CVE-1 in curl (low))");
  CHECK(compared("trivy", now, before, "persisting") == "1 (persisting: CVE-1 in zlib (high))");
  CHECK(compared("trivy", now, before, "fixed") == "1 (fixed: CVE-9 in zlib (medium))");
  CHECK(compared("trivy", now, before, "new", {{"severity", list_node({text_node("critical"), text_node("high")})}}) ==
        "1 (new: CVE-2 in zlib (critical))");
  CHECK(compared("trivy", before, before, "new") == "0");
}

TEST_CASE("several of the same identity are compared by their number") {
  const std::string secret = R"({"RuleID":"aws","Match":"k=****","Severity":"CRITICAL","StartLine":3})";
  const auto secrets = [&](const std::string& all) {
    return R"({"SchemaVersion":2,"Results":[{"Target":"a.sh","Class":"secret","Secrets":[)" + all + "]}]}";
  };
  CHECK(compared("trivy", secrets(secret + "," + secret), secrets(secret), "new") == "1 (new: aws in a.sh (critical))");
  CHECK(compared("trivy", secrets(secret + "," + secret), secrets(secret), "persisting") ==
        "1 (persisting: aws in a.sh (critical))");
  CHECK(compared("trivy", secrets(secret), secrets(secret + "," + secret), "fixed") == "1 (fixed: aws in a.sh (critical))");
}

TEST_CASE("each severity can be judged on its own, those without findings with 0") {
  Asked asked("trivy", {});
  asked.file("f", trivy(cve("CVE-1", "zlib", "HIGH") + "," + cve("CVE-2", "zlib", "odd")));
  core::Question question = asked.question("total");
  question.each = "severity";
  CHECK(asked.ask(std::move(question)) ==
        "critical=0 high=1 low=0 medium=0 none=0 unknown=1 (total: CVE-1 in zlib (high), CVE-2 in zlib (unknown))");
  CHECK(asked.measure("total", {{"severity", list_node({text_node("critical")})}}) ==
        "0 (1 of unknown severity not counted: add \"unknown\" to `severity` to judge them, too)");
}

TEST_CASE("waivers hold for a finding, in a place if they name one, until the end of their day") {
  const auto with = [](const std::string& waivers, const char* released, const std::string& measure = "total") {
    Asked asked("trivy", {{"waivers", text_node("waivers.csv")}});
    asked.file("f", trivy(cve("CVE-1", "zlib", "HIGH") + "," + cve("CVE-1", "curl", "HIGH"))).file("waivers.csv", waivers);
    core::Question question = asked.question(measure, {{"path", text_node("f")}});
    question.released_at = file::at(released);
    return asked.ask(std::move(question));
  };
  const std::string until = "id,reason,until,where\nCVE-1,not reachable,2026-03-17,zlib\n";
  CHECK(with(until, "2026-03-17T23:59:59Z") == "1 (total: CVE-1 in curl (high))");
  CHECK(with(until, "2026-03-17T23:59:59Z", "suppressed") == "1 (suppressed: CVE-1 in zlib (high))");
  CHECK(with(until, "2026-03-18T00:00:00Z") ==
        "2 (total: CVE-1 in curl (high), CVE-1 in zlib (high)) (waivers.csv:2: the waiver of CVE-1 has expired)");
  CHECK(with("id,reason\nCVE-1,all of them\n", "2036-03-17T00:00:00Z") == "0");
  CHECK(with("id,reason,until\nCVE-1,x,2026-03-17T12:00:00Z\n", "2026-03-17T11:59:00Z") == "0");
  CHECK_THAT(with("id,reason,until\nCVE-1,x,soon\n", "2026-03-17T11:59:00Z"),
             Catch::StartsWith("RG1504 ci: waivers.csv:2: `until` is \"soon\", which is no day"));
  CHECK_THAT(with("id,reason\nCVE-1,\n", "2026-03-17T11:59:00Z"),
             Catch::StartsWith("RG1504 ci: waivers.csv:2: a waiver needs an `id` and a `reason`"));
  CHECK_THAT(with("CVE-1\n", "2026-03-17T11:59:00Z"), Catch::StartsWith("RG1503 ci: waivers.csv: it has no column `id`"));
  Asked missing("trivy", {{"waivers", text_node("gone.csv")}});
  missing.file("f", trivy(""));
  CHECK_THAT(missing.measure("total"), Catch::StartsWith("RG1403 ci: no file matches \"gone.csv\""));
}

TEST_CASE("a waiver expires by the time of the report where that of the release is not known") {
  Asked asked("trivy", {{"waivers", text_node("waivers.csv")}, {"path", text_node("f")}});
  asked.file("f", trivy(cve("CVE-1", "zlib", "HIGH"))).file("waivers.csv", "id,reason,until\nCVE-1,x,2026-03-16\n");
  CHECK_THAT(asked.measure("total"), Catch::StartsWith("1 (total: CVE-1"));
}

TEST_CASE("Trivy: misconfigurations that fail, secrets, licences, and what it has left out itself") {
  const std::string text = R"({"SchemaVersion":2,"Results":[
{"Target":"Dockerfile","Class":"config","Misconfigurations":[{"ID":"DS-0002","Status":"FAIL","Severity":"HIGH","Message":"m"},{"ID":"DS-0001","Status":"PASS","Severity":"HIGH"}]},
{"Target":"go.mod","Class":"lang-pkgs","Vulnerabilities":null,"ExperimentalModifiedFindings":[{"Type":"vulnerability","Status":"not_affected","Source":"vex.json","Finding":{"VulnerabilityID":"CVE-3","PkgName":"x","Severity":"HIGH"}}]},
{"Target":"lic","Class":"license","Licenses":[{"Name":"AGPL-3.0","PkgName":"y","Severity":"CRITICAL"}]}]})";
  CHECK(one("trivy", text) == "2 (total: AGPL-3.0 in y (critical), DS-0002 in Dockerfile (high))");
  CHECK(one("trivy", text, "suppressed") == "1 (suppressed: CVE-3 in x (high))");
  CHECK(one("trivy", R"({"SchemaVersion":2,"ArtifactName":"x"})") ==
        "0 (f lists no target: Trivy found nothing that it could scan, or all of it is clean)");
  CHECK_THAT(one("trivy", R"({"SchemaVersion":1})"), Catch::StartsWith("RG1503 ci: f: its SchemaVersion is not 2"));
  CHECK_THAT(one("trivy", "[]"), Catch::StartsWith("RG1503 ci: f: it is no JSON report of Trivy's"));
  CHECK_THAT(one("trivy", R"({"SchemaVersion":2,"Results":[{"Vulnerabilities":[{"PkgName":"x"}]}]})"),
             Catch::StartsWith("RG1504 ci: f#/Results/0/Vulnerabilities/0: `VulnerabilityID` is missing"));
}

std::string sarif(std::string_view results, std::string_view rules = "", std::string_view more = "") {
  return fmt::format(R"({{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"t","rules":[{}]}}}},"results":[{}]{}}}]}})",
                     rules, results, more);
}

std::string result(std::string_view rule, std::string_view uri, std::string_view message, std::string_view more = "") {
  return fmt::format(
      R"({{"ruleId":"{}","message":{{"text":"{}"}},"locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"{}"}},"region":{{"startLine":7}}}}}}]{}}})",
      rule, message, uri, more);
}

TEST_CASE("SARIF: severity by the rule's security-severity, else by level, the rule's default, `warning`") {
  const std::string rules =
      R"({"id":"a","properties":{"security-severity":"9.8"}},{"id":"b","defaultConfiguration":{"level":"error"}},{"id":"c"})";
  CHECK(one("sarif", sarif(result("a", "f.c", "m"), rules)) == "1 (total: a in f.c (critical))");
  CHECK(one("sarif", sarif(result("b", "f.c", "m"), rules)) == "1 (total: b in f.c (high))");
  CHECK(one("sarif", sarif(result("b", "f.c", "m", R"(,"level":"note")"), rules)) == "1 (total: b in f.c (low))");
  CHECK(one("sarif", sarif(result("c", "f.c", "m"), rules)) == "1 (total: c in f.c (medium))");
  CHECK(one("sarif", sarif(result("z", "f.c", "m", R"(,"ruleIndex":1)"), rules)) == "1 (total: z in f.c (high))");
  CHECK(one("sarif", sarif(result("z", "f.c", "m", R"(,"ruleIndex":99)"), rules)) == "1 (total: z in f.c (medium))");
  const std::string extension =
      R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t"},"extensions":[{"name":"e","rules":[{"id":"x","properties":{"security-severity":"7.5"}}]}]},
"results":[{"rule":{"id":"x","index":0,"toolComponent":{"index":0}},"message":{"text":"m"}}]}]})";
  CHECK(one("sarif", extension) == "1 (total: x (high))");
  CHECK_THAT(one("sarif", sarif(result("a", "f", "m"), R"({"id":"a","properties":{"security-severity":"bad"}})")),
             Catch::StartsWith(
                 "RG1504 ci: f#/runs/0/tool/driver/rules/0/properties/security-severity: `security-severity` is no number"));
}

TEST_CASE("SARIF: what is suppressed, passed or absent does not count") {
  CHECK(one("sarif", sarif(result("a", "f", "m", R"(,"suppressions":[{"kind":"external","status":"accepted"}])"))) == "0");
  CHECK(one("sarif", sarif(result("a", "f", "m", R"(,"suppressions":[{"kind":"inSource"}])")), "suppressed") ==
        "1 (suppressed: a in f (medium))");
  CHECK(one("sarif", sarif(result("a", "f", "m", R"(,"suppressions":[{"kind":"external","status":"underReview"}])"))) ==
        "1 (total: a in f (medium))");
  CHECK(one("sarif", sarif(result("a", "f", "m", R"(,"suppressions":[])"))) == "1 (total: a in f (medium))");
  CHECK(one("sarif", sarif(result("a", "f", "m", R"(,"kind":"pass")"))) == "0");
  CHECK(one("sarif", sarif(result("a", "f", "m", R"(,"baselineState":"absent")"))) == "0");
  CHECK(one("sarif", sarif("")) == "0");
}

TEST_CASE("SARIF: identity is the fingerprint, else rule, file and message; lines may move") {
  const std::string printed = result("a", "old.c", "m", R"(,"partialFingerprints":{"primary/v1":"abc"})");
  const std::string moved = result("a", "new.c", "n", R"(,"partialFingerprints":{"primary/v1":"abc"})");
  CHECK(compared("sarif", sarif(moved), sarif(printed), "new") == "0");
  CHECK(compared("sarif", sarif(result("a", "f", "m") + "," + result("a", "f", "other")), sarif(result("a", "f", "m")),
                 "new") == "1 (new: a in f (medium))");
  const std::string suppressed = result("a", "f", "m", R"(,"suppressions":[{"kind":"inSource"}])");
  CHECK(compared("sarif", sarif(suppressed), sarif(result("a", "f", "m")), "fixed") == "0");
  CHECK(compared("sarif", sarif(result("a", "f", "m")), sarif(suppressed), "new") == "1 (new: a in f (medium))");
}

TEST_CASE("SARIF: a log that has compared itself needs no baseline, one that has not is an error") {
  CHECK(one("sarif",
            sarif(result("a", "f", "m", R"(,"baselineState":"new")") + "," +
                  result("b", "f", "m", R"(,"baselineState":"unchanged")")),
            "new") == "1 (new: a in f (medium))");
  CHECK(one("sarif", sarif(""), "new") == "0");
  CHECK_THAT(one("sarif", sarif(result("a", "f", "m")), "new"), Catch::StartsWith("RG1507 a does not say whether it is new"));
}

TEST_CASE("SARIF: a scan that did not take place is an error, not 0 findings") {
  const std::pair<std::string, std::string_view> table[] = {
      {sarif("", "", R"(,"invocations":[{"executionSuccessful":false}])"),
       "RG1504 ci: f#/runs/0/invocations/0: the scan did not succeed"},
      {R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t"}}}]})", "RG1504 ci: f#/runs/0: the run has no `results`"},
      {R"({"version":"2.1.0","runs":[]})", "RG1504 ci: f: it has no run"},
      {R"({"version":"1.0.0","runs":[]})", "RG1503 ci: f: it is no SARIF log of version 2"},
      {R"({"version":"2.1.0","runs":[{"results":[]}]})", "RG1504 ci: f#/runs/0: `tool` is missing"},
      {R"({"version":"2.1.0","runs":{}})", "RG1504 ci: f#/runs: it is not an array"},
      {"{", "RG1503 ci: f: it is not JSON, or it was cut off"},
  };
  for (const auto& [text, expected] : table) {
    CAPTURE(text);
    CHECK_THAT(one("sarif", text), Catch::StartsWith(std::string(expected)));
  }
  CHECK(one("sarif", sarif("", "", R"(,"invocations":[{"executionSuccessful":true,"endTimeUtc":"2026-03-17T11:00:00Z"}])")) ==
        "0");
}

std::string osv(std::string_view vulnerabilities, std::string_view groups) {
  return fmt::format(
      R"({{"results":[{{"source":{{"path":"/ci/go.mod","type":"lockfile"}},"packages":[{{"package":{{"name":"x/net","version":"1","ecosystem":"Go"}},
"vulnerabilities":[{}],"groups":[{}]}}]}}]}})",
      vulnerabilities, groups);
}

TEST_CASE("OSV-Scanner: one finding a group of aliases, known by its CVE") {
  const std::string two_ids = osv(
      R"({"id":"GHSA-1","aliases":["CVE-2026-1"],"database_specific":{"severity":"MODERATE"}},{"id":"GO-1","database_specific":{"url":"x"}})",
      R"({"ids":["GHSA-1","GO-1"],"aliases":["GHSA-1","GO-1"]})");
  CHECK(one("osv", two_ids) == "1 (total: CVE-2026-1 in Go:x/net (medium))");
  const std::string scored = osv(R"({"id":"GO-1","aliases":["CVE-2026-1"]})", R"({"ids":["GO-1"],"max_severity":"7.5"})");
  CHECK(one("osv", scored) == "1 (total: CVE-2026-1 in Go:x/net (high))");
  CHECK(compared("osv", scored, two_ids, "new") == "0");
  CHECK(one("osv", osv(R"({"id":"GO-1"})", R"({"ids":["GO-1"],"max_severity":""})")) ==
        "1 (total: GO-1 in Go:x/net (unknown))");
  CHECK(one("osv", R"({"results":[]})") == "0");
  CHECK_THAT(one("osv", "{}"), Catch::StartsWith("RG1503 ci: f: it is no JSON report of OSV-Scanner's"));
  CHECK_THAT(one("osv", osv(R"({"id":"GO-1"})", "")),
             Catch::StartsWith("RG1504 ci: f#/results/0/packages/0: it has vulnerabilities and no `groups`"));
  CHECK_THAT(one("osv", osv("", R"({"ids":[]})")),
             Catch::StartsWith("RG1504 ci: f#/results/0/packages/0/groups/0: a group has no ids"));
  CHECK_THAT(one("osv", osv("", R"({"ids":["a"],"max_severity":"bad"})")),
             Catch::StartsWith("RG1504 ci: f#/results/0/packages/0/groups/0: `max_severity` is no number"));
}

std::string bom(std::string_view vulnerabilities) {
  return fmt::format(R"({{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{{"timestamp":"2026-03-17T11:00:00Z"}},
"components":[{{"bom-ref":"r1","name":"zlib"}},{{"bom-ref":"r2","group":"org.x","name":"core","components":[{{"bom-ref":"r3","name":"in"}}]}}],"vulnerabilities":[{}]}})",
                     vulnerabilities);
}

TEST_CASE("CycloneDX: one finding for each component affected, less what an analysis closes") {
  const auto vulnerability = [](std::string_view id, std::string_view state, std::string_view affects) {
    return fmt::format(R"({{"id":"{}","ratings":[{{"severity":"high"}},{{"score":9.8,"method":"CVSSv31"}}]{},"affects":[{}]}})",
                       id, state.empty() ? "" : fmt::format(R"(,"analysis":{{"state":"{}"}})", state), affects);
  };
  const std::string both = R"({"ref":"r1"},{"ref":"r2"})";
  CHECK(one("cyclonedx", bom(vulnerability("CVE-1", "", both))) ==
        "2 (total: CVE-1 in org.x/core (critical), CVE-1 in zlib (critical))");
  for (const char* state : {"exploitable", "in_triage"})
    CHECK_THAT(one("cyclonedx", bom(vulnerability("CVE-1", state, R"({"ref":"r3"})"))),
               Catch::StartsWith("1 (total: CVE-1 in in"));
  for (const char* state : {"not_affected", "false_positive", "resolved", "resolved_with_pedigree"}) {
    CHECK(one("cyclonedx", bom(vulnerability("CVE-1", state, both))) == "0");
    CHECK_THAT(one("cyclonedx", bom(vulnerability("CVE-1", state, both)), "suppressed"), Catch::StartsWith("2 (suppressed"));
  }
  CHECK(one("cyclonedx",
            bom(vulnerability("CVE-1", "", R"({"ref":"r1","versions":[{"version":"1","status":"unaffected"}]})"))) == "0");
}

TEST_CASE("CycloneDX: a VEX document closes findings by id and component") {
  Asked asked("cyclonedx", {{"vex", text_node("vex.json")}, {"path", text_node("bom.json")}});
  asked.file("bom.json",
             bom(R"({"id":"CVE-1","affects":[{"ref":"r1"},{"ref":"r2"}]},{"id":"CVE-2","affects":[{"ref":"r1"}]})"));
  asked.file("vex.json", R"({"bomFormat":"CycloneDX","vulnerabilities":[
{"id":"CVE-1","analysis":{"state":"not_affected"},"affects":[{"ref":"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#r1"}]},
{"id":"CVE-2","analysis":{"state":"exploitable"},"affects":[{"ref":"r1"}]}]})");
  CHECK(asked.measure("total") == "2 (total: CVE-1 in org.x/core (unknown), CVE-2 in zlib (unknown))");
  asked.file("vex.json", R"({"bomFormat":"CycloneDX","vulnerabilities":[{"id":"CVE-1","analysis":{"state":"resolved"}}]})");
  CHECK(asked.measure("total") == "1 (total: CVE-2 in zlib (unknown))");
}

TEST_CASE("CycloneDX: a BOM that nobody has scanned is an error, not 0 findings") {
  CHECK_THAT(one("cyclonedx", R"({"bomFormat":"CycloneDX","components":[]})"),
             Catch::StartsWith("RG1504 ci: f: it has no `vulnerabilities`: nobody has looked"));
  CHECK_THAT(one("cyclonedx", R"({"spdxVersion":"2.3"})"),
             Catch::StartsWith("RG1503 ci: f: it is no CycloneDX document in JSON"));
  CHECK_THAT(one("cyclonedx", "<bom/>"), Catch::StartsWith("RG1503 ci: f: it is not JSON"));
  CHECK(one("cyclonedx", bom("")) == "0");
}

TEST_CASE("severities by score and by word") {
  const std::pair<double, FindingSeverity> scores[] = {
      {10.0, FindingSeverity::critical}, {9.0, FindingSeverity::critical}, {8.9, FindingSeverity::high},
      {7.0, FindingSeverity::high},      {6.9, FindingSeverity::medium},   {4.0, FindingSeverity::medium},
      {3.9, FindingSeverity::low},       {0.1, FindingSeverity::low},      {0.0, FindingSeverity::none},
      {-1.0, FindingSeverity::unknown},  {10.1, FindingSeverity::unknown}, {std::nan(""), FindingSeverity::unknown}};
  for (const auto& [score, expected] : scores) CHECK(name(severity_of_score(score)) == name(expected));
  CHECK(severity_of_word("MODERATE") == FindingSeverity::medium);
  CHECK(severity_of_word("Negligible") == FindingSeverity::low);
  CHECK(severity_of_word("?") == FindingSeverity::unknown);
  using Texts = std::vector<std::string>;
  const auto wrong = [](Members query) {
    query.emplace_back("path", text_node("a"));
    return mistakes("trivy", std::move(query));
  };
  CHECK(wrong({{"measure", text_node("total")}, {"severity", list_node({text_node("sever")})}}) ==
        Texts{"RG1506 there is no severity \"sever\""});
  CHECK(wrong({{"measure", text_node("new")}}) ==
        Texts{"RG1507 `new` compares with the version before, and no `baseline_path` names its files"});
  CHECK(mistakes("sarif", {{"path", text_node("a")}, {"measure", text_node("new")}}).empty());
}

}  // namespace
}  // namespace gate::sources::reports
