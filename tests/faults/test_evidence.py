"""The evidence of a run: recorded, replayed without a socket, and of no use once it was changed."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess

import gate
import hostile
from hostile import answer, saying

SERIES = json.dumps(
    {
        "status": "success",
        "data": {
            "resultType": "matrix",
            "result": [
                {
                    "metric": {"pod": "a", "leak": hostile.TOKEN},
                    "values": [[hostile.INSTANT - 3600 + 15 * i, str(1 + i % 3)] for i in range(600)],
                }
            ],
        },
    }
)

GATE = """
version = 1
name = "evidence"
[vars]
app = { env = "APP" }
[release]
deployed_at = "2026-01-05T12:30:00Z"
[compare]
baseline = { window = "20m" }
candidate = { window = "20m", settle = "2m" }
step = "15s"
[sources.prom]
type = "prometheus"
url = { env = "PROMETHEUS_URL" }
token = { env = "PLANTED_TOKEN" }
headers = { X-Scope-OrgID = { env = "TENANT" }, X-Key = { file = "key.txt" } }
[sources.down]
type = "prometheus"
url = "http://127.0.0.1:1"
retries = 0
[metrics.load]
source = "prom"
query = 'load{app="{{app}}", env="prod"}'
fail = { increase_over = "50%" }
[metrics.absent]
source = "down"
query = 'up'
kind = "value"
required = false
fail = { above = 1 }
"""


class Evidence(hostile.FaultTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.environment = {"PLANTED_TOKEN": hostile.TOKEN, "APP": "shop", "TENANT": "prod"}

    def record(self, *arguments, code=1):
        """A recorded run; the server is gone afterwards."""
        self.write("key.txt", hostile.TOKEN + "-file\n")
        file = self.write("gate.toml", GATE)
        with hostile.Hostile(saying(answer(SERIES, headers=[f"X-Echo: {hostile.TOKEN}"]))) as server:
            result = gate.run(
                "check",
                file,
                "--now",
                hostile.NOW,
                "--record",
                self.folder / "evidence",
                "--report",
                f"json={self.folder}/live.json",
                "--report",
                f"markdown={self.folder}/live.md",
                *arguments,
                env={**self.environment, "PROMETHEUS_URL": server.url},
            )
        self.assertEqual(0, result.returncode, result.stdout + result.stderr)
        return self.folder / "evidence", result

    def replay(self, evidence, *arguments, wrapper=(), **options):
        command = [
            *wrapper,
            gate.PROGRAM,
            "check",
            "--replay",
            str(evidence),
            "--report",
            f"json={self.folder}/again.json",
            "--report",
            f"markdown={self.folder}/again.md",
            *arguments,
        ]
        return subprocess.run(
            command, env=gate.environment(), capture_output=True, encoding="utf-8", timeout=60, check=False, **options
        )

    def test_the_same_report_without_server_gate_file_or_variables(self):
        evidence, live = self.record()
        (self.folder / "gate.toml").unlink()
        (self.folder / "key.txt").unlink()
        again = self.replay(evidence, cwd="/")
        self.assertEqual("", again.stderr)
        self.assertEqual((live.returncode, live.stdout), (again.returncode, again.stdout))
        for name in ("json", "md"):
            self.assertEqual((self.folder / f"live.{name}").read_bytes(), (self.folder / f"again.{name}").read_bytes())
        self.assertEqual((evidence / "report.json").read_bytes(), (self.folder / "again.json").read_bytes())

    def test_a_query_is_recorded_and_replayed(self):
        self.write("key.txt", hostile.TOKEN + "-file\n")
        file = self.write("gate.toml", GATE)
        with hostile.Hostile(saying(answer(SERIES))) as server:
            live = gate.run(
                "query",
                file,
                "load",
                "--now",
                hostile.NOW,
                "--record",
                self.folder / "evidence",
                env={**self.environment, "PROMETHEUS_URL": server.url},
            )
        again = gate.run("query", file, "load", "--replay", self.folder / "evidence")
        self.assertEqual((0, live.stdout, ""), (again.returncode, again.stdout, again.stderr))
        self.assertIn("candidate", live.stdout)

    def test_no_socket_is_opened(self):
        evidence, _ = self.record()
        trace = self.folder / "trace"
        result = self.replay(evidence, wrapper=["strace", "-f", "-o", str(trace), "-e", "trace=network"])
        self.assertEqual(0, result.returncode, result.stderr)
        calls = [line for line in trace.read_text().splitlines() if "(" in line]
        self.assertEqual([], calls)

    def test_without_a_network(self):
        evidence, _ = self.record()
        result = self.replay(evidence, wrapper=["unshare", "-r", "-n"])
        self.assertEqual(0, result.returncode, result.stderr)

    def test_one_byte_changed_anywhere_is_found(self):
        evidence, _ = self.record()
        files = sorted(path for path in evidence.rglob("*") if path.is_file())
        self.assertGreaterEqual(len(files), 8)
        for path in files:
            original = path.read_bytes()
            for at in (0, len(original) // 2, len(original) - 1):
                with self.subTest(path.name, at=at):
                    path.write_bytes(original[:at] + bytes([original[at] ^ 1]) + original[at + 1 :])
                    result = self.replay(evidence)
                    self.assertEqual(2, result.returncode, result.stdout)
                    self.assertRegex(result.stderr, r"error\[RG002[12]\]")
                    if path.name != "SHA256SUMS":
                        self.assertIn(path.name, result.stderr)
            path.write_bytes(original)
        self.assertEqual(0, self.replay(evidence).returncode)

    def test_a_file_added_removed_or_cut_is_found(self):
        evidence, _ = self.record()
        exchange = next((evidence / "exchanges").iterdir())
        for name, change in (
            ("added", lambda folder: (folder / "more.txt").write_text("x")),
            ("removed", lambda folder: (folder / exchange.relative_to(evidence)).unlink()),
            ("cut", lambda folder: (folder / "report.json").write_bytes((folder / "report.json").read_bytes()[:-1])),
            (
                "list cut",
                lambda folder: (folder / "SHA256SUMS").write_text(
                    "".join((folder / "SHA256SUMS").read_text().splitlines(True)[1:])
                ),
            ),
        ):
            with self.subTest(name):
                copy = self.folder / f"copy-{name}"
                shutil.copytree(evidence, copy)
                change(copy)
                result = self.replay(copy)
                self.assertEqual(2, result.returncode)
                self.assertIn("error[RG0022]", result.stderr)

    def test_checksums_are_those_of_sha256sum(self):
        evidence, _ = self.record()
        checked = subprocess.run(
            ["sha256sum", "--check", "--strict", "SHA256SUMS"],
            cwd=evidence,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        self.assertEqual(0, checked.returncode, checked.stdout + checked.stderr)
        listed = {line.split("  ", 1)[1] for line in (evidence / "SHA256SUMS").read_text().splitlines()}
        there = {str(path.relative_to(evidence)) for path in evidence.rglob("*") if path.is_file()}
        self.assertEqual(there - {"SHA256SUMS"}, listed)

    def test_statement(self):
        evidence, _ = self.record()
        statement = json.loads((evidence / "statement.json").read_text())
        self.assertEqual("https://in-toto.io/Statement/v1", statement["_type"])
        self.assertEqual("https://in-toto.io/attestation/test-result/v0.1", statement["predicateType"])
        subjects = {subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]}
        there = {
            str(path.relative_to(evidence)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in evidence.rglob("*")
            if path.is_file()
        }
        del there["SHA256SUMS"], there["statement.json"]
        self.assertEqual(there, subjects)
        predicate = statement["predicate"]
        self.assertEqual("WARNED", predicate["result"])
        self.assertEqual(
            (["load"], [], ["absent"]), (predicate["passedTests"], predicate["warnedTests"], predicate["failedTests"])
        )
        gate_digest = hashlib.sha256(GATE.encode()).hexdigest()
        self.assertEqual([{"sha256": gate_digest}], [one["digest"] for one in predicate["configuration"]])

    def test_no_secret_is_in_it(self):
        evidence, live = self.record("--verbose")
        for path in [*evidence.rglob("*"), self.folder / "live.json", self.folder / "live.md"]:
            if path.is_file():
                text = path.read_text().lower()
                for form in hostile.forms():
                    self.assertNotIn(form.lower(), text, path.name)
        self.assertNotIn(hostile.TOKEN, live.stdout + live.stderr)
        run = json.loads((evidence / "run.json").read_text())
        self.assertEqual(
            {"PLANTED_TOKEN": "***", "TENANT": "***", "APP": "shop"},
            {name: run["environment"][name] for name in ("PLANTED_TOKEN", "TENANT", "APP")},
        )
        self.assertEqual(["***"], list(run["files"].values()))

    def test_a_folder_that_is_not_empty_is_refused(self):
        evidence, _ = self.record()
        before = {path: path.read_bytes() for path in evidence.rglob("*") if path.is_file()}
        result = gate.run(
            "check",
            self.folder / "gate.toml",
            "--now",
            hostile.NOW,
            "--record",
            evidence,
            env={**self.environment, "PROMETHEUS_URL": "http://127.0.0.1:1"},
        )
        self.assertEqual(2, result.returncode)
        self.assertIn("error[RG0020]", result.stderr)
        self.assertIn("it is not empty", result.stderr)
        self.assertEqual(before, {path: path.read_bytes() for path in evidence.rglob("*") if path.is_file()})

    def test_a_wrong_gate_file_leaves_no_folder(self):
        file = self.write("wrong.toml", "version = 1\nnonsense = 2\n")
        result = gate.run("check", file, "--record", self.folder / "evidence")
        self.assertEqual(2, result.returncode)
        self.assertFalse((self.folder / "evidence").exists())

    def test_a_question_that_was_not_recorded(self):
        evidence, _ = self.record()
        for path in (evidence / "exchanges").iterdir():
            if "query_range" in path.read_text():
                path.unlink()
        names = sorted(
            str(path.relative_to(evidence))
            for path in evidence.rglob("*")
            if path.is_file() and path.name != "SHA256SUMS"
        )
        sums = "".join(f"{hashlib.sha256((evidence / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
        (evidence / "SHA256SUMS").write_text(sums)
        result = self.replay(evidence)
        self.assertEqual(4, result.returncode, result.stderr)
        report = json.loads((self.folder / "again.json").read_text())
        self.assertEqual(["RG1082", "RG1004"], [metric["error"]["code"] for metric in report["metrics"]])

    def test_an_exchange_that_contradicts_itself(self):
        """Even with its checksums mended: the exchange carries its own."""
        evidence, _ = self.record()
        path = next(path for path in (evidence / "exchanges").iterdir() if "query_range" in path.read_text())
        path.write_text(path.read_text().replace("success", "succes5"))
        names = sorted(
            str(path.relative_to(evidence))
            for path in evidence.rglob("*")
            if path.is_file() and path.name != "SHA256SUMS"
        )
        sums = "".join(f"{hashlib.sha256((evidence / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
        (evidence / "SHA256SUMS").write_text(sums)
        result = self.replay(evidence)
        self.assertEqual(2, result.returncode)
        self.assertIn("error[RG1081]", result.stderr)

    def test_what_is_no_recording(self):
        empty = self.folder / "empty"
        empty.mkdir()
        for folder in (empty, self.folder / "nowhere", pathlib.Path(os.devnull)):
            with self.subTest(folder.name):
                result = self.replay(folder)
                self.assertEqual(2, result.returncode)
                self.assertIn("error[RG0021]", result.stderr)


def tearDownModule():
    hostile.print_rows()


if __name__ == "__main__":
    gate.main()
