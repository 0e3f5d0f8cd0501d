"""Reports that cannot be written, streams that are closed, and texts of servers that want to be more than text."""

import json
import os
import re
import subprocess

import gate
import hostile
from hostile import answer, saying


class Unwritable(hostile.FaultTest):
    def check(self, *arguments, **options):
        file = self.write("gate.toml", hostile.gate_text(self.good.url, self.good.url))
        before = len(self.good.requests)
        process = subprocess.run(
            [gate.PROGRAM, "check", str(file), "--now", hostile.NOW, *arguments],
            env=gate.environment(hostile.WITH_TOKEN),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=30,
            **{"stdout": subprocess.PIPE, **options},
            check=False,
        )
        return process.returncode, process.stderr.decode(), len(self.good.requests) - before

    def test_found_before_the_first_request(self):
        (self.folder / "file").write_text("")
        (self.folder / "busy").mkdir()
        (self.folder / "busy" / "file").write_text("")
        cases = [
            (["--report", f"json={self.folder}/nowhere/report.json"], "RG0010", "No such file or directory"),
            (["--report", f"json={self.folder}"], "RG0010", "Is a directory"),
            (["--report", f"json={self.folder}/file/report.json"], "RG0010", "Not a directory"),
            (["--report", "json=/proc/report.json"], "RG0010", "proc"),
            (["--record", f"{self.folder}/file"], "RG0020", "name an empty folder"),
            (["--record", f"{self.folder}/busy"], "RG0020", "it is not empty"),
            (["--record", "/proc/evidence"], "RG0020", "name an empty folder"),
        ]
        for arguments, code, words in cases:
            with self.subTest(arguments[1]):
                status, err, asked = self.check(*arguments)
                self.assertEqual((2, 0), (status, asked), err)
                self.assertIn(f"error[{code}]", err)
                self.assertIn(words, err)

    def test_disk_full(self):
        status, err, asked = self.check("--report", "json=/dev/full")
        hostile.ROWS.append(("report to a full disk", status, 0.0))
        self.assertEqual(0, status)
        self.assertGreater(asked, 0)
        self.assertIn("RG0010", err)
        self.assertIn("No space left on device", err)
        self.assertIn("verdict: pass: ", err)
        self.assertTrue(os.stat("/dev/full").st_rdev, "the device is still one")

    def test_standard_output_full(self):
        with open("/dev/full", "wb") as full:
            status, err, _ = self.check(stdout=full)
        self.assertEqual(0, status)
        self.assertIn("RG0012", err)
        self.assertIn("verdict: pass: ", err)

    def test_standard_output_closed(self):
        report = self.folder / "report.json"
        status, err, _ = self.check("--report", f"json={report}", stdout=None, preexec_fn=lambda: os.close(1))
        hostile.ROWS.append(("standard output closed", status, 0.0))
        self.assertEqual(0, status)
        self.assertIn("RG0012", err)
        self.assertIn("verdict: pass: ", err)
        self.assertEqual("pass", json.loads(report.read_text())["verdict"])

    def test_everything_closed(self):
        report = self.folder / "report.json"
        file = self.write("gate.toml", hostile.gate_text(self.good.url, self.good.url))
        process = subprocess.run(
            [
                "sh",
                "-c",
                'exec "$0" "$@" <&- >&- 2>&-',
                gate.PROGRAM,
                "check",
                str(file),
                "--now",
                hostile.NOW,
                "--report",
                f"json={report}",
            ],
            env=gate.environment(hostile.WITH_TOKEN),
            timeout=30,
            check=False,
        )
        self.assertEqual(0, process.returncode)
        self.assertEqual("pass", json.loads(report.read_text())["verdict"])

    def test_reader_that_left(self):
        reader, writer = os.pipe()
        os.close(reader)
        try:
            status, err, _ = self.check(stdout=writer)
        finally:
            os.close(writer)
        self.assertEqual(0, status)
        self.assertIn("RG0012", err)

    def test_links_and_pipes_stay_what_they_are(self):
        (self.folder / "real.json").write_text("old")
        (self.folder / "link.json").symlink_to("real.json")
        status, err, _ = self.check(
            "--report", f"json={self.folder}/link.json", "--report", "markdown=/dev/stdout", "--quiet"
        )
        self.assertEqual(0, status, err)
        self.assertTrue((self.folder / "link.json").is_symlink())
        self.assertEqual("pass", json.loads((self.folder / "real.json").read_text())["verdict"])
        self.assertEqual([], [path for path in self.folder.iterdir() if path.name.endswith(".tmp")])


