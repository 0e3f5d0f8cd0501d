"""The source `lighthouse` against Lighthouse in Chromium and Lighthouse CI: two versions of a page, three runs of each and one that fails."""

import concurrent.futures
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
import unittest

import gate
import npm

WORDS = b"<p>" + b"many words of one paragraph " * 30
HEAD = b"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Shop</title>"
UNUSED = b"function unused() {" + b"console.log('never called, and long');" * 8000 + b"}"
# What the candidate does wrong: a large script that blocks and is not used, a paragraph that jumps, an answer that takes its time.
JUMP = b"<script>setTimeout(() => { document.getElementById('room').style.height = '250px' }, 150)</script>"
PAGES = {"baseline": HEAD + b"<h1>Shop</h1>" + WORDS,
         "candidate": HEAD.replace(b"<title>", b"<script src=/unused.js></script><title>") + b"<h1>Shop</h1><div id=room></div>" + WORDS + JUMP}
THINKING = 0.15  # seconds
LANES = (("baseline",) * 3, ("candidate",) * 3, ("broken",))  # side by side, so that all are under one load
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--mute-audio")
AUDITS = {"lcp": "largest-contentful-paint", "fcp": "first-contentful-paint", "tbt": "total-blocking-time", "cls": "cumulative-layout-shift",
          "tti": "interactive", "speed_index": "speed-index", "ttfb": "server-response-time", "page_weight": "total-byte-weight"}


def answer(request):
    version = request.headers["X-Version"]
    if version == "broken":
        return 503, {"Content-Type": "text/html"}, HEAD + b"<p>Back soon."
    if request.route == "/unused.js":
        return 200, {"Content-Type": "text/javascript"}, UNUSED
    if request.route != "/":
        return 404, {}, ""
    if version == "candidate":
        time.sleep(THINKING)
    return 200, {"Content-Type": "text/html"}, PAGES[version]


