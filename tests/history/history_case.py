"""Gates over CSV files for the tests of the history: a release a day at noon, judged an hour later."""

import concurrent.futures
import datetime
import json
import os
import pwd
import random
import sqlite3
import subprocess

import gate

DAY = datetime.timedelta(days=1)
START = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone.utc)

HEAD = """version = 1
name = "shop"
[release]
version = { env = "VERSION", default = "" }
deployed_at = { env = "DEPLOYED_AT" }
[sources.rows]
type = "file"
path = "rows.csv"
time = "time"
"""
METRIC = """[metrics.latency]
source = "rows"
value  = "ms"
unit   = "ms"
better = "lower"
"""
# A gate that passes without a look at the past.
PLAIN = HEAD + '[compare]\ndesign = "none"\ncandidate = { window = "30m" }\n' + METRIC + 'fail = { above = "1s" }\n'


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def others():
    """Keywords for subprocess that run a program as somebody who is not root, whom permissions do not stop."""
    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}


class HistoryTest(gate.GateTest):
    """`self.where` is the history of the test."""

    def setUp(self):
        super().setUp()
        self.database = self.folder / "history.db"
        self.where = f"sqlite:{self.database}"

    def rows(self, levels, spread=20.0, name="rows.csv", seed=1, extra=lambda level, draw: ""):
        """120 rows for each release, around its level; `extra` gives more columns' values."""
        draw = random.Random(seed)
        lines = ["time,ms,region"]
        for number, level in enumerate(levels):
            for i in range(120):
                time = START + number * DAY + datetime.timedelta(seconds=15 * i + 1)
                lines.append(f"{stamp(time)},{draw.gauss(level, spread):.4f},{extra(level, draw) or 'eu'}")
        return self.write(name, "\n".join(lines) + "\n")

    def check(self, number, *arguments, version=None, env=None, history=True, **keywords):
        """Judges release `number`; the result of the run."""
        deployed = START + number * DAY
        environment = {"VERSION": f"1.{number}.0" if version is None else version, "DEPLOYED_AT": stamp(deployed), **(env or {})}
        options = ["--now", stamp(deployed + datetime.timedelta(hours=1)), *(["--history", self.where] if history else [])]
        return gate.run("check", "gate.toml", *options, *arguments, env=environment, cwd=self.folder, **keywords)

    def report(self, number, *arguments, code=None, **keywords):
        result = self.check(number, "--format", "json", *arguments, **keywords)
        if code is not None:
            self.assertEqual(result.returncode, code, result.stderr)
        return json.loads(result.stdout)

    def history(self, *arguments, code=0, **keywords):
        """What `history … --format json` says."""
        result = gate.run("history", *arguments, "--history", self.where, "--format", "json", cwd=self.folder, **keywords)
        self.assertEqual(result.returncode, code, result.stderr)
        return json.loads(result.stdout) if code == 0 else result.stderr

    def fill(self, values, metric="latency", gate_name="shop", verdict="pass", first=0):
        """Releases 0.N, a day each, straight into the tables, which are there."""
        connection = sqlite3.connect(self.database)
        for number, value in enumerate(values, first):
            at = int((START + (number - 1000) * DAY).timestamp() * 1000)
            run = f"{gate_name}-{number}"
            connection.execute(
                "INSERT OR IGNORE INTO release_gate_runs VALUES (?, ?, '', ?, '', '', ?, ?, ?, ?, ?, '', 1, ?, 0, NULL, NULL, NULL, NULL, 'said', '1')",
                (run, gate_name, f"0.{number}", at, at, at + 1, at, at, verdict))
            connection.execute(
                "INSERT INTO release_gate_metrics (run_id, metric, position, parent, labels, title, source, estimand, unit, better, required, "
                "verdict, evidence, usable, headline, value, samples, dropped, criteria) "
                "VALUES (?, ?, 0, '', '{}', 't', 's', 'samples mean', 'ms', 'lower', 1, 'pass', 'enough', 1, 'h', ?, 120, 0, '[]')",
                (run, metric, value))
        connection.commit()
        connection.close()

    def sql(self, statement):
        connection = sqlite3.connect(self.database)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()

    def counts(self):
        """Runs, metrics, and runs that lack a metric of theirs."""
        runs = self.sql("SELECT count(*) FROM release_gate_runs")[0][0]
        metrics = self.sql("SELECT count(*) FROM release_gate_metrics")[0][0]
        return runs, metrics

    def at_once(self, count, work, workers=10):
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            return list(pool.map(work, range(count)))


def start(arguments, env, cwd, **keywords):
    """The program, running on its own."""
    return subprocess.Popen([gate.PROGRAM, *map(str, arguments)], env=gate.environment(env), cwd=cwd, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, encoding="utf-8", errors="surrogateescape", **keywords)
