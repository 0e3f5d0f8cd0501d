"""The picture of false alarms in docs/statistics.md: drawn from the figures that are kept, which are those of the table beside it."""

import re
import sys
import unittest

import gate

TRIAL = gate.ROOT / "tests/bench/false_alarms"
sys.path.insert(0, str(TRIAL))
import picture  # noqa: E402

COLUMNS = {"ours": 1, "ours, the limits of one look": 6, "Welch": 7, "Mann–Whitney": 8, "Kayenta's rule": 9, "3 minutes > 1.1 × baseline": 10}


class LooksPicture(unittest.TestCase):
    def setUp(self):
        self.shares = picture.read(TRIAL / "looks.csv")

    def test_is_what_the_program_draws(self):
        kept = (gate.ROOT / "docs/images/looks.svg").read_text(encoding="utf-8")
        self.assertEqual(kept, picture.draw(self.shares))

    def test_ends_where_the_table_does(self):
        page = (gate.ROOT / "docs/statistics.md").read_text(encoding="utf-8")
        self.assertIn("](images/looks.svg)", page)
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in re.findall(r"(?m)^\| thirty looks, .*$", page)]
        self.assertEqual([row[0] for row in rows], list(self.shares))
        for row in rows:
            for rule, line in self.shares[row[0]].items():
                with self.subTest(data=row[0], rule=rule):
                    self.assertEqual(len(line), 30)
                    self.assertEqual(line, sorted(line))
                    self.assertEqual(row[COLUMNS[rule]].split(" / ")[0], f"{100 * line[-1]:.1f}")

    def test_names_keep_apart(self):
        for places in ([10, 10, 10], [0, 5, 30, 33, 34], [50, 0, 20]):
            with self.subTest(places=places):
                spread = picture.apart(places, 10)
                order = sorted(range(len(places)), key=places.__getitem__)
                gaps = [spread[b] - spread[a] for a, b in zip(order, order[1:])]
                self.assertTrue(all(gap >= 10 - 1e-9 for gap in gaps), gaps)
        self.assertEqual(picture.apart([50, 0, 20], 10), [50, 0, 20])


if __name__ == "__main__":
    gate.main()