class Pages(gate.GateTest):
    @classmethod
    def setUpClass(cls):
        start = time.monotonic()
        cls.modules = npm.install(gate.ROOT / "tests/live/lighthouse")
        print(f"Lighthouse installed in {time.monotonic() - start:.1f} s")
        start = time.monotonic()
        cls.home = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="release-gate-live-", ignore_cleanup_errors=True)))
        cls.server = cls.enterClassContext(gate.Server(answer))
        with concurrent.futures.ThreadPoolExecutor(len(LANES)) as pool:
            lanes = pool.map(lambda lane: [cls.run_lighthouse(number, version) for number, version in enumerate(lane)], LANES)
            cls.runs = dict(zip(("baseline", "candidate", "broken"), lanes))
        cls.chosen = {version: cls.run_lighthouse_ci(version) for version in ("baseline", "candidate")}
        print(f"{sum(map(len, LANES))} runs of Lighthouse {cls.runs['baseline'][0]['lighthouseVersion']} in {time.monotonic() - start:.1f} s")

    @classmethod
    def run_lighthouse(cls, number, version):
        """The report of one run, which is kept as Lighthouse CI keeps it, too."""
        folder = cls.home / version / ".lighthouseci"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"lhr-{number}.json"
        command = ["node", cls.modules / "lighthouse/cli/index.js", cls.server.url + "/", "--quiet", "--only-categories=performance",
                   "--output=json", f"--output-path={path}", "--no-enable-error-reporting", "--disable-full-page-screenshot",
                   "--extra-headers", json.dumps({"X-Version": version}),
                   "--chrome-flags=" + " ".join([*FLAGS, f"--user-data-dir={cls.home / f'profile-{version}-{number}'}"])]
        with subprocess.Popen(command, env=cls.environment(), cwd=cls.home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              start_new_session=True) as process:
            try:
                log = process.communicate(timeout=150)[0].decode(errors="replace")
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # the browser, too
                raise
        if not path.exists():
            raise AssertionError(f"Lighthouse has written no report: {log[-2000:]}")
        return json.loads(path.read_text(encoding="utf-8"))

    @classmethod
    def environment(cls):
        return {"PATH": os.environ["PATH"], "HOME": str(cls.home), "LANG": "C.UTF-8", "CHROME_PATH": shutil.which("chromium") or "chromium"}

    @classmethod
    def run_lighthouse_ci(cls, version):
        """Writes manifest.json beside copies of the reports of a version; the run that it says stands for all."""
        for number in range(3):  # `lhci collect` leaves the pages, too
            (cls.home / version / ".lighthouseci" / f"lhr-{number}.html").touch()
        subprocess.run(["node", cls.modules / "@lhci/cli/src/cli.js", "upload", "--target=filesystem", "--outputDir=uploaded"], check=True,
                       cwd=cls.home / version, env=cls.environment(), stdout=subprocess.DEVNULL, timeout=60)
        manifest = json.loads((cls.home / version / "uploaded/manifest.json").read_text(encoding="utf-8"))
        chosen, = [entry["jsonPath"] for entry in manifest if entry["isRepresentativeRun"]]
        return json.loads(pathlib.Path(chosen).read_text(encoding="utf-8"))

    def ask(self, *metrics, files=".lighthouseci/lhr-*.json", candidate="candidate"):
        text = (f'version = 1\n[sources.pages]\ntype = "lighthouse"\nroot = "{self.home}"\npath = "{self.home}/{candidate}/{files}"\n'
                f'baseline_path = "{self.home}/baseline/{files}"\n')
        for i, keys in enumerate(metrics):
            text += f'[metrics.m{i}]\nsource = "pages"\n{keys}\n'
        code, report = gate.report(self.write("gate.toml", text), "--deployed-at", "now")
        self.assertEqual([metric["error"] for metric in report["metrics"]], [None] * len(metrics))
        return code, report["metrics"]

    @staticmethod
    def sides(metric):
        return [(metric[side] or {}).get("value") for side in ("baseline", "candidate")]

    def numbers(self, version, audit):
        return [run["audits"][audit]["numericValue"] for run in self.runs[version]]

    @staticmethod
    def both(compute):
        return [compute(version) for version in ("baseline", "candidate")]

    def test_medians(self):
        _, metrics = self.ask(*(f'measure = "{measure}"' for measure in AUDITS), 'measure = "performance"',
                              'measure = "audit"\naudit = "mainthread-work-breakdown"\nunit = "ms"', 'measure = "audit"\naudit = "dom-size"')
        for (measure, audit), metric in zip(AUDITS.items(), metrics):
            with self.subTest(measure):
                self.assertEqual(self.sides(metric), self.both(lambda version: statistics.median(self.numbers(version, audit))))
        scores = self.both(lambda version: 100 * statistics.median(run["categories"]["performance"]["score"] for run in self.runs[version]))
        score, work, size = metrics[len(AUDITS):]
        for said, computed in zip(self.sides(score), scores):
            self.assertAlmostEqual(said, computed, places=9)
        for metric, audit, unit in ((work, "mainthread-work-breakdown", "in milliseconds"), (size, "dom-size", "in elements")):
            self.assertEqual(self.sides(metric), self.both(lambda version: statistics.median(self.numbers(version, audit))))
            self.assertIn(unit, " ".join(metric["notes"]))

    def median_run(self, version):
        """By Lighthouse's own code."""
        script = ("const {computeMedianRun} = await import(process.argv[1]);\n"
                  "const runs = JSON.parse(await new Response(process.stdin).text());\nconsole.log(runs.indexOf(computeMedianRun(runs)))")
        done = subprocess.run(["node", "--input-type=module", "-e", script, self.modules / "lighthouse/core/lib/median-run.js"], check=True,
                              input=json.dumps(self.runs[version]), capture_output=True, text=True, timeout=60)
        return self.runs[version][int(done.stdout)]

    def test_the_median_run(self):
        chosen = self.both(self.median_run)
        for run, version in zip(chosen, ("baseline", "candidate")):  # the rule, once more
            paints, interactives = self.numbers(version, "first-contentful-paint"), self.numbers(version, "interactive")
            middle = (statistics.median(paints), statistics.median(interactives))
            ranks = [((paint - middle[0]) ** 2 + (interactive - middle[1]) ** 2, interactive) for paint, interactive in zip(paints, interactives)]
            self.assertEqual(run["fetchTime"], self.runs[version][ranks.index(min(ranks))]["fetchTime"])
        _, metrics = self.ask(*(f'measure = "{measure}"\nrun = "median-run"' for measure in AUDITS))
        for (measure, audit), metric in zip(AUDITS.items(), metrics):
            with self.subTest(measure):
                self.assertEqual(self.sides(metric), [run["audits"][audit]["numericValue"] for run in chosen])

    def test_a_manifest_of_lighthouse_ci(self):
        measures = [f'measure = "{measure}"' for measure in AUDITS]
        _, metrics = self.ask(*(f'{one}\nrun = "median-run"' for one in measures), files="uploaded/manifest.json")
        for audit, metric in zip(AUDITS.values(), metrics):
            with self.subTest(audit):
                self.assertEqual(self.sides(metric), self.both(lambda version: self.chosen[version]["audits"][audit]["numericValue"]))
        self.assertEqual([self.sides(metric) for metric in self.ask(*measures, files="uploaded/manifest.json")[1]],
                         [self.sides(metric) for metric in self.ask(*measures)[1]])

    def test_what_the_server_knows(self):
        _, (weight, wait, jump, unused) = self.ask(*(f'measure = "{measure}"' for measure in ("page_weight", "ttfb", "cls")),
                                                   'measure = "savings"\naudit = "unused-javascript"')
        for said, bodies in zip(self.sides(weight), (len(PAGES["baseline"]), len(PAGES["candidate"]) + len(UNUSED))):
            self.assertGreater(said, bodies)
            self.assertLess(said, bodies + 1000)  # headers
        self.assertGreaterEqual(self.sides(wait)[1], 1000 * THINKING)
        self.assertEqual(self.sides(jump)[0], 0)
        self.assertGreater(self.sides(jump)[1], 0.1)
        self.assertEqual(self.sides(unused), self.both(lambda version: statistics.median(
            run["audits"]["unused-javascript"]["details"]["overallSavingsBytes"] for run in self.runs[version])))
        self.assertEqual(self.sides(unused)[0], 0)
        self.assertAlmostEqual(self.sides(unused)[1], len(UNUSED), delta=1000)

    def test_a_failed_run_is_left_out(self):
        broken, = self.runs["broken"]
        self.assertEqual(broken["runtimeError"]["code"], "ERRORED_DOCUMENT_REQUEST")
        folder = self.home / "mixed" / ".lighthouseci"
        shutil.copytree(self.home / "candidate" / ".lighthouseci", folder)
        shutil.copy(self.home / "broken" / ".lighthouseci" / "lhr-0.json", folder / "lhr-3.json")
        _, (metric, few) = self.ask('measure = "lcp"', 'measure = "lcp"\nmin_runs = 4\nfail = { above = "9s" }', candidate="mixed")
        self.assertEqual(self.sides(metric), self.both(lambda version: statistics.median(self.numbers(version, "largest-contentful-paint"))))
        self.assertIn(f"1 of 4 runs of {self.server.url}/ left out: they failed with `ERRORED_DOCUMENT_REQUEST`", " ".join(metric["notes"]))
        self.assertEqual((self.sides(few), few["verdict"]), ([None, None], "inconclusive"))

    def test_the_verdict(self):
        code, metrics = self.ask('measure = "lcp"\nmin_runs = 3\nfail = { increase_over = "10%" }', 'measure = "cls"\nfail = { above = 0.1 }',
                                 'measure = "page_weight"\nfail = { increase_over = "20%" }', 'measure = "performance"\nfail = { below = 1 }',
                                 'measure = "lcp"\neach = "url"\nfail = { above = "60s" }')
        self.assertEqual((code, [metric["verdict"] for metric in metrics]), (1, ["fail", "fail", "fail", "pass", "pass"]))
        self.assertEqual(metrics[4]["id"], f"m4[url={self.server.url}/]")


if __name__ == "__main__":
    gate.main()
