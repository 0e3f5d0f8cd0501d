"""backtest from a file: its JSON against `release-gate schema backtest`, and its evidence."""

import copy
import datetime
import json
import math
import random
import signal
import subprocess
import time
import unittest

import gate
import jsonschema

START = datetime.datetime(2026, 3, 14, tzinfo=datetime.timezone.utc)
MINUTES = 2 * 24 * 60
GATE = """version = 1
name = "shop"
[vars]
limit = "2%"
[compare]
baseline  = { window = "30m" }
candidate = { window = "30m" }
step      = "1m"
[sources.rows]
type = "file"
path = "rows.csv"
[metrics.latency]
source = "rows"
value  = "ms"
unit   = "ms"
better = "lower"
fail   = { increase_over = "{{limit}}" }
warn   = { above = "230ms" }
[metrics.errors]
source = "rows"
kind   = "ratio"
events = { sum = "bad" }
total  = { sum = "all" }
fail   = { increase_over = "0.5pp" }
[metrics.open]
source = "rows"
kind   = "value"
value  = "ms"
aggregate = "max"
unit   = "ms"
warn   = { above = "1s" }
"""


def rows():
    draw = random.Random(7)
    lines = ["time,ms,bad,all"]
    drift = 0.0
    for minute in range(MINUTES):
        at = (START + datetime.timedelta(minutes=minute, seconds=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
        drift = 0.6 * drift + draw.gauss(0, 1)
        lines.append(f"{at},{200 + 20 * math.sin(minute / 230) + 12 * drift:.2f},{draw.randrange(4)},{100 + draw.randrange(20)}")
    return "\n".join(lines) + "\n"


def forbid_more(node):
    """Every object of a schema without keys that it does not name."""
    if isinstance(node, dict):
        if "properties" in node:
            node["additionalProperties"] = False
        for value in node.values():
            forbid_more(value)
    elif isinstance(node, list):
        for value in node:
            forbid_more(value)


class Backtest(gate.GateTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = rows()
        cls.schema = json.loads(gate.run("schema", "backtest").stdout)

    def setUp(self):
        super().setUp()
        self.write("gate.toml", GATE)
        self.write("rows.csv", self.rows)

    def backtest(self, *arguments, code=0):
        result = gate.run("backtest", "--quiet", *arguments, cwd=self.folder)
        self.assertEqual(code, result.returncode, result.stderr)
        return result

    def times(self):
        return ["--from", "2026-03-14T00:00:00Z", "--to", "2026-03-15T23:00:00Z", "--every", "3h"]

    def test_the_schema_is_one_and_holds_all_that_is_written(self):
        jsonschema.Draft7Validator.check_schema(self.schema)
        strict = copy.deepcopy(self.schema)
        forbid_more(strict)
        validator = jsonschema.Draft7Validator(strict)
        for arguments in (self.times(), [*self.times(), "--only", "open"], [*self.times(), "--set", "limit=90ms"]):
            found = json.loads(self.backtest(*arguments, "--format", "json").stdout)
            validator.validate(found)
        # Where nothing could be asked, shares are null.
        (self.folder / "rows.csv").unlink()
        found = json.loads(self.backtest(*self.times(), "--format", "json", code=4).stdout)
        validator.validate(found)
        self.assertEqual((found["false_alarms"]["of"], found["false_alarms"]["share"]), (0, None))
        self.assertGreater(found["error"], 0)
        self.assertIn("rows.csv", found["metrics"][0]["first_error"])

    def test_the_schema_refuses_what_is_wrong(self):
        found = json.loads(self.backtest(*self.times(), "--format", "json").stdout)
        validator = jsonschema.Draft7Validator(self.schema)
        self.assertTrue(validator.is_valid(found))
        for change in (lambda r: r.pop("false_alarms"), lambda r: r.update(schema="release-gate/backtest/v2"),
                       lambda r: r["metrics"][0].update(warn=-1), lambda r: r["metrics"][0]["criteria"][0].update(rule="over"),
                       lambda r: r["false_alarms"].update(interval=[0.1])):
            broken = copy.deepcopy(found)
            change(broken)
            self.assertFalse(validator.is_valid(broken))

    def test_a_backtest_is_replayed_from_its_evidence_alone(self):
        asked = [*self.times(), "--set", "limit=1%", "--only", "latency"]
        json_text = self.backtest(*asked, "--record", "evidence", "--format", "json").stdout
        self.assertEqual(json.loads(json_text), json.loads((self.folder / "evidence" / "report.json").read_text(encoding="utf-8")))
        for name in ("rows.csv", "gate.toml"):
            (self.folder / name).unlink()
        self.assertEqual(self.backtest("--replay", "evidence", "--format", "json").stdout, json_text)
        # The recorded times hold, whatever else is given.
        self.assertEqual(self.backtest("--replay", "evidence", "--days", "3", "--every", "1h", "--format", "json").stdout, json_text)
        text = self.backtest("--replay", "evidence").stdout
        self.assertRegex(text, r"shop: 16 releases that never were, one every 3 h")

    def test_without_times_the_clock_is_recorded(self):
        first = self.backtest("--days", "40", "--every", "4d", "--record", "evidence").stdout
        time.sleep(0.01)
        self.assertEqual(self.backtest("--replay", "evidence").stdout, first)

    def test_evidence_that_is_none_or_another(self):
        self.backtest(*self.times(), "--record", "evidence", "--only", "open")
        result = self.backtest(*self.times(), "--record", "evidence", code=2)
        self.assertIn("RG0020", result.stderr)
        result = self.backtest("--replay", "nowhere", code=2)
        self.assertIn("RG0021", result.stderr)
        self.assertIn("release-gate backtest --record DIR", result.stderr)
        result = gate.run("check", "--replay", "evidence", cwd=self.folder)
        self.assertEqual(result.returncode, 2)
        self.assertIn("error[RG0021]: evidence holds what `release-gate backtest` recorded", result.stderr)
        self.assertIn("release-gate backtest --replay evidence", result.stderr)
        gate.run("check", "--deployed-at", "2026-03-14T12:00:00Z", "--record", "run", cwd=self.folder)
        result = self.backtest("--replay", "run", code=2)
        self.assertIn("run holds what `release-gate check` recorded", result.stderr)
        (self.folder / "evidence" / "report.json").write_text("{}", encoding="utf-8")
        self.assertIn("RG0022", self.backtest("--replay", "evidence", code=2).stderr)
        self.assertIn("excludes", self.backtest("--replay", "evidence", "--record", "more", code=2).stderr)

    def test_what_was_interrupted_is_replayed_as_far_as_it_went(self):
        process = subprocess.Popen([gate.PROGRAM, "backtest", "--from", "2026-03-14T00:00:00Z", "--to", "2026-03-15T23:00:00Z",
                                    "--every", "1m", "--record", "evidence", "--format", "json"],
                                   cwd=self.folder, env=gate.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        exchanges = self.folder / "evidence" / "exchanges"
        until = time.monotonic() + 20
        while time.monotonic() < until and not (exchanges.is_dir() and any(exchanges.iterdir())):
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 143, err)
        found = json.loads(out)
        taken = found["false_alarms"]["of"] + found["error"]
        self.assertLess(taken, 2700)
        result = gate.run("backtest", "--replay", "evidence", "--format", "json", "--quiet", cwd=self.folder)
        self.assertEqual((result.returncode, json.loads(result.stdout)), (143, found))


if __name__ == "__main__":
    unittest.main()
