"""Surveys through the program: the figures and intervals against ones computed here."""

import math
import random
import statistics

from gate import GateTest, main, report

GATE = """version = 1
[compare]
design = "snapshot"
[sources.survey]
type       = "survey"
path       = "now.csv"
time       = {{ column = "submitted_at", format = "rfc3339" }}
respondent = "user_id"
[metrics.m]
source   = "survey"
measure  = "{}"
better   = "higher"
baseline = {{ path = "before.csv" }}
fail     = {{ decrease_over = 30 }}
"""


class Survey(GateTest):
    def answers(self, name, weights, seed):
        dice = random.Random(seed)
        scores = [dice.choices(range(len(weights)), weights)[0] for _ in range(400)]
        rows = [f"2026-03-17T{i // 60:02d}:{i % 60:02d}:00Z,u{i},{score}\n" for i, score in enumerate(scores)]
        self.write(name, "submitted_at,user_id,score\n" + "".join(rows))
        return scores

    def one(self, measure):
        code, answer = report(self.write("gate.toml", GATE.format(measure)))
        return code, answer["metrics"][0]

    def test_nps_and_its_interval(self):
        """The interval of the change is near Welch's, which knows nothing of batches: (m1 − m2) ± 1.645 √(s1²/n1 + s2²/n2)."""
        now = self.answers("now.csv", [1, 1, 1, 1, 1, 2, 3, 5, 10, 15, 20], 1)
        before = self.answers("before.csv", [1, 1, 1, 1, 1, 2, 3, 5, 10, 12, 25], 2)
        code, metric = self.one("nps")

        def nps(scores):
            return 100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)) / len(scores)

        self.assertAlmostEqual(metric["candidate"]["value"], nps(now), places=9)
        self.assertAlmostEqual(metric["baseline"]["value"], nps(before), places=9)
        points = [[100 if s >= 9 else 0 if s >= 7 else -100 for s in scores] for scores in (now, before)]
        half = 1.645 * math.sqrt(sum(statistics.variance(p) / len(p) for p in points))
        low, high = metric["change"]["interval"]
        self.assertAlmostEqual((low + high) / 2, nps(now) - nps(before), places=6)
        self.assertTrue(0.75 < (high - low) / 2 / half < 1.35, ((high - low) / 2, half))
        self.assertEqual((metric["kind"], metric["verdict"], code), ("samples", "pass", 0))

    def test_csat_is_in_per_cent(self):
        now = self.answers("now.csv", [0, 1, 1, 2, 4, 5], 3)
        self.answers("before.csv", [0, 1, 1, 2, 4, 5], 4)
        _, metric = self.one("csat")
        self.assertEqual(metric["unit"], "%")
        self.assertAlmostEqual(metric["candidate"]["value"], 100 * sum(s >= 4 for s in now) / 400, places=9)

    def test_a_missing_file_fails_closed(self):
        self.answers("before.csv", [0] * 9 + [1, 1], 1)
        code, metric = self.one("nps")
        self.assertEqual((code, metric["error"]["code"]), (4, "RG1403"))


if __name__ == "__main__":
    main()
