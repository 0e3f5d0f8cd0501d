"""The picture of false alarms in docs/statistics.md: drawn from the figures that are kept, which are those of the table beside it."""

import sys
import unittest

import gate

TRIAL = gate.ROOT / "tests/bench/false_alarms"
sys.path.insert(0, str(TRIAL))
import picture  # noqa: E402

COLUMNS = {"ours": "ours", "ours, the limits of one look": "ours, the limits of one look", "Welch": "Welch", "Mann–Whitney": "Mann–Whitney each minute",
           "Kayenta's rule": "Kayenta's rule", "3 minutes > 1.1 × baseline": "3 one-minute means > 1.1 × baseline"}


def rows_of_looks(page):
    """{data: {column: cell}} of the rows of thirty looks, over all tables that hold some."""
    out, heading = {}, None
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if line.startswith("| data |"):
            heading = cells
        if line.startswith("| thirty looks, "):
            out.setdefault(cells[0], {}).update(zip(heading[1:], cells[1:]))
    return out


class LooksPicture(unittest.TestCase):
    def setUp(self):
        self.shares = picture.read(TRIAL / "looks.csv")

    def test_is_what_the_program_draws(self):
        kept = (gate.ROOT / "docs/images/looks.svg").read_text(encoding="utf-8")
        self.assertEqual(kept, picture.draw(self.shares))

    def test_ends_where_the_table_does(self):
        page = (gate.ROOT / "docs/statistics.md").read_text(encoding="utf-8")
        self.assertIn("](images/looks.svg)", page)
        rows = rows_of_looks(page)
        self.assertEqual(list(rows), list(self.shares))
        for data, cells in rows.items():
            for rule, line in self.shares[data].items():
                with self.subTest(data=data, rule=rule):
                    self.assertEqual(len(line), 30)
                    self.assertEqual(line, sorted(line))
                    self.assertEqual(cells[COLUMNS[rule]].split(" / ")[0], f"{100 * line[-1]:.1f}")

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
