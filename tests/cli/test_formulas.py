"""Formulas of formulas: each is evaluated once, however many name it, and they go only so deep."""

import pathlib
import tempfile
import unittest

from gate import report, run

TIMES = ("--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T13:00:00Z")
HEAD = '''version = 1
[sources.rows]
type = "file"
path = "rows.csv"
'''
MEASURED = '[metrics.%s]\nsource = "rows"\ndesign = "none"\ncandidate = { window = "1h" }\n'
DERIVED = '[metrics.%s]\nkind = "derived"\nformula = "%s"\nfail = { above = 1e300 }\n'


class Formulas(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "rows.csv").write_text("time,value\n" + "".join(f"2026-03-17T12:{minute:02}:30Z,1\n" for minute in range(60)))

    def gate(self, metrics):
        path = self.folder / "gate.toml"
        path.write_text(HEAD + "".join(metrics))
        return path

    def test_a_formula_that_many_name_is_evaluated_once(self):
        """The eightieth is made of 2 x 10^16 others by the way of each, and of 78 formulas."""
        metrics = [MEASURED % "d0", MEASURED % "d1"] + [DERIVED % (f"d{i}", f"d{i - 1} + d{i - 2}") for i in range(2, 81)]
        for order in (metrics, metrics[::-1]):
            code, found = report(self.gate(order), *TIMES, timeout=30)
            value = {metric["id"]: metric["candidate"]["value"] for metric in found["metrics"]}
            self.assertEqual((code, value["d10"]), (0, 89))
            self.assertAlmostEqual(value["d80"] / 37889062373143906, 1, places=12)

    def test_they_go_only_so_deep(self):
        deep = [DERIVED % (f"d{i}", f"d{i - 1} + 1") for i in range(20000, 0, -1)] + [MEASURED % "d0"]
        found = run("validate", self.gate(deep), timeout=60)
        self.assertEqual(found.returncode, 2, found.stderr[-500:])
        self.assertIn("error[RG0516]: formulas of formulas go more than 100 deep", found.stderr)


if __name__ == "__main__":
    unittest.main()
