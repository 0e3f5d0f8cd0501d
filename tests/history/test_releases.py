"""design = "previous-releases", end to end: releases over CSV files, one after the other, each kept in the history."""

import csv
import json
import math
import statistics
import unittest

import gate
from history_case import DAY, HEAD, METRIC, START, HistoryTest, stamp

PAST = HEAD + """[compare]
design = "previous-releases"
candidate = { window = "30m" }
"""
T_95 = {4: 2.131846786326649, 7: 1.894578605061305}  # R: qt(.95, df)
LEVELS = [200, 203, 198, 201, 199, 204, 197, 202]


class Case(HistoryTest):
    def gate_file(self, extra="", metric="", compare=""):
        self.write("gate.toml", PAST + compare + METRIC + metric + 'on_few_releases = "warn"\nfail = { increase_over = "10%" }\n' + extra)

    def means(self):
        """The mean of each release's rows, as another program computes it."""
        days = {}
        with open(self.folder / "rows.csv", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                days.setdefault(row["time"][:10], []).append(float(row["ms"]))
        return [statistics.fmean(values) for _, values in sorted(days.items())]

    def run_all(self, count, *arguments):
        """Judges the releases in order; their reports."""
        return [self.report(number, *arguments) for number in range(count)]

    def verdicts(self, reports):
        return [report["metrics"][0]["verdict"] for report in reports]


class Releases(Case):
    def test_a_good_release_passes_and_a_bad_one_fails(self):
        self.rows([*LEVELS, 201, 245])
        self.gate_file()
        reports = self.run_all(10)
        self.assertEqual(self.verdicts(reports), ["warn"] * 5 + ["pass"] * 4 + ["fail"])
        means = self.means()
        for number, report in enumerate(reports):
            [metric] = report["metrics"]
            before = means[:number]
            self.assertEqual(metric["evidence"], "none" if number == 0 else "thin" if number < 5 else "enough")
            self.assertEqual([one["version"] for one in metric["history"]["releases"]], [f"1.{i}.0" for i in range(number)])
            for one, mean in zip(metric["history"]["releases"], before):
                self.assertAlmostEqual(one["value"], mean, delta=1e-9)
        # Student's prediction interval of the eight releases before 1.8.0 was judged.
        [metric] = reports[8]["metrics"]
        mean, deviation = statistics.fmean(means[:8]), statistics.stdev(means[:8])
        reach = T_95[7] * deviation * math.sqrt(1 + 1 / 8)
        self.assertAlmostEqual(metric["baseline"]["value"], mean, delta=1e-9)
        self.assertEqual(metric["baseline"]["samples"], 8)
        self.assertEqual(metric["change"]["method"], "releases-prediction-t")
        self.assertAlmostEqual(metric["change"]["interval"][0], means[8] - mean - reach, delta=1e-9)
        self.assertAlmostEqual(metric["change"]["interval"][1], means[8] - mean + reach, delta=1e-9)
        self.assertEqual(metric["series"]["baseline"], [[(START + i * DAY).timestamp(), one["value"]]
                                                        for i, one in enumerate(metric["history"]["releases"])])
        [metric] = reports[9]["metrics"]
        self.assertIn("latency is worse than the last 9 releases that passed: ", metric["headline"])
        self.assertIn("compared with the last 9 releases that passed, 1.0.0 to 1.8.0", metric["notes"])

    def test_too_few_releases_say_how_many_are_missing(self):
        self.rows(LEVELS)
        self.gate_file()
        report = self.run_all(4)[3]
        [metric] = report["metrics"]
        self.assertEqual(metric["headline"], "Too few releases: the history has 3 of at least 5 that passed; 2 more are needed.")
        self.assertEqual(metric["brief"], "needs 2 more releases")
        self.assertEqual(metric["criteria"][0]["outcome"], "not_evaluated")
        self.gate_file(metric='on_no_data = "fail"\n')
        self.assertEqual(self.report(3, code=0)["verdict"], "warn", "on_few_releases stands for releases alone")
        text = (self.folder / "gate.toml").read_text().replace('on_few_releases = "warn"\n', "")
        self.write("gate.toml", text)
        self.assertEqual(self.report(3, code=1)["verdict"], "fail")
        self.write("gate.toml", text.replace('on_no_data = "fail"\n', ""))
        report = self.report(3, code=3)
        self.assertEqual(report["verdict"], "inconclusive")
        self.assertIn('on_few_releases = "warn"', report["metrics"][0]["next"])
        # No data of the release itself is no lack of releases.
        self.gate_file(metric='on_no_data = "fail"\n')
        self.rows(LEVELS[:3])
        self.assertEqual(self.report(3, code=1)["metrics"][0]["evidence"], "none")

    def test_only_releases_that_passed_are_a_baseline(self):
        self.rows([*LEVELS[:6], 260, 262, 203])
        self.gate_file()
        reports = self.run_all(9)
        self.assertEqual(self.verdicts(reports)[5:], ["pass", "fail", "fail", "pass"])
        self.assertEqual([one["version"] for one in reports[8]["metrics"][0]["history"]["releases"]], [f"1.{i}.0" for i in range(6)])
        # What passed and was rolled back later is none, either; what failed and was accepted is one.
        self.history("mark", "1.5.0", "bad", "--reason", "rolled back at night")
        self.history("mark", "1.7.0", "good", "--reason", "the new level is meant")
        versions = [one["version"] for one in self.report(8)["metrics"][0]["history"]["releases"]]
        self.assertEqual(versions, ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.7.0"])

    def test_an_overridden_failure_is_no_baseline(self):
        self.rows([*LEVELS[:6], 260, 201])
        self.gate_file()
        self.run_all(6)
        self.assertEqual(self.report(6, "--override", "the boss said so", code=0)["verdict"], "fail")
        self.assertEqual(len(self.report(7)["metrics"][0]["history"]["releases"]), 6)

    def test_a_release_is_judged_again_without_itself(self):
        self.rows(LEVELS)
        self.gate_file()
        first = self.run_all(8)[7]
        for _ in range(2):
            again = self.report(7)
            self.assertEqual(again["metrics"][0]["history"]["releases"], first["metrics"][0]["history"]["releases"])
        # And one of long ago, with what was known before it.
        self.assertEqual(len(self.report(6)["metrics"][0]["history"]["releases"]), 6)

    def test_the_last_so_many(self):
        self.rows(LEVELS)
        self.gate_file(compare="releases = 5\n")
        versions = [one["version"] for one in self.run_all(8)[7]["metrics"][0]["history"]["releases"]]
        self.assertEqual(versions, [f"1.{i}.0" for i in range(2, 7)])

    def test_releases_without_versions(self):
        self.rows(LEVELS)
        self.gate_file()
        reports = [self.report(number, version="") for number in range(7)]
        self.assertEqual(self.verdicts(reports)[5:], ["pass", "pass"])
        self.assertIn(f"compared with the last 6 releases that passed, {stamp(START)} to {stamp(START + 5 * DAY)}", reports[6]["metrics"][0]["notes"])

    def test_a_slow_ratchet_is_caught_by_the_anchor(self):
        """Each release 3 % worse than the one before: none is 10 % worse than the last five, all together are."""
        self.rows([200 * 1.03**i for i in range(8)], spread=4.0)
        self.gate_file(compare="releases = 5\n")
        self.assertEqual(self.verdicts(self.run_all(8))[5:], ["warn"] * 3, "probably fine, not proven")
        self.database.unlink()
        self.gate_file(compare='releases = 5\nanchor_release = "1.0.0"\n')
        reports = self.run_all(8)
        self.assertEqual(self.verdicts(reports)[-1], "fail")
        [metric] = reports[7]["metrics"]
        means = self.means()
        self.assertTrue(metric["history"]["anchor_decides"])
        self.assertAlmostEqual(metric["baseline"]["value"], means[0], delta=1e-9)
        self.assertAlmostEqual(metric["change"]["absolute"], means[7] - means[0], delta=1e-9)
        share = f"+{100 * (means[7] / means[0] - 1):.1f} %"
        self.assertIn("latency is worse than release 1.0.0, the anchor: 200 ms → ", metric["headline"])
        self.assertIn(share, metric["headline"])
        self.assertIn("release 1.0.0, the anchor decides: it was 200 ms there", metric["notes"])
        self.assertIn(f"latency {share}", reports[7]["headline"])

    def test_an_anchor_that_the_history_does_not_have(self):
        self.rows(LEVELS)
        self.gate_file()
        self.run_all(6)
        self.gate_file(compare='anchor_release = "0.9.0"\n')
        [metric] = self.report(6)["metrics"]
        self.assertEqual(metric["evidence"], "thin")
        self.assertEqual(metric["headline"], "The history has no value of release 0.9.0, which is the anchor.")

    def test_a_metric_that_became_something_else(self):
        self.rows(LEVELS)
        self.gate_file()
        self.run_all(6)
        self.gate_file(metric='kind = "value"\naggregate = "p95"\n')
        [metric] = self.report(6)["metrics"]
        self.assertEqual(metric["history"]["releases"], [])
        self.assertEqual(metric["history"]["left_out"], 6)
        self.assertIn("Of 6 others it has values that are something else", metric["headline"])
        # Another unit of the same kind is converted.
        self.write("gate.toml", (self.folder / "gate.toml").read_text().replace('kind = "value"\naggregate = "p95"\n', "")
                   .replace('unit   = "ms"', 'unit   = "us"'))
        [metric] = self.report(6)["metrics"]
        self.assertEqual(len(metric["history"]["releases"]), 6)
        self.assertAlmostEqual(metric["history"]["releases"][0]["value"], 1000 * self.means()[0], delta=1e-6)

    def test_series_that_come_and_go(self):
        def region(number):
            return lambda level, draw: draw.choice(["eu", "us"] if number < 6 else ["eu", "asia"])

        lines = ["time,ms,region"]
        for number in range(7):
            self.rows([0] * number + [200], seed=number, extra=region(number))
            lines += [line for line in (self.folder / "rows.csv").read_text().splitlines()[1:] if line.startswith(stamp(START + number * DAY)[:10])]
        self.write("rows.csv", "\n".join(lines) + "\n")
        self.gate_file(metric='each = "region"\non_new = "pass"\non_gone = "fail"\nmin_samples = 2\n')
        reports = self.run_all(7)
        found = {metric["id"]: metric for metric in reports[6]["metrics"]}
        self.assertEqual(sorted(found), ["latency[region=asia]", "latency[region=eu]", "latency[region=us]"])
        self.assertEqual(len(found["latency[region=eu]"]["history"]["releases"]), 6)
        self.assertEqual((found["latency[region=us]"]["verdict"], found["latency[region=us]"]["brief"]), ("fail", "gone"))
        self.assertEqual((found["latency[region=asia]"]["verdict"], found["latency[region=asia]"]["brief"]), ("pass", "new series"))

    def test_values_ratios_and_formulas(self):
        """What has no interval by itself gets one from the releases."""
        self.rows(LEVELS, extra=lambda level, draw: draw.choice(["eu"] * 9 + ["bad"]))
        self.gate_file(metric='kind = "value"\naggregate = "p95"\n', extra="""[metrics.bad]
source = "rows"
kind   = "ratio"
events = { where = { region = "bad" } }
total  = {}
better = "lower"
on_few_releases = "warn"
fail   = { increase_over = "20pp" }
[metrics.product]
kind    = "derived"
formula = "latency * bad"
unit    = "ms"
on_few_releases = "warn"
fail    = { increase_over = "500%" }
""")
        report = self.run_all(8)[7]
        for metric in report["metrics"]:
            self.assertEqual(metric["verdict"], "pass", metric["headline"])
            self.assertEqual(len(metric["history"]["releases"]), 7)
            self.assertIsNotNone(metric["change"]["interval"])

    def test_evidence_holds_the_history_that_was_read(self):
        self.rows([*LEVELS, 250])
        self.gate_file(compare='anchor_release = "1.1.0"\n')
        self.run_all(8)
        evidence = self.folder / "evidence"
        recorded = self.report(8, "--record", evidence, code=1)
        kept = json.loads((evidence / "run.json").read_text())["history"]["metrics"]["latency"]
        self.assertEqual([one["version"] for one in kept["last"]], [f"1.{i}.0" for i in range(8)])
        self.assertEqual(kept["anchor"]["version"], "1.1.0")
        self.database.unlink()
        (self.folder / "rows.csv").unlink()
        result = gate.run("check", "--replay", evidence, "--format", "json", cwd=self.folder)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(json.loads(result.stdout), recorded)
        self.assertFalse(self.database.exists())
        # A history that could not be read is part of it, too.
        self.database.write_bytes(b"no database " * 100)
        self.rows([*LEVELS, 250])
        broken = self.report(8, "--record", self.folder / "second", code=4)
        self.assertEqual(broken["metrics"][0]["error"]["code"], "RG0604")
        self.assertTrue(broken["metrics"][0]["headline"].startswith("Could not ask the history: "))
        again = gate.run("check", "--replay", self.folder / "second", "--format", "json", cwd=self.folder)
        self.assertEqual(json.loads(again.stdout), broken)

    def test_no_history_is_given(self):
        self.rows(LEVELS)
        self.gate_file()
        result = self.check(0, history=False)
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("error[RG0602]: a metric is compared with previous releases, and no history is given", result.stderr)
        # query reads it as well, and keeps nothing.
        self.run_all(6)
        environment = {"VERSION": "1.6.0", "DEPLOYED_AT": stamp(START + 6 * DAY)}
        result = gate.run("query", "gate.toml", "latency", "--history", self.where, env=environment, cwd=self.folder)
        self.assertIn("the last 6 releases that passed", result.stdout + result.stderr)
        self.assertEqual(self.sql("SELECT count(*) FROM release_gate_runs"), [(6,)])

    def test_plan_and_validate_ask_nothing_of_it(self):
        self.rows(LEVELS)
        self.gate_file(compare='anchor_release = "1.1.0"\n')
        result = gate.run("plan", "gate.toml", "--deployed-at", stamp(START), cwd=self.folder)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("compared with the last 10 releases that passed, of the history, and with 1.1.0", result.stdout)
        self.assertIn("1 request to 1 source", result.stdout)
        self.assertEqual(gate.run("validate", "gate.toml", cwd=self.folder).returncode, 0)


if __name__ == "__main__":
    unittest.main()
