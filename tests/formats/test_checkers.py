"""Every format of one run is taken by checkers that are not ours, named with their versions, and each checker refuses a file that is
wrong in a way that matters: one that takes everything proves nothing."""

import pathlib
import re
import shutil
import tempfile
import unittest

import checkers
import gate
import one_run

# What stands in a file of each format, and what its checkers must refuse in its place.
WRONG = {
    "terminal": ("FAIL", "\x1b[31mFAIL"),
    "scorecard": ("FAIL", "\x1b[31mFAIL"),
    "json": ('"verdict": "fail"', '"verdict": "failed"'),
    "markdown": ("| ✗ |", "| ✗ | |"),
    "junit": ('<testcase name="slower: above 10s (fail)"',
               '<testcase name="slower: above 10s (fail)"><failure/></testcase><testcase name="x"'),
    "sarif": ('"startLine"', '"startsAtLine"'),
    "openmetrics": ("# TYPE release_gate_value gauge\n", "# TYPE release_gate_value gauge\nrelease gate_value 1\n"),
    "gitlab-codequality": ('"severity": "critical"', '"severity": "worst"'),
    "csv": ("slower", '"slower'),
    "html": ("</main>", "<p></div></main>"),
}


class Checkers(gate.GateTest):
    @classmethod
    def setUpClass(cls):
        one_run.write_all(cls)

    def checkers(self):
        return [one for one in checkers.CHECKERS if one[0] in self.files]

    def test_every_format_has_a_checker(self):
        self.assertLessEqual(set(self.files), {name for name, *_ in checkers.CHECKERS})
        self.assertLessEqual(set(self.files), set(WRONG))

    def test_all_are_taken(self):
        for name, checker, version, check in self.checkers():
            with self.subTest(f"{name} by {checker}"):
                check(self.files[name])
                size = self.files[name].stat().st_size
                print(f"{name:18}  {size:7,} bytes  taken by {checker}, version {re.sub(r'^[^0-9]*', '', version())}")

    def test_what_is_wrong_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, checker, _, check in self.checkers():
                path = pathlib.Path(folder) / self.files[name].name
                shutil.copy(self.files[name], path)
                text = path.read_bytes().decode("utf-8")
                there, instead = WRONG[name]
                self.assertIn(there, text)
                path.write_bytes(text.replace(there, instead, 1).encode("utf-8"))
                with self.subTest(f"{name} by {checker}"), self.assertRaises(AssertionError):
                    check(path)


if __name__ == "__main__":
    gate.main()
