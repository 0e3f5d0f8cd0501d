"""`release-gate schema report`, held against real reports by an independent validator (Debian: python3-jsonschema)."""

import copy
import json
import pathlib
import sys
import tempfile
import unittest

import jsonschema

import gate

sys.path.insert(0, str(gate.ROOT / "tests" / "scenarios"))
from run_scenarios import Scenario  # noqa: E402


def schema():
    return json.loads(gate.run("schema", "report").stdout)


def raw_report(name):
    return Scenario(gate.ROOT / "tests" / "scenarios" / name).report()[1]


def watched(folder):
    """The report of a watch over a file of rows; a second metric has none."""
    start = 1773749040
    rows = "".join(f"{start + 5 * i},{100 + (i * 7) % 11}\n" for i in range(-360, 360))
    pathlib.Path(folder, "rows.csv").write_text("time,ms\n" + rows)
    gate_file = pathlib.Path(folder, "gate.toml")
    gate_file.write_text('''version = 1
[sources.log]
type = "file"
path = "rows.csv"
time = { column = "time", format = "unix" }
[metrics.latency]
source = "log"
value = "ms"
fail = { increase_over = "10%", above = 200 }
[metrics.absent]
source = "log"
value = "ms"
where = { ms = "none" }
required = false
fail = { above = 1 }
''')
    done = gate.run("watch", gate_file, "--past", "--deployed-at", start, "--format", "json")
    return json.loads(done.stdout)


def keys_of(value, path=""):
    """Every key of a report as a path; items of lists share one."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield f"{path}.{key}"
            yield from keys_of(item, f"{path}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from keys_of(item, path)


class ReportSchema(unittest.TestCase):
    def test_is_a_schema(self):
        jsonschema.Draft7Validator.check_schema(schema())

    def test_every_key_is_described(self):
        """Every property has a description of its own or of its definition."""
        whole = schema()

        def walk(node, path):
            if not isinstance(node, dict):
                return
            for key, item in node.get("properties", {}).items():
                self.assertIn("description", item, f"{path}.{key}")
                walk(item, f"{path}.{key}")
            walk(node.get("items"), path)

        walk(whole, "")
        for name, definition in whole["definitions"].items():
            walk(definition, name)

    def test_every_key_that_is_written_is_in_the_schema(self):
        """With additional properties forbidden everywhere, the richest reports still validate."""
        strict = schema()

        def close(node):
            if isinstance(node, dict):
                if "properties" in node:
                    node["additionalProperties"] = False
                for item in node.values():
                    close(item)
            elif isinstance(node, list):
                for item in node:
                    close(item)

        close(strict)
        for name in ("release_report", "each_one_fails", "ab_test", "override", "error_required", "pending"):
            with self.subTest(name):
                jsonschema.Draft7Validator(strict).validate(raw_report(name))

        with tempfile.TemporaryDirectory() as folder:
            jsonschema.Draft7Validator(strict).validate(watched(folder))

    def test_contract_keys_are_required(self):
        """The keys that docs/verdict.md promises: none can go missing."""
        report = raw_report("release_report")
        validator = jsonschema.Draft7Validator(schema())
        validator.validate(report)
        metric = report["metrics"][0]
        for holder, keys in ((None, ["schema", "tool", "gate", "verdict", "exit_code", "score", "started_at", "finished_at",
                                     "duration_ms", "release", "metrics", "errors", "notes"]),
                             ("metric", ["id", "title", "category", "source", "source_type", "kind", "unit", "better",
                                         "required", "weight", "verdict", "evidence", "due", "status", "baseline", "candidate",
                                         "change", "criteria", "series", "requests", "error", "notes"]),
                             ("criterion", ["level", "rule", "bound", "observed", "margin", "harm_interval", "p_value",
                                            "detectable", "needs_seconds", "outcome", "reason", "line"])):
            for key in keys:
                with self.subTest(holder=holder, key=key):
                    broken = copy.deepcopy(report)
                    target = broken if holder is None else broken["metrics"][0]
                    target = target["criteria"][0] if holder == "criterion" else target
                    self.assertIn(key, target)
                    del target[key]
                    self.assertFalse(validator.is_valid(broken))
        self.assertEqual(["value", "samples", "dropped", "window", "at"], list(metric["baseline"]))

    def test_mutations_are_rejected(self):
        report = raw_report("release_report")
        validator = jsonschema.Draft7Validator(schema())
        mutations = [
            ("verdict in capitals", lambda r: r.update(verdict="FAIL")),
            ("exit code 2 has no report", lambda r: r.update(exit_code=2)),
            ("time without zone", lambda r: r.update(started_at="2026-03-17T12:04:00")),
            ("score above 100", lambda r: r.update(score=101)),
            ("another schema", lambda r: r.update(schema="release-gate/report/v2")),
            ("a number as text", lambda r: r["metrics"][0]["baseline"].update(value="0.3")),
            ("half an interval", lambda r: r["metrics"][0]["change"].update(interval=[0.1])),
            ("an unknown outcome", lambda r: r["metrics"][0]["criteria"][0].update(outcome="probably")),
            ("a p-value above 1", lambda r: r["metrics"][0]["criteria"][0].update(p_value=1.2)),
            ("an unknown rule", lambda r: r["metrics"][0]["criteria"][0].update(rule="increse_over")),
            ("negative samples", lambda r: r["metrics"][0]["candidate"].update(samples=-1)),
            ("evidence by another name", lambda r: r["metrics"][0].update(evidence="some")),
            ("a code by another name", lambda r: r["metrics"][2]["error"].update(code="E1")),
        ]
        for name, mutate in mutations:
            with self.subTest(name):
                broken = copy.deepcopy(report)
                mutate(broken)
                self.assertFalse(validator.is_valid(broken))

    def test_same_inputs_same_bytes(self):
        scenario = Scenario(gate.ROOT / "tests" / "scenarios" / "release_report")
        first, second = scenario.report()[2], scenario.report()[2]
        self.assertEqual(json.dumps(first), json.dumps(second))
        self.assertEqual(list(keys_of(first)), list(keys_of(second)))


if __name__ == "__main__":
    unittest.main(verbosity=1)
