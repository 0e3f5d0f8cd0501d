"""Sources that read files, over recordings of the real tools (../shared/payloads), against figures computed here in another way.

Without the recordings everything is skipped.
"""

import csv
import json
import math
import os
import pathlib
import shutil
import statistics
import unittest
import xml.etree.ElementTree

from gate import ROOT, GateTest, main, report

PAYLOADS = pathlib.Path(os.environ.get("RELEASE_GATE_PAYLOADS", ROOT.parent / "shared" / "payloads"))


@unittest.skipUnless(PAYLOADS.is_dir(), "the recordings are not here")
class Recordings(GateTest):
    def bring(self, *names):
        for name in names:
            shutil.copy(PAYLOADS / name, self.folder)

    def ask(self, source, *metrics):
        """The metrics' candidates, or the codes of their errors."""
        text = f"version = 1\n[sources.s]\n{source}\n"
        for i, metric in enumerate(metrics):
            text += f'[metrics.m{i}]\nsource = "s"\n{metric}\nfail = {{ above = 1e12 }}\n'
        self.report = report(self.write("gate.toml", text))[1]
        return [one["error"]["code"] if one["error"] else one["candidate"]["value"] for one in self.report["metrics"]]

    def close(self, found, expected):
        self.assertEqual(len(found), len(expected), found)
        for one, other in zip(found, expected):
            self.assertAlmostEqual(one, other, places=9)


class Lighthouse(Recordings):
    LHCI = ("lighthouse/127_0_0_1--2026_11_23_20_17_55.report.json", "lighthouse/127_0_0_1--2026_11_23_20_18_12.report.json")

    def test_medians_of_runs(self):
        self.bring(*self.LHCI)
        runs = [json.loads((PAYLOADS / name).read_text(encoding="utf-8")) for name in self.LHCI]

        def middle(audit):
            return statistics.median(run["audits"][audit]["numericValue"] for run in runs)

        found = self.ask('type = "lighthouse"\npath = "*.report.json"', 'measure = "lcp"', 'measure = "tbt"', 'measure = "cls"',
                         'measure = "speed_index"', 'measure = "performance"', 'measure = "accessibility"',
                         'measure = "audit"\naudit = "total-byte-weight"')
        score = statistics.median(run["categories"]["performance"]["score"] for run in runs)
        self.assertIsNone(found.pop(5))  # only performance was run
        self.close(found, [middle("largest-contentful-paint"), middle("total-blocking-time"),
                           middle("cumulative-layout-shift"), middle("speed-index"), 100 * score, middle("total-byte-weight")])
        self.assertEqual(self.report["metrics"][0]["candidate"]["at"], "2026-11-23T20:18:12.067Z")

    def test_the_run_that_lighthouse_ci_calls_representative(self):
        manifest = json.loads((PAYLOADS / "lighthouse/manifest.json").read_text(encoding="utf-8"))
        self.bring(*self.LHCI)
        here = [entry for entry in manifest if (self.folder / entry["jsonPath"].split("/")[-1]).exists()]
        self.write("manifest.json", json.dumps(here))
        chosen = next(entry["jsonPath"].split("/")[-1] for entry in manifest if entry["isRepresentativeRun"])
        run = json.loads((self.folder / chosen).read_text(encoding="utf-8"))
        found = self.ask('type = "lighthouse"\npath = "manifest.json"', 'measure = "lcp"\nrun = "median-run"')
        self.close(found, [run["audits"]["largest-contentful-paint"]["numericValue"]])

    def test_a_manifest_whose_reports_are_missing(self):
        self.bring("lighthouse/manifest.json", *self.LHCI)
        self.assertEqual(self.ask('type = "lighthouse"\npath = "manifest.json"', 'measure = "lcp"'), ["RG1504"])

    def test_what_is_no_report(self):
        self.bring("lighthouse/lh1.report.csv", "lighthouse/assertion-results.json", "lighthouse/lighthouserc.json")
        for name, code in {"lh1.report.csv": "RG1503", "assertion-results.json": "RG1504", "lighthouserc.json": "RG1503"}.items():
            with self.subTest(name):
                self.assertEqual(self.ask(f'type = "lighthouse"\npath = "{name}"', 'measure = "lcp"'), [code])

    def test_all_categories(self):
        self.bring("lighthouse/lhr-trimmed.json")
        found = self.ask('type = "lighthouse"\npath = "lhr-trimmed.json"', *(f'measure = "{name}"' for name in
                         ("performance", "accessibility", "best_practices", "seo", "ttfb", "page_weight")))
        self.close(found, [100, 100, 100, 92, 3.7379999999999995, 50814])


