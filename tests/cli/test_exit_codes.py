"""The exit codes of docs/verdict.md, each from a run of the program, and which one wins when several apply: 5, 2, 1, 4, 3, 0."""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import unittest

import gate

sys.path.insert(0, str(gate.ROOT / "tests" / "scenarios"))
from prometheus_double import answer_from  # noqa: E402

WHEN = ("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:50:00Z")
HEAD = """version = 1
[compare]
candidate = { window = "25m", settle = "5m" }
[sources.prom]
type    = "prometheus"
url     = { env = "PROMETHEUS_URL" }
retries = 0
"""
STEADY = {"mean": 0.3, "spread": 0.01}
RULES = [
    {"match": ["steady"], "series": [{"before": STEADY, "after": STEADY}]},
    {"match": ["worse"], "series": [{"before": STEADY, "after": {"mean": 0.4, "spread": 0.01}}]},
    {"match": ["refused"], "status": 403, "raw": "no"},
    {"match": ["absent"], "series": []},
]


def metric(name, more="", level="fail"):
    return f"""
[metrics.{name}]
source = "prom"
query  = "{name}_seconds"
unit   = "s"
{level} = {{ increase_over = "10%" }}
{more}
"""


class ExitCodes(gate.GateTest):
    def check(self, *metrics, arguments=(), env=None):
        """The exit code of a run and its report."""
        path = self.write("gate.toml", HEAD + "".join(metrics))
        with gate.Server(answer_from(RULES)) as server:
            result = gate.run("check", path, *WHEN, "--format", "json", *arguments,
                              env={"PROMETHEUS_URL": server.url, **(env or {})})
        return result.returncode, json.loads(result.stdout)

    def test_codes_and_their_order(self):
        steady, worse, refused, absent = (metric(name) for name in ("steady", "worse", "refused", "absent"))
        cases = [
            ("pass is 0", [steady], (), 0, "pass"),
            ("a warning is 0", [metric("worse", "required = true", "warn"), steady], (), 0, "warn"),
            ("a failure is 1", [worse], (), 1, "fail"),
            ("no data is 3", [absent], (), 3, "inconclusive"),
            ("an error is 4", [refused], (), 4, "error"),
            ("an optional error is 0", [metric("refused", "required = false"), steady], (), 0, "warn"),
            ("failure beats error", [refused, worse], (), 1, "fail"),
            ("failure beats no data", [absent, worse], (), 1, "fail"),
            ("error beats no data", [absent, refused], (), 4, "error"),
            ("error beats pass", [steady, refused], (), 4, "error"),
            ("no data beats a warning", [metric("worse", "required = true", "warn"), absent], (), 3, "inconclusive"),
            ("no data beats pass", [steady, absent], (), 3, "inconclusive"),
            ("--exit-zero turns 1 to 0", [worse], ("--exit-zero",), 0, "fail"),
            ("--exit-zero turns 3 to 0", [absent], ("--exit-zero",), 0, "inconclusive"),
            ("--exit-zero turns 4 to 0", [refused], ("--exit-zero",), 0, "error"),
            ("--override turns 1 to 0", [worse], ("--override", "known"), 0, "fail"),
            ("--override turns 4 to 0", [refused], ("--override", "known"), 0, "error"),
        ]
        for name, metrics, arguments, code, verdict in cases:
            with self.subTest(name):
                found, report = self.check(*metrics, arguments=arguments)
                self.assertEqual((code, verdict, code), (found, report["verdict"], report["exit_code"]))

    def test_what_the_code_would_have_been(self):
        code, report = self.check(metric("worse"), arguments=("--override", "cold cache"), env={"GITHUB_ACTOR": "ada"})
        self.assertEqual((0, 1), (code, report["would_exit"]))
        self.assertEqual({"reason": "cold cache", "actor": "ada"}, report["override"])
        _, plain = self.check(metric("worse"))
        self.assertIsNone(plain["would_exit"])
        self.assertIsNone(plain["override"])

    def test_wrong_command_line_or_file_is_2_and_asks_nothing(self):
        good = self.write("gate.toml", HEAD + metric("steady"))
        bad = self.write("bad.toml", HEAD + metric("steady") + "increse_over = 1\n")
        with gate.Server(answer_from(RULES)) as server:
            for arguments in (["check", good, "--frmat", "json"], ["chekc"], ["check", good, "--report", "pdf=x"],
                              ["check", bad, *WHEN], ["check", "absent.toml", *WHEN], ["check", good],
                              ["check", bad, *WHEN, "--exit-zero"], ["check", bad, *WHEN, "--override", "x"]):
                with self.subTest(arguments):
                    result = gate.run(*arguments, cwd=self.folder, env={"PROMETHEUS_URL": server.url})
                    self.assertEqual(2, result.returncode, result.stderr)
                    self.assertRegex(result.stderr, r"error\[RG\d{4}\]")
                    self.assertEqual("", result.stdout)
            self.assertEqual([], server.requests)

    def test_internal_error_is_5(self):
        """Memory runs out: nothing the program can say anything about but that it failed, whatever was asked of it."""
        huge = self.write("huge.toml", "version = 1\nlist = [" + "1," * (2000 << 10) + "]\n")
        limit = 128 << 20
        for more in ([], ["--exit-zero"], ["--override", "x"]):
            with self.subTest(more):
                result = subprocess.run(
                    [gate.PROGRAM, "check", str(huge), *WHEN, *more], env=gate.environment(), capture_output=True, text=True,
                    timeout=60, check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
                self.assertEqual(5, result.returncode, result.stderr)
                self.assertIn("error[RG9000]: internal error", result.stderr)
                self.assertEqual("", result.stdout)

    def test_signals_are_130_and_143_and_the_report_is_written(self):
        arrived = threading.Event()
        release = threading.Event()

        def slow(request):
            if "query" in request.form and "steady" in request.form["query"]:
                arrived.set()
                release.wait(30)
            return answer_from(RULES)(request)

        path = self.write("gate.toml", HEAD + metric("worse") + metric("steady"))
        for number, code, more in ((signal.SIGINT, 130, []), (signal.SIGTERM, 143, []), (signal.SIGTERM, 143, ["--exit-zero"])):
            with self.subTest(code=code, more=more), gate.Server(slow) as server:
                arrived.clear()
                release.clear()
                kept = self.folder / "report.json"
                kept.unlink(missing_ok=True)
                process = subprocess.Popen(
                    [gate.PROGRAM, "check", str(path), *WHEN, "--report", f"json={kept}", *more],
                    env=gate.environment({"PROMETHEUS_URL": server.url}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                self.assertTrue(arrived.wait(30))
                os.kill(process.pid, number)
                out, err = process.communicate(timeout=30)
                release.set()
                self.assertEqual(code, process.returncode, err)
                report = json.loads(kept.read_text(encoding="utf-8"))
                self.assertEqual(code, report["exit_code"])
                self.assertEqual("error", {m["id"]: m["verdict"] for m in report["metrics"]}["steady"])
                self.assertIn(f"interrupted by signal {int(number)}", out)


if __name__ == "__main__":
    unittest.main(verbosity=1)
