"""Runs kept in a real PostgreSQL: the same tables, many writers at once, nothing torn, no password in any output."""

import json
import signal
import socket
import time
import unittest

import gate
import postgres
from history_case import DAY, PLAIN, START, HistoryTest, stamp, start

SERVER = postgres.Postgres()
V1 = (gate.ROOT / "tests/history/schema-1.sql").read_text(encoding="utf-8")
PAST = PLAIN.replace('design = "none"', 'design = "previous-releases"').replace('above = "1s"', 'increase_over = "10%"')


def setUpModule():
    SERVER.__enter__()


def tearDownModule():
    SERVER.__exit__()


class Case(HistoryTest):
    """A database for each test."""

    number = 0

    def setUp(self):
        super().setUp()
        Case.number += 1
        self.name = f"case{Case.number}"
        SERVER.sql(f"CREATE DATABASE {self.name}")
        self.where = SERVER.url(database=self.name)
        self.shown = f"postgres://gate@127.0.0.1:{SERVER.port}/{self.name}"
        self.rows([200, 201, 199, 202, 198, 200, 260])
        self.write("gate.toml", PLAIN)

    def ask(self, statement):
        return SERVER.sql(statement, self.name)

    def counts(self):
        return tuple(int(self.ask(f"SELECT count(*) FROM release_gate_{table}")[0][0]) for table in ("runs", "metrics"))

    def no_secret(self, result):
        for text in (result.stdout, result.stderr):
            for secret in (postgres.PASSWORD, postgres.QUOTED, "wr0ng"):
                self.assertNotIn(secret, text)


class Keeping(Case):
    def test_the_same_is_kept_as_in_sqlite(self):
        result = self.check(0, "--run-id", "first")
        self.assertEqual(result.returncode, 0)
        self.assertIn(f"kept as first in {self.shown}\n", result.stderr)
        self.no_secret(result)
        there = self.history("show", "first")
        self.where = f"sqlite:{self.database}"
        self.check(0, "--run-id", "first")
        here = self.history("show", "first")
        for run in (here["run"], there["run"]):
            for key in ("started_at", "finished_at"):
                del run[key]
        self.assertEqual(here, there)

    def test_commands(self):
        for i in range(4):
            self.check(i, "--run-id", f"run-{i}")
        self.assertEqual([run["id"] for run in self.history("list", "--last", "2")["runs"]], ["run-3", "run-2"])
        self.assertEqual(len(self.history("trend", "latency")["releases"]), 4)
        self.assertEqual(self.history("mark", "1.2.0", "bad", "--reason", "rolled back")["mark"]["mark"], "bad")
        self.assertEqual(self.history("show", "run-2")["run"]["mark"]["reason"], "rolled back")
        self.assertIsNone(self.history("mark", "1.2.0", "none")["mark"])
        self.assertEqual(self.history("prune", "--older-than", "1d")["runs"], 4)
        self.assertEqual(self.counts(), (0, 0))

    def test_releases_are_compared_with_the_last_that_passed(self):
        self.write("gate.toml", PAST.replace("[metrics.latency]", "[metrics.latency]\non_few_releases = \"warn\""))
        codes = [self.check(i).returncode for i in range(7)]
        self.assertEqual(codes, [0] * 6 + [1])
        report = self.report(6)
        [metric] = report["metrics"]
        self.assertEqual([one["version"] for one in metric["history"]["releases"]], [f"1.{i}.0" for i in range(6)])
        self.assertEqual(metric["verdict"], "fail")

    def test_the_same_run_again_is_kept_once(self):
        for _ in range(2):
            self.assertEqual(self.check(0, "--run-id", "ci-7").returncode, 0)
        self.assertIn("RG0608", self.check(1, "--run-id", "ci-7").stderr)
        self.assertEqual(self.counts(), (1, 1))


class Survival(Case):
    def test_fifty_writers_lose_nothing(self):
        results = self.at_once(50, lambda i: self.check(i % 2, "--run-id", f"run-{i}", "--require-history"))
        self.assertEqual([result.returncode for result in results], [0] * 50, results[0].stderr)
        self.assertEqual(self.counts(), (50, 50))
        self.assertEqual(self.ask("SELECT version FROM release_gate_schema"), [["3"]])

    def test_killed_in_the_middle_of_a_write_nothing_is_there(self):
        self.check(0, "--run-id", "first")
        # The run is inserted by then, and its metrics wait.
        self.ask("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(5); RETURN NEW; END';"
                 "CREATE TRIGGER slow BEFORE INSERT ON release_gate_metrics FOR EACH ROW EXECUTE FUNCTION slow()")
        process = start(["check", "gate.toml", "--now", stamp(START + DAY / 24), "--run-id", "second"],
                        {"DEPLOYED_AT": stamp(START), "RELEASE_GATE_HISTORY": self.where}, self.folder)
        for _ in range(200):
            waiting = self.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            if waiting == [["1"]]:
                break
            time.sleep(0.05)
        self.assertEqual(waiting, [["1"]])
        process.kill()
        process.communicate(timeout=10)
        self.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        self.ask("DROP TRIGGER slow ON release_gate_metrics")
        self.assertEqual(self.counts(), (1, 1))
        self.assertEqual(self.check(0, "--run-id", "second", "--require-history").returncode, 0)
        self.assertEqual(self.counts(), (2, 2))

    def test_an_old_schema_is_brought_up_to_date_by_many_at_once(self):
        self.ask(V1)
        results = self.at_once(10, lambda i: self.check(0, "--run-id", f"run-{i}", "--require-history"))
        self.assertEqual([result.returncode for result in results], [0] * 10, results[0].stderr)
        self.assertEqual(self.counts(), (11, 11))
        self.assertEqual(self.ask("SELECT version FROM release_gate_schema"), [["3"]])


