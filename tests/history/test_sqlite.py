"""Runs kept in a SQLite file: nothing lost, nothing torn, and a history that cannot be written never changes a verdict."""

import os
import resource
import signal
import sqlite3
import time
import unittest

import gate
from history_case import DAY, HEAD, METRIC, PLAIN, START, HistoryTest, others, stamp, start

V1 = (gate.ROOT / "tests/history/schema-1.sql").read_text(encoding="utf-8")
MANY = HEAD + """[compare]
design = "none"
candidate = { window = "30m" }
""" + METRIC + 'each = "region"\nfail = { above = "1s" }\n'


class Keeping(HistoryTest):
    def setUp(self):
        super().setUp()
        self.rows([200, 210])
        self.write("gate.toml", PLAIN)

    def test_a_run_is_kept_with_what_it_measured_and_said(self):
        result = self.check(0, "--run-id", "first", env={"GITHUB_SHA": "0a1b2c3d"})
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stderr.splitlines()[-1], f"kept as first in {self.where}")
        report = self.report(0, history=False)
        run = self.history("show", "first")["run"]
        self.assertEqual(run["gate"], {"name": "shop", "sha256": report["gate"]["sha256"]})
        self.assertEqual(run["release"], {"version": "1.0.0", "previous_version": None, "deployed_at": stamp(START), "revision": "0a1b2c3d"})
        self.assertEqual((run["verdict"], run["exit_code"], run["headline"]), ("pass", 0, report["headline"]))
        self.assertEqual(run["tool_version"], report["tool"]["version"])
        [kept], [told] = run["metrics"], report["metrics"]
        for key in ("id", "title", "unit", "better", "required", "verdict", "evidence", "headline"):
            self.assertEqual(kept[key], told[key], key)
        for key in ("value", "samples", "dropped", "window"):
            self.assertEqual(kept["candidate"][key], told["candidate"][key], key)
        self.assertEqual(kept["estimand"], "samples mean")
        self.assertEqual([one["outcome"] for one in kept["criteria"]], ["holds"])
        self.assertEqual(self.sql("PRAGMA journal_mode"), [("wal",)])

    def test_the_environment_names_the_history_and_the_option_wins(self):
        result = self.check(0, history=False, env={"RELEASE_GATE_HISTORY": self.where})
        self.assertEqual(result.returncode, 0)
        self.assertEqual(self.counts(), (1, 1))
        other = self.folder / "other.db"
        self.check(1, "--history", f"sqlite:{other}", history=False, env={"RELEASE_GATE_HISTORY": self.where})
        self.assertEqual(self.counts(), (1, 1))
        self.assertTrue(other.exists())
        self.assertNotIn("kept as", self.check(1, "--quiet").stderr)

    def test_the_same_run_again_is_kept_once(self):
        for _ in range(3):
            result = self.check(0, "--run-id", "ci-7")
            self.assertEqual(result.returncode, 0)
        self.assertIn(f"kept as ci-7 in {self.where} already", result.stderr)
        self.assertEqual(self.counts(), (1, 1))
        result = self.check(1, "--run-id", "ci-7")
        self.assertEqual(result.returncode, 0)
        self.assertIn("error[RG0608]", result.stderr)
        self.assertEqual(self.history("show", "ci-7")["run"]["release"]["version"], "1.0.0")
        self.assertEqual(self.check(1, "--run-id", "ci-7", "--require-history").returncode, 4)
        # Without a name every run is one of its own.
        self.check(0)
        self.check(0)
        self.assertEqual(self.counts(), (3, 3))

    def test_evidence_brings_its_run_into_a_history_later_and_once(self):
        self.check(0, "--record", self.folder / "evidence")
        self.assertEqual(self.counts(), (1, 1))
        result = gate.run("check", "--replay", self.folder / "evidence", cwd=self.folder, env={"RELEASE_GATE_HISTORY": "sqlite:unused.db"})
        self.assertEqual(result.returncode, 0)
        self.assertFalse((self.folder / "unused.db").exists(), "a replay opens nothing by itself")
        for where in (self.where, "sqlite:second.db", "sqlite:second.db"):
            result = gate.run("check", "--replay", self.folder / "evidence", "--history", where, cwd=self.folder)
            self.assertEqual(result.returncode, 0)
        self.assertEqual(self.counts(), (1, 1))
        self.database = self.folder / "second.db"
        self.assertEqual(self.counts(), (1, 1))

    def test_what_was_left_out_is_not_kept_and_does_not_decide(self):
        self.write("gate.toml", PLAIN + METRIC.replace("latency", "other") + 'fail = { above = "1s" }\n')
        self.check(0, "--only", "other", "--run-id", "part")
        run = self.history("show", "part")["run"]
        self.assertFalse(run["complete"])
        self.assertEqual([metric["id"] for metric in run["metrics"]], ["other"])

    def test_an_interrupted_run_is_not_kept(self):
        process = start(["check", "gate.toml", "--history", self.where, "--wait"], {"DEPLOYED_AT": "now", "VERSION": "1"}, self.folder)
        self.assertIn("waiting for", process.stderr.readline())
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=10)
        self.assertEqual(process.returncode, 143, output)
        self.assertTrue(not self.database.exists() or self.counts() == (0, 0))


