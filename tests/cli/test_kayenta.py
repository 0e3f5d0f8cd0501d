"""`method = "kayenta"` end to end, and gate files made of canary configs."""

import json
import random
import unittest

import gate

GATE = """version = 1
name    = "moved over"
[release]
deployed_at = "2026-03-17T12:00:00Z"
[compare]
candidate = { window = "30m" }
baseline  = { window = "30m" }
method    = "kayenta"
[sources.rows]
type = "file"
path = "rows.csv"
"""
METRIC = """
[metrics.%s]
source    = "rows"
kind      = "samples"
value     = "%s"
aggregate = "mean"
[metrics.%s.kayenta]
%s
"""
CONFIG = {
    "name": "checkout",
    "description": "golden signals",
    "metrics": [
        {"name": "latency p99", "groups": ["Latency"], "query": {
            "type": "prometheus", "customInlineTemplate": "PromQL:max(latency_seconds{app=\"${scope}\"})"},
         "analysisConfigurations": {"canary": {"direction": "increase", "critical": True, "effectSize": {"allowedIncrease": 1.1}}}},
        {"name": "errors", "groups": ["Errors"], "query": {"type": "prometheus", "metricName": "errors", "labelBindings": ["job=\"shop\""],
                                                          "customFilterTemplate": "app"},
         "analysisConfigurations": {"canary": {"direction": "increase", "nanStrategy": "replace"}}},
        {"name": "cpu", "groups": ["System"], "query": {"type": "stackdriver", "metricType": "cpu"}}],
    "templates": {"app": "app=\"${scope}\""},
    "classifier": {"groupWeights": {"Latency": 60, "Errors": 40}, "scoreThresholds": {"pass": 95, "marginal": 75}}}


class Kayenta(gate.GateTest):
    def judge(self, code, *metrics):
        draw = random.Random(5)
        lines = ["time,steady,slower,faster"]
        for minute in range(60):
            after = minute >= 30
            steady, move = 100 + draw.gauss(0, 5), draw.gauss(0, 5)
            clock = f"2026-03-17T{11 + (minute + 30) // 60:02}:{(minute + 30) % 60:02}:30Z"
            lines.append(f"{clock},{steady:.3f},{(150 if after else 100) + move:.3f},{(60 if after else 100) + move:.3f}")
        self.write("rows.csv", "\n".join(lines) + "\n")
        self.write("gate.toml", GATE + "".join(METRIC % (name, column, name, keys) for name, column, keys in metrics))
        result = gate.run("check", "gate.toml", "--now", "2026-03-17T14:00:00Z", "--report", "json=report.json", cwd=self.folder)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        report = json.loads((self.folder / "report.json").read_text(encoding="utf-8"))
        return {metric["id"]: metric for metric in report["metrics"]}

    def test_high_low_and_pass(self):
        metrics = self.judge(1, ("steady", "steady", ""), ("high", "slower", ""), ("low", "faster", "critical = true"),
                             ("allowed", "slower", "allowed_increase = 1.8"), ("other_way", "slower", 'direction = "decrease"'))
        said = {name: (metric["change"]["classification"], metric["change"]["critical"], metric["verdict"]) for name, metric in metrics.items()}
        self.assertEqual(said, {"steady": ("Pass", False, "pass"), "high": ("High", False, "fail"), "low": ("Low", True, "fail"),
                                "allowed": ("Pass", False, "pass"), "other_way": ("Pass", False, "pass")})
        high = metrics["high"]
        self.assertEqual((high["change"]["method"], high["change"]["interval_level"], high["criteria"][0]["rule"]), ("kayenta", 0.98, "kayenta"))
        self.assertAlmostEqual(high["change"]["absolute"], 50, delta=5)
        self.assertLess(high["change"]["interval"][0], high["change"]["absolute"])
        self.assertIn("Kayenta's rules: High", high["criteria"][0]["reason"])

    def test_no_data(self):
        none = 'kind      = "samples"\n'
        metrics = self.judge(1, ("slower", "slower", ""), ("passes", "steady", ""))
        self.assertEqual(metrics["passes"]["verdict"], "pass")
        text = (self.folder / "gate.toml").read_text(encoding="utf-8")
        for keys, verdict, classification in (("", "inconclusive", "Nodata"), ("must_have_data = true", "fail", "NodataFailMetric"),
                                              ('nan = "replace"', "pass", "Pass")):
            with self.subTest(keys):
                self.write("gate.toml", text + (METRIC % ("gone", "steady", "gone", keys)).replace(none, none + 'where = { steady = "none" }\n'))
                gate.run("check", "gate.toml", "--now", "2026-03-17T14:00:00Z", "--report", "json=report.json", cwd=self.folder)
                report = json.loads((self.folder / "report.json").read_text(encoding="utf-8"))
                gone = next(metric for metric in report["metrics"] if metric["id"] == "gone")
                self.assertEqual((gone["verdict"], gone["change"]["classification"]), (verdict, classification))


