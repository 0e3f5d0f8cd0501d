"""Pipes and devices where files are meant, and lengths of time beyond all sense: nothing may hold the program for ever."""

import json
import os
import shutil
import signal
import subprocess
import time

import gate
import hostile

LIMIT = 8.0


class Endless(hostile.FaultTest):
    def setUp(self):
        super().setUp()
        os.mkfifo(self.folder / "pipe")
        self.write("good.toml", hostile.gate_text(self.good.url, self.good.url))

    def start(self, *arguments):
        return subprocess.Popen(
            [gate.PROGRAM, *map(str, arguments)], env=gate.environment(hostile.WITH_TOKEN), cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")

    def run_gate(self, *arguments, timeout=LIMIT):
        return gate.run(*arguments, cwd=self.folder, env=hostile.WITH_TOKEN, timeout=timeout)

    def test_nobody_writes_to_the_gate_file(self):
        """All who wait are started at once: each waits for ten seconds."""
        text = hostile.gate_text(self.good.url, self.good.url)
        self.write("token.toml", text.replace('{ env = "PLANTED_TOKEN" }', '{ file = "pipe" }'))
        self.write("pack.toml", 'use = "./pipe"\n' + text)
        waiting = [self.start("check", file, "--now", hostile.NOW) for file in ("pipe", "token.toml", "pack.toml")]
        for process in waiting:
            _, err = process.communicate(timeout=30)
            self.assertEqual(2, process.returncode)
            self.assertIn("cannot read ", err)
            self.assertIn("nothing came out of it for 10 s", err)

    def test_somebody_writes_slowly(self):
        process = self.start("check", "pipe", "--now", hostile.NOW, "--quiet")
        text = hostile.gate_text(self.good.url, self.good.url)
        with open(self.folder / "pipe", "w", encoding="utf-8") as pipe:
            for piece in (text[:100], text[100:]):
                pipe.write(piece)
                pipe.flush()
                time.sleep(0.2)
        _, err = process.communicate(timeout=LIMIT)
        self.assertEqual((0, ""), (process.returncode, err))

    def test_a_signal_ends_the_reading(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.start("check", "pipe", "--now", hostile.NOW)
            time.sleep(0.5)
            process.send_signal(number)
            process.communicate(timeout=LIMIT)
            self.assertEqual(128 + number, process.returncode)

    def test_nobody_reads_the_report(self):
        result = self.run_gate("check", "good.toml", "--now", hostile.NOW, "--report", "json=pipe")
        self.assertEqual(0, result.returncode)
        self.assertIn("error[RG0010]: pipe cannot be written", result.stderr)
        self.assertIn("verdict: pass: ", result.stderr)

    def test_somebody_reads_the_report_slowly(self):
        process = self.start("check", "good.toml", "--now", hostile.NOW, "--quiet", "--report", "json=pipe")
        with open(self.folder / "pipe", encoding="utf-8") as pipe:
            time.sleep(0.3)
            report = json.loads(pipe.read())
        _, err = process.communicate(timeout=LIMIT)
        self.assertEqual((0, "", "pass"), (process.returncode, err, report["verdict"]))

    def test_a_link_to_nothing_yet_stays_a_link(self):
        (self.folder / "link.json").symlink_to("real.json")
        self.assertEqual(0, self.run_gate("check", "good.toml", "--now", hostile.NOW, "--quiet", "--report", "json=link.json").returncode)
        self.assertTrue((self.folder / "link.json").is_symlink())
        self.assertEqual("pass", json.loads((self.folder / "real.json").read_text())["verdict"])

    def test_evidence_with_what_is_no_file(self):
        self.assertEqual(0, self.run_gate("check", "good.toml", "--now", hostile.NOW, "--quiet", "--record", "evidence").returncode)
        cases = [
            ("a pipe", lambda path: os.mkfifo(path / "more"), "RG0022"),
            ("a pipe as exchange", lambda path: os.mkfifo(path / "exchanges" / "0.json"), "RG0022"),
            ("a device", lambda path: (path / "more").symlink_to("/dev/zero"), "RG0022"),
            ("a folder behind a link", lambda path: (path / "more").symlink_to("/etc"), "RG0022"),
            ("a pipe as list", lambda path: ((path / "SHA256SUMS").unlink(), os.mkfifo(path / "SHA256SUMS")), "RG0021"),
        ]
        for name, change, code in cases:
            with self.subTest(name):
                shutil.rmtree(self.folder / "copy", ignore_errors=True)
                shutil.copytree(self.folder / "evidence", self.folder / "copy")
                change(self.folder / "copy")
                result = self.run_gate("check", "--replay", "copy")
                self.assertEqual(2, result.returncode)
                self.assertIn(f"error[{code}]", result.stderr)

    def test_names_that_no_file_system_takes(self):
        name = "a" * 5000
        for arguments in (["check", "--replay", name], ["check", "good.toml", "--record", name], ["init", "--output", name]):
            self.assertEqual(2, self.run_gate(*arguments, "--now", hostile.NOW).returncode if arguments[0] == "check"
                             else self.run_gate(*arguments).returncode)

    def test_lengths_beyond_all_sense(self):
        text = hostile.gate_text(self.good.url, self.good.url)
        for old, new, code in (
            ('window = "30m"', 'window = "106000000000d"', "RG0222"),
            ('window = "30m"', 'window = "30m", settle = "106000000000d"', "RG0222"),
            ('timeout = "1s"', 'timeout = "36526d"', "RG0222"),
            ('timeout = "1s"', 'max_response_bytes = "1e30GB"', "RG0204"),
        ):
            with self.subTest(new):
                self.write("long.toml", text.replace(old, new))
                result = self.run_gate("check", "long.toml", "--now", hostile.NOW)
                self.assertEqual(2, result.returncode)
                self.assertIn(f"error[{code}]", result.stderr)
        result = self.run_gate("check", "good.toml", "--now", hostile.NOW, "--deadline", "99999999999d")
        self.assertIn("error[RG0005]", result.stderr)


if __name__ == "__main__":
    gate.main()
