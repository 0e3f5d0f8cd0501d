"""Every format of one run: well-formed for a reader that is not ours, and with the same verdicts as the JSON report.

Readers: Python's csv and ElementTree, xmllint, promtool check metrics (of Debian's prometheus), shlex for what GitLab does with
the lines of a metrics report.
"""

import csv
import json
import pathlib
import re
import shlex
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

import gate

HOSTILE = "=1+1 | <b>@all</b> \x1b[31m\n::error::x ##[error]y"
GATE = """version = 1
name    = "all formats"

[compare]
baseline  = {{ window = "10m" }}
candidate = {{ window = "10m" }}

[sources.prom]
type    = "prometheus"
url     = "{url}"
retries = 0

[metrics.slower]
title    = "slower, \\"quoted\\""
category = "performance"
source   = "prom"
query    = 'slower'
unit     = "s"
fail     = {{ above = "10s", increase_over = "10%" }}
warn     = {{ above = "1ms" }}

[metrics.same]
category = "performance"
source   = "prom"
query    = 'same'
fail     = {{ increase_over = "50%" }}

[metrics.gone]
source = "prom"
query  = 'gone'
fail   = {{ above = 1 }}

[metrics.broken]
title  = "{hostile}"
source = "prom"
query  = 'broken'
fail   = {{ above = 1 }}

[metrics.shown]
source = "prom"
query  = 'same'
"""
FILES = {"json": "report.json", "markdown": "report.md", "junit": "junit.xml", "sarif": "gate.sarif", "openmetrics": "metrics.txt",
         "gitlab-codequality": "codequality.json", "csv": "report.csv", "html": "report.html", "terminal": "report.txt"}


def answer(request):
    form = {**request.query, **request.form}
    name = form.get("query", "")
    if name == "broken":
        body = {"status": "error", "errorType": "execution", "error": HOSTILE}
        return 422, {"Content-Type": "application/json"}, json.dumps(body)
    result = []
    if name in ("slower", "same"):
        start, end, step = (float(form[key]) for key in ("start", "end", "step"))
        after = start >= 1773749040
        times = [start + i * step for i in range(int((end - start) / step) + 1)]
        level = 2.0 if name == "slower" and after else 1.0
        result = [{"metric": {}, "values": [[t, str(level + 0.01 * (i % 3))] for i, t in enumerate(times)]}]
    return 200, {"Content-Type": "application/json"}, json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}})