class Import(gate.GateTest):
    def test_a_canary_config(self):
        self.write("canary.json", json.dumps(CONFIG))
        result = gate.run("import", "kayenta", "canary.json", cwd=self.folder)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("2 metrics carried over.", result.stdout)
        self.assertIn("- cpu: there is no source of type stackdriver", result.stdout)
        valid = gate.run("validate", "gate.toml", cwd=self.folder, env={"DEPLOYED_AT": "now"})
        self.assertEqual((valid.returncode, valid.stdout), (0, "gate.toml: valid, 2 metrics from 1 source\n"), valid.stderr)
        plan = gate.run("plan", "gate.toml", "--deployed-at", "2026-03-17T12:00:00Z", cwd=self.folder, env={"CANDIDATE_SCOPE": "canary-7"})
        self.assertEqual(plan.returncode, 0, plan.stderr)
        for question in ('max(latency_seconds{app="canary-7"})', 'max(latency_seconds{app="baseline"})', 'avg(errors{app="canary-7",job="shop"})'):
            self.assertIn(question, plan.stdout)

    def test_the_file_decides_as_the_config_did(self):
        def answer(request):
            form = {**request.query, **request.form}
            if "end" not in form:
                return 404, {}, ""
            times = [float(form["start"]) + i * 60 for i in range(int((float(form["end"]) - float(form["start"])) / 60) + 1)]
            draw = random.Random(form["query"])
            slow = "latency" in form["query"] and "candidate" in form["query"]
            values = [[time, str((2 if slow else 1) + draw.random() / 10)] for time in times]
            return 200, {"Content-Type": "application/json"}, json.dumps(
                {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": values}]}})

        self.write("canary.json", json.dumps({"canaryConfig": CONFIG}))
        self.assertEqual(gate.run("import", "kayenta", "canary.json", "-o", "made.toml", cwd=self.folder).returncode, 0)
        with gate.Server(answer) as server:
            result = gate.run("check", "made.toml", "--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T14:00:00Z", "--report",
                              "json=report.json", cwd=self.folder, env={"PROMETHEUS_URL": server.url})
        self.assertEqual(result.returncode, 1, result.stderr)
        report = json.loads((self.folder / "report.json").read_text(encoding="utf-8"))
        said = {metric["id"]: (metric["change"]["classification"], metric["required"], metric["weight"]) for metric in report["metrics"]}
        self.assertEqual(said, {"latency_p99": ("High", True, 60), "errors": ("Pass", False, 40)})
        self.assertEqual(report["score"], 40)

    def test_what_cannot_be_imported(self):
        self.write("gate.toml", "version = 1\n")
        self.write("canary.json", json.dumps(CONFIG))
        self.write("other.json", "{}")
        for arguments, code in ((("canary.json",), "RG0011"), (("other.json",), "RG0013"), (("missing.json",), "RG0013")):
            result = gate.run("import", "kayenta", *arguments, cwd=self.folder)
            self.assertEqual(result.returncode, 2)
            self.assertIn(f"error[{code}]", result.stderr)
        self.assertEqual((self.folder / "gate.toml").read_text(encoding="utf-8"), "version = 1\n")
        self.assertEqual(gate.run("import", "kayenta", "canary.json", "--force", cwd=self.folder).returncode, 0)
        piped = gate.run("import", "kayenta", "-", "-o", "-", cwd=self.folder, input=json.dumps(CONFIG))
        self.assertEqual(piped.returncode, 0, piped.stderr)
        self.assertEqual(piped.stdout, (self.folder / "gate.toml").read_text(encoding="utf-8"))
        self.assertIn("stackdriver", piped.stderr)


if __name__ == "__main__":
    unittest.main()
