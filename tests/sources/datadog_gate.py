"""What the tests of the datadog source share: one metric asked of the double before and after a release."""

import json

from api_case import MetricTest
from gate import report, run

import datadog as api

RELEASED = 1773748800  # 2026-03-17T12:00:00Z
DURATION = "avg:trace.http.request.duration{service:checkout}.rollup(avg, 60)"
ERRORS = "sum:trace.http.request.errors{service:checkout}.as_count().rollup(sum, 60)"
HITS = "sum:trace.http.request.hits{service:checkout}.as_count().rollup(sum, 60)"
SAMPLES = f'query = "{DURATION}"\nunit = "s"\nfail = {{ increase_over = "10%" }}\n'
KEYS = {"DD_API_KEY": api.API_KEY, "DD_APP_KEY": api.APP_KEY}
TIMES = ("--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T13:00:00Z")


def steady(value):
    return lambda bucket, length: value


class DatadogTest(MetricTest):
    """One metric `m`, half an hour before and after the release."""

    def setUp(self):
        super().setUp()
        self.double = api.demo(0)
        self.double.__enter__()
        self.addCleanup(self.double.__exit__)

    def gate(self, metric, source="", compare=""):
        self.write("gate.toml", f"""version = 1
[sources.dd]
type = "datadog"
url = "{self.double.url}"
site = "datadoghq.eu"
api_key = {{ env = "DD_API_KEY" }}
app_key = {{ env = "DD_APP_KEY" }}
{source}
[compare]
{compare}
[metrics.m]
source = "dd"
{metric}
""")
        return self.folder / "gate.toml"

    def ask(self, metric=SAMPLES, source="", compare="", times=TIMES, keys=KEYS, deadline="30s"):
        """All metrics that came of `m`."""
        gate = self.gate(metric, source, compare)
        self.exit_code, self.report = report(gate, *times, "--deadline", deadline, env=keys)
        for key in (api.API_KEY, api.APP_KEY):
            self.assertNotIn(key, json.dumps(self.report))
        return self.report["metrics"]

    def asked(self, path):
        return [request.json()["data"]["attributes"] for request in self.double.asked(path)]

    def validate(self, metric, source=""):
        return run("validate", self.gate(metric, source), env=KEYS)

    def plan(self, metric, source="", compare="", times=TIMES):
        return run("plan", self.gate(metric, source, compare), *times, env=KEYS)
