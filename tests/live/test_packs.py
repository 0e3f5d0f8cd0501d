"""Each metric of the packs `performance` and `reliability` gives a value on demo data in the exporters' common names, and the value
is what the convention says it is: asked here in full by another client."""

import statistics
import subprocess

import demo
import gate
import servers

GATE = """
version = 1
name    = "packs"
use     = ["performance", "reliability"]
[compare]
baseline  = { window = "30m" }
candidate = { window = "25m", settle = "2m" }
[sources.prom]
type = "prometheus"
url  = { env = "PROMETHEUS_URL" }
"""

BEFORE = (demo.DEPLOYED_AT - 1800, demo.DEPLOYED_AT)
AFTER = (demo.DEPLOYED_AT + 120, demo.DEPLOYED_AT + 1620)

BUCKETS = 'sum by (le) (rate(http_request_duration_seconds_bucket{job="JOB"}[1m]))'
# Means of ranges at a step: (query, step).
MEANS = {
    "latency_p50": (f"histogram_quantile(0.50, {BUCKETS})", 60),
    "latency_p95": (f"histogram_quantile(0.95, {BUCKETS})", 60),
    "latency_p99": (f"histogram_quantile(0.99, {BUCKETS})", 60),
    "throughput": ('sum(rate(http_requests_total{job="JOB"}[1m]))', 60),
    "apdex": ('(sum(rate(http_request_duration_seconds_bucket{job="JOB",le="0.25"}[1m])) '
              '+ sum(rate(http_request_duration_seconds_bucket{job="JOB",le="1"}[1m]))) / 2 '
              '/ sum(rate(http_request_duration_seconds_count{job="JOB"}[1m]))', 60),
    "cpu": ('avg(rate(process_cpu_seconds_total{job="JOB"}[1m]))', 60),
    "memory": ('avg(process_resident_memory_bytes{job="JOB"})', 15),
    "file_descriptors": ('max(process_open_fds{job="JOB"} / process_max_fds{job="JOB"})', 15),
    "instances_up": ('avg(up{job="JOB"})', 15),
}
# Events of a total, in per cent.
RATIOS = {
    "error_ratio": ('sum(increase(http_requests_total{job="JOB",code="500"}[1m]))',
                    'sum(increase(http_requests_total{job="JOB"}[1m]))'),
    "availability": ('sum(increase(http_requests_total{job="JOB",code="200"}[1m]))',
                     'sum(increase(http_requests_total{job="JOB"}[1m]))'),
}
# One instant at the end of the window; WINDOW is its length.
INSTANTS = {
    "budget_burn": 'sum(increase(http_requests_total{job="JOB",code="500"}[WINDOW])) '
                   '/ sum(increase(http_requests_total{job="JOB"}[WINDOW])) / (1 - 0.999)',
    "restarts": 'sum(changes(process_start_time_seconds{job="JOB"}[WINDOW]))',
}


class Packs(gate.GateTest):
    @classmethod
    def setUpClass(cls):
        made = subprocess.run(["bash", gate.ROOT / "examples" / "quickstart" / "demo-data.sh", str(demo.DEPLOYED_AT)], check=True,
                              stdout=subprocess.PIPE, encoding="utf-8")
        # The same service once more under the other names that are common for the label of the code and for the service.
        other = made.stdout.replace('code="', 'status="').replace('job="checkout-good"', 'service="renamed"')
        cls.server = servers.Prometheus(made.stdout).__enter__()
        cls.addClassCleanup(cls.server.__exit__, None, None, None)
        cls.renamed = servers.Prometheus(other).__enter__()
        cls.addClassCleanup(cls.renamed.__exit__, None, None, None)
        cls.api = servers.Independent(cls.server.url)

    def ask(self, server, *settings):
        path = self.write("gate.toml", GATE)
        options = [text for one in settings for text in ("--set", one)]
        code, report = gate.report(path, "--deployed-at", demo.DEPLOYED_TEXT, "--now", demo.NOW_TEXT, *options,
                                   env={"PROMETHEUS_URL": server.url})
        return code, {metric["id"]: metric for metric in report["metrics"]}

    def close(self, found, expected, what):
        self.assertIsNotNone(found, what)
        self.assertLessEqual(abs(found - expected), 1e-9 * max(1.0, abs(expected)), what)

    def test_every_metric_has_the_value_of_its_convention(self):
        code, metrics = self.ask(self.server, "job=checkout-good")
        self.assertEqual(set(metrics), set(MEANS) | set(RATIOS) | set(INSTANTS))
        self.assertEqual({(one["id"], one["evidence"], one["error"]) for one in metrics.values()},
                         {(name, "enough", None) for name in metrics})
        for side, (start, end) in (("baseline", BEFORE), ("candidate", AFTER)):
            def points(query, step, start=start, end=end):
                return self.api.range(query.replace("JOB", "checkout-good"), start + step, end, step)
            for name, (query, step) in MEANS.items():
                self.close(metrics[name][side]["value"], statistics.fmean(points(query, step).values()), name)
            for name, (events, total) in RATIOS.items():
                happened, all_of_them = points(events, 60), points(total, 60)
                self.close(metrics[name][side]["value"], 100 * sum(happened.values()) / sum(all_of_them.values()), name)
            for name, query in INSTANTS.items():
                text = query.replace("JOB", "checkout-good").replace("WINDOW", f"{(end - start) // 60}m")
                self.close(metrics[name][side]["value"], self.api.instant(text, end), name)
        self.assertEqual(code, 0)

    def test_the_bad_release_fails_on_what_it_broke(self):
        code, metrics = self.ask(self.server, "job=checkout-bad")
        self.assertEqual(code, 1)
        for name in ("latency_p95", "latency_p99", "error_ratio", "availability", "budget_burn"):
            self.assertEqual(metrics[name]["verdict"], "fail", name)

    def test_other_names(self):
        code, metrics = self.ask(self.renamed, "job=renamed", "job_label=service", "code_label=status", "errors=5..")
        self.assertEqual({name for name, one in metrics.items() if one["evidence"] != "enough"}, set())
        _, usual = self.ask(self.server, "job=checkout-good")
        self.assertEqual({name: one["candidate"] for name, one in metrics.items()},
                         {name: one["candidate"] for name, one in usual.items()})
        self.assertEqual(code, 0)

    def test_a_service_without_errors_has_an_error_ratio_of_zero(self):
        _, metrics = self.ask(self.server, "job=checkout-good", "errors=599")
        self.assertEqual(metrics["error_ratio"]["candidate"]["value"], 0)
        self.assertEqual(metrics["availability"]["candidate"]["value"], 100)
        self.assertEqual(metrics["budget_burn"]["candidate"]["value"], 0)

    def test_a_service_that_is_not_there_has_no_values(self):
        code, metrics = self.ask(self.server, "job=no-such-service")
        self.assertEqual({one["evidence"] for one in metrics.values()}, {"none"})
        self.assertEqual(code, 3)


if __name__ == "__main__":
    gate.main()
