"""README.md, held against the program: its picture is today's output, and the tests, pages and commands that it names exist."""

import re
import subprocess
import unittest

import gate

PAGE = (gate.ROOT / "README.md").read_text(encoding="utf-8")


class Readme(unittest.TestCase):
    def test_picture(self):
        picture = PAGE.split("$ bash examples/csv/run.sh\n")[1].split("exit 1")[0]
        done = subprocess.run(["bash", "examples/csv/run.sh"], cwd=gate.ROOT, env=gate.environment({"RELEASE_GATE": gate.PROGRAM}),
                              timeout=60, check=True, encoding="utf-8", stdout=subprocess.PIPE)
        self.assertIn(picture, done.stdout)

    def test_each_promise_names_tests_that_exist(self):
        table = PAGE.split("| promise | test |\n|---|---|\n")[1].split("\n\n")[0]
        promises = table.splitlines()
        self.assertEqual(len(promises), 7)
        for promise in promises:
            named = re.findall(r"`(tests/[\w/.]+)`", promise)
            self.assertGreater(len(named), 0, promise)
            for path in named:
                self.assertTrue((gate.ROOT / path).exists(), path)

    def test_links_lead_somewhere(self):
        links = re.findall(r"\]\((?!http)([^)]+)\)", PAGE)
        self.assertGreater(len(links), 5)
        for link in links:
            self.assertTrue((gate.ROOT / link).exists(), link)

    def test_commands_are_commands(self):
        known = gate.run("--help").stdout
        named = set(re.findall(r"release-gate ([a-z][a-z-]*)", PAGE))
        self.assertGreaterEqual(named, {"validate", "plan", "query", "check", "init", "packs"})
        for command in named:
            self.assertRegex(known, rf"(?m)^  {command} ")


if __name__ == "__main__":
    gate.main()
