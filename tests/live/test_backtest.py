"""backtest on two weeks of a real Prometheus: what it states is what judging each of these times by hand gives."""

import datetime
import json
import math
import random
import statistics
import unittest

import gate
import servers

DAY = 86400
START = 1772452800  # 2026-03-02T12:00:00Z
END = START + 14 * DAY
UTC = datetime.timezone.utc
GATE = """version = 1
name = "shop"
[compare]
baseline  = { window = "30m" }
candidate = { window = "30m", settle = "5m" }
step      = "1m"
ingest_delay = "0s"
[sources.prom]
type = "prometheus"
url  = { env = "PROMETHEUS_URL" }
[metrics.latency]
source = "prom"
query  = 'latency_seconds'
unit   = "s"
better = "lower"
fail   = { increase_over = "2%" }
warn   = { above = "230ms" }
[metrics.numbers]
source = "prom"
query  = 'latency_seconds'
unit   = "s"
method = "point"
fail   = { increase_over = "5%" }
"""


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def values():
    """A value a minute: a daily curve of ± 10 %, and noise that hangs together."""
    draw = random.Random(14)
    out, drift = {}, 0.0
    for t in range(START, END + 1, 60):
        drift = 0.6 * drift + 0.8 * draw.gauss(0, 1)
        out[t] = 0.2 * (1 + 0.1 * math.sin(2 * math.pi * t / DAY)) * math.exp(0.08 * drift)
    return out


def openmetrics(series):
    lines = [f"latency_seconds {value!r} {t}" for t, value in series.items()]
    return "\n".join(["# TYPE latency_seconds gauge", *lines, "# EOF", ""])


