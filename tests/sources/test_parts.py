"""Counts whose events and exposure come from different systems: Jira beside Prometheus, bugs beside deployments."""

import datetime
import importlib.util

from gate import ROOT, GateTest, Server, main, report
from jira_case import CLOUD, HOURS, SECONDS, api

# By its path: tests/doubles has a module of the same name.
spec = importlib.util.spec_from_file_location("prometheus_double", ROOT / "tests" / "scenarios" / "prometheus_double.py")
prometheus_double = importlib.util.module_from_spec(spec)
spec.loader.exec_module(prometheus_double)
answer_from = prometheus_double.answer_from

RELEASE = datetime.datetime(2026, 3, 17, 12, 4, tzinfo=datetime.timezone.utc)  # of prometheus_double.py
EVENTS = """events = { source = "jira", jql = "project = SHOP" }"""
PER_USER = f"""title = "tickets per 1000 users"
kind = "count"
{EVENTS}
exposure = {{ source = "prom", query = 'count(count_over_time(active_user[{{{{window}}}}])) / 1000' }}
fail = {{ increase_over = "20%" }}
"""
PER_REQUEST = f"""kind = "count"
{EVENTS}
exposure = {{ source = "prom", query = 'sum(increase(requests_total[{{{{step}}}}]))' }}
step = "1h"
fail = {{ increase_over = "20%" }}
"""


class PartsTest(GateTest):
    """One metric `m`, a day before the release and a day after it."""

    def file(self, jira, prometheus, metric, days=1):
        return self.write("gate.toml", f"""version = 1
[sources.jira]
url = "{jira.url}"
{CLOUD}
[sources.prom]
type = "prometheus"
url = "{prometheus.url}"
retries = 0
[compare]
baseline = {{ window = "{days}d" }}
candidate = {{ window = "{days}d" }}
[metrics.m]
{metric}
""")

    def ask(self, jira, rules, metric, days=1, token=api.TOKEN):
        env = {"JIRA_EMAIL": api.EMAIL, "JIRA_API_TOKEN": token}
        with Server(answer_from(rules)) as prometheus:
            self.exit_code, result = report(
                self.file(jira, prometheus, metric, days), "--deployed-at", RELEASE.strftime("%Y-%m-%dT%H:%M:%SZ"), "--now",
                "2026-06-01T00:00:00Z", env=env)
            self.asked = [request.form.get("query") for request in prometheus.requests if request.form.get("query")]
        return result["metrics"][0]

    def fill(self, jira, before, after, days=1, **keywords):
        """So many issues on each side, spread evenly."""
        for count, start in ((before, RELEASE - days * 24 * HOURS), (after, RELEASE)):
            for number in range(count):
                jira.add(start + (number + 0.5) * days * 24 * HOURS / count, **keywords)


