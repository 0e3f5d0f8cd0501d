"""`history list`, `show`, `mark` and `prune`: what they print, for people and for programs, and what they refuse."""

import json
import unittest

import gate
import jsonschema
from history_case import METRIC, PLAIN, HistoryTest

SCHEMA = json.loads(gate.run("schema", "history").stdout)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


class Commands(HistoryTest):
    def setUp(self):
        super().setUp()
        self.rows([200, 210, 220])
        self.write("gate.toml", PLAIN.replace('above = "1s"', 'above = "205ms"') + METRIC.replace("latency", "other") + 'warn = { above = "1ms" }\n')
        for number in range(3):
            self.check(number, "--run-id", f"run-{number}", *(["--override", "it must go out"] if number == 2 else []), env={"CI_COMMIT_SHA": "c0ffee"})

    def text(self, *arguments, code=0, **keywords):
        result = gate.run("history", *arguments, "--history", self.where, **keywords)
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stdout if code == 0 else result.stderr

    def test_list(self):
        lines = self.text("list").splitlines()
        self.assertEqual(lines[0].split(), ["released", "gate", "version", "verdict", "run"])
        self.assertEqual(len(lines), 4)
        self.assertRegex(lines[1], r"^3 Mar( 2026)? 12:00 UTC  shop  1\.2\.0    ✗ fail   run-2  latency ")
        self.assertRegex(lines[3], r"^1 Mar( 2026)? 12:00 UTC  shop  1\.0\.0    ▲ warn   run-0  ")
        self.assertTrue(all(len(line) <= 100 for line in lines))
        self.assertEqual([run["id"] for run in self.history("list", "--last", "1")["runs"]], ["run-2"])
        self.assertEqual([run["id"] for run in self.history("list", "--release", "1.1.0")["runs"]], ["run-1"])
        self.assertEqual(self.history("list", "--gate", "another")["runs"], [])
        self.assertEqual(self.text("list", "--gate", "another"), "no runs\n")

    def test_show(self):
        text = self.text("show", "1.2.0")
        self.assertIn("✗ fail  shop 1.2.0: latency ", text)
        self.assertIn("  run run-2, judged 3 Mar", text)
        self.assertIn("  commit c0ffee\n", text)
        self.assertRegex(text, r"(?m)^  overridden by \S+: it must go out$")
        self.assertRegex(text, r"(?m)^latency  ✗ fail +22\d ms ")
        self.assertEqual(self.text("show"), text, "the newest release is the default")
        self.assertEqual(self.text("show", "run-2"), text)
        run = self.history("show", "latest")["run"]
        self.assertEqual(run["override"]["reason"], "it must go out")
        self.assertEqual((run["exit_code"], run["would_exit"]), (0, 1))
        self.assertEqual([metric["id"] for metric in run["metrics"]], ["latency", "other"])

    def test_mark(self):
        self.assertEqual(self.text("mark", "1.0.0", "bad", "--reason", "rolled back"), "shop 1.0.0 is marked bad: it is no baseline\n")
        self.assertIn("marked bad: rolled back", self.text("list"))
        self.assertIn("  marked bad: rolled back\n", self.text("show", "1.0.0"))
        self.assertEqual(self.text("mark", "run-0", "good"), "shop 1.0.0 is marked good: it counts as passed\n")
        [mark] = [run["mark"] for run in self.history("list")["runs"] if run["mark"]]
        self.assertEqual((mark["mark"], mark["reason"]), ("good", None))
        self.assertEqual(self.text("mark", "1.0.0", "none"), "shop 1.0.0 is no longer marked: its runs decide\n")
        self.assertNotIn("marked", self.text("list"))
        self.assertIn("error[RG0607]", self.text("mark", "9.9.9", "bad", code=2))

    def test_prune(self):
        found = self.history("prune", "--older-than", "1d", "--dry-run")
        self.assertEqual((found["runs"], found["metrics"], found["dry_run"]), (3, 6, True))
        self.assertEqual(self.counts(), (3, 6))
        self.assertRegex(self.text("prune", "--older-than", "1d", "--gate", "another"), r"^0 runs with 0 metrics of releases before .*: deleted\n$")
        self.assertRegex(self.text("prune", "--older-than", "1d"), r"^3 runs with 6 metrics of releases before .*: deleted\n$")
        self.assertEqual(self.counts(), (0, 0))

    def test_everything_validates(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        self.history("mark", "1.0.0", "bad")
        for arguments in (["list"], ["show", "run-1"], ["trend", "latency"], ["mark", "1.0.0", "good", "--reason", "fine"], ["mark", "1.0.0", "none"],
                          ["prune", "--older-than", "365d", "--dry-run"]):
            with self.subTest(arguments):
                found = self.history(*arguments)
                VALIDATOR.validate(found)
                self.assertFalse(VALIDATOR.is_valid({**found, "more": 1}))

    def test_several_gates(self):
        self.write("gate.toml", (self.folder / "gate.toml").read_text().replace('name = "shop"', 'name = "bank"'))
        self.check(0, "--run-id", "bank-0")
        error = self.text("trend", "latency", code=2)
        self.assertIn("error[RG0607]: the history has several gates", error)
        self.assertIn("say which: --gate `bank` or `shop`", error)
        self.assertEqual(len(self.history("trend", "latency", "--gate", "shop")["releases"]), 3)
        self.assertEqual(len(self.history("list")["runs"]), 4)
        self.assertIn("is the beginning of several runs", self.text("show", "run", code=2))
        self.assertEqual(self.history("show", "bank")["run"]["id"], "bank-0")

    def test_what_is_not_there(self):
        self.assertIn("error[RG0607]: the history has no run `nonsense`", self.text("show", "nonsense", code=2))
        error = self.text("trend", "latenzy", code=2)
        self.assertIn("error[RG0607]: the history has no metric `latenzy` of shop", error)
        self.assertIn("did you mean `latency`?", error)
        self.where = f"sqlite:{self.folder}/none.db"
        self.assertIn("there is no such file", self.text("list", code=4))
        self.assertFalse((self.folder / "none.db").exists(), "looking makes nothing")
        result = gate.run("history", "list")
        self.assertEqual(result.returncode, 2)
        self.assertIn("error[RG0602]: no history is given", result.stderr)
        result = gate.run("history", "list", env={"RELEASE_GATE_HISTORY": f"sqlite:{self.database}"})
        self.assertEqual(result.returncode, 0)

    def test_command_lines_that_are_wrong(self):
        for arguments, word in ((["trend"], "a metric"), (["mark", "1.0.0"], "good, bad or none"), (["prune"], "--older-than"), (["list", "x"], "x"),
                                (["show", "run-1", "good"], "good"), (["list", "--reason", "x"], "--reason has no meaning for history list"),
                                (["trend", "latency", "--dry-run"], "--dry-run has no meaning"), (["mark", "1.0.0", "perhaps"], "perhaps"),
                                (["burn"], "burn"), ([], "action"), (["list", "--last", "0"], "--last")):
            with self.subTest(arguments):
                error = self.text(*arguments, code=2)
                self.assertIn("error[RG0001]", error)
                self.assertIn(word, error)
        self.assertIn("error[RG0005]", self.text("prune", "--older-than", "long", code=2))
        self.assertEqual(self.counts(), (3, 6))

    def test_nothing_of_a_gate_or_a_release_is_taken_for_a_command(self):
        """Names with control characters and workflow commands are shown as text."""
        self.check(0, "--run-id", "\x1b[31mred", version="::error::1.0\x1b[2J")
        for arguments in (["list"], ["show", "\x1b[31mred"], ["trend", "latency"], ["mark", "::error::1.0\x1b[2J", "bad", "--reason", "::warning::x"], ["list"]):
            text = self.text(*arguments)
            self.assertNotIn("\x1b", text)
            self.assertNotRegex(text, r"(?m)^\s*::")
        self.assertNotIn("\x1b", gate.run("history", "list", "--format", "json", "--history", self.where).stdout)


if __name__ == "__main__":
    unittest.main()
