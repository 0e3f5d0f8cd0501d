"""`history trend`: change points held against the definition of E-divisive (Matteson & James 2014), written down term by term."""

import itertools
import random
import unittest

import gate
from history_case import PLAIN, HistoryTest

LEAST = 3


def statistic(before, after):
    """Q of equation 7: the energy distance of two samples, scaled."""
    m, n = len(before), len(after)
    across = sum(abs(a - b) for a in before for b in after)
    inside = [sum(abs(a - b) for a, b in itertools.combinations(part, 2)) / (len(part) * (len(part) - 1) / 2) for part in (before, after)]
    return m * n / (m + n) * (2 * across / (m * n) - sum(inside))


def best_split(values):
    """(τ, Q) of the best (τ, κ) of equation 8."""
    splits = ((statistic(values[:tau], values[tau:kappa]), tau) for tau in range(LEAST, len(values) - LEAST + 1)
              for kappa in range(tau + LEAST, len(values) + 1))
    best = max(splits, key=lambda split: split[0], default=(0.0, 0))
    return best[1], best[0]


def p_value(segments, wanted, draw, permutations=499):
    """Of the best split of all segments, by permutation within each."""
    as_good = 0
    for _ in range(permutations):
        shuffled = [draw.sample(segment, len(segment)) for segment in segments]
        as_good += max(best_split(segment)[1] for segment in shuffled) >= wanted * (1 - 1e-12)
    return (as_good + 1) / (permutations + 1)


class Trend(HistoryTest):
    def setUp(self):
        super().setUp()
        self.rows([200])
        self.write("gate.toml", PLAIN)
        self.check(0)
        self.sql_write("DELETE FROM release_gate_runs")
        self.sql_write("DELETE FROM release_gate_metrics")

    def sql_write(self, statement):
        import sqlite3
        connection = sqlite3.connect(self.database)
        connection.execute(statement)
        connection.commit()
        connection.close()

    def trend(self, values):
        self.sql_write("DELETE FROM release_gate_metrics")
        self.sql_write("DELETE FROM release_gate_runs")
        self.fill(values)
        return self.history("trend", "latency")

    def test_statistics_and_places_are_those_of_the_definition(self):
        draw = random.Random(11)
        found = 0
        for case in range(6):
            values = [draw.gauss(200, 5) for _ in range(8 + case)] + [draw.gauss(225 + 5 * case, 5) for _ in range(7)]
            with self.subTest(case):
                changes = self.trend(values)["change_points"]
                tau, q = best_split(values)
                # The first split that is made is the best of the whole; later ones are of its parts.
                first = [change for change in changes if change["index"] == tau]
                self.assertEqual(len(first), 1)
                self.assertAlmostEqual(first[0]["statistic"], q, delta=1e-9 * q)
                self.assertLess(abs(first[0]["p_value"] - p_value([values], q, random.Random(case), 199)), 0.02)
                self.assertEqual(first[0]["version"], f"0.{tau}")
                found += 1
                edges = [0, *[change["index"] for change in changes], len(values)]
                for change, start, end in zip(changes, edges, edges[2:]):
                    before, after = values[start:change["index"]], values[change["index"]:end]
                    self.assertAlmostEqual(change["before"], sum(before) / len(before), delta=1e-9)
                    self.assertAlmostEqual(change["after"], sum(after) / len(after), delta=1e-9)
                    self.assertAlmostEqual(change["relative"], change["after"] / change["before"] - 1, delta=1e-12)
        self.assertEqual(found, 6)

    def test_several_moves_are_found_in_the_parts_of_the_series(self):
        draw = random.Random(5)
        values = [draw.gauss(level, 2) for level in [100] * 10 + [130] * 9 + [115] * 11]
        changes = self.trend(values)["change_points"]
        self.assertEqual([change["index"] for change in changes], [10, 19])
        whole = best_split(values)
        parts = sorted([whole, *[(tau + offset, q) for offset, (tau, q) in
                                 ((0, best_split(values[:whole[0]])), (whole[0], best_split(values[whole[0]:])))]], key=lambda one: -one[1])
        self.assertEqual([one[0] for one in sorted(parts[:2])], [10, 19])
        for tau, q in parts[:2]:
            [change] = [change for change in changes if change["index"] == tau]
            self.assertAlmostEqual(change["statistic"], q, delta=1e-9 * q)

    def test_the_text_names_the_release(self):
        draw = random.Random(2)
        self.trend([draw.gauss(level, 3) for level in [200] * 12 + [240] * 8])
        text = gate.run("history", "trend", "latency", "--history", self.where, env={"COLUMNS": "100"}).stdout
        lines = text.splitlines()
        self.assertEqual(lines[0], "latency of shop: 20 releases")
        self.assertRegex(lines[1], "^[▁▂▃]{12}[▆▇█]{8}$")
        self.assertRegex(lines[2], r"^lowest 19\d ms at 0\.\d+ \(.*\), highest 24\d ms at 0\.\d+ \(.*\)$")
        self.assertRegex(lines[3], r"^moved at 0\.12 \(17 Jun 2023\): (199|20\d) ms → 2[34]\d ms, \+\d\d\.\d % \(p = 0\.00\d+\)$")
        moved = [line for line in lines if line.endswith("moved")]
        self.assertEqual(len(moved), 1)
        self.assertIn("  0.12  ", moved[0])
        plain = gate.run("history", "trend", "latency", "--history", self.where, env={"LANG": "C"}).stdout
        self.assertTrue(plain.isascii())
        self.assertIn("->", plain)

    def test_what_did_not_change_has_no_change_point(self):
        self.assertEqual(self.trend([200.0] * 12)["change_points"], [])
        self.assertEqual(self.trend([200.0, 201.0])["change_points"], [])
        text = gate.run("history", "trend", "latency", "--history", self.where).stdout
        self.assertIn("no change point\n", text)

    def test_values_of_something_else_are_left_out(self):
        self.fill([200.0 + i % 3 for i in range(8)])
        self.sql_write("UPDATE release_gate_metrics SET estimand = 'value p95' WHERE run_id = 'shop-0'")
        self.sql_write("UPDATE release_gate_metrics SET unit = 's', value = 0.25 WHERE run_id = 'shop-1'")
        trend = self.history("trend", "latency")
        self.assertEqual(trend["left_out"], 1)
        self.assertEqual([one["version"] for one in trend["releases"]], [f"0.{i}" for i in range(1, 8)])
        self.assertAlmostEqual(trend["releases"][0]["value"], 250)
        self.assertEqual(trend["unit"], "ms")
        self.assertEqual(len(self.history("trend", "latency", "--last", "3")["releases"]), 3)


if __name__ == "__main__":
    unittest.main()
