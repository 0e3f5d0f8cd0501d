"""Findings against the last release that passed: new, fixed and persisting by identity, against sets counted here; no secret in the history."""

import collections
import json
import unittest

import gate
import postgres
from history_case import HistoryTest

SECRET = "AKIAIOSFODNN7EXAMPLE"
GATE = """version = 1
name = "shop"
[release]
version = { env = "VERSION", default = "" }
deployed_at = { env = "DEPLOYED_AT" }
[sources.scan]
type    = "trivy"
path    = "trivy.json"
waivers = "waivers.csv"
[metrics.new]
source   = "scan"
kind     = "findings"
count    = "new"
severity = ["critical", "high"]
fail     = { above = 0 }
on_no_data = "warn"
[metrics.open]
source = "scan"
kind   = "findings"
count  = "open"
warn   = { increase_over = 0 }
[metrics.fixed]
source = "scan"
kind   = "findings"
count  = "fixed"
judge  = false
"""


class Case(HistoryTest):
    def setUp(self):
        super().setUp()
        self.write("gate.toml", GATE)
        self.write("waivers.csv", "id,reason,until\n")

    def scan(self, vulnerabilities, secrets=()):
        """`vulnerabilities`: (id, package, severity); the same again is a second finding of that identity."""
        rows = [{"VulnerabilityID": one, "PkgName": package, "InstalledVersion": "1", "Severity": severity}
                for one, package, severity in vulnerabilities]
        results = [{"Target": "shop (debian 12)", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": rows}]
        if secrets:
            results.append({"Target": "deploy.sh", "Class": "secret", "Secrets": [
                {"RuleID": "aws-access-key-id", "Match": f"key={one}", "Severity": "CRITICAL", "StartLine": 3} for one in secrets]})
        self.write("trivy.json", json.dumps({"SchemaVersion": 2, "CreatedAt": "2026-03-01T11:00:00Z", "Results": results}))
        return collections.Counter(vulnerabilities)

    def judged(self, number, *arguments, **keywords):
        report = self.report(number, *arguments, **keywords)
        return report, {metric["id"]: metric for metric in report["metrics"]}

    def changes(self, metrics, metric="open"):
        against = metrics[metric]["findings"]["against"]
        return (against["new"], against["persisting"], against["fixed"])


A, B, C, D = ("CVE-1", "zlib", "HIGH"), ("CVE-2", "curl", "MEDIUM"), ("CVE-3", "perl", "CRITICAL"), ("CVE-4", "tar", "LOW")


class Comparing(Case):
    def test_the_first_release_has_nothing_to_compare_with_and_that_is_not_zero(self):
        self.scan([A, B])
        report, metrics = self.judged(0, "--run-id", "first")
        for metric in ("new", "fixed"):
            self.assertEqual((metrics[metric]["evidence"], metrics[metric]["candidate"]["value"]), ("none", None))
        self.assertEqual(metrics["new"]["headline"], "What is new is not known: the history has no release before this one that passed and kept "
                         "the findings of this metric.")
        self.assertEqual((metrics["open"]["candidate"]["value"], metrics["open"]["criteria"][0]["outcome"]), (2, "not_evaluated"))
        self.assertEqual((report["verdict"], metrics["new"]["verdict"]), ("warn", "warn"))
        kept = self.sql("SELECT metric, finding, amount FROM release_gate_findings ORDER BY metric, finding")
        self.assertEqual(kept, [("fixed", "CVE-1", 1), ("fixed", "CVE-2", 1), ("new", "CVE-1", 1), ("open", "CVE-1", 1), ("open", "CVE-2", 1)])

    def test_new_fixed_and_persisting_are_those_of_the_sets(self):
        releases = [[A, B, B, D], [A, B, C, C], [B, B, B]]
        before = self.scan(releases[0])
        self.judged(0)
        for number, now in enumerate(releases[1:], 1):
            after = self.scan(now)
            report, metrics = self.judged(number, "--override", "it must go out")
            new, fixed = after - before, before - after
            self.assertEqual(self.changes(metrics), (new.total(), (after & before).total(), fixed.total()))
            self.assertEqual((metrics["open"]["baseline"]["value"], metrics["open"]["candidate"]["value"]), (before.total(), after.total()))
            self.assertEqual(metrics["fixed"]["candidate"]["value"], fixed.total())
            worst = sum(count for (_, _, severity), count in new.items() if severity in ("CRITICAL", "HIGH"))
            self.assertEqual(metrics["new"]["candidate"]["value"], worst)
            self.assertEqual(metrics["new"]["verdict"], "fail" if worst else "pass")
            self.assertIn("the last release that passed", metrics["open"]["notes"][-1])
            if metrics["new"]["verdict"] == "pass":
                before = after
        self.assertEqual(metrics["open"]["findings"]["against"]["version"], "1.0.0", "release 1 failed: nothing is measured against it")

    def test_what_failed_stays_new_until_it_is_fixed_waived_or_let_through(self):
        self.scan([A])
        self.judged(0)
        self.scan([A, C])
        for number in (1, 2):
            report, metrics = self.judged(number)
            self.assertEqual((metrics["new"]["candidate"]["value"], report["exit_code"]), (1, 1))
            self.assertIn("1 new: CVE-3", metrics["new"]["notes"][-1])
        self.write("waivers.csv", "id,reason,until\nCVE-3,not reachable,2026-03-05\n")
        report, metrics = self.judged(3)
        self.assertEqual((self.changes(metrics), metrics["open"]["findings"]["suppressed"], report["exit_code"]), ((0, 1, 0), 1, 0))
        report, metrics = self.judged(6)
        self.assertEqual((metrics["new"]["candidate"]["value"], report["exit_code"]), (1, 1), "the waiver is over")
        self.assertEqual(gate.run("history", "mark", "1.6.0", "good", "--reason", "accepted", "--gate", "shop", "--history", self.where,
                                  cwd=self.folder).returncode, 0)
        report, metrics = self.judged(7)
        self.assertEqual((metrics["new"]["candidate"]["value"], report["exit_code"]), (0, 0))

    def test_what_is_suppressed_was_not_fixed(self):
        self.scan([A, B])
        self.judged(0)
        self.write("waivers.csv", "id,reason,until\nCVE-2,accepted,\n")
        _, metrics = self.judged(1)
        self.assertEqual(self.changes(metrics), (0, 1, 0))

    def test_findings_of_other_severities_are_not_compared(self):
        self.scan([A, B])
        self.judged(0)
        self.write("gate.toml", GATE.replace('["critical", "high"]', '["critical"]'))
        _, metrics = self.judged(1)
        self.assertEqual(metrics["new"]["evidence"], "none")

    def test_a_secret_that_was_found_is_not_in_the_history(self):
        self.scan([A], [SECRET])
        self.judged(0)
        self.judged(1, "--record", self.folder / "evidence")
        self.assertEqual(self.sql("SELECT DISTINCT finding FROM release_gate_findings ORDER BY 1"), [("CVE-1",), ("aws-access-key-id",)])
        for path in [*self.folder.glob("history.db*"), *(self.folder / "evidence").rglob("*")]:
            if path.is_file():
                self.assertNotIn(SECRET.encode(), path.read_bytes(), path)

    def test_evidence_replays_without_the_history(self):
        self.scan([A, B])
        self.judged(0)
        self.scan([A, C])
        report, _ = self.judged(1, "--record", self.folder / "evidence")
        self.database.unlink()
        (self.folder / "trivy.json").unlink()
        result = gate.run("check", "--replay", self.folder / "evidence", "--format", "json", cwd=self.folder)
        again = json.loads(result.stdout)
        self.assertEqual(result.returncode, report["exit_code"])
        self.assertEqual([metric["findings"] for metric in again["metrics"]], [metric["findings"] for metric in report["metrics"]])
        self.assertEqual(again["headline"], report["headline"])

    def test_without_a_history_open_findings_alone_are_known(self):
        self.scan([A, B])
        result = self.check(0, history=False)
        self.assertEqual(result.returncode, 2)
        self.assertIn("error[RG0602]", result.stderr)
        plain = GATE.split("[metrics.new]")[0] + '[metrics.open]\nsource = "scan"\nkind = "findings"\ncount = "open"\nfail = { above = 2 }\n'
        self.write("gate.toml", plain)
        report, metrics = self.judged(0, history=False)
        self.assertEqual((metrics["open"]["candidate"]["value"], metrics["open"]["findings"]["against"], report["exit_code"]), (2, None, 0))

    def test_open_findings_do_not_hang_on_a_history_that_cannot_be_read(self):
        self.scan([A, B])
        self.write("gate.toml", GATE.split("[metrics.new]")[0] + '[metrics.open]\nsource = "scan"\nkind = "findings"\ncount = "open"\nfail = { above = 2 }\n')
        self.database.write_text("no database")
        report, metrics = self.judged(0)
        self.assertEqual((metrics["open"]["verdict"], metrics["open"]["candidate"]["value"]), ("pass", 2))
        self.assertIn("RG0604", metrics["open"]["notes"][-1])
        self.write("gate.toml", GATE)
        _, metrics = self.judged(0)
        self.assertEqual(metrics["new"]["error"]["code"], "RG0604")

    def test_a_file_of_the_version_before_needs_no_history(self):
        self.scan([A, B])
        (self.folder / "trivy.json").rename(self.folder / "main.json")
        self.scan([B, C])
        self.write("gate.toml", GATE.replace('path    =', 'baseline_path = "main.json"\npath    ='))
        report, metrics = self.judged(0, history=False)
        self.assertEqual([metrics[one]["candidate"]["value"] for one in ("new", "open", "fixed")], [1, 2, 1])
        self.assertEqual(report["exit_code"], 1)

    def test_too_many_are_neither_kept_nor_compared(self):
        self.scan([(f"CVE-{i}", "zlib", "HIGH") for i in range(20_001)])
        report, metrics = self.judged(0)
        self.assertIn("20001 findings are too many", metrics["new"]["headline"])
        self.assertEqual(metrics["open"]["candidate"]["value"], 20_001)
        self.assertEqual(self.sql("SELECT count(*) FROM release_gate_findings"), [(0,)])

    def test_pruning_takes_them_along(self):
        self.scan([A])
        self.judged(0)
        self.assertEqual(self.sql("SELECT count(*) FROM release_gate_findings"), [(3,)])
        result = gate.run("history", "prune", "--older-than", "1d", "--history", self.where, cwd=self.folder)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.sql("SELECT count(*) FROM release_gate_findings"), [(0,)])


class InPostgres(Case):
    """The same comparison, kept in PostgreSQL."""

    @classmethod
    def setUpClass(cls):
        cls.server = postgres.Postgres()
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__, None, None, None)

    def test_it_compares_alike(self):
        self.server.sql("CREATE DATABASE findings")
        self.where = self.server.url(database="findings")
        self.scan([A, B, D])
        self.judged(0)
        self.scan([A, C])
        _, metrics = self.judged(1)
        self.assertEqual((self.changes(metrics), metrics["new"]["candidate"]["value"]), ((1, 1, 2), 1))
        self.assertEqual(self.server.sql("SELECT count(*) FROM release_gate_findings", "findings"), [["13"]])


if __name__ == "__main__":
    gate.main()
