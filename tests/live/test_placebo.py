"""The placebo against a real Prometheus: a curve that climbs each morning by the clock on the wall, over a change of the clocks."""

import datetime
import json
import math
import random
import statistics
import unittest
import zoneinfo

import gate
import servers

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
UTC = datetime.timezone.utc
RELEASED = datetime.datetime(2026, 4, 14, 9, 0, tzinfo=BERLIN)  # a Tuesday; clocks were put forward on 29 March
WEEKS = 8
T_95 = {5: 2.015048372669157}  # R: qt(.95, 5)

HEAD = """version = 1
name = "shop"
[release]
deployed_at = "2026-04-14T07:00:00Z"
[compare]
baseline  = { window = "30m" }
candidate = { window = "30m", settle = "5m" }
"""
PLACEBO = 'placebo = { every = "7d", count = 6, zone = "Europe/Berlin"%s }\n'
METRICS = """[sources.prom]
type = "prometheus"
url  = { env = "PROMETHEUS_URL" }
[metrics.latency]
source = "prom"
query  = 'latency_seconds{path="%s"}'
unit   = "s"
better = "lower"
fail   = { increase_over = "5%%" }
"""
NOW = ["--now", "2026-04-14T08:00:00Z"]


def stamp(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def same_hour(weeks):
    """The release's hour on the wall, `weeks` earlier."""
    return (RELEASED.replace(tzinfo=None) - datetime.timedelta(weeks=weeks)).replace(tzinfo=BERLIN)


def openmetrics():
    """Two hours of every week around nine o'clock: 12 % more from then on. `slow` is 25 % more after the release besides."""
    draw = random.Random(20260414)
    lines = {"quick": [], "slow": []}
    for weeks in range(WEEKS, -1, -1):
        nine = same_hour(weeks).timestamp()
        level = math.exp(draw.gauss(0, 0.2))
        climb = 1.12 * math.exp(draw.gauss(0, 0.005))
        for t in range(int(nine) - 3600, int(nine) + 3600, 15):
            value = 0.2 * level * (climb if t > nine else 1) * math.exp(0.05 * draw.gauss(0, 1))
            for path in lines:
                worse = 1.25 if path == "slow" and weeks == 0 and t > nine else 1
                lines[path].append(f'latency_seconds{{path="{path}"}} {value * worse!r} {t}')
    return "\n".join(["# TYPE latency_seconds gauge", *lines["quick"], *lines["slow"], "# EOF", ""])


class Placebo(gate.GateTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = servers.Prometheus(openmetrics())
        cls.enterClassContext(cls.server)

    def check(self, *arguments, path="quick", placebo="", code=None):
        self.write("gate.toml", HEAD + ("" if placebo is None else PLACEBO % placebo) + METRICS % path)
        found, report = gate.report(*arguments, *([] if "--replay" in arguments else NOW), cwd=self.folder,
                                    env={"PROMETHEUS_URL": self.server.url})
        if code is not None:
            self.assertEqual(code, found, report["headline"])
        return report["metrics"][0]

    def means(self, released):
        """Both sides of a day, as another client takes them."""
        client = servers.Independent(self.server.url)
        at = released.timestamp()
        return [statistics.fmean(client.range('latency_seconds{path="quick"}', start + 15, start + 1800, 15).values())
                for start in (at - 1800, at + 300)]

    def test_the_morning_fails_a_gate_without_and_passes_one_with(self):
        alarmed = self.check(placebo=None, code=1)
        self.assertGreater(alarmed["change"]["relative"], 0.1)
        metric = self.check(code=0)
        placebo = metric["placebo"]
        days = [self.means(same_hour(weeks)) for weeks in range(6, 0, -1)]
        self.assertEqual([day["candidate_window"]["start"] for day in placebo["earlier"]],
                         [stamp(same_hour(weeks) + datetime.timedelta(minutes=5)) for weeks in range(6, 0, -1)])
        self.assertEqual({day["candidate_window"]["start"][11:] for day in placebo["earlier"]}, {"08:05:00Z", "07:05:00Z"})
        for day, (before, after) in zip(placebo["earlier"], days):
            self.assertAlmostEqual(day["baseline"], before, delta=1e-9)
            self.assertAlmostEqual(day["candidate"], after, delta=1e-9)
        # Student's prediction interval of the logarithms, and what it makes of today's baseline.
        moved = [math.log(after / before) for before, after in days]
        before, after = self.means(RELEASED)
        expected = before * math.exp(statistics.fmean(moved))
        reach = math.exp(T_95[5] * statistics.stdev(moved) * math.sqrt(1 + 1 / 6))
        self.assertEqual(metric["change"]["method"], "placebo-log-t")
        self.assertAlmostEqual(placebo["before"], before, delta=1e-9)
        self.assertAlmostEqual(metric["baseline"]["value"], expected, delta=1e-9)
        self.assertAlmostEqual(metric["candidate"]["value"], after, delta=1e-9)
        self.assertAlmostEqual(metric["change"]["relative_interval"][0], after / (expected * reach) - 1, delta=1e-9)
        self.assertAlmostEqual(metric["change"]["relative_interval"][1], after * reach / expected - 1, delta=1e-9)
        self.assertAlmostEqual(metric["criteria"][0]["harm_interval"][1], after - 1.05 * expected / reach, delta=1e-9)

    def test_a_regression_is_found_in_spite_of_the_morning(self):
        metric = self.check(path="slow", code=1)
        self.assertIn("latency is worse than what 6 earlier weeks did at these hours", metric["headline"])
        self.assertAlmostEqual(metric["change"]["relative"], 0.25, delta=0.03)

    def test_days_with_a_release_are_left_out_and_made_up_for(self):
        given = [stamp(same_hour(2) + datetime.timedelta(minutes=1)), stamp(same_hour(3) - datetime.timedelta(hours=2))]
        metric = self.check(placebo=f", releases = {json.dumps(given)}", code=0)
        self.assertEqual([day["left_out"] for day in metric["placebo"]["earlier"]], [None] * 5 + ["a release", None])
        self.assertIn("earlier weeks: 1 left out: 31 Mar (a release)", metric["notes"])

    def test_too_few_days_leave_it_open(self):
        given = [stamp(same_hour(weeks)) for weeks in (1, 2, 3, 4, 5)]
        metric = self.check(path="slow", placebo=f", releases = {json.dumps(given)}", code=3)
        self.assertEqual(metric["headline"],
                         "Too few earlier weeks: 3 of at least 4 can be used (5 with a release, 3 with no data).")
        self.assertEqual((metric["evidence"], metric["criteria"][0]["outcome"], metric["change"]), ("thin", "not_evaluated", None))

    def watched(self, path, *arguments):
        self.write("gate.toml", HEAD + PLACEBO % "" + METRICS % path)
        result = gate.run("watch", "--past", "--every", "2m", "--for", "30m", *NOW, *arguments, "--format", "json", cwd=self.folder,
                          env={"PROMETHEUS_URL": self.server.url})
        self.assertTrue(result.stdout, result.stderr)
        return result.returncode, json.loads(result.stdout)

    def test_a_watch_holds_its_looks_against_the_same_days(self):
        code, report = self.watched("slow", "--record", "evidence")
        self.assertEqual((code, report["watch"]["ended"]), (1, "harm"))
        self.assertLess(len(report["watch"]["history"]), 15)
        metric = report["metrics"][0]
        window = metric["candidate"]["window"]
        for weeks, day in zip(range(6, 0, -1), metric["placebo"]["earlier"]):
            # By the clock on the wall, and as long as the look.
            self.assertEqual(day["candidate_window"]["start"], stamp(same_hour(weeks) + datetime.timedelta(minutes=5)))
            self.assertEqual(day["candidate_window"]["end"][14:19], window["end"][14:19])
        # By the exact level of the look that decided: Student's t with five degrees of freedom.
        level = report["watch"]["history"][-1]["metrics"][0]["level"]
        self.assertGreater(level, 0.95)
        code, report = self.watched("quick")
        self.assertIn(report["watch"]["ended"], ("safe", "horizon"))
        self.assertNotEqual(code, 1)
        self.assertEqual([day["left_out"] for day in report["metrics"][0]["placebo"]["earlier"]], [None] * 6)
        replayed = gate.run("watch", "--replay", "evidence", "--past", "--format", "json", cwd=self.folder)
        self.assertEqual(replayed.returncode, 1, replayed.stderr)
        self.assertEqual(json.loads(replayed.stdout)["metrics"][0]["headline"], metric["headline"])

    def test_releases_of_the_history_are_known_and_the_evidence_replays(self):
        history = ["--history", f"sqlite:{self.folder / 'history.db'}"]
        self.write("gate.toml", HEAD.replace("2026-04-14T07:00:00Z", stamp(same_hour(2))) + PLACEBO % "" + METRICS % "quick")
        gate.run("check", *history, "--now", stamp(same_hour(1)), cwd=self.folder, env={"PROMETHEUS_URL": self.server.url})
        folder = self.folder / "evidence"
        metric = self.check(*history, "--record", folder, code=0)
        self.assertEqual([day["left_out"] for day in metric["placebo"]["earlier"]], [None] * 5 + ["a release", None])
        again = self.check("--replay", folder, code=0)
        self.assertEqual(metric, again)


if __name__ == "__main__":
    unittest.main()