class Backtest(gate.GateTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.values = values()
        cls.server = servers.Prometheus(openmetrics(cls.values))
        cls.enterClassContext(cls.server)
        cls.env = {"PROMETHEUS_URL": cls.server.url}

    def setUp(self):
        super().setUp()
        self.write("gate.toml", GATE)

    def backtest(self, *arguments, code=0):
        result = gate.run("backtest", "--from", stamp(START), "--to", stamp(END), "--quiet", *arguments, cwd=self.folder, env=self.env)
        self.assertEqual(code, result.returncode, result.stderr)
        return result

    def json(self, *arguments):
        return json.loads(self.backtest("--format", "json", *arguments).stdout)

    def test_its_shares_are_those_of_a_direct_count(self):
        found = self.json("--every", "4h")
        moments = list(range(START + 1800, END - 2100 + 1, 4 * 3600))
        self.assertEqual(found["false_alarms"]["of"], len(moments))
        reports = [gate.report("--deployed-at", stamp(t), "--now", stamp(t + 2100), cwd=self.folder, env=self.env)[1] for t in moments]
        for metric, whole in zip(found["metrics"], ("latency", "numbers")):
            ours = [next(one for one in report["metrics"] if one["id"] == whole) for report in reports]
            for verdict in ("pass", "warn", "inconclusive"):
                self.assertEqual(metric[verdict], sum(one["verdict"] == verdict for one in ours), (whole, verdict))
            self.assertEqual(metric["false_alarms"]["count"], sum(one["verdict"] == "fail" for one in ours))
            for i, bound in enumerate(metric["criteria"]):
                self.assertEqual(bound["false_alarms"]["count"], sum(one["criteria"][i]["outcome"] == "violated" for one in ours))
                self.assertEqual(bound["holds"], sum(one["criteria"][i]["outcome"] == "holds" for one in ours))
        self.assertEqual(found["false_alarms"]["count"], sum(report["verdict"] == "fail" for report in reports))
        latency = [next(one for one in report["metrics"] if one["id"] == "latency") for report in reports]
        latency = [one for one in latency if one["criteria"][0]["outcome"] != "not_evaluated"]
        bound = found["metrics"][0]["criteria"][0]
        self.assertAlmostEqual(bound["detectable"], statistics.median(one["criteria"][0]["detectable"] for one in latency), delta=1e-12)
        upper = sorted(one["change"]["relative_interval"][1] for one in latency)
        place = 0.8 * (len(upper) - 1)
        low = upper[int(place)]
        self.assertAlmostEqual(bound["limit_kept_by_four_of_five"], low + (place % 1) * (upper[int(place) + 1] - low), delta=1e-12)
        self.assertGreater(found["false_alarms"]["count"], 0)

    def test_two_numbers_are_counted_from_the_data_themselves(self):
        found = self.json("--only", "numbers")["metrics"][0]
        alarms = moments = 0
        for t in range(START + 1800, END - 2100 + 1, 65 * 60):
            before = statistics.fmean(self.values[at] for at in range(t - 1800 + 60, t + 1, 60))
            after = statistics.fmean(self.values[at] for at in range(t + 300 + 60, t + 2101, 60))
            alarms += after > 1.05 * before
            moments += 1
        self.assertEqual((found["false_alarms"]["count"], found["false_alarms"]["of"]), (alarms, moments))
        self.assertGreater(alarms, 20)
        # Clopper and Pearson's limits: so many alarms, or more (fewer), then have a chance of 2.5 %.
        low, high = found["false_alarms"]["interval"]
        chance = lambda p, counts: sum(math.comb(moments, k) * p**k * (1 - p) ** (moments - k) for k in counts)  # noqa: E731
        self.assertAlmostEqual(chance(low, range(alarms, moments + 1)), 0.025, delta=1e-9)
        self.assertAlmostEqual(chance(high, range(alarms + 1)), 0.025, delta=1e-9)

    def test_times_of_real_releases_are_left_out(self):
        history = ["--history", f"sqlite:{self.folder / 'history.db'}"]
        quiet = self.json("--only", "numbers", "--every", "12h")
        released = START + 1800 + 12 * 3600
        gate.run("check", *history, "--deployed-at", stamp(released), "--now", stamp(released + 2100), cwd=self.folder, env=self.env)
        found = self.json("--only", "numbers", "--every", "12h", *history)
        self.assertEqual((found["left_out"], found["false_alarms"]["of"]), (1, quiet["false_alarms"]["of"] - 1))
        self.assertTrue(found["releases_known"])

    def test_what_a_person_reads(self):
        text = self.backtest("--every", "12h").stdout
        self.assertIn("shop: 28 releases that never were, one every 12 h from 2 Mar", text)
        self.assertRegex(text, r"fail increase_over 2%: alarms in \d+ of 28 \([\d.]+ %, [\d.]+ to [\d.]+ % at 95 %\)")
        self.assertRegex(text, r"your 30 min window sees \+[\d.]+ % in four of five cases; at your traffic, \+4\S* % \(twice the limit\) needs ")
        self.assertRegex(text, r"a limit of \+[\d.]+ % would have been shown to be kept by four of five")
        self.assertIn("real releases are not known", text)

    def test_refusals(self):
        for arguments, code in ((["--from", stamp(END - 3600)], "RG0014"), (["--every", "1s"], "RG0014"), (["--from", "then"], "RG0004")):
            result = gate.run("backtest", "--from", stamp(START), "--to", stamp(END), *arguments, cwd=self.folder, env=self.env) \
                if "--from" not in arguments else gate.run("backtest", "--to", stamp(END), *arguments, cwd=self.folder, env=self.env)
            self.assertEqual(result.returncode, 2)
            self.assertIn(code, result.stderr)
        gone = {"PROMETHEUS_URL": f"http://127.0.0.1:{gate.free_port()}"}
        self.write("gate.toml", GATE.replace('type = "prometheus"', 'type = "prometheus"\nretries = 0'))
        result = gate.run("backtest", "--from", stamp(END - 4 * 3600), "--to", stamp(END), cwd=self.folder, env=gone)
        self.assertEqual(result.returncode, 4)
        self.assertIn("could not be asked", result.stdout)


if __name__ == "__main__":
    unittest.main()
