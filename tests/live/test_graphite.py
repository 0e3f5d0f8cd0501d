"""The source `graphite` against Debian's graphite-web over whisper files: what was written to them, the program must say."""

import json
import pathlib
import statistics
import time
import unittest

import gate
from servers import Process

# Whisper keeps points by their age, so that the release must be one of today.
RELEASE = int(time.time()) // 600 * 600 - 3600
HALF = 1800
STARTS = (RELEASE - HALF, RELEASE)
GAPS = (RELEASE - 600, RELEASE + 300, RELEASE + 360, RELEASE + HALF - 60)  # the last is the window's last minute
MINUTES, TENS = [[60, 2880]], [[10, 2160]]


def latency(at):
    return 300.0 + at // 60 % 7 + (50 if at >= RELEASE else 0)


def errors(at):
    return float(at // 10 % 5 == 0)


def requests(at):
    return 10.0 + at // 10 % 3


def times(step):
    return range(RELEASE - 3600, RELEASE + 3000, step)


SERIES = {
    "shop.p95": (MINUTES, [[at, latency(at)] for at in times(60) if at not in GAPS]),
    "shop.steady": (MINUTES, [[at, 300.0 + at // 60 % 7] for at in times(60)]),
    "shop.silent": (MINUTES, [[RELEASE - 7200, 1.0]]),
    "shop.host.a.p95": (MINUTES, [[at, 100.0] for at in times(60)]),
    "shop.host.b.p95": (MINUTES, [[at, 50.0] for at in times(60)]),
    "shop.errors": (TENS, [[at, errors(at)] for at in times(10)]),
    "shop.requests": (TENS, [[at, requests(at)] for at in times(10)]),
    # Twenty minutes of minutes, and then five of five: both windows are older than the first.
    "shop.thinned": ([[60, 20], [300, 2016]], [[at, latency(at)] for at in times(300)]),
}


class GraphiteWeb(Process):
    ready = "/version/"

    def command(self, address):
        series = {path: {"archives": archives, "points": points} for path, (archives, points) in SERIES.items()}
        (self.folder / "series.json").write_text(json.dumps(series), encoding="utf-8")
        # Debian's Python, whose packages Django, whisper and graphite-web are.
        return ["/usr/bin/python3", "-I", "-B", str(pathlib.Path(__file__).with_name("graphite_web.py")), address, str(self.folder)]


class Graphite(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        start = time.monotonic()
        cls.server = cls.enterClassContext(GraphiteWeb())
        print(f"graphite-web started in {time.monotonic() - start:.1f} s")

    def ask(self, metric, query="", more=""):
        path = self.server.folder / "gate.toml"
        path.write_text(f'version = 1\n[sources.graphite]\ntype = "graphite"\nurl = "{self.server.url}{query}"\n'
                        f'[metrics.m]\nsource = "graphite"\n{metric}\n{more}\n', encoding="utf-8")
        self.code, report = gate.report(path, "--deployed-at", RELEASE, "--now", RELEASE + 3600)
        return report["metrics"]

    def sides(self, metric):
        self.assertIsNone(metric["error"], metric["error"])
        return [metric[side]["value"] for side in ("baseline", "candidate")]

    @staticmethod
    def written(name, start):
        return [value for at, value in SERIES[name][1] if start <= at < start + HALF]

    def error(self, metric, code, words, query=""):
        found = self.ask(metric, query)[0]["error"]
        self.assertEqual((found["code"], self.code), (code, 4))
        self.assertIn(words, found["message"])

    def test_points_of_both_windows(self):
        """A gap is no 0, the last minute of the window is null, and the minute of the release is the candidate's alone."""
        metric, = self.ask('target = "shop.p95"\nbetter = "lower"\nfail = { increase_over = "10%" }')
        expected = [statistics.fmean(self.written("shop.p95", start)) for start in STARTS]
        for said, computed in zip(self.sides(metric), expected):
            self.assertAlmostEqual(said, computed, places=9)
        self.assertEqual([metric[side]["samples"] for side in ("baseline", "candidate")], [29, 27])
        self.assertGreater(expected[1] / expected[0], 1.1)
        self.assertEqual((metric["verdict"], self.code), ("fail", 1))
        for aggregate, of in (("min", min), ("max", max)):
            one, = self.ask(f'target = "shop.p95"\nkind = "value"\naggregate = "{aggregate}"\nfail = {{ above = 999 }}')
            self.assertEqual(self.sides(one), [of(self.written("shop.p95", start)) for start in STARTS])
        steady, = self.ask('target = "shop.steady"\nbetter = "lower"\nfail = { increase_over = "10%" }')
        self.assertEqual((steady["verdict"], self.code), ("pass", 0))

    def test_finer_points(self):
        self.error('target = "shop.requests"\nfail = { above = 999 }', "RG1981", "are 10s long, the metric's step is 1m")
        for by, of in (("sum", sum), ("average", statistics.fmean), ("max", max)):
            metric, = self.ask(f'target = "shop.requests"\nconsolidate_by = "{by}"\nfail = {{ above = 999 }}')
            values = self.written("shop.requests", RELEASE)
            minutes = [of(values[i:i + 6]) for i in range(0, len(values), 6)]
            self.assertAlmostEqual(self.sides(metric)[1], statistics.fmean(minutes), places=9)
            self.assertEqual(metric["candidate"]["samples"], 30)

    def test_a_ratio_is_sum_over_sum(self):
        metric, = self.ask('kind = "ratio"\nevents = "shop.errors"\ntotal = "shop.requests"\nconsolidate_by = "sum"\nfail = { above = "50%" }')
        self.assertEqual(self.sides(metric), [sum(self.written("shop.errors", start)) / sum(self.written("shop.requests", start)) for start in STARTS])

    def test_one_number(self):
        metric, = self.ask('target = "shop.requests"\nkind = "value"\ninterval = "{{window}}"\nconsolidate_by = "sum"\nfail = { above = 1e9 }')
        self.assertEqual(self.sides(metric), [sum(self.written("shop.requests", start)) for start in STARTS])

    def test_several_series_and_functions(self):
        several = 'target = "shop.host.*.p95"\nfail = { above = 999 }'
        self.error(several, "RG2001", "the query returned 2 series")
        each = self.ask(several + '\neach = "target"')
        self.assertEqual({one["id"]: self.sides(one) for one in each}, {"m[target=shop.host.a.p95]": [100, 100], "m[target=shop.host.b.p95]": [50, 50]})
        mean, = self.ask('target = "averageSeries(shop.host.*.p95)"\nfail = { above = 999 }')
        self.assertEqual(self.sides(mean), [75, 75])

    def test_no_match_and_no_number(self):
        """What the server does not know, or cannot read, it answers with HTTP 200 and `[]`: no data, and no pass."""
        for target, words in (("shop.p96", "no series of Graphite's fits the target"), ("sumSeries(shop.p95", "no series of Graphite's fits the target"),
                              ("shop.silent", "has no number of them in this window")):
            with self.subTest(target):
                metric, = self.ask(f'target = "{target}"\nfail = {{ above = 999 }}')
                self.assertEqual((self.sides(metric), metric["verdict"], self.code), ([None, None], "inconclusive", 3))
                self.assertIn(words, json.dumps(metric))

    def test_points_that_were_thinned_out(self):
        """The archive of minutes does not reach back to the windows: what is left are points of five minutes."""
        self.error('target = "shop.thinned"\nfail = { above = 999 }', "RG1981", "are 5m long, and do not make a step of 1m")
        metric, = self.ask('target = "shop.thinned"\nstep = "5m"\nfail = { above = 999 }')
        self.assertEqual([metric[side]["samples"] for side in ("baseline", "candidate")], [6, 6])
        for said, start in zip(self.sides(metric), STARTS):
            self.assertAlmostEqual(said, statistics.fmean(self.written("shop.thinned", start)), places=9)

    def test_points_that_the_server_consolidated(self):
        """What a proxy before Graphite may add to save work: the answer is coarser than what was asked for, and refused."""
        self.error('target = "shop.steady"\nfail = { above = 999 }', "RG1981", "are 3m long, and do not make a step of 1m", "?maxDataPoints=10")

    def test_check(self):
        path = self.server.folder / "check.toml"
        path.write_text(f'version = 1\n[sources.graphite]\ntype = "graphite"\nurl = "{self.server.url}"\n[metrics.m]\nsource = "graphite"\n'
                        'target = "shop.p95"\nfail = { above = 1 }\n', encoding="utf-8")
        result = gate.run("sources", "--check", path)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


if __name__ == "__main__":
    gate.main()