class Survival(HistoryTest):
    def test_fifty_writers_lose_nothing(self):
        self.rows([200] * 2)
        self.write("gate.toml", PLAIN)
        results = self.at_once(50, lambda i: self.check(i % 2, "--run-id", f"run-{i}", "--require-history"))
        self.assertEqual([result.returncode for result in results], [0] * 50, results[0].stderr)
        self.assertEqual(self.counts(), (50, 50))
        self.assertEqual(self.sql("PRAGMA integrity_check"), [("ok",)])

    def test_killed_anywhere_in_a_write_a_run_is_there_whole_or_not_at_all(self):
        regions = 150
        self.rows([200] * 4, extra=lambda level, draw: f"r{draw.randrange(regions)}")
        self.write("gate.toml", MANY)
        self.check(0, "--run-id", "whole")
        whole = self.counts()[1]
        self.assertGreater(whole, 50)
        began = time.monotonic()
        self.check(0, "--run-id", "timed")
        length = time.monotonic() - began
        kept = killed = 0
        at = length * 0.9  # Follows the end of a run, whatever else the machine is doing: earlier after a late kill, later after an early one.
        for i in range(24):
            process = start(["check", "gate.toml", "--now", stamp(START + DAY / 24), "--history", self.where, "--run-id", f"k{i}", "-q"],
                            {"DEPLOYED_AT": stamp(START), "VERSION": "1"}, self.folder)
            time.sleep(at)
            process.kill()
            process.communicate(timeout=10)
            in_time = process.returncode == -signal.SIGKILL
            killed += in_time
            at *= 1.06 if in_time else 0.9
        for run, metrics in self.sql("SELECT r.id, count(m.metric) FROM release_gate_runs r LEFT JOIN release_gate_metrics m ON m.run_id = r.id "
                                     "GROUP BY r.id"):
            self.assertEqual(metrics, whole, run)
            kept += 1
        self.assertGreater(killed, 3, "the kills came too late")
        self.assertEqual(self.sql("PRAGMA integrity_check"), [("ok",)])
        # What was left behind is in nobody's way.
        self.assertIn("kept as after", self.check(0, "--run-id", "after").stderr)
        self.assertEqual(self.sql("SELECT count(*) FROM release_gate_runs")[0][0], kept + 1)

    def test_a_writer_that_is_killed_while_it_waits_leaves_nothing(self):
        self.rows([200])
        self.write("gate.toml", PLAIN)
        self.check(0, "--run-id", "first")
        holder = sqlite3.connect(self.database, isolation_level=None)
        self.addCleanup(holder.close)
        holder.execute("BEGIN IMMEDIATE")
        process = start(["check", "gate.toml", "--now", stamp(START + DAY / 24), "--history", self.where],
                        {"DEPLOYED_AT": stamp(START), "VERSION": "1"}, self.folder)
        self.assertIn("PASS", process.stdout.readline(), "the report does not wait for the history")
        process.kill()
        process.communicate(timeout=10)
        holder.execute("ROLLBACK")
        self.assertEqual(self.counts(), (1, 1))


