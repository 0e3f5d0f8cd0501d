"""The packs `maintainability` and `security` against doubles of SonarQube and Jira: every metric has the value that was measured, a release
that made it worse fails, and a stale analysis is no pass."""

import datetime
import sys

from gate import ROOT, GateTest, main, report, run

sys.path.insert(0, str(ROOT / "tests" / "doubles"))
import jira  # noqa: E402
import sonarqube  # noqa: E402

ENV = {"SONAR_TOKEN": sonarqube.TOKEN, "JIRA_EMAIL": jira.EMAIL, "JIRA_API_TOKEN": jira.TOKEN, "JIRA_PROJECT": "SHOP"}
RELEASED = datetime.datetime(2026, 3, 17, 12, 4, tzinfo=datetime.timezone.utc)
GOOD = {"new_coverage": "91.5", "new_violations": "0", "new_duplicated_lines_density": "0.4", "sqale_debt_ratio": "1.4",
        "sqale_rating": "1.0", "reliability_rating": "2.0", "new_vulnerabilities": "0", "new_security_hotspots_reviewed": "100.0",
        "security_rating": "1.0"}
PACKS = {"maintainability": ["quality_gate", "new_coverage", "new_violations", "new_duplication", "debt_ratio", "maintainability_rating",
                             "reliability_rating", "bug_inflow"],
         "security": ["new_vulnerabilities", "new_hotspots_reviewed", "security_rating"]}
BEFORE = {"sqale_debt_ratio": "1.3", "sqale_rating": "1.0", "reliability_rating": "2.0", "security_rating": "1.0"}


