"""Rows that belong to somebody, and quantiles of rows: what is computed equals what Python computes from the same rows."""

import json
import math
import shutil
import statistics

import gate
from file_rows import HEAD, FileTest

NORMAL_95 = statistics.NormalDist().inv_cdf(0.95)

RATIO = """[metrics.m]
source  = "requests"
kind    = "ratio"
events  = { where = { status = "500" } }
total   = {}
cluster = "user"
fail    = { increase_over = "0.5pp" }
"""


def quantile(values, probability):
    """Of type 7."""
    ordered = sorted(values)
    place = probability * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def by_user(rows, amount):
    """(events, rows) of each user."""
    users = {}
    for row in rows:
        events, count = users.get(row["user"], (0, 0))
        users[row["user"]] = (events + amount(row), count + 1)
    return list(users.values())


def error_of_ratio(users):
    """The delta method's standard error of a ratio of means over users (Deng, Knoblich & Lu 2018)."""
    ratio = sum(events for events, _ in users) / sum(count for _, count in users)
    mean = statistics.fmean(count for _, count in users)
    return math.sqrt(statistics.fmean((events - ratio * count) ** 2 for events, count in users) / (len(users) - 1)) / mean


class Clusters(FileTest):
    def test_quantiles_of_rows(self):
        for aggregate, probability in (("median", 0.5), ("p90", 0.9), ("p99.5", 0.995)):
            metric = self.metric(f"""[metrics.m]
source    = "requests"
value     = "ms"
aggregate = "{aggregate}"
fail      = {{ increase_over = "10%" }}
""")
            for side in ("baseline", "candidate"):
                expected = quantile([row["ms"] for row in self.side(side)], probability)
                self.assertAlmostEqual(metric[side]["value"], expected, delta=1e-9 * expected)
                self.assertEqual(metric[side]["samples"], 1800)
            self.assertEqual(metric["verdict"], "fail" if probability < 0.99 else metric["verdict"])

    def test_ratio_by_user(self):
        metric = self.metric(RATIO)
        sides = {name: by_user(self.side(name), lambda row: row["status"] == "500") for name in ("baseline", "candidate")}
        for name, users in sides.items():
            self.assertEqual(metric[name]["samples"], len(users))
            self.assertAlmostEqual(metric[name]["value"], sum(e for e, _ in users) / sum(n for _, n in users), delta=1e-12)
        # The score interval is not Wald's, and with 1,800 rows a side near it.
        change = metric["candidate"]["value"] - metric["baseline"]["value"]
        error = math.hypot(*(error_of_ratio(users) for users in sides.values()))
        lower, upper = metric["change"]["interval"]
        self.assertAlmostEqual(lower, change - NORMAL_95 * error, delta=0.1 * error)
        self.assertAlmostEqual(upper, change + NORMAL_95 * error, delta=0.25 * error)
        self.assertIn("rows of one user are one unit, and count together", metric["notes"])

    def test_mean_by_user(self):
        metric = self.metric("""[metrics.m]
source  = "requests"
value   = "ms"
cluster = "user"
fail    = { increase_over = "10%" }
""")
        sides = {name: by_user(self.side(name), lambda row: row["ms"]) for name in ("baseline", "candidate")}
        for name, users in sides.items():
            mean = sum(sums for sums, _ in users) / sum(count for _, count in users)
            self.assertAlmostEqual(metric[name]["value"], mean, delta=1e-9 * mean)
        error = math.hypot(*(error_of_ratio(users) for users in sides.values()))
        lower, upper = metric["change"]["interval"]
        self.assertAlmostEqual(upper - lower, 2 * NORMAL_95 * error, delta=0.03 * error)

    def test_rows_of_nobody_are_left_out(self):
        text = (gate.pathlib.Path(self.folder) / "logs/requests-2.csv").read_text()
        lines = text.splitlines()
        self.write("logs/requests-2.csv", "\n".join([lines[0], *(line.rsplit(",", 1)[0] + "," for line in lines[1:11]), *lines[11:]]) + "\n")
        metric = self.metric("""[metrics.m]
source    = "requests"
value     = "ms"
aggregate = "p90"
cluster   = "user"
fail      = { increase_over = "10%" }
""")
        self.assertEqual((metric["candidate"]["samples"], metric["candidate"]["dropped"]), (1790, 10))
        column = self.check(HEAD + RATIO.replace('"user"', '"nobody"'))[1]["metrics"][0]
        self.assertEqual(column["error"]["code"], "RG1408")

    def test_evidence_says_the_same_and_names_nobody(self):
        text = HEAD + RATIO + RATIO.replace("metrics.m", "metrics.p").replace('kind    = "ratio"', 'aggregate = "p90"').replace(
            "events  = { where = { status = \"500\" } }\ntotal   = {}", 'value = "ms"').replace("0.5pp", "10%")
        kept = gate.pathlib.Path(self.folder) / "evidence"
        code, first = self.check(text, "--record", kept)
        files = [path for path in kept.rglob("*") if path.is_file()]
        self.assertTrue(any("exchanges" in path.parts for path in files))
        for path in files:
            if path.suffix != ".csv":
                self.assertNotRegex(path.read_text(errors="replace"), r"\bu1?\d\d\b", path.name)
        shutil.rmtree(gate.pathlib.Path(self.folder) / "logs")
        done = gate.run("check", "--replay", kept, "--format", "json")
        again = json.loads(done.stdout)
        self.assertEqual(done.returncode, code)
        for before, after in zip(first["metrics"], again["metrics"], strict=True):
            for key in ("verdict", "baseline", "candidate", "change"):
                self.assertEqual(before[key], after[key])


if __name__ == "__main__":
    gate.main()
