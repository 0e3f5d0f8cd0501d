"""The source `lighthouse` against Lighthouse itself in Chromium: two versions of a page, three runs of each and one that fails."""

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
RUNS = ("baseline", "candidate", "baseline", "candidate", "baseline", "candidate", "broken")  # side by side: both versions under one load
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
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            files = list(pool.map(cls.run_lighthouse, range(len(RUNS)), RUNS))
        cls.runs = {version: [json.loads(file.read_text(encoding="utf-8")) for file, one in zip(files, RUNS) if one == version]
                    for version in ("baseline", "candidate", "broken")}
        print(f"{len(RUNS)} runs of Lighthouse {cls.runs['baseline'][0]['lighthouseVersion']} in {time.monotonic() - start:.1f} s")

    @classmethod
    def run_lighthouse(cls, number, version):
        """The report of one run: of a version's folder, one that fails among the candidate's."""
        folder = cls.home / ("baseline" if version == "baseline" else "candidate")
        folder.mkdir(exist_ok=True)
        path = folder / f"lhr-{number}.json"
        command = ["node", cls.modules / "lighthouse/cli/index.js", cls.server.url + "/", "--quiet", "--only-categories=performance",
                   "--output=json", f"--output-path={path}", "--no-enable-error-reporting", "--disable-full-page-screenshot",
                   "--extra-headers", json.dumps({"X-Version": version}),
                   "--chrome-flags=" + " ".join([*FLAGS, f"--user-data-dir={cls.home / f'profile-{number}'}"])]
        environment = {"PATH": os.environ["PATH"], "HOME": str(cls.home), "LANG": "C.UTF-8", "CHROME_PATH": shutil.which("chromium") or "chromium"}
        with subprocess.Popen(command, env=environment, cwd=cls.home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              start_new_session=True) as process:
            try:
                log = process.communicate(timeout=150)[0].decode(errors="replace")
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # the browser, too
                raise
        if not path.exists():
            raise AssertionError(f"Lighthouse has written no report: {log[-2000:]}")
        return path

    def ask(self, *metrics):
        text = f'version = 1\n[sources.pages]\ntype = "lighthouse"\nroot = "{self.home}"\npath = "{self.home}/candidate/lhr-*.json"\n' \
               f'baseline_path = "{self.home}/baseline/lhr-*.json"\n'
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
        _, (metric, few) = self.ask('measure = "lcp"', 'measure = "lcp"\nmin_runs = 4\nfail = { above = "9s" }')
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
