"""Quantiles of histograms of a real Prometheus: classic buckets, and native ones that came by remote write."""

import bisect
import urllib.request

import demo
import gate
import histograms
import servers

BEFORE = (demo.DEPLOYED_AT - 1800, demo.DEPLOYED_AT)
AFTER = (demo.DEPLOYED_AT + 300, demo.DEPLOYED_AT + 2100)
QUANTILE = 0.9

GATE = f"""
version = 1
name    = "live"
[release]
deployed_at = "{demo.DEPLOYED_TEXT}"
[compare]
baseline  = {{ window = "30m" }}
candidate = {{ window = "30m", settle = "5m" }}
[sources.prom]
type = "prometheus"
url  = {{ env = "PROMETHEUS_URL" }}
"""
METRIC = f"""
[metrics.%s]
source   = "prom"
kind     = "histogram"
quantile = {QUANTILE}
buckets  = '%s'
unit     = "s"
better   = "lower"
fail     = {{ increase_over = "10%%" }}
"""
CLASSIC = GATE + METRIC % ("latency", "sum by (le) (increase(latency_seconds_bucket[{{step}}]))") + METRIC % (
    "tail", "sum by (le) (increase(tail_seconds_bucket[{{step}}]))") + METRIC % (
    "no_buckets", "sum(increase(latency_seconds_bucket[{{step}}]))")
NATIVE = GATE + METRIC % ("latency", "sum(increase(latency_seconds[{{step}}]))") + """
[metrics.as_numbers]
source = "prom"
query  = 'sum(increase(latency_seconds[{{step}}]))'
"""


class Histograms(gate.GateTest):
    def judge(self, server, text):
        folder = gate.pathlib.Path(server.folder)
        (folder / "gate.toml").write_text(text)
        _, report = gate.report(folder / "gate.toml", "--now", demo.NOW_TEXT, env={"PROMETHEUS_URL": server.url})
        return {metric["id"]: metric for metric in report["metrics"]}

    def true_quantile(self, window):
        """Of the latencies that were drawn, which the buckets do not tell."""
        drawn = sorted(value for t, values in histograms.latencies() if window[0] < t <= window[1] for value in values)
        return drawn[int(QUANTILE * len(drawn))]

    def check_interval(self, metric):
        """It holds the change of the latencies themselves, and proves that there is one."""
        change = self.true_quantile(AFTER) - self.true_quantile(BEFORE)
        lower, upper = metric["change"]["interval"]
        self.assertLess(lower, change)
        self.assertGreater(upper, change)

    def test_classic_buckets(self):
        with servers.Prometheus(histograms.classic()) as server:
            metrics = self.judge(server, CLASSIC)
            api = servers.Independent(server.url)
            latency = metrics["latency"]
            for side, (start, end) in (("baseline", BEFORE), ("candidate", AFTER)):
                found = latency[side]
                by_bound = api.many("sum by (le) (increase(latency_seconds_bucket[1m]))", start + 60, end, 60, "le")
                up_to = {float(le.replace("+Inf", "inf")): sum(points.values()) for le, points in by_bound.items()}
                bounds = sorted(up_to)
                at = bisect.bisect_left([up_to[bound] for bound in bounds], QUANTILE * up_to[bounds[-1]])
                below = up_to[bounds[at - 1]]
                share = (QUANTILE * up_to[bounds[-1]] - below) / (up_to[bounds[at]] - below)
                expected = bounds[at - 1] + share * (bounds[at] - bounds[at - 1])
                self.assertAlmostEqual(found["value"], expected, delta=1e-9 * expected)
                own = api.instant(f"histogram_quantile({QUANTILE}, sum by (le) (increase(latency_seconds_bucket[30m])))", end)
                self.assertAlmostEqual(found["value"], own, delta=0.01 * own)
                self.assertEqual((found["samples"], found["dropped"]), (30, 0))
            self.assertEqual(latency["change"]["method"], "histogram-ranks")
            self.check_interval(latency)
            tail = metrics["tail"]
            self.assertEqual((tail["candidate"]["value"], tail["candidate"]["at_least"]), (None, 1))
            self.assertEqual((tail["verdict"], tail["criteria"][0]["outcome"]), ("fail", "violated"))
            self.assertNotIn("at_least", tail["baseline"])
            self.assertEqual(metrics["no_buckets"]["error"]["code"], "RG2007")

    def test_native_buckets(self):
        with NativePrometheus() as server:
            server.write(histograms.snappy(histograms.native()))
            metrics = self.judge(server, NATIVE)
            api = servers.Independent(server.url)
            latency = metrics["latency"]
            self.assertIsNone(latency["error"])
            for side, window in (("baseline", BEFORE), ("candidate", AFTER)):
                value = latency[side]["value"]
                own = api.instant(f"histogram_quantile({QUANTILE}, sum(increase(latency_seconds[30m])))", window[1])
                true = self.true_quantile(window)
                width = 2 ** 2**-histograms.SCHEMA
                # That of the server interpolates by the value, ours by its logarithm: both lie in the same bucket.
                self.assertTrue(own / width < value < own * width, (value, own))
                self.assertTrue(true / width < value < true * width, (value, true))
            self.check_interval(latency)
            self.assertEqual((latency["verdict"], latency["criteria"][0]["outcome"]), ("fail", "violated"))
            self.assertEqual(metrics["as_numbers"]["error"]["code"], "RG1311")
            self.assertIn('kind = "histogram"', metrics["as_numbers"]["error"]["hint"])


class NativePrometheus(servers.Prometheus):
    """Debian's 2.42 keeps native histograms where it is told to, and takes them by remote write."""

    def __init__(self):
        super().__init__("# EOF\n")

    def command(self, address):
        return [*super().command(address), "--enable-feature=native-histograms", "--web.enable-remote-write-receiver"]

    def write(self, body):
        headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy", "X-Prometheus-Remote-Write-Version": "0.1.0"}
        request = urllib.request.Request(self.url + "/api/v1/write", data=body, headers=headers, method="POST")
        urllib.request.urlopen(request, timeout=30).close()


if __name__ == "__main__":
    gate.main()