def nearest_rank(values, q):
    return sorted(values)[math.ceil(q * len(values)) - 1]


class LoadTests(Recordings):
    MEASURES = ("requests", "error_rate", "mean", "median", "p95", "p99", "max", "throughput")

    def expected(self, rows):
        """`rows` are start and elapsed in milliseconds, and whether it went well."""
        elapsed = [row[1] for row in rows]
        length = max(start + t for start, t, _ in rows) - min(row[0] for row in rows)
        return [len(rows), 100 * sum(not ok for *_, ok in rows) / len(rows), statistics.fmean(elapsed), nearest_rank(elapsed, 0.5),
                nearest_rank(elapsed, 0.95), nearest_rank(elapsed, 0.99), max(elapsed), len(rows) * 1000 / length]

    def jmeter(self, name):
        self.bring(f"jmeter/{name}")
        return self.ask(f'type = "jmeter"\npath = "{name}"', *(f'measure = "{one}"' for one in self.MEASURES))

    def test_jmeter_csv(self):
        with open(PAYLOADS / "jmeter/rg-header.csv.jtl", encoding="utf-8", newline="") as file:
            rows = [(int(row["timeStamp"]), int(row["elapsed"]), row["success"] == "true") for row in csv.DictReader(file)]
        found = self.jmeter("rg-header.csv.jtl")
        self.close(found, self.expected(rows))
        # JMeter's own summary of this run: 800 in 10 s, 83.1/s, average 44, 9.50 % errors
        self.assertEqual((found[0], round(found[1], 2), round(found[2])), (800, 9.5, 44))

    def test_jmeter_csv_without_header(self):
        with open(PAYLOADS / "jmeter/rg-default-noheader.jtl", encoding="utf-8", newline="") as file:
            rows = [(int(row[0]), int(row[1]), row[7] == "true") for row in csv.reader(file)]
        self.close(self.jmeter("rg-default-noheader.jtl"), self.expected(rows))

    def test_jmeter_xml(self):
        root = xml.etree.ElementTree.parse(PAYLOADS / "jmeter/rg-xml.jtl").getroot()
        rows = [(int(one.get("ts")), int(one.get("t")), one.get("s") == "true") for one in root]
        self.close(self.jmeter("rg-xml.jtl"), self.expected(rows))

    def test_jmeter_what_is_no_result_file(self):
        self.bring("jmeter/plan.jmx", "jmeter/summariser-stdout.txt")
        for name in ("plan.jmx", "summariser-stdout.txt"):
            self.assertEqual(self.ask(f'type = "jmeter"\npath = "{name}"', 'measure = "p95"'), ["RG1503"])

    def test_locust(self):
        self.bring("locust/rg_stats.csv", "locust/rg_stats_history.csv", "locust/rg_failures.csv")
        with open(PAYLOADS / "locust/rg_stats.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        total = rows.pop()
        count = sum(int(row["Request Count"]) for row in rows)
        self.assertEqual(count, int(total["Request Count"]))
        found = self.ask('type = "locust"\npath = "rg_*.csv"', *(f'measure = "{one}"' for one in (
            "requests", "error_rate", "mean", "p95", "throughput", "peak_users", "failure_kinds", "peak_p95")))
        with open(PAYLOADS / "locust/rg_stats_history.csv", encoding="utf-8", newline="") as file:
            worst = max(int(row["95%"]) for row in csv.DictReader(file) if row["Name"] == "Aggregated" and row["95%"] != "N/A")
        mean = sum(int(row["Request Count"]) * float(row["Average Response Time"]) for row in rows) / count
        self.close(found, [706, 100 * 34 / 706, mean, 130, sum(float(row["Requests/s"]) for row in rows), 5, 1, worst])


if __name__ == "__main__":
    main()
