"""Every format of one run holds what the JSON report holds, as readers that are not ours see it: Python's csv and ElementTree, what
GitLab makes of its reports (gitlab.py), cmark-gfm's tables."""

import csv
import json
import re
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

import comment
import gate
import gitlab
import one_run

SIGNS = {"✗": "fail", "!": "error", "?": "inconclusive", "…": "inconclusive", "▲": "warn", "✓": "pass"}


def printable(title):
    """A title as the human reports show it: on one line, with controls written out."""
    return re.sub(r"\s+", " ", title.replace("\n", "\\n").replace("\x1b", "\\x1b"))


class Formats(gate.GateTest):
    @classmethod
    def setUpClass(cls):
        one_run.write_all(cls)

    def text(self, name):
        return one_run.text(self, name)

    def test_the_run_is_what_the_others_are_held_against(self):
        self.assertEqual(self.result.returncode, 1, self.result.stderr)
        verdicts = {name: metric["verdict"] for name, metric in self.metrics.items()}
        self.assertEqual(verdicts, {"slower": "fail", "same": "pass", "gone": "inconclusive", "broken": "error", "warned": "warn", "shown": "skipped",
                                    "pods[pod=a b]": "pass", "pods[pod=a_b]": "pass", 'pods[pod=say "#"]': "pass"})

    def test_junit(self):
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
        self.assertEqual(sorted(one["level"] for one in run["results"]), ["error", "error", "warning", "warning", "warning"])

    def test_openmetrics(self):
        text = self.text("openmetrics")
        self.assertTrue(text.endswith("# EOF\n"))
        values = {name: float(value) for name, value in gitlab.metrics(text).items()}
        self.assertEqual(values["release_gate_verdict{gate=all%20formats,verdict=fail}"], 1)
        self.assertEqual(values["release_gate_value{metric=slower,side=candidate,unit=s}"], self.metrics["slower"]["candidate"]["value"])
        self.assertEqual(values["release_gate_change_ratio{metric=slower}"], self.metrics["slower"]["change"]["relative"])

    def test_codequality(self):
        findings = json.loads(self.text("gitlab-codequality"))
        self.assertEqual(sorted(one["severity"] for one in findings), ["critical", "major", "minor", "minor", "minor"])
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

    def test_every_format_says_the_same_of_every_metric(self):
        """What each format can say: a list of findings does not tell a pass from what is only shown."""
        expected = {name: metric["verdict"] for name, metric in self.metrics.items()}
        judged = {name: verdict for name, verdict in expected.items() if verdict != "skipped"}
        by_title = {self.metrics[name]["title"]: verdict for name, verdict in judged.items()}
        coarse = {"fail": "bad", "error": "bad", "warn": "worth a look", "inconclusive": "worth a look"}
        findings = {name: coarse[verdict] for name, verdict in judged.items() if verdict in coarse}
        tests = {**expected, "gone": "skipped"}
        readings = {
            "csv": (self.from_csv(), expected), "openmetrics": (self.from_openmetrics(), expected), "junit": (self.from_junit(), tests),
            "sarif": (self.from_sarif(), findings), "gitlab-codequality": (self.from_codequality(), findings),
            "markdown": (self.from_markdown(), {printable(title): verdict for title, verdict in by_title.items()}),
            "terminal": (self.from_terminal(), {printable(title)[:12].rstrip(): verdict for title, verdict in by_title.items()}),
        }
        readings["scorecard"] = (self.from_scorecard(), self.by_category())
        if "html" in self.files:
            readings["html"] = (self.from_html(), {printable(title): verdict for title, verdict in by_title.items()})
        self.assertEqual(set(readings) | {"json"}, set(self.files))
        for name, (found, wanted) in readings.items():
            with self.subTest(name):
                self.assertEqual(found, wanted)

    def from_csv(self):
        return {row["metric"]: row["verdict"] for row in csv.DictReader(self.text("csv").splitlines(keepends=True))}

    def from_openmetrics(self):
        name = re.compile(r"release_gate_metric_verdict\{metric=(.*),verdict=(\w+)\}")
        found = [(name.fullmatch(key), value) for key, value in gitlab.metrics(self.text("openmetrics")).items()]
        return {urllib.parse.unquote(match[1]): match[2] for match, value in found if match and value == "1"}

    def from_junit(self):
        """The worst of a metric's cases, as GitLab keeps them."""
        said = {"failed": "fail", "error": "error", "skipped": "skipped", "success": "pass"}
        order = ["pass", "warn", "skipped", "error", "fail"]
        found = {}
        for (_, name), (status, shown) in gitlab.unit_tests(self.text("junit")).items():
            self.assertEqual(bool(shown), status != "success", name)
            metric = re.match(r"(.*?)(: \w+ .* \((fail|warn)\))?$", name)[1]
            verdict = said[status]
            if verdict == "pass" and self.warns(name):
                verdict = "warn"
            found[metric] = max(found.get(metric, "pass"), verdict, key=order.index)
        return found

    def warns(self, name):
        cases = {case.get("name"): case for case in ElementTree.fromstring(self.text("junit")).iter("testcase")}
        return (cases[name].findtext("system-out") or "").startswith("warning: ")

    def from_sarif(self):
        said = {"error": "bad", "warning": "worth a look"}
        found = {}
        for one in json.loads(self.text("sarif"))["runs"][0]["results"]:
            metric = one["partialFingerprints"]["releaseGateCriterion/v1"].split("/")[0]
            found[metric] = min(found.get(metric, "z"), said[one["level"]])
        return found

    def from_codequality(self):
        said = {"critical": "bad", "major": "bad", "minor": "worth a look"}
        found = {}
        for one in json.loads(self.text("gitlab-codequality")):
            metric = one["fingerprint"].split("/")[0]
            found[metric] = min(found.get(metric, "z"), said[one["severity"]])
        return found

    def from_markdown(self):
        return {row[1].replace("\u200b", ""): SIGNS[row[0]] for table in comment.tables(comment.render(self.text("markdown")))
                for row in table[1:]}

    def from_html(self):
        """The card of each metric that needs attention, and the row of each that passes: the word of its verdict and its title."""
        tree = comment.Tree()
        tree.feed(self.text("html"))
        said = {"FAIL": "fail", "ERROR": "error", "INCONCLUSIVE": "inconclusive", "PENDING": "inconclusive", "WARN": "warn", "PASS": "pass"}
        found = {}
        for card in tree.root.find("article", "details"):
            tags = [node for node in card.walk() if node.attributes.get("class") == "tag"]
            if "id" not in card.attributes or not tags:
                continue
            word = "".join(child for child in tags[0].children if isinstance(child, str)).strip().upper()
            title = (card.find("h3") or [node for summary in card.find("summary") for node in summary.find("b")])[0].text().strip()
            if word in said:
                found[title] = said[word]
        return found

    def from_terminal(self):
        """Rows by the start of their title, and the line that lists what passes."""
        found = {}
        for line in self.text("terminal").splitlines()[1:]:
            passing = re.match(r"✓ \d+ pass: (.*?)  \(", line)
            row = re.match(r"([✗!?…▲✓]) (\S.{11})", line)
            if passing:
                found.update({title[:12].rstrip(): "pass" for title in passing[1].split(", ")})
            elif row:
                found[row[2].rstrip()] = SIGNS[row[1]]
        return found

    def by_category(self):
        """The worst verdict of the required metrics of each category; trouble of the others makes a warning of a pass."""
        order = ["skipped", "pass", "warn", "inconclusive", "error", "fail"]
        found = {}
        for metric in self.report["metrics"]:
            verdict = metric["verdict"] if metric["required"] else min(metric["verdict"], "warn", key=order.index)
            name = metric["category"].capitalize() or "Without a category"
            found[name] = max(found.get(name, "skipped"), verdict, key=order.index)
        return {name: verdict for name, verdict in found.items() if verdict != "skipped"}

    def from_scorecard(self):
        lines = re.findall(r"^  (\S.*?) +[✗!?…▲✓]  ([A-Z]+) ", self.text("scorecard"), re.M)
        return {name: word.lower() for name, word in lines}

    def test_the_gate_s_verdict(self):
        self.assertTrue(self.text("terminal").startswith("✗ FAIL  all formats: "))
        self.assertIn("\n### ✗ FAIL: ", self.text("markdown"))
        self.assertEqual({row["gate_verdict"] for row in csv.DictReader(self.text("csv").splitlines(keepends=True))}, {"fail"})
        verdicts = {name: value for name, value in gitlab.metrics(self.text("openmetrics")).items() if name.startswith("release_gate_verdict")}
        self.assertEqual({name for name, value in verdicts.items() if value == "1"}, {"release_gate_verdict{gate=all%20formats,verdict=fail}"})

    def test_an_unknown_format_is_named(self):
        unknown = gate.run("check", "--report", "junti=x.xml")
        self.assertEqual(unknown.returncode, 2)
        self.assertIn("did you mean `junit`?", unknown.stderr)


if __name__ == "__main__":
    gate.main()
