"""What the program reports of a real Prometheus and a real VictoriaMetrics equals what another client takes from their API."""

import statistics
import urllib.request

import demo
import gate
import servers

# Windows that start between scrapes, steps and minutes, so that any rounding of them would show.
SETTLE = 127
WINDOW = 1800
BEFORE = (demo.DEPLOYED_AT - WINDOW, demo.DEPLOYED_AT)
AFTER = (demo.DEPLOYED_AT + SETTLE, demo.DEPLOYED_AT + SETTLE + WINDOW)

HEAD = f"""
version = 1
name    = "live"
[release]
deployed_at = "{demo.DEPLOYED_TEXT}"
[compare]
baseline  = {{ window = "30m" }}
candidate = {{ window = "30m", settle = "{SETTLE}s" }}
[sources.prom]
type = "prometheus"
url  = {{ env = "PROMETHEUS_URL" }}
"""

GATE = HEAD + """
[metrics.latency]
source = "prom"
query  = 'latency_seconds{app="shop"}'
unit   = "s"
[metrics.rate]
source = "prom"
query  = 'sum(rate(http_requests_total[2m]))'
[metrics.overlapping]
source  = "prom"
query   = 'sum(rate(http_requests_total[2m]))'
overlap = true
[metrics.errors]
source = "prom"
kind   = "ratio"
events = 'sum(increase(http_requests_total{code="500"}[{{step}}]))'
total  = 'sum(increase(http_requests_total[{{step}}]))'
[metrics.errors_whole]
source = "prom"
kind   = "ratio"
events = 'sum(increase(http_requests_total{code="500"}[{{window}}]))'
total  = 'sum(increase(http_requests_total[{{window}}]))'
[metrics.requests]
source = "prom"
kind   = "count"
events = 'sum(increase(http_requests_total[{{step}}]))'
unit   = "1/h"
[metrics.instant]
source = "prom"
kind   = "value"
query  = 'avg_over_time(latency_seconds[{{window}}])'
[metrics.largest]
source    = "prom"
kind      = "value"
aggregate = "max"
query     = 'latency_seconds'
[metrics.sum_of_shards]
source  = "prom"
combine = "sum"
query   = 'queue_length{shard=~"a|b|c"}'
[metrics.each_shard]
source = "prom"
each   = "shard"
query  = 'queue_length'
fail   = { increase_over = "50%" }
[metrics.fine]
source = "prom"
step   = "100ms"
query  = 'latency_seconds'
[metrics.not_numbers]
source = "prom"
query  = 'sqrt(latency_seconds - 0.2)'
[metrics.zero]
source = "prom"
query  = 'latency_seconds * 0'
[metrics.nobody]
source = "prom"
query  = 'latency_seconds{app="there is none"}'
[metrics.canary]
source = "prom"
design = "side-by-side"
query  = 'track_latency_seconds{track="{{track}}"}'
"""


def grid(window, step, reach=None):
    """The first and last instants of a range query whose points hold data of `window` alone."""
    start, end = window
    first = start + (reach or step)
    return first, first + (end - first) // step * step, step