class Trouble(Case):
    def told(self, *words, code="RG0606", exit_code=0, **keywords):
        result = self.check(0, "--deadline", "2s", **keywords)
        self.assertEqual(result.returncode, exit_code, result.stderr)
        self.assertIn("PASS", result.stdout)
        self.assertIn(f"error[{code}]", result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        self.no_secret(result)
        required = self.check(0, "--require-history", **keywords)
        self.assertEqual((required.returncode, required.stdout), (4, ""))
        self.no_secret(required)
        return result

    def test_wrong_password(self):
        self.where = SERVER.url(password="wr0ng", database=self.name)
        self.told(f"the history {self.shown} cannot be written", "password authentication failed", "check user and password")

    def test_wrong_password_from_the_environment(self):
        self.where = f"postgres://gate@127.0.0.1:{SERVER.port}/{self.name}"
        self.told("password authentication failed", env={"PGPASSWORD": "wr0ng"})
        self.assertEqual(self.check(0, env={"PGPASSWORD": postgres.PASSWORD}, version="2").returncode, 0)
        self.assertEqual(self.counts(), (1, 1))

    def test_no_such_database(self):
        self.where = SERVER.url(database="nowhere")
        self.told('database "nowhere" does not exist', "create the database")

    def test_an_address_that_cannot_be_read(self):
        for where in (SERVER.url(extra="?nonsense=1"), f"postgres://gate:{postgres.QUOTED}@127.0.0.1:port/x?%", f"postgres:password {postgres.QUOTED}"):
            self.where = where
            result = self.check(0)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn("error[RG0601]", result.stderr)
            self.no_secret(result)

    def test_a_newer_schema(self):
        self.check(0)
        self.ask("UPDATE release_gate_schema SET version = 99")
        self.told("its tables are of version 99", code="RG0605")
        self.assertIn("RG0605", self.history("list", code=4))

    def test_a_user_who_may_only_read(self):
        self.write("gate.toml", PAST)
        for i in range(5):
            self.write("gate.toml", PLAIN)
            self.check(i)
        self.ask("CREATE ROLE reader LOGIN PASSWORD 'reads'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
        self.addCleanup(self.ask, "DROP OWNED BY reader; DROP ROLE reader")
        self.where = SERVER.url(user="reader", password="reads", database=self.name)
        self.write("gate.toml", PAST)
        result = self.check(5)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("permission denied for table release_gate_runs", result.stderr)
        self.assertEqual(self.check(5, "--require-history").returncode, 4)
        self.assertEqual(self.counts(), (5, 5))

    def test_a_user_who_may_not_make_tables(self):
        self.ask("CREATE ROLE writer LOGIN PASSWORD 'writes'")
        self.addCleanup(self.ask, "DROP OWNED BY writer; DROP ROLE writer")
        self.where = SERVER.url(user="writer", password="writes", database=self.name)
        self.told("permission denied for schema public", "name a schema of its own")
        self.ask("CREATE SCHEMA own AUTHORIZATION writer")
        self.where += "?options=-csearch_path%3Down"
        self.assertEqual(self.check(0, "--require-history").returncode, 0)
        self.assertEqual(self.ask("SELECT count(*) FROM own.release_gate_runs"), [["1"]])

    def test_a_read_only_transaction_and_a_table_that_is_locked(self):
        self.check(0)
        self.ask(f"ALTER DATABASE {self.name} SET default_transaction_read_only = on")
        result = self.check(0)
        self.assertIn("cannot execute INSERT in a read-only transaction", result.stderr)
        self.assertEqual(result.returncode, 0)

    def test_a_server_that_is_not_there(self):
        self.where = f"postgres://gate:{postgres.QUOTED}@127.0.0.1:{gate.free_port()}/x"
        self.told("Connection refused", "whether the server runs")
        self.write("gate.toml", PAST)
        result = self.check(0)
        self.assertEqual(result.returncode, 4)
        self.assertIn("Could not ask the history", json.loads(self.check(0, "--format", "json").stdout)["metrics"][0]["headline"])
        self.no_secret(result)
        result = gate.run("history", "list", "--history", self.where)
        self.assertEqual(result.returncode, 4)
        self.no_secret(result)


class Silence(Case):
    """A server that takes the connection and never says a word."""

    def setUp(self):
        super().setUp()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.where = f"postgres://gate:{postgres.QUOTED}@127.0.0.1:{self.listener.getsockname()[1]}/x"

    def test_the_deadline_holds(self):
        self.write("gate.toml", PAST)
        result = self.check(0, "--deadline", "1s")
        self.assertEqual(result.returncode, 4)
        self.assertIn("no answer within 500 ms", result.stdout)
        self.assertLess(result.seconds, 2.2)
        self.no_secret(result)

    def test_a_signal_ends_the_wait(self):
        self.write("gate.toml", PAST)
        process = start(["check", "gate.toml", "--now", stamp(START + DAY / 24), "--history", self.where, "--format", "json"],
                        {"DEPLOYED_AT": stamp(START)}, self.folder)
        connection, _ = self.listener.accept()
        self.addCleanup(connection.close)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=10)
        self.assertLess(time.monotonic() - began, 1.0)
        self.assertEqual(process.returncode, 143)
        self.assertEqual(json.loads(output)["exit_code"], 143)


if __name__ == "__main__":
    unittest.main()
