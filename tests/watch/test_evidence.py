"""A watch recorded and replayed: each look as it was answered then, the same report, offline."""

import json
import os
import pathlib
import signal
import subprocess
import time

import gate
from watch_case import DEPLOYED, HEAD, LATENCY, WatchCase, latency

TIMINGS = ("started_at", "finished_at", "duration_ms")


class Evidence(WatchCase):
    def evidence(self):
        return self.folder / "evidence"

    def run_record(self):
        return json.loads((self.evidence() / "run.json").read_text())

    def test_past_looks_replay_to_the_same_bytes(self):
        self.prometheus.answers = [("latency", latency(0.3))]
        done = gate.run("watch", self.gate(), "--past", "--deployed-at", DEPLOYED, "--record", self.evidence(),
                        "--report", f"json={self.folder}/report.json")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("replay: release-gate check --replay", done.stdout)
        asked = len(self.prometheus.requests)
        (self.folder / "gate.toml").unlink()
        for command in ("check", "watch"):
            again = gate.run(command, "--replay", self.evidence(), "--report", f"json={self.folder}/{command}.json")
            self.assertEqual(again.returncode, 1, again.stderr)
            self.assertEqual((self.folder / f"{command}.json").read_text(), (self.folder / "report.json").read_text())
            self.assertEqual(again.stderr, "")
        self.assertEqual(len(self.prometheus.requests), asked)
        watch = self.run_record()["watch"]
        looks = json.loads((self.folder / "report.json").read_text())["watch"]["decided_at_look"]
        self.assertEqual(watch, {"opening": DEPLOYED, "every": "1m", "for": "30m", "min": "15m", "past": True,
                                 "taken": list(range(1, looks + 1)), "signal": 0})

    def test_looks_as_they_came_replay_without_waiting(self):
        """Looks that were missed stay missed, and a signal stays a signal."""
        deployed = int(time.time()) - 60
        self.prometheus.answers = [("latency", latency(0, since=deployed))]
        head = HEAD.replace('step = "15s"', 'step = "1s"').replace('window = "30m"', 'window = "4m"')
        process = subprocess.Popen(
            [gate.PROGRAM, "watch", str(self.gate(head=head)), "--deployed-at", str(deployed), "--every", "500ms", "--for", "3m",
             "--record", str(self.evidence()), "--report", f"json={self.folder}/report.json"],
            env=gate.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
        self.addCleanup(process.stderr.close)
        while len(list(pathlib.Path(self.evidence()).glob("exchanges/*.json"))) < 5:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
        self.assertEqual(process.returncode, 143)
        first = (self.folder / "report.json").read_text()
        taken = self.run_record()["watch"]["taken"]
        self.assertIn(taken[0], range(120, 130))
        begun = time.monotonic()
        again = gate.run("check", "--replay", self.evidence(), "--format", "json")
        self.assertLess(time.monotonic() - begun, 2)
        self.assertEqual(again.returncode, 143)
        self.assertEqual(again.stdout, first)
        self.assertEqual([look["look"] for look in json.loads(first)["watch"]["history"]], taken)

    def test_a_changed_look_is_found(self):
        done = gate.run("watch", self.gate(), "--past", "--deployed-at", DEPLOYED, "--record", self.evidence())
        self.assertEqual(done.returncode, 0, done.stderr)
        record = self.evidence() / "run.json"
        record.write_text(record.read_text().replace('"past": true', '"past": false'))
        again = gate.run("check", "--replay", self.evidence())
        self.assertEqual(again.returncode, 2)
        self.assertIn("error[RG0022]", again.stderr)

    def test_a_record_that_no_watch_can_have_made(self):
        gate.run("watch", self.gate(), "--past", "--deployed-at", DEPLOYED, "--record", self.evidence())
        for old, new in (('"every": "1m"', '"every": "0s"'), ('"for": "30m"', '"for": "soon"'), ("1,\n      2", "2,\n      1"), ('      15\n', '      31\n')):
            with self.subTest(new):
                folder = self.folder / f"changed-{abs(hash(new))}"
                subprocess.run(["cp", "-r", self.evidence(), folder], check=True)
                text = (folder / "run.json").read_text()
                self.assertIn(old, text)
                (folder / "run.json").write_text(text.replace(old, new))
                names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
                sums = subprocess.run(["sha256sum", *names], cwd=folder, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
                (folder / "SHA256SUMS").write_text(sums)
                again = gate.run("check", "--replay", folder)
                self.assertEqual(again.returncode, 2, again.stdout)
                self.assertIn("error[RG0021]", again.stderr)


if __name__ == "__main__":
    gate.main()
