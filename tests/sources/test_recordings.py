"""Sources that read files, over recordings of the real tools (../shared/payloads), against figures computed here in another way.

Without the recordings everything is skipped.
"""

import collections
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
        self.bring("locust/rg_stats.csv", "locust/rg_stats_history.csv", "locust/rg_failures.csv",
                   "locust/rg_exceptions.csv")
        with open(PAYLOADS / "locust/rg_stats.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        total = rows.pop()
        count = sum(int(row["Request Count"]) for row in rows)
        self.assertEqual(count, int(total["Request Count"]))
        found = self.ask('type = "locust"\npath = "rg_*.csv"', *(f'measure = "{one}"' for one in (
            "requests", "error_rate", "mean", "p95", "throughput", "peak_users", "failure_kinds", "peak_p95", "exceptions")))
        with open(PAYLOADS / "locust/rg_stats_history.csv", encoding="utf-8", newline="") as file:
            worst = max(int(row["95%"]) for row in csv.DictReader(file) if row["Name"] == "Aggregated" and row["95%"] != "N/A")
        mean = sum(int(row["Request Count"]) * float(row["Average Response Time"]) for row in rows) / count
        self.close(found, [706, 100 * 34 / 706, mean, 130, sum(float(row["Requests/s"]) for row in rows), 5, 1, worst, 0])


class Findings(Recordings):
    """`new` against a baseline from which findings were taken, counted here by sets of what makes a finding the same."""

    def counts(self, kind, name, less):
        """total, new, persisting and fixed, of a recording against itself with `less` taken out, and the other way round."""
        self.bring(name)
        now = name.split("/")[-1]
        self.write("less.json", json.dumps(less(json.loads((PAYLOADS / name).read_text(encoding="utf-8")))))
        asked = [f'measure = "{one}"' for one in ("total", "new", "persisting", "fixed")]
        there = self.ask(f'type = "{kind}"\npath = "{now}"\nbaseline_path = "less.json"', *asked)
        back = self.ask(f'type = "{kind}"\npath = "less.json"\nbaseline_path = "{now}"', *asked)
        return there, back

    def check(self, kind, name, keys, less):
        document = json.loads((PAYLOADS / name).read_text(encoding="utf-8"))
        all_keys = collections.Counter(keys(document))
        fewer = collections.Counter(keys(less(json.loads(json.dumps(document)))))
        new, kept = (all_keys - fewer).total(), (all_keys & fewer).total()
        self.assertGreater(new, 0)
        there, back = self.counts(kind, name, less)
        self.assertEqual(there, [all_keys.total(), new, kept, 0])
        self.assertEqual(back, [fewer.total(), 0, kept, new])

    def test_trivy(self):
        def keys(document):
            return [(one["VulnerabilityID"], one["PkgName"], result["Target"]) for result in document["Results"]
                    for one in result["Vulnerabilities"]]

        def less(document):
            del document["Results"][2]
            document["Results"][0]["Vulnerabilities"].pop()
            return document

        self.check("trivy", "trivy/gomod-vex.json", keys, less)

    def test_osv(self):
        def keys(document):
            out = []
            for result in document["results"]:
                for package in result["packages"]:
                    for group in package["groups"]:
                        names = {*group["ids"], *group.get("aliases", [])}
                        for one in package["vulnerabilities"]:
                            if one["id"] in group["ids"]:
                                names |= set(one.get("aliases") or [])
                        cves = sorted(name for name in names if name.startswith("CVE-"))
                        out.append((cves or sorted(names))[0] + package["package"]["ecosystem"] + package["package"]["name"])
            return out

        def less(document):
            document["results"][0]["packages"].pop()
            return document

        self.check("osv", "osv/osv-scanner-results.json", keys, less)
        self.check("osv", "osv/vuln-results-a.json", keys, less)

    def test_sarif(self):
        def keys(document):
            return [(one["ruleId"], one["message"]["text"], one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
                    for one in document["runs"][0]["results"]]

        def less(document):
            document["runs"][0]["results"] = document["runs"][0]["results"][1:-1]
            return document

        self.check("sarif", "trivy/alpine-310.sarif.json", keys, less)

    def test_severities(self):
        self.bring("trivy/alpine-310.sarif.json")
        run = json.loads((PAYLOADS / "trivy/alpine-310.sarif.json").read_text(encoding="utf-8"))["runs"][0]
        scores = [float(run["tool"]["driver"]["rules"][one["ruleIndex"]]["properties"]["security-severity"]) for one in run["results"]]
        bands = {"critical": (9, 11), "high": (7, 9), "medium": (4, 7), "low": (0.05, 4)}
        found = self.ask('type = "sarif"\npath = "alpine-310.sarif.json"',
                         *(f'measure = "total"\nseverity = ["{name}"]' for name in bands))
        self.assertEqual(found, [sum(low <= score < high for score in scores) for low, high in bands.values()])

    def test_every_recording_is_read_or_ends_in_its_error(self):
        table = {
            ("sarif", "sarif/Baseline.sarif"): 3, ("sarif", "sarif/DefaultRuleConfiguration.sarif"): 2,
            ("sarif", "sarif/RuleMetadata.sarif"): 1, ("sarif", "sarif/Notifications.sarif"): "RG1504",
            ("sarif", "sarif/sarif-schema-2.1.0.json"): "RG1503",
            ("trivy", "trivy/debian-buster-ignore-unfixed.json"): 1, ("trivy", "trivy/dockerfile.json"): 1,
            ("trivy", "trivy/secrets.json"): 2, ("trivy", "trivy/gomod-vex.json"): 4,
            ("trivy", "trivy/alpine-310.gitlab.json"): "RG1503", ("trivy", "trivy/alpine-310.gitlab-codequality.json"): "RG1503",
            ("cyclonedx", "cyclonedx-vex/Case-1-vex-affected.json"): 1, ("cyclonedx", "cyclonedx-vex/Case-1-vex-not_affected.json"): 0,
            ("cyclonedx", "cyclonedx-vex/Case-3-vex.json"): None, ("cyclonedx", "cyclonedx-vex/Case-4-vex.json"): 1,
        }
        for (kind, name), expected in table.items():
            with self.subTest(name):
                if expected is None:
                    document = json.loads((PAYLOADS / name).read_text(encoding="utf-8"))
                    expected = sum(len(one["affects"]) for one in document["vulnerabilities"]
                                   if one["analysis"]["state"] in ("exploitable", "in_triage"))
                    self.assertGreater(expected, 0)
                self.bring(name)
                self.assertEqual(self.ask(f'type = "{kind}"\npath = "{name.split("/")[-1]}"', 'measure = "total"'), [expected])

    def test_sarif_that_has_compared_itself(self):
        self.bring("sarif/Baseline.sarif")
        self.assertEqual(self.ask('type = "sarif"\npath = "Baseline.sarif"', 'measure = "new"'), [1])


if __name__ == "__main__":
    main()
