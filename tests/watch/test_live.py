"""`watch` while a release runs: looks as they come due, outages, signals, statuses, the terminal. Waits a few seconds at most:
releases that are two minutes old have most of their looks behind them, and the watch begins with the newest."""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time

import gate
from watch_case import HEAD, LATENCY, WatchCase, answer, latency

import sonarqube  # noqa: E402

AGE = 60
EVERY = "400ms"
LOOKS = 150  # behind the release
LIVE = HEAD.replace('step = "15s"', 'step = "1s"').replace('window = "30m"', 'window = "4m"')
LOAD = '[metrics.load]\nsource = "prom"\nkind = "value"\nquery = "load"\ndesign = "none"\nfail = { above = 3 }\n'


class Live(WatchCase):
    def setUp(self):
        super().setUp()
        self.deployed = int(time.time()) - AGE
        self.prometheus.answers = [("latency", latency(0, since=self.deployed)), ("load", lambda moment: 1.0)]

    def options(self, length):
        """A watch whose looks go on for `length` seconds from now."""
        return ["--deployed-at", str(self.deployed), "--every", EVERY, "--for", f"{AGE + length}s"]

    def start(self, *options, text=LATENCY, report=True, **keywords):
        command = [gate.PROGRAM, "watch", str(self.gate(text, LIVE)), *options]
        if report:
            command += ["--report", f"json={self.folder}/report.json"]
        process = subprocess.Popen(command, env=gate.environment(), stdout=subprocess.PIPE, stderr=keywords.pop("stderr", subprocess.PIPE),
                                   stdin=subprocess.DEVNULL, encoding="utf-8", **keywords)
        self.addCleanup(process.stdout.close)
        if process.stderr:
            self.addCleanup(process.stderr.close)
        return process

    def written(self):
        return json.loads((self.folder / "report.json").read_text())

    def test_starts_with_the_newest_look_and_fails_at_once(self):
        self.prometheus.answers = [("latency", latency(0.5, since=self.deployed))]
        begun = time.monotonic()
        report, told = self.watch(*self.options(60), head=LIVE, code=1)
        self.assertLess(time.monotonic() - begun, 3)
        why, look = self.ended(report)
        self.assertEqual(why, "harm")
        self.assertIn(look, range(LOOKS, LOOKS + 8))
        self.assertEqual(report["watch"]["taken"], 1)
        # The level is that of an uninterrupted watch at this look.
        self.assertLess(report["watch"]["history"][0]["metrics"][0]["level"], 0.999)
        self.assertIn(f"look {look}/300 FAIL", told)

    def test_a_pass_waits_for_the_minimum(self):
        report, _ = self.watch(*self.options(60), "--min", f"{AGE + 2}s", head=LIVE, code=0)
        why, look = self.ended(report)
        self.assertEqual((why, look), ("safe", LOOKS + 5))

    def test_three_violating_looks_running(self):
        self.prometheus.answers = [("load", lambda moment: 5.0)]
        report, _ = self.watch(*self.options(60), text=LOAD, head=LIVE, code=1)
        self.assertEqual(self.ended(report)[0], "harm")
        self.assertEqual(report["watch"]["taken"], 3)
        self.assertEqual([look["verdict"] for look in report["watch"]["history"]], ["inconclusive", "inconclusive", "fail"])

    def outage(self, looks):
        self.prometheus.fail("/query", answer(503, "overloaded"), times=looks)

    def test_an_outage_is_skipped(self):
        self.outage(2)
        report, told = self.watch(*self.options(60), "--min", "0s", text=LOAD, head=LIVE, code=0)
        self.assertEqual([look["verdict"] for look in report["watch"]["history"]], ["error", "error", "pass"])
        self.assertEqual(self.ended(report)[0], "safe")
        self.assertIn("ERROR load=no-answer", told)

    def test_an_outage_of_three_looks_is_an_error(self):
        self.outage(3)
        report, _ = self.watch(*self.options(60), text=LOAD, head=LIVE, code=4)
        self.assertEqual(self.ended(report)[0], "error")
        self.assertEqual(report["watch"]["taken"], 3)
        self.assertEqual(report["metrics"][0]["evidence"], "error")

    def test_an_outage_at_the_horizon_is_an_error(self):
        self.outage(1)
        report, _ = self.watch("--deployed-at", str(self.deployed), "--every", "1s", "--for", "50s", text=LOAD, head=LIVE, code=4)
        self.assertEqual(self.ended(report), ("horizon", 50))

    def test_a_look_that_takes_long_costs_those_that_go_by(self):
        self.prometheus.delay = 0.9
        report, _ = self.watch(*self.options(60), text=LOAD.replace("above = 3", "above = 0"), head=LIVE, code=1)
        looks = [look["look"] for look in report["watch"]["history"]]
        self.assertEqual(len(looks), 3)
        for before, after in zip(looks, looks[1:]):
            self.assertGreaterEqual(after - before, 2)

    def test_a_fresh_release_has_too_little_to_the_end(self):
        report, told = self.watch("--deployed-at", "now", "--every", "500ms", "--for", "1s", head=LIVE, code=3)
        self.assertEqual(self.ended(report), ("horizon", 2))
        self.assertEqual(report["metrics"][0]["evidence"], "thin")
        self.assertRegex(told, r"^watching checkout-api: 2 looks until \d\d:\d\d(:\d\d)? UTC, one every .+; a pass is possible from ")

    def test_a_status_has_to_be_bad_three_times(self):
        double = self.enterContext(sonarqube.SonarQube())
        double.main["analysis"] = time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(self.deployed + 50))
        text = f"""
[sources.sonar]
type = "sonarqube"
url = "{double.url}"
token = {{ env = "SONAR_TOKEN" }}
project = "checkout"
[metrics.quality]
source = "sonar"
quality_gate = true
"""
        self.gate_status = double.main["gate"]
        token = {"SONAR_TOKEN": sonarqube.TOKEN}
        report, _ = self.watch(*self.options(60), text=text, head=LIVE, code=1, env=token)
        self.assertEqual(report["watch"]["taken"], 3)
        self.assertEqual(report["metrics"][0]["status"], "ERROR")
        # One that is well again before the third look lets the release pass.
        self.gate_status["status"] = "ERROR"
        threading.Timer(0.5, lambda: self.gate_status.update(status="OK", conditions=[])).start()
        evidence = self.folder / "evidence"
        report, _ = self.watch(*self.options(60), "--min", "0s", "--record", str(evidence), text=text, head=LIVE, code=0, env=token)
        self.assertEqual(self.ended(report)[0], "safe")
        verdicts = [look["verdict"] for look in report["watch"]["history"]]
        self.assertEqual(verdicts[0], "inconclusive")
        self.assertEqual(verdicts[-1], "pass")
        # The same question, answered differently at each look: the evidence keeps them apart.
        code, replayed = gate.report("--replay", str(evidence))
        self.assertEqual(code, 0)
        self.assertEqual(replayed["watch"], report["watch"])

    def test_signals_give_the_verdict_so_far(self):
        for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            with self.subTest(number.name):
                process = self.start(*self.options(60), "--min", "2m")
                # The first look is told as soon as it was taken.
                for line in process.stderr:
                    if "look" in line and "/" in line:
                        break
                begun = time.monotonic()
                process.send_signal(number)
                out, _ = process.communicate(timeout=10)
                self.assertLess(time.monotonic() - begun, 1)
                self.assertEqual(process.returncode, code)
                report = self.written()
                self.assertEqual(report["exit_code"], code)
                self.assertEqual((report["verdict"], self.ended(report)), ("pass", ("interrupted", None)))
                self.assertEqual(report["watch"]["taken"], len(report["watch"]["history"]))
                self.assertIn(f"interrupted by signal {int(number)}: this is what was known", report["notes"])
                self.assertIn("PASS", out)

    def test_a_signal_while_a_look_is_asked_leaves_that_look_out(self):
        process = self.start(*self.options(60), "--min", "2m", "--quiet")
        until = time.monotonic() + 10
        while len(self.prometheus.asked("query_range")) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        self.prometheus.delay = 20
        time.sleep(1)  # by now the next look is asked, and not answered
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
        self.assertLess(time.monotonic() - begun, 1)
        self.assertEqual(process.returncode, 143)
        report = self.written()
        self.assertEqual(report["metrics"][0]["evidence"], "enough")
        self.assertGreaterEqual(report["watch"]["taken"], 1)
        self.prometheus.delay = 0

    def test_a_signal_before_the_first_look(self):
        process = self.start("--deployed-at", "now", "--every", "1m")
        process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
        self.assertEqual(process.returncode, 143)
        report = self.written()
        self.assertEqual((report["verdict"], report["watch"]["taken"], report["metrics"][0]["evidence"]), ("inconclusive", 0, "pending"))
        self.assertIn("no look was taken", report["notes"])
        self.assertEqual(self.prometheus.requests, [])

    def test_a_terminal_is_drawn_anew(self):
        master, slave = pty.openpty()
        process = self.start(*self.options(60), "--min", f"{AGE + 2}s", report=False, stderr=slave)
        os.close(slave)
        drawn = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            drawn += piece
        os.close(master)
        self.assertEqual(process.wait(), 0)
        text = drawn.decode()
        self.assertRegex(text, r"checkout-api · look 15\d of 300 · \d\d:\d\d:\d\d UTC · pass possible from \d\d:\d\d(:\d\d)? · next in 1 s\r\n")
        self.assertIn("\x1b[2A\x1b[J", text)
        self.assertRegex(text, "latency  limit \\+10 %  ·+[├●].*[┤●].*→ safe\r\n")

    def test_quiet(self):
        done = gate.run("watch", self.gate(LATENCY, LIVE), *self.options(60), "--min", "0s", "--quiet")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_exit_zero_and_override(self):
        self.prometheus.answers = [("latency", latency(0.5, since=self.deployed))]
        report, _ = self.watch(*self.options(60), "--exit-zero", head=LIVE, code=0)
        self.assertEqual((report["verdict"], report["would_exit"]), ("fail", 1))
        report, _ = self.watch(*self.options(60), "--override", "known", head=LIVE, code=0, env={"USER": "jane"})
        self.assertEqual((report["override"], report["would_exit"]), ({"reason": "known", "actor": "jane"}, 1))


if __name__ == "__main__":
    gate.main()
