"""Sources that read files, over recordings of the real tools (../shared/payloads), against figures computed here in another way.

Without the recordings everything is skipped.
"""

import json
import os
import pathlib
import shutil
import statistics
import unittest

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


if __name__ == "__main__":
    main()