class OverTwoSystems(PartsTest):
    def test_more_tickets_of_as_many_users_is_harm(self):
        with api.Jira() as jira:
            self.fill(jira, 60, 120)
            metric = self.ask(jira, [{"match": ["active_user"], "series": [{"before": 12, "after": 12}]}], PER_USER)
        self.assertEqual((metric["verdict"], self.exit_code), ("fail", 1))
        self.assertEqual((metric["baseline"]["value"], metric["candidate"]["value"]), (5, 10))
        self.assertEqual(metric["change"]["method"], "count-exact-conditional")
        self.assertAlmostEqual(metric["change"]["relative"], 1)
        low, high = metric["change"]["relative_interval"]
        # R 4.2: poisson.test(c(120, 60), c(1, 1), alternative = "greater") and "less": 1.527, 2.634 times as many; Student's t of
        # the slices makes it a little wider.
        self.assertTrue(0.45 < low <= 0.5273 and 1.6343 <= high < 1.75, (low, high))
        self.assertEqual([round(n) for n in metric["change"]["effective_samples"]], [60, 120])
        self.assertEqual(self.asked, ["count(count_over_time(active_user[1d])) / 1000"] * 2)
        self.assertTrue(any("spread evenly over the slices" in note for note in metric["notes"]), metric["notes"])

    def test_more_tickets_of_more_users_is_none(self):
        with api.Jira() as jira:
            self.fill(jira, 400, 800)
            metric = self.ask(jira, [{"match": ["active_user"], "series": [{"before": 12, "after": 24}]}], PER_USER)
        self.assertEqual((metric["verdict"], metric["criteria"][0]["outcome"]), ("pass", "holds"))
        self.assertAlmostEqual(metric["change"]["relative"], 0)

    def test_tickets_in_bursts_are_worth_fewer(self):
        with api.Jira() as jira:
            for start, count in ((RELEASE - 24 * HOURS, 60), (RELEASE, 120)):
                for number in range(count):
                    jira.add(start + (1 + number % 3) * 5 * HOURS + number * SECONDS)
            metric = self.ask(jira, [{"match": ["active_user"], "series": [{"before": 12, "after": 12}]}], PER_USER)
        self.assertEqual(metric["criteria"][0]["outcome"], "unproven")
        self.assertLess(metric["change"]["effective_samples"][1], 30)

    def test_slices_of_both_systems_meet(self):
        with api.Jira() as jira:
            self.fill(jira, 48, 96)
            rules = [{"match": ["requests_total"], "series": [{"before": 1000, "after": 2000}]}]
            metric = self.ask(jira, rules, PER_REQUEST)
        for side in ("baseline", "candidate"):
            self.assertEqual((metric[side]["samples"], metric[side]["dropped"]), (24, 0), side)
            self.assertAlmostEqual(metric[side]["value"], 0.002)
        self.assertEqual(self.asked, ["sum(increase(requests_total[1h]))"] * 2)

    def test_a_slice_without_exposure_is_left_out_and_counted(self):
        with api.Jira() as jira:
            self.fill(jira, 48, 48)
            rules = [{"match": ["requests_total"], "series": [{"before": 1000, "after": {"mean": 1000, "nan_every": 6}}]}]
            metric = self.ask(jira, rules, PER_REQUEST)
        self.assertEqual((metric["candidate"]["samples"], metric["candidate"]["dropped"]), (20, 4))
        self.assertAlmostEqual(metric["candidate"]["value"], 0.002)

    def test_no_exposure_is_no_data(self):
        for metric in (PER_USER, PER_REQUEST):
            with api.Jira() as jira:
                self.fill(jira, 10, 10)
                found = self.ask(jira, [], metric)
            self.assertEqual((found["evidence"], found["verdict"], self.exit_code), ("none", "inconclusive", 3))

    def test_no_tickets_is_a_rate_of_zero(self):
        with api.Jira() as jira:
            self.fill(jira, 60, 0)
            metric = self.ask(jira, [{"match": ["active_user"], "series": [{"before": 12, "after": 12}]}], PER_USER)
        self.assertEqual((metric["candidate"]["value"], metric["verdict"]), (0, "pass"))

    def test_trouble_of_one_system_is_told_of_it(self):
        with api.Jira() as jira:
            self.fill(jira, 10, 10)
            metric = self.ask(jira, [{"match": ["active_user"], "series": [{"before": 12, "after": 12}]}], PER_USER, token="wrong")
        self.assertEqual((metric["error"]["code"], self.exit_code), ("RG1101", 4))
        self.assertIn("jira, baseline (events)", metric["error"]["context"][0])


class BugsPerDeployment(PartsTest):
    METRIC = """kind = "count"
source = "jira"
events = { jql = "project = SHOP" }
exposure = { jql = "project = OPS", measure = "deployment_frequency", window_field = "created" }
step = "1d"
fail = { increase_over = "50%" }
"""

    def test_bugs_per_deployment_have_an_interval(self):
        with api.Jira() as jira:
            self.fill(jira, 90, 200, days=28)
            self.fill(jira, 30, 32, days=28, project="OPS")
            metric = self.ask(jira, [], self.METRIC, days=28)
        self.assertEqual((metric["baseline"]["value"], metric["candidate"]["value"]), (3, 6.25))
        self.assertEqual(metric["change"]["method"], "count-exact-conditional")
        self.assertEqual((metric["criteria"][0]["outcome"], self.exit_code), ("violated", 1))

    def test_no_deployment_is_no_data(self):
        with api.Jira() as jira:
            self.fill(jira, 90, 90, days=28)
            metric = self.ask(jira, [], self.METRIC, days=28)
        self.assertEqual((metric["evidence"], self.exit_code), ("none", 3))


if __name__ == "__main__":
    main()