class Trouble(HistoryTest):
    """A history that cannot be written is told; the verdict stays, unless the history is required."""

    def setUp(self):
        super().setUp()
        self.rows([200])
        self.write("gate.toml", PLAIN)

    def told(self, code, *words, **keywords):
        result = self.check(0, **keywords)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("PASS", result.stdout)
        self.assertIn(f"error[{code}]", result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        required = self.check(0, "--require-history", **keywords)
        self.assertEqual(required.returncode, 4)
        self.assertIn(f"error[{code}]", required.stderr)
        self.assertEqual(required.stdout, "", "found before anything is asked")

    def test_no_database(self):
        self.database.write_bytes(b"this is a text, and no database\n" * 100)
        before = self.database.read_bytes()
        self.told("RG0604", "is no history that can be read", "restore a copy")
        self.assertEqual(self.database.read_bytes(), before)
        self.assertIn("RG0604", self.history("list", code=4))

    def test_damaged_in_the_middle(self):
        self.rows([200], extra=lambda level, draw: f"r{draw.randrange(60)}")
        self.write("gate.toml", MANY)
        self.check(0)
        data = bytearray(self.database.read_bytes())
        for offset in range(4096, len(data), 4096):
            data[offset:offset + 2048] = b"\xff" * 2048
        self.database.write_bytes(data)
        result = self.check(0)
        self.assertEqual(result.returncode, 3)
        self.assertIn("error[RG0604]", result.stderr)
        self.assertIn("RG0604", self.history("list", code=4))

    def test_of_something_else(self):
        connection = sqlite3.connect(self.database)
        connection.execute("CREATE TABLE notes (a TEXT)")
        connection.commit()
        connection.close()
        self.told("RG0604", "it is a database of something else")
        self.assertEqual(self.sql("SELECT name FROM sqlite_master"), [("notes",)])

    def test_of_a_newer_program(self):
        self.check(0)
        connection = sqlite3.connect(self.database)
        connection.execute("UPDATE release_gate_schema SET version = 99")
        connection.commit()
        connection.close()
        self.told("RG0605", "its tables are of version 99, and this program knows 3", "use the newer release-gate")
        self.assertIn("RG0605", self.history("list", code=4))
        self.assertEqual(self.counts(), (1, 1))

    def test_of_an_older_program(self):
        connection = sqlite3.connect(self.database)
        connection.executescript(V1)
        connection.close()
        self.assertEqual([run["id"] for run in self.history("list")["runs"]], ["old-run"])
        self.assertEqual(self.sql("SELECT version FROM release_gate_schema"), [(3,)])
        self.assertEqual(self.check(0, "--require-history").returncode, 0)
        self.assertEqual(self.counts(), (2, 2))
        self.assertEqual(self.history("trend", "latency")["releases"][0]["value"], 181.5)
        self.history("mark", "0.9.0", "bad")

    def as_another(self, *arguments):
        """A check by somebody whom permissions stop."""
        deployed = {"VERSION": "1.0.0", "DEPLOYED_AT": stamp(START)}
        process = start(["check", "gate.toml", "--now", stamp(START + DAY / 24), "--history", self.where, *arguments], deployed, self.folder,
                        **others())
        output, errors = process.communicate(timeout=30)
        return process.returncode, output, errors

    def test_read_only(self):
        self.check(0)
        self.folder.chmod(0o755)
        os.chmod(self.database, 0o444)
        code, output, errors = self.as_another()
        self.assertEqual(code, 0, errors)
        self.assertIn("PASS", output)
        self.assertIn("error[RG0606]", errors)
        self.assertIn("it is read-only", errors)
        code, output, errors = self.as_another("--require-history")
        self.assertEqual((code, output), (4, ""))
        self.assertEqual(self.counts(), (1, 1))
        # It can still be read, in a folder where nothing can be made beside it, too.
        self.folder.chmod(0o555)
        self.addCleanup(self.folder.chmod, 0o755)
        process = start(["history", "list", "--history", self.where], {}, self.folder, **others())
        output, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, errors)
        self.assertIn("1.0.0", output)

    def test_in_a_folder_that_is_not_there(self):
        self.where = f"sqlite:{self.folder}/none/history.db"
        self.told("RG0606", "unable to open database file")

    def test_no_room(self):
        """The file may not grow, as on a full disk."""
        self.check(0)
        size = self.database.stat().st_size

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))

        process = start(["check", "gate.toml", "--now", stamp(START + DAY / 24), "--history", self.where], {"DEPLOYED_AT": stamp(START)},
                        self.folder, preexec_fn=limit, restore_signals=False)
        output, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, errors)
        self.assertIn("PASS", output)
        self.assertIn("error[RG0606]", errors)
        self.assertEqual(self.counts(), (1, 1))
        self.assertEqual(self.sql("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(self.check(0).returncode, 0)
        self.assertEqual(self.counts(), (2, 2))

    def test_held_by_another_writer_longer_than_the_deadline(self):
        self.check(0)
        holder = sqlite3.connect(self.database, isolation_level=None)
        self.addCleanup(holder.close)
        holder.execute("BEGIN IMMEDIATE")
        result = self.check(0, "--deadline", "1s")
        self.assertEqual(result.returncode, 0)
        self.assertIn("another writer holds it", result.stderr)
        self.assertLess(result.seconds, 3.0)

    def test_a_failure_beats_a_history_that_is_required(self):
        self.write("gate.toml", PLAIN.replace('above = "1s"', 'above = "1ms"'))
        self.check(0, "--run-id", "x")
        result = self.check(0, "--run-id", "x", "--require-history", version="9.9.9")
        self.assertIn("RG0608", result.stderr)
        self.assertEqual(result.returncode, 1)

    def test_places_that_are_none(self):
        for where in ("history.db", "sqlite:", "sqlite::memory:", "mysql://me:s3cret@host/db"):
            with self.subTest(where):
                self.where = where
                result = self.check(0)
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertIn("error[RG0601]: --history: ", result.stderr)
                self.assertNotIn("s3cret", result.stderr)
        result = self.check(0, history=False, env={"RELEASE_GATE_HISTORY": "nonsense:s3cret"})
        self.assertIn("error[RG0601]: RELEASE_GATE_HISTORY: ", result.stderr)
        self.assertNotIn("s3cret", result.stderr)
        result = self.check(0, "--require-history", history=False)
        self.assertEqual(result.returncode, 2)
        self.assertIn("error[RG0602]", result.stderr)


if __name__ == "__main__":
    unittest.main()
