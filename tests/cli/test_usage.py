"""A wrong command line: what is said, exit code 2, and that nothing is asked."""

import json
import os
import subprocess
import unittest

import gate

ANSWER = json.dumps({"status": "success", "data": {"resultType": "matrix", "result": []}})


class Usage(gate.GateTest):
    def setUp(self):
        super().setUp()
        self.server = gate.Server(lambda request: (200, {"Content-Type": "application/json"}, ANSWER))
        self.server.__enter__()
        self.addCleanup(self.server.__exit__)
        self.write("gate.toml", f"""version = 1
[sources.prom]
type = "prometheus"
url = "{self.server.url}"
[metrics.latency]
source = "prom"
query = "avg(latency_seconds)"
stage = "canary"
fail = {{ increase_over = "10%" }}
""")

    def run_gate(self, *arguments, **keywords):
        return gate.run(*arguments, cwd=self.folder, **keywords)

    def test_wrong_lines(self):
        at = ("--deployed-at", "2026-03-17T12:00:00Z")
        for arguments, expected in (
            ((), "error[RG0001]: "),
            (("chek",), "did you mean `check`?"),
            (("gate.toml",), "did you mean `release-gate check gate.toml`?"),
            (("check", "--nope"), "next: release-gate check --help"),
            (("check", "--deploy-at=now"), "did you mean `--deployed-at`?"),
            (("check", "--format", "xml"), "error[RG0001]: "),
            (("check", "--now", "now", "--as-of", "now"), "error[RG0001]: "),
            (("check", "a.toml", "b.toml"), "error[RG0001]: "),
            (("query", "gate.toml"), "error[RG0001]: "),
            (("completion", "tcsh"), "error[RG0001]: "),
            (("check", "none.toml"), "error[RG0002]: the gate file none.toml cannot be read"),
            (("check", "--set", "service"), "error[RG0003]: --set service: a variable is given as NAME=VALUE"),
            (("check", "--set", "=x"), "error[RG0003]: --set =x"),
            (("check", "--set", "nope=x", *at), "error[RG0411]: --set nope: the gate file has no such variable"),
            (("check", "--report", "json"), "error[RG0003]: --report json"),
            (("check", "--deployed-at", "noon"), "error[RG0004]: --deployed-at noon: \"noon\" is not a time"),
            (("check", "--now", "2026-03-17T12:00:00", *at), "it has no offset"),
            (("check", "--as-of", "x", *at), "error[RG0004]: --as-of x"),
            (("check", "--deadline", "soon", *at), "error[RG0005]: --deadline soon"),
            (("check", "--deadline", "0s", *at), "it must be longer than 0s"),
            (("check", "--wait=soon", *at), "error[RG0005]: --wait soon"),
            (("check", "--wait=45", *at), "error[RG0005]: --wait 45"),
            (("check", "--override", "--exit-zero", *at), 'a value is missing: "--exit-zero" is an option'),
            (("check", "--override", " ", *at), "a reason must say something"),
            (("check", "--record", "--quiet", *at), 'a value is missing: "--quiet" is an option'),
            (("check", "--record", "", *at), "--record: the value is empty"),
            (("check", "--replay", "", *at), "--replay: the value is empty"),
            (("check", "--deployed-at", ""), "--deployed-at: the value is empty"),
            (("check", "--now", "", *at), "--now: the value is empty"),
            (("check", "--report", "jsn=x", *at), "error[RG0007]: --report jsn=x"),
            (("check", "--report", "json=none/x", *at), "error[RG0010]: none/x cannot be written"),
            (("check", "--replay", "none"), "error[RG0021]: "),
            (("check",), "error[RG0301]: the time of the deployment is not known"),
            (("check", "--only", "latncy", *at), "error[RG0303]: the gate file has no metric `latncy`"),
            (("check", "--stage", "prod", *at), "error[RG0303]: the gate file has no stage `prod`"),
        ):
            with self.subTest(arguments):
                result = self.run_gate(*arguments)
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertIn(expected, result.stderr)
                self.assertEqual(result.stdout, "")
        self.assertEqual(self.server.requests, [])

    def test_control_characters_of_the_command_line_are_written_out(self):
        for arguments in (("check", "--set", "\x1b[31m"), ("check", "\x1b[31m.toml"), ("\x1b[31m",), ("packs", "\x1b[31m"),
                          ("check", "--deployed-at", "\x1b[31m"), ("check", "--report", "\x1b[31m=x")):
            with self.subTest(arguments):
                result = self.run_gate(*arguments)
                self.assertEqual(result.returncode, 2)
                self.assertNotIn("\x1b", result.stderr)

    def test_evidence_folder(self):
        at = ("--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T13:00:00Z")
        self.write("full/run.json", "{}")
        result = self.run_gate("check", *at, "--record", "full")
        self.assertEqual(result.returncode, 2)
        self.assertIn("error[RG0020]: the evidence cannot be written to full", result.stderr)
        self.assertEqual(self.server.requests, [])
        self.assertEqual(self.run_gate("check", *at, "--record", "evidence").returncode, 3)
        self.assertGreater(len(self.server.requests), 0)
        recorded = self.folder / "evidence/gate.toml"
        recorded.write_text(recorded.read_text() + "# changed\n")
        result = self.run_gate("check", "--replay", "evidence")
        self.assertEqual(result.returncode, 2)
        self.assertIn("error[RG0022]: ", result.stderr)

    def test_standard_output_that_is_full(self):
        at = ("--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T13:00:00Z")
        with open("/dev/full", "w") as full:
            result = subprocess.run([gate.PROGRAM, "check", *at], stdout=full, stderr=subprocess.PIPE, encoding="utf-8",
                                    env=gate.environment(), cwd=self.folder, timeout=60, check=False)
        self.assertEqual(result.returncode, 3)
        self.assertIn("error[RG0012]: the report cannot be written to standard output", result.stderr)
        self.assertIn("verdict: inconclusive: ", result.stderr)


if __name__ == "__main__":
    gate.main()