class Formats(gate.GateTest):
    @classmethod
    def setUpClass(cls):
        cls.work = pathlib.Path(cls.enterClassContext(gate.tempfile.TemporaryDirectory()))
        with gate.Server(answer) as server:
            escaped = HOSTILE.replace("\n", "\\n").replace("\x1b", "\\u001b")
            (cls.work / "gate.toml").write_text(GATE.format(url=server.url, hostile=escaped), encoding="utf-8")
            reports = [word for name, file in FILES.items() for word in ("--report", f"{name}={file}")]
            cls.result = gate.run("check", "--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:50:00Z", *reports,
                                  cwd=cls.work)
        cls.report = json.loads((cls.work / "report.json").read_text(encoding="utf-8"))
        cls.metrics = {metric["id"]: metric for metric in cls.report["metrics"]}

    def text(self, name):
        return (self.work / FILES[name]).read_bytes().decode("utf-8")

    def test_the_run_is_what_the_others_are_held_against(self):
        self.assertEqual(self.result.returncode, 1, self.result.stderr)
        verdicts = {name: metric["verdict"] for name, metric in self.metrics.items()}
        self.assertEqual(verdicts, {"slower": "fail", "same": "pass", "gone": "inconclusive", "broken": "error", "shown": "skipped"})

    def test_junit(self):
        subprocess.run(["xmllint", "--noout", str(self.work / "junit.xml")], check=True)
        root = ElementTree.fromstring(self.text("junit"))
        cases = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
        self.assertEqual(cases["slower: above 10s (fail)"], [])
        self.assertEqual(cases["slower: increase_over 10% (fail)"], ["failure"])
        self.assertEqual(cases["slower: above 1ms (warn)"], ["system-out"])
        self.assertEqual(cases["same: increase_over 50% (fail)"], [])
        self.assertEqual(cases["gone: above 1 (fail)"], ["skipped"])
        self.assertEqual(cases["broken: above 1 (fail)"], ["error"])
        self.assertEqual({suite.get("name") for suite in root}, {"performance", "prom"})
        self.assertEqual((root.get("tests"), root.get("failures"), root.get("errors")), (str(len(cases)), "1", "1"))
        for suite in root:
            for key, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                self.assertEqual(int(suite.get(key)), sum(1 for _ in suite.iter(tag)), (suite.get("name"), key))

    def test_sarif(self):
        document = json.loads(self.text("sarif"))
        self.assertEqual(document["version"], "2.1.0")
        run, = document["runs"]
        found = {(one["ruleId"], one["level"]): one for one in run["results"]}
        self.assertIn(("increase_over", "error"), found)
        self.assertEqual({rule["id"] for rule in run["tool"]["driver"]["rules"]}, {one["ruleId"] for one in run["results"]})
        lines = (self.work / "gate.toml").read_text(encoding="utf-8").splitlines()
        for one in run["results"]:
            place = one["locations"][0]["physicalLocation"]
            self.assertEqual(place["artifactLocation"]["uri"], "gate.toml")
            self.assertIn(one["ruleId"], lines[place["region"]["startLine"] - 1])
        prints = [one["partialFingerprints"]["releaseGateCriterion/v1"] for one in run["results"]]
        self.assertEqual(len(prints), len(set(prints)))
        self.assertEqual(sorted(one["level"] for one in run["results"]), ["error", "error", "warning", "warning"])

    def test_openmetrics(self):
        text = self.text("openmetrics")
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True, check=False)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))
        self.assertTrue(text.endswith("# EOF\n"))
        values = {}
        for line in text.splitlines():
            words = shlex.split(re.sub("#.*", "", line))
            if words:
                self.assertEqual(len(words), 2, line)
                values[words[0]] = float(words[1])
        said = {name: [one for one in ("pass", "warn", "fail", "inconclusive", "error", "skipped")
                       if values[f"release_gate_metric_verdict{{metric={name},verdict={one}}}"] == 1] for name in self.metrics}
        self.assertEqual(said, {name: [metric["verdict"]] for name, metric in self.metrics.items()})
        self.assertEqual(values["release_gate_verdict{gate=all_formats,verdict=fail}"], 1)
        self.assertEqual(values["release_gate_value{metric=slower,side=candidate,unit=s}"], self.metrics["slower"]["candidate"]["value"])
        self.assertEqual(values["release_gate_change_ratio{metric=slower}"], self.metrics["slower"]["change"]["relative"])

    def test_codequality(self):
        findings = json.loads(self.text("gitlab-codequality"))
        self.assertEqual(sorted(one["severity"] for one in findings), ["critical", "major", "minor", "minor"])
        self.assertEqual(len({one["fingerprint"] for one in findings}), len(findings))
        for one in findings:
            self.assertEqual(sorted(one), ["check_name", "description", "fingerprint", "location", "severity"])
            self.assertEqual(one["location"]["path"], "gate.toml")
            self.assertGreater(one["location"]["lines"]["begin"], 1)

    def test_csv(self):
        text = self.text("csv")
        rows = list(csv.DictReader(text.splitlines(keepends=True), strict=True))
        self.assertEqual(len(rows), sum(max(1, len(metric["criteria"])) for metric in self.report["metrics"]))
        for row in rows:
            metric = self.metrics[row["metric"]]
            self.assertEqual((row["verdict"], row["evidence"], row["gate_verdict"]), (metric["verdict"], metric["evidence"], "fail"))
            self.assertNotIn(None, row)
            for value in row.values():
                self.assertFalse(value.startswith(("=", "+", "@")), value)
        slower = [row for row in rows if row["metric"] == "slower"]
        self.assertEqual(slower[0]["title"], 'slower, "quoted"')
        self.assertEqual(float(slower[0]["candidate"]), self.metrics["slower"]["candidate"]["value"])
        self.assertEqual([(row["rule"], row["level"], row["outcome"]) for row in slower],
                         [(one["rule"], one["level"], one["outcome"]) for one in self.metrics["slower"]["criteria"]])

    def test_nothing_from_outside_is_markup_or_a_command(self):
        for name in FILES:
            text = self.text(name)
            with self.subTest(name):
                self.assertFalse("\x1b" in text or "##[error]" in text)
                self.assertFalse(name in ("markdown", "junit", "html") and "<b>" in text)
                self.assertFalse([line for line in text.splitlines() if line.lstrip().startswith("::error")])

    def test_reports_are_the_same_again(self):
        self.assertIn("all formats", self.text("terminal"))
        unknown = gate.run("check", "--report", "junti=x.xml", cwd=self.work)
        self.assertEqual(unknown.returncode, 2)
        self.assertIn("did you mean `junit`?", unknown.stderr)


if __name__ == "__main__":
    gate.main()
