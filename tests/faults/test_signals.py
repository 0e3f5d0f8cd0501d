"""SIGINT and SIGTERM at any moment: what is known is reported, and quickly."""

import json
import os
import pty
import random
import re
import signal
import subprocess
import time

import gate
import hostile
from hostile import answer, saying


class Signals(hostile.FaultTest):
    def start(self, url, *arguments, **options):
        file = self.write("gate.toml", hostile.gate_text(url, self.good.url, timeout="30s"))
        command = [
            gate.PROGRAM,
            "check",
            str(file),
            "--now",
            hostile.NOW,
            "--report",
            f"json={self.folder}/report.json",
            "--report",
            f"markdown={self.folder}/report.md",
            *arguments,
        ]
        process = subprocess.Popen(
            command,
            env=gate.environment(hostile.WITH_TOKEN),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            **options,
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        return process

    def wait_for(self, what):
        until = time.monotonic() + 10
        while not what():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.002)

    def test_while_asking(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(number.name), hostile.Hostile(lambda peer, request: server.hang()) as server:
                process = self.start(server.url, "--record", str(self.folder / f"evidence{code}"))
                self.wait_for(lambda server=server: server.requests)
                time.sleep(0.2)  # The healthy source answers meanwhile.
                begun = time.monotonic()
                process.send_signal(number)
                out, err = process.communicate(timeout=10)
                seconds = time.monotonic() - begun
                hostile.ROWS.append((f"{number.name} while asking", process.returncode, seconds))
                self.assertEqual(code, process.returncode, err)
                self.assertLess(seconds, 1.0)
                report = json.loads((self.folder / "report.json").read_text())
                verdicts = {metric["id"]: metric["verdict"] for metric in report["metrics"]}
                self.assertEqual({"broken": "error", "healthy": "pass"}, verdicts)
                self.assertEqual("RG1003", report["metrics"][0]["error"]["code"])
                self.assertEqual(code, report["exit_code"])
                self.assertIn("interrupted", (self.folder / "report.md").read_text())
                self.assertIn(b"interrupted", out)
                self.assertTrue((self.folder / f"evidence{code}" / "SHA256SUMS").exists())

    def test_while_waiting_for_a_metric_to_be_due(self):
        file = self.write("gate.toml", hostile.gate_text(self.good.url, self.good.url))
        process = subprocess.Popen(
            [
                gate.PROGRAM,
                "check",
                str(file),
                "--deployed-at",
                "now",
                "--wait",
                "--report",
                f"json={self.folder}/report.json",
            ],
            env=gate.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with process:
            line = process.stderr.readline()
            self.assertIn(b"waiting for", line)
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=10)
            seconds = time.monotonic() - begun
        hostile.ROWS.append(("SIGTERM under --wait", process.returncode, seconds))
        self.assertEqual(143, process.returncode)
        self.assertLess(seconds, 1.0)
        report = json.loads((self.folder / "report.json").read_text())
        self.assertNotIn("pass", [metric["verdict"] for metric in report["metrics"]])

    def test_second_signal_ends_at_once(self):
        """A report into a pipe that is full holds the program up after the first signal; the second ends it."""
        os.mkfifo(self.folder / "pipe")
        pipe = os.open(self.folder / "pipe", os.O_RDWR | os.O_NONBLOCK)
        self.addCleanup(os.close, pipe)
        with self.assertRaises(BlockingIOError):
            while True:
                os.write(pipe, b" " * 4096)
        with hostile.Hostile(lambda peer, request: server.hang()) as server:
            process = self.start(server.url, "--report", f"json={self.folder}/pipe")
            self.wait_for(lambda: server.requests)
            process.send_signal(signal.SIGINT)
            self.wait_for(lambda: (self.folder / "report.md").exists())
            time.sleep(0.1)
            self.assertIsNone(process.poll())
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=10)
            seconds = time.monotonic() - begun
        hostile.ROWS.append(("a second signal", process.returncode, seconds))
        self.assertEqual(143, process.returncode)
        self.assertLess(seconds, 1.0)

    def test_at_any_moment(self):
        """Sixty signals at moments drawn over the life of a run: the exit code is the signal's or the verdict's, and no report is
        half written."""
        chance = random.Random(20260105)

        def slow(peer, request):
            time.sleep(0.02)
            peer.sendall(answer())

        seen = {}
        with hostile.Hostile(slow) as server:
            for _ in range(60):
                (self.folder / "report.json").unlink(missing_ok=True)
                process = self.start(server.url)
                time.sleep(chance.uniform(0.0, 0.08))
                begun = time.monotonic()
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=10)
                self.assertLess(time.monotonic() - begun, 1.0)
                seen[process.returncode] = seen.get(process.returncode, 0) + 1
                # Before main() has the signal in hand, the system ends the process: nothing is known then, and nothing written.
                self.assertIn(process.returncode, (143, 0, -signal.SIGTERM))
                if process.returncode != -signal.SIGTERM:
                    report = json.loads((self.folder / "report.json").read_text())
                    self.assertEqual(process.returncode, report["exit_code"])
        self.assertIn(143, seen)


class Progress(hostile.FaultTest):
    def slow_gate(self, url):
        return self.write("gate.toml", hostile.gate_text(url, self.good.url, timeout="30s"))

    def test_live_line_on_a_terminal(self):
        with hostile.Hostile(lambda peer, request: server.hang()) as server:
            file = self.slow_gate(server.url)
            master, slave = pty.openpty()
            with subprocess.Popen(
                [gate.PROGRAM, "check", str(file), "--now", hostile.NOW, "--deadline", "1500ms"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=slave,
                env=gate.environment(hostile.WITH_TOKEN),
            ) as process:
                os.close(slave)
                process.communicate(timeout=20)
            shown = b""
            while True:
                try:
                    shown += os.read(master, 65536)
                except OSError:
                    break
            os.close(master)
        lines = shown.decode().split("\r\x1b[K")
        self.assertGreater(len(lines), 3)
        drawn = [line for line in lines if line]
        for line in drawn:
            self.assertRegex(line, r"^asked \d+/\d+ · \d+\.\d s · slowest: bad /api/v1/query$")
        self.assertTrue(shown.decode().endswith("\r\x1b[K"), "the live line is taken away at the end")
        self.assertNotIn("\n", shown.decode())

    def test_no_line_in_a_short_log(self):
        with hostile.Hostile(lambda peer, request: server.hang()) as server:
            result = gate.run(
                "check", self.slow_gate(server.url), "--now", hostile.NOW, "--deadline", "1s", env=hostile.WITH_TOKEN
            )
        self.assertEqual("", result.stderr)

    def test_a_line_each_ten_seconds_in_a_log(self):
        with hostile.Hostile(lambda peer, request: server.hang()) as server:
            result = gate.run(
                "check", self.slow_gate(server.url), "--now", hostile.NOW, "--deadline", "12s", env=hostile.WITH_TOKEN
            )
        self.assertTrue(
            re.fullmatch(r"asked \d+/\d+ · 10\.\d s · slowest: bad /api/v1/query\n", result.stderr), result.stderr
        )

    def test_quiet_is_quiet(self):
        with hostile.Hostile(saying(answer())) as server:
            result = gate.run(
                "check", self.slow_gate(server.url), "--now", hostile.NOW, "--quiet", env=hostile.WITH_TOKEN
            )
        self.assertEqual(("", ""), (result.stdout, result.stderr))


def tearDownModule():
    hostile.print_rows()


if __name__ == "__main__":
    gate.main()