class Injection(hostile.FaultTest):
    """What a server says is shown, but as text."""

    ESCAPES = "\x1b[2J\x1b]0;owned\x07\r\x08\u202egnp.exe\u200b\x9b31m"
    COMMANDS = [
        "::error file=a,line=1::forged",
        "::set-output name=verdict::pass",
        "::add-mask::x",
        "::stop-commands::x",
        "##[error]forged",
        "##[set-env name=PATH;]/tmp",
        "##vso[task.complete result=Succeeded;]done",
        "##teamcity[buildStatus status='SUCCESS']",
    ]
    HIDDEN = "\x1b[2J\x7f\x9b31m\xad\u061c\u180e\u200b\u202e\u2066\ufeff\ufff9\U000e0041"
    LOG = {"CI": "true", "GITHUB_ACTIONS": "true"}

    def say(self, text, columns="100"):
        body = json.dumps({"status": "error", "errorType": "bad_data", "error": text})
        with hostile.Hostile(saying(answer(body, "400 Bad Request"))) as server:
            return self.check(server.url, env={"COLUMNS": columns})

    def assert_no_command(self, text):
        for line in text.splitlines():
            self.assertFalse(re.match(r"\s*::[\w-]+.*::", line), line)
            self.assertNotIn("##[", line)
            self.assertNotIn("##vso[", line)
            self.assertNotIn("##teamcity[", line)

    def test_escapes(self):
        result = self.say(f"before {self.ESCAPES} after")
        for name, text in (("stdout", result.out), ("stderr", result.err), ("markdown", result.markdown)):
            with self.subTest(name):
                self.assertEqual(
                    [], [c for c in text if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u200b"]
                )
        self.assertIn(r"\x1b[2J", result.out)
        self.assertIn(r"\u{202e}", result.out)

    def test_workflow_commands(self):
        """Wherever a line is broken, at every width from 40 to 120, none begins as a command."""
        for columns in range(40, 121, 8):
            for command in self.COMMANDS:
                with self.subTest(command, columns=columns):
                    result = self.say(
                        f"no\n{command}\r\n {command} {'word ' * (columns // 9)}{command} tail", str(columns)
                    )
                    for text in (result.out, result.err, result.markdown):
                        self.assert_no_command(text)

    def test_workflow_commands_on_a_json_stdout(self):
        body = json.dumps({"status": "error", "errorType": "bad_data", "error": " ".join(self.COMMANDS)})
        with hostile.Hostile(saying(answer(body, "400 Bad Request"))) as server:
            file = self.write("gate.toml", hostile.gate_text(server.url, self.good.url))
            result = gate.run("check", file, "--now", hostile.NOW, "--format", "json", env=hostile.WITH_TOKEN)
        self.assert_no_command(result.stdout)
        self.assertIn("##[error]forged", json.loads(result.stdout)["metrics"][0]["error"]["message"])

    def test_workflow_commands_in_a_gate_file(self):
        file = self.write("gate.toml", 'version = 1\n::error::forged = 1\n"##[error]" = 2\n')
        result = gate.run("validate", file)
        self.assertEqual(2, result.returncode)
        self.assert_no_command(result.stdout + result.stderr)

    def shown_everywhere(self, text):
        """Every output that may hold `text`, which a server says as a label and as an error, and a gate file as its own."""
        quoted = json.dumps(text)
        error = json.dumps({"status": "error", "errorType": text, "error": text})
        label = hostile.vector("99", {"pod": text})
        for body, status, keys in ((label, "200 OK", 'each = "pod"'), (error, "400 Bad Request", ""), (text, "500 Oops", "")):
            with hostile.Hostile(saying(answer(body.encode(), status))) as server:
                file = self.write("gate.toml", hostile.gate_text(server.url, self.good.url, "retries = 0", metric_keys=keys))
                for arguments in (["check"], ["check", "--verbose"], ["check", "--format", "json"], ["query", "broken"]):
                    command = [arguments[0], file, *(arguments[1:]), "--now", hostile.NOW]
                    yield arguments, gate.run(*command, env={**hostile.WITH_TOKEN, **self.LOG})
        own = hostile.gate_text("http://127.0.0.1:1", self.good.url, "retries = 0", f"title = {quoted}\nlink = {quoted}")
        own = own.replace('name = "faults"', f"name = {quoted}").replace('query = "broken"', f"query = {quoted}")
        file = self.write("own.toml", own)
        for arguments in (["plan"], ["check"], ["query", "broken"], ["validate"]):
            now = [] if arguments == ["validate"] else ["--now", hostile.NOW]
            yield arguments, gate.run(arguments[0], file, *arguments[1:], *now, env={**hostile.WITH_TOKEN, **self.LOG})
        name = text.replace("/", "_").splitlines()[0] + ".toml"
        self.write(name, hostile.gate_text("http://127.0.0.1:1", self.good.url))
        for arguments in (["validate", name], ["validate", "--format", "json", "no" + name], ["init", "--output", "new" + name]):
            yield arguments, gate.run(*arguments, cwd=self.folder)
        for arguments in (["check", "--" + text], ["explain", text], ["check", "--format", text]):
            yield arguments, gate.run(*arguments)

    def test_no_command_in_any_output(self):
        for command in (self.COMMANDS[0], "\n".join(self.COMMANDS), " ".join(reversed(self.COMMANDS))):
            for arguments, result in self.shown_everywhere(command):
                with self.subTest(command, arguments=arguments):
                    lines = (result.stdout + result.stderr).splitlines()
                    own = [line for line in lines if re.match("::(error|warning) file=[^ ]*,.*title=.*::", line)]
                    self.assert_no_command("\n".join(line for line in lines if line not in own))
                    for line in own:
                        self.assertNotRegex(line, r"##(\[|vso\[|teamcity\[)")

    def test_nothing_hidden_in_any_output(self):
        hidden = set(self.HIDDEN) - set("[2J31m")
        for arguments, result in self.shown_everywhere(self.HIDDEN):
            with self.subTest(arguments):
                self.assertEqual(set(), set(result.stdout + result.stderr) & hidden)

    def test_label_that_holds_the_token(self):
        series = hostile.vector("1", {"host": f"a{hostile.TOKEN}b"})
        with hostile.Hostile(saying(answer(series))) as server:
            result = self.check(server.url, metric_keys='each = "host"')
        self.assertIn("broken[host=a***b]", [metric["id"] for metric in result.report["metrics"]])


def tearDownModule():
    hostile.print_rows()


if __name__ == "__main__":
    gate.main()