class Packs(GateTest):
    def setUp(self):
        super().setUp()
        self.sonar, self.jira = sonarqube.SonarQube(), jira.Jira()
        for double in (self.sonar, self.jira):
            double.__enter__()
            self.addCleanup(double.__exit__)
        self.sonar.main.update(measures=dict(GOOD), gate={"status": "OK", "conditions": []})
        self.sonar.history = {name: [("2026-03-16T18:30:00+0000", value)] for name, value in BEFORE.items()}

    def gate(self, more="", use='["maintainability", "security"]'):
        return self.write("gate.toml", f"""version = 1
use = {use}
[sources.sonar]
type    = "sonarqube"
url     = "{self.sonar.url}"
token   = {{ env = "SONAR_TOKEN" }}
project = "checkout"
[sources.jira]
type  = "jira"
url   = "{self.jira.url}"
email = {{ env = "JIRA_EMAIL" }}
token = {{ env = "JIRA_API_TOKEN" }}
{more}
""")

    def ask(self, more="", now="2026-03-17T12:30:00Z", arguments=()):
        self.exit_code, found = report(self.gate(more), "--deployed-at", "2026-03-17T12:04:00Z", "--now", now, *arguments, env=ENV)
        metrics = {metric["id"]: metric for metric in found["metrics"]}
        for metric in metrics.values():
            self.assertIsNone(metric["error"], metric["error"])
        return metrics

    def verdicts(self, *arguments, **keywords):
        """Of all metrics that neither pass nor are left out."""
        return {name: metric["verdict"] for name, metric in self.ask(*arguments, **keywords).items()
                if metric["verdict"] not in ("pass", "skipped")}

    def test_they_are_listed_and_shown(self):
        listed = run("packs").stdout
        for name, metrics in PACKS.items():
            self.assertIn(name, listed)
            shown = run("packs", name).stdout + run("packs", f"{name}-findings-sonarqube").stdout
            for metric in metrics:
                self.assertIn(f"[metrics.{metric}]", shown)

    def test_every_metric_has_the_value_that_was_measured(self):
        metrics = self.ask()
        self.assertEqual(list(metrics), [*PACKS["maintainability"], *PACKS["security"]])
        values = {name: metric["candidate"]["value"] for name, metric in metrics.items() if name not in ("quality_gate", "bug_inflow")}
        self.assertEqual(values, {
            "new_coverage": 91.5, "new_violations": 0, "new_duplication": 0.4, "debt_ratio": 1.4, "maintainability_rating": 1,
            "reliability_rating": 2, "new_vulnerabilities": 0, "new_hotspots_reviewed": 100, "security_rating": 1})
        self.assertEqual(metrics["quality_gate"]["status"], "OK")
        self.assertEqual((metrics["debt_ratio"]["baseline"]["value"], metrics["debt_ratio"]["unit"]), (1.3, "%"))
        self.assertEqual((metrics["bug_inflow"]["verdict"], metrics["bug_inflow"]["evidence"]), ("skipped", "pending"))
        self.assertEqual((self.exit_code, {m["verdict"] for m in metrics.values()}), (0, {"pass", "skipped"}))

    def test_worse_code_fails(self):
        self.sonar.main["gate"]["status"] = "ERROR"
        self.sonar.main["measures"].update(
            new_coverage="79.9", new_violations="1", new_duplicated_lines_density="3.1", sqale_debt_ratio="5.1", sqale_rating="3.0",
            reliability_rating="4.0", new_vulnerabilities="1", new_security_hotspots_reviewed="99.0", security_rating="5.0")
        failed = {name: "fail" for metrics in PACKS.values() for name in metrics if name != "bug_inflow"}
        self.assertEqual(self.verdicts(), failed)
        self.assertEqual(self.exit_code, 1)

    def test_a_worse_letter_that_is_still_allowed_warns(self):
        self.sonar.main["measures"].update(sqale_rating="2.0", security_rating="2.0", sqale_debt_ratio="1.9")
        self.assertEqual(self.verdicts(), {"maintainability_rating": "warn", "security_rating": "warn", "debt_ratio": "warn"})
        self.assertEqual(self.exit_code, 0)

    def test_nothing_new_to_measure_warns(self):
        for name in ("new_coverage", "new_duplicated_lines_density", "new_security_hotspots_reviewed"):
            del self.sonar.main["measures"][name]
        self.assertEqual(self.verdicts(), {"new_coverage": "warn", "new_duplication": "warn", "new_hotspots_reviewed": "warn"})

    def test_a_stale_analysis_is_no_pass_of_either(self):
        self.sonar.main["analysis"] = "2026-03-16T18:30:00+0000"
        found = self.verdicts()
        for name in ("quality_gate", "new_violations", "debt_ratio", "new_vulnerabilities", "security_rating"):
            self.assertEqual(found[name], "inconclusive")
        self.assertEqual(self.exit_code, 3)
        path = self.gate(use='"security"')
        self.assertEqual(run("check", path, "--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:30:00Z", env=ENV).returncode, 3)

    def test_limits_are_variables(self):
        self.sonar.main["measures"].update(new_coverage="71.4", security_rating="3.0")
        self.assertEqual(self.verdicts(arguments=("--set", "new_coverage=70%", "--set", "security_rating=C")), {"security_rating": "warn"})

    def test_bugs_are_counted_once_the_period_is_over(self):
        for day in range(-14, 14):
            for _ in range(2 if day < 0 else 6):
                self.jira.add(RELEASED + datetime.timedelta(days=day, hours=1), kind="Bug")
            self.jira.add(RELEASED + datetime.timedelta(days=day, hours=1), kind="Story")
        found = self.ask(now="2026-04-01T00:00:00Z")["bug_inflow"]
        self.assertAlmostEqual(found["baseline"]["value"], 2)
        self.assertAlmostEqual(found["candidate"]["value"], 6)
        self.assertEqual((found["unit"], found["verdict"]), ("1/d", "warn"))

    def test_without_jira(self):
        path = self.write("gate.toml", f"""version = 1
use = "maintainability"
metrics.bug_inflow = {{ enabled = false }}
[sources.sonar]
type    = "sonarqube"
url     = "{self.sonar.url}"
token   = {{ env = "SONAR_TOKEN" }}
project = "checkout"
""")
        done = run("check", path, "--deployed-at", "2026-03-17T12:04:00Z", env={"SONAR_TOKEN": sonarqube.TOKEN})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_beside_a_canary(self):
        """The packs compare with the analysis before the release whatever the design of the gate is."""
        self.assertEqual(self.verdicts('[compare]\ndesign = "side-by-side"\n'), {})


if __name__ == "__main__":
    main()
