"""Runs every scenario: a folder with a gate file, what its Prometheus answers, and the reports that must come out.

  gate.toml       the gate; its source's url is { env = "PROMETHEUS_URL" }
  server.json     what the double answers (prometheus_double.py), absent when nothing is asked; other files are copied beside the gate
  scenario.json   "row": the row of the outcome table in docs/verdict.md; "exit"; "verdict"; "metrics": {ID: [outcome, verdict]};
                  "arguments", "env"; "double": {NAME: FIELDS} starts tests/doubles/NAME.py, whose address is NAME_URL (of the last: DOUBLE_URL, too), with these
                  fields (keys that are numbers stand for numbers); "renderings": {FILE: {"arguments", "env"}} for more goldens from the same gate
  report.json     the expected report: timings, ports and versions made equal, series shortened to their ends
Adding a scenario needs no code: make the folder, run tests/run.sh --update-golden, review what was written.

  python3 tests/scenarios/run_scenarios.py                    all of them, as unit tests (names of folders as arguments: only those)
  python3 tests/scenarios/run_scenarios.py --table            row, scenario, outcome, verdict, exit code
"""

import contextlib
import importlib
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / folder) for folder in ("support", "doubles")]
import gate  # noqa: E402
import jsonschema  # noqa: E402  (Debian: python3-jsonschema)
from double import Double  # noqa: E402
from prometheus_double import answer_from  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
SCENARIOS = sorted(path.parent for path in HERE.glob("*/scenario.json"))
WHEN = ["--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:50:00Z"]
WRITTEN = 1773749100  # 12:05 UTC: what a report says of a file that says no time itself
OWN = {"scenario.json", "server.json", "report.json"}


def normal_text(text, urls):
    """Ports, timings and the program's version made equal."""
    for name, url in urls.items():
        text = text.replace(url, f"http://{name}.test:9090")
    text = re.sub(r"(exit \d+(?: \(would be \d+\))?(?:(?: ·| -|,) score [\d.]+)?(?: ·| -|,)\s+)\d+\.\d\d s", r"\g<1>0.00 s", text)
    text = re.sub(r'(<testsuites [^>]*time=")[\d.]+', r"\g<1>0", text)
    text = re.sub(r'("name": "release-gate",\s+"version": ")\d+\.\d+\.\d+[^"]*', r"\g<1>0.0.0", text)
    return re.sub(r"release-gate \d+\.\d+\.\d+\S*", "release-gate 0.0.0", text)


def normal_value(value):
    """Floats to nine digits: the last bits are the compiler's."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [normal_value(item) for item in value]
    if isinstance(value, dict):
        return {key: normal_value(item) for key, item in value.items()}
    return value


def normal_report(report):
    report = normal_value(report)
    for key in ("started_at", "finished_at", "duration_ms"):
        report[key] = None
    report["tool"]["version"] = report["gate"]["sha256"] = ""
    for metric in report["metrics"]:
        for request in metric["requests"]:
            request["ms"] = None
        for side, points in metric["series"].items():
            metric["series"][side] = {"points": len(points), "ends": points[:1] + points[-1:]}
    return report


def keyed(value):
    """JSON has no numbers for keys."""
    if isinstance(value, list):
        return [keyed(item) for item in value]
    if isinstance(value, dict):
        return {int(key) if key.isdigit() else key: keyed(item) for key, item in value.items()}
    return value


def double_of(name, fields):
    """The double of tests/doubles/NAME.py with its fields set."""
    module = importlib.import_module(name)
    make = next(found for found in vars(module).values()
                if isinstance(found, type) and issubclass(found, Double) and found.__module__ == name)
    double = make()
    for field, value in keyed(fields).items():
        if not hasattr(double, field):
            raise AttributeError(f"{name}: no field {field}")
        setattr(double, field, value)
    return double


class Scenario:
    """One folder, run."""

    def __init__(self, folder):
        self.folder = folder
        self.name = folder.name
        self.expected = json.loads((folder / "scenario.json").read_text(encoding="utf-8"))
        rules = folder / "server.json"
        self.rules = json.loads(rules.read_text(encoding="utf-8")) if rules.exists() else []

    def run(self, *arguments, env=None):
        """The program's answer and the doubles' addresses."""
        with contextlib.ExitStack() as stack:
            work = stack.enter_context(tempfile.TemporaryDirectory(prefix="release-gate-scenario-"))
            urls = {"prometheus": stack.enter_context(gate.Server(answer_from(self.rules))).url}
            for name, fields in self.expected.get("double", {}).items():
                urls[name] = stack.enter_context(double_of(name, fields)).url
            for path in self.folder.iterdir():
                if path.name not in OWN:
                    os.utime(shutil.copy(path, work), (WRITTEN, WRITTEN))
            given = {**{f"{name.upper()}_URL": url for name, url in urls.items()}, "DOUBLE_URL": list(urls.values())[-1], "USER": "somebody",
                     **self.expected.get("env", {}), **(env or {})}
            result = gate.run("check", *self.expected.get("arguments", WHEN), *arguments, cwd=work, env=given)
            return result, urls

    def report(self):
        """Exit code, the report as it came, and made equal for the golden."""
        result, urls = self.run("--format", "json")
        if not result.stdout:
            raise AssertionError(f"{self.name}: no report, exit {result.returncode}: {result.stderr}")
        raw = json.loads(result.stdout)
        return result.returncode, raw, normal_report(json.loads(normal_text(result.stdout, urls)))


def schema():
    result = gate.run("schema", "report")
    return json.loads(result.stdout)


class Scenarios(unittest.TestCase):
    pass


def test_of(folder):
    def test(self):
        scenario = Scenario(folder)
        code, raw, report = scenario.report()
        expected = scenario.expected
        jsonschema.validate(raw, schema())
        found = {metric["id"]: [outcome_of(metric), metric["verdict"]] for metric in report["metrics"]}
        self.assertEqual(expected["metrics"], found)
        self.assertEqual((expected["verdict"], expected["exit"]), (report["verdict"], code))
        self.assertEqual(code, raw["exit_code"])
        gate.golden(self, folder / "report.json", json.dumps(report, indent=1, ensure_ascii=False) + "\n")
        for name, how in expected.get("renderings", {}).items():
            result, urls = scenario.run(*how.get("arguments", []), env=how.get("env"))
            self.assertEqual(expected["exit"], result.returncode, name)
            gate.golden(self, folder / name, normal_text(result.stdout, urls))

    return test


def outcome_of(metric):
    """The outcomes of its criteria, in the order of the file."""
    return " ".join(criterion["outcome"] for criterion in metric["criteria"]) or "none"


for path in SCENARIOS:
    setattr(Scenarios, f"test_{path.name}", test_of(path))


def print_table():
    rows = []
    for folder in SCENARIOS:
        scenario = Scenario(folder)
        code, _, report = scenario.report()
        metrics = report["metrics"]
        outcomes = ", ".join(dict.fromkeys(outcome_of(metric) for metric in metrics))
        verdicts = ", ".join(dict.fromkeys(metric["verdict"] for metric in metrics))
        rows.append([scenario.expected["row"], scenario.name, outcomes, verdicts, report["verdict"], str(code)])
    head = ["row of the table", "scenario", "outcome", "metric", "gate", "exit"]
    rows.sort()
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print(f"{len(rows)} scenarios")


def main():
    if "--table" in sys.argv:
        print_table()
        return
    names = [f"Scenarios.test_{name}" for name in sys.argv[1:]]
    unittest.main(argv=[sys.argv[0], *names], verbosity=1)


if __name__ == "__main__":
    main()