class Figures(gate.GateTest):
    """Shared by both servers; `server_class` is the one that is started."""

    server_class = None

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(cls.server_class(demo.openmetrics()))
        cls.api = servers.Independent(cls.server.url)
        cls.environment = {"PROMETHEUS_URL": cls.server.url}
        folder = gate.pathlib.Path(cls.server.folder)
        (folder / "gate.toml").write_text(GATE)
        cls.code, cls.report = gate.report(folder / "gate.toml", "--now", demo.NOW_TEXT, env=cls.environment)
        cls.metrics = {metric["id"]: metric for metric in cls.report["metrics"]}

    @classmethod
    def enterClassContext(cls, context):
        entered = context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)
        return entered

    def close(self, ours, theirs):
        self.assertIsNotNone(ours)
        self.assertLessEqual(abs(ours - theirs), 1e-9 * max(1.0, abs(theirs)), f"{ours} and {theirs}")

    def points(self, metric, side, theirs):
        """The series in the report is the answer, point by point."""
        ours = {t: value for t, value in self.metrics[metric]["series"][side]}
        self.assertEqual(sorted(ours), sorted(theirs))
        for t, value in theirs.items():
            self.close(ours[t], value)

    def samples(self, metric, query, step, reach=None):
        for side, window in (("baseline", BEFORE), ("candidate", AFTER)):
            theirs = self.api.range(query, *grid(window, step, reach))
            found = self.metrics[metric][side]
            self.assertEqual(found["samples"], len(theirs), (metric, side))
            self.close(found["value"], statistics.fmean(theirs.values()))
            self.points(metric, side, theirs)

    def test_windows(self):
        latency = self.metrics["latency"]
        self.assertEqual(latency["baseline"]["window"], {"start": "2026-03-17T11:34:00Z", "end": "2026-03-17T12:04:00Z"})
        self.assertEqual(latency["candidate"]["window"], {"start": "2026-03-17T12:06:07Z", "end": "2026-03-17T12:36:07Z"})

    def test_mean_of_a_gauge(self):
        self.samples("latency", 'latency_seconds{app="shop"}', 15)
        self.assertEqual(self.metrics["latency"]["candidate"]["samples"], 120)

    def test_step_is_raised_to_the_range(self):
        self.samples("rate", "sum(rate(http_requests_total[2m]))", 120)
        self.assertEqual(self.metrics["rate"]["candidate"]["samples"], 15)

    def test_overlap_keeps_the_step_and_still_starts_inside_the_window(self):
        self.samples("overlapping", "sum(rate(http_requests_total[2m]))", 15, reach=120)
        self.assertEqual(self.metrics["overlapping"]["candidate"]["samples"], 113)

    def test_ratio_by_slices(self):
        for side, window in (("baseline", BEFORE), ("candidate", AFTER)):
            events = self.api.range('sum(increase(http_requests_total{code="500"}[1m]))', *grid(window, 60))
            total = self.api.range("sum(increase(http_requests_total[1m]))", *grid(window, 60))
            found = self.metrics["errors"][side]
            self.assertEqual(found["samples"], 30)
            self.close(found["value"], sum(events.values()) / sum(total.values()))
            self.points("errors", side, {t: events[t] / total[t] for t in total})

    def test_ratio_at_once(self):
        for side, window in (("baseline", BEFORE), ("candidate", AFTER)):
            events = self.api.instant('sum(increase(http_requests_total{code="500"}[30m]))', window[1])
            total = self.api.instant("sum(increase(http_requests_total[30m]))", window[1])
            self.close(self.metrics["errors_whole"][side]["value"], events / total)

    def test_count_over_time_and_a_counter_that_starts_again(self):
        for side, window in (("baseline", BEFORE), ("candidate", AFTER)):
            events = self.api.range("sum(increase(http_requests_total[1m]))", *grid(window, 60))
            self.close(self.metrics["requests"][side]["value"], sum(events.values()) / 0.5)
        raw = self.api.range('http_requests_total{instance="one",code="200"}', *grid(AFTER, 15))
        falls = sum(1 for a, b in zip(list(raw.values()), list(raw.values())[1:]) if b < a)
        self.assertEqual(falls, 1, "the data must hold a reset, or the test says nothing")
        self.assertGreater(self.metrics["requests"]["candidate"]["value"], 100000)

    def test_values(self):
        for side, window in (("baseline", BEFORE), ("candidate", AFTER)):
            self.close(self.metrics["instant"][side]["value"], self.api.instant("avg_over_time(latency_seconds[30m])", window[1]))
            theirs = self.api.range("latency_seconds", *grid(window, 15))
            self.close(self.metrics["largest"][side]["value"], max(theirs.values()))

    def test_combined_series(self):
        self.samples("sum_of_shards", 'sum(queue_length{shard=~"a|b|c"})', 15)

    def test_each_series(self):
        for side, window in (("baseline", BEFORE), ("candidate", AFTER)):
            theirs = self.api.many('queue_length{shard=~"a|b|c"}', *grid(window, 15), "shard")
            self.assertEqual(sorted(theirs), ["a", "b", "c"])
            for shard, points in theirs.items():
                found = self.metrics[f"each_shard[shard={shard}]"]
                self.assertEqual((found["parent"], found["labels"]), ("each_shard", {"shard": shard}))
                self.close(found[side]["value"], statistics.fmean(points.values()))
        gone = self.metrics["each_shard[shard=old]"]
        new = self.metrics["each_shard[shard=new]"]
        self.assertEqual((gone["verdict"], new["verdict"]), ("warn", "warn"))
        self.assertIsNone(new["baseline"]["value"])

    def test_more_points_than_the_server_gives_at_once(self):
        found = self.metrics["fine"]
        for side, (start, end) in (("baseline", BEFORE), ("candidate", AFTER)):
            self.assertEqual(found[side]["samples"], 18000)
            self.assertEqual(found[side]["dropped"], 0)
            times = [t for t, _ in found["series"][side]]
            self.assertEqual(times, [round(start + k / 10, 3) for k in range(1, 18001)])
            theirs = {}
            for begin in range(start, end, 600):
                theirs.update(self.api.range("latency_seconds", round(begin + 0.1, 3), begin + 600, 0.1))
            self.assertEqual(len(theirs), 18000)
            self.close(found[side]["value"], statistics.fmean(theirs.values()))
        self.assertEqual(len([one for one in found["requests"] if one["status"] == 200]), 4)

    def test_zero_is_a_number_and_no_series_is_none(self):
        zero, nobody = self.metrics["zero"], self.metrics["nobody"]
        for side in ("baseline", "candidate"):
            self.assertEqual((zero[side]["value"], zero[side]["samples"]), (0, 120))
            self.assertIsNone(nobody[side]["value"])
        self.assertEqual((zero["evidence"], nobody["evidence"]), ("enough", "none"))

    def test_nan_is_dropped_and_counted(self):
        found = self.metrics["not_numbers"]["baseline"]
        theirs = self.api.range("latency_seconds", *grid(BEFORE, 15))
        roots = [(value - 0.2) ** 0.5 for value in theirs.values() if value >= 0.2]
        self.assertLess(len(roots), 110, "the data must hold negative ones, or the test says nothing")
        self.assertEqual((found["samples"], found["dropped"]), (len(roots), 120 - len(roots)))
        self.close(found["value"], statistics.fmean(roots))

    def test_side_by_side_and_a_canary_that_dies(self):
        found = self.metrics["canary"]
        self.assertEqual(found["baseline"]["window"], found["candidate"]["window"])
        stable = self.api.range('track_latency_seconds{track="stable"}', *grid(AFTER, 15))
        canary = self.api.range('track_latency_seconds{track="canary"}', *grid(AFTER, 15))
        self.close(found["baseline"]["value"], statistics.fmean(stable.values()))
        self.close(found["candidate"]["value"], statistics.fmean(canary.values()))
        self.assertEqual(found["candidate"]["samples"], len(canary))
        self.assertEqual(found["candidate"]["dropped"], 120 - len(canary))
        last = max(t for t, _ in found["series"]["candidate"])
        self.assertLess(demo.CANARY_DIES - 15, last)
        self.assertLessEqual(last, demo.CANARY_DIES - 15 + 300, "a dead series is shown for at most the lookback of 5 minutes")


class PrometheusFigures(Figures):
    server_class = servers.Prometheus

    def test_version_is_evidence(self):
        self.assertEqual([{"id": "prom", "type": "prometheus", "version": "Prometheus 2.42.0+ds"}], self.report["sources"])

    def test_the_expression_browser_is_linked(self):
        url = self.metrics["latency"]["graph_url"]
        self.assertEqual(url, f"{self.server.url}/graph?g0.expr=latency_seconds%7Bapp%3D%22shop%22%7D&g0.tab=0"
                              "&g0.range_input=1800s&g0.end_input=2026-03-17T12%3A36%3A07Z")
        with urllib.request.urlopen(url, timeout=10) as answer:
            self.assertEqual(answer.status, 200)


class VictoriaMetricsFigures(Figures):
    server_class = servers.VictoriaMetrics

    def test_version_is_evidence(self):
        self.assertEqual([{"id": "prom", "type": "prometheus", "version": "VictoriaMetrics"}], self.report["sources"])


del Figures

if __name__ == "__main__":
    gate.main()
