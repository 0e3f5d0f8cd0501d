"""Graphite against its double, and against recorded answers of graphite-web."""

import calendar
import csv
import json
import statistics
import time

from api_case import SHARED, TIMES, ApiTest, SevenCases, answer, recording
from gate import main, report, run
from graphite import Graphite

RELEASE = calendar.timegm((2026, 3, 17, 12, 4, 0))
P95 = "stats.timers.shop.upper_95"
RATIO = """kind = "ratio"
events = "stats.shop.errors"
total = "stats.shop.requests"
fail = { above = "5%" }"""


class GraphiteTest(ApiTest):
    DOUBLE = Graphite
    TYPE = "graphite"
    SOURCE = 'user = "gate"\npassword = { env = "GRAPHITE_PASSWORD" }'
    SECRETS = {"GRAPHITE_PASSWORD": "pa55-of-graphite"}
    METRIC = f"""target = "{P95}"
unit = "ms"
better = "lower"
fail = {{ above = 900 }}"""
    PATH = "/render"

    def setUp(self):
        super().setUp()
        self.double.series = {P95: (60, lambda at: 300.0 if at < RELEASE else 400.0)}

    def fine(self, value=lambda at: float(at // 10 % 6)):
        self.double.series = {P95: (10, value)}


class Cases(SevenCases, GraphiteTest):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual((metric["verdict"], metric["kind"], self.values(metric)), ("pass", "samples", [300, 400]))
        self.assertEqual([metric[side]["samples"] for side in ("baseline", "candidate")], [30, 30])
        self.assertEqual([request.query for request in self.double.requests if request.query["until"] == str(RELEASE + 1799)],
                         [{"target": P95, "from": str(RELEASE - 1), "until": str(RELEASE + 1799), "format": "json", "noCache": "1"}])
        self.assertEqual({request.headers["Authorization"] for request in self.double.requests},
                         {"Basic Z2F0ZTpwYTU1LW9mLWdyYXBoaXRl"})

    def test_no_data(self):
        """Trap: no match is an empty list, which is no data and not 0."""
        metric = self.one(self.METRIC.replace("upper_95", "uper_95"))
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
        self.assertIn("no series of Graphite's fits the target", json.dumps(metric))
        self.double.series = {P95: (60, lambda at: None)}
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
        self.assertIn("has no number of them in this window", json.dumps(metric))

    def test_zero(self):
        self.double.series = {P95: (60, lambda at: 0.0)}
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("pass", [0, 0]))

    def test_paging_end(self):
        """The render API has no pages: one request a window has all of its points, a day of them too."""
        metric = self.one(self.METRIC, more='[compare]\nbaseline = { window = "24h" }\ncandidate = { window = "30m" }')
        self.assertEqual((metric["baseline"]["samples"], metric["candidate"]["samples"]), (1440, 30))
        self.assertEqual(len(self.double.requests), 2)


class Traps(GraphiteTest):
    def test_windows_are_half_open(self):
        """Trap: `from` is exclusive and `until` inclusive: the point that is dated at the release is the candidate's alone."""
        self.double.series = {P95: (60, lambda at: float((at - RELEASE) // 60))}
        first = self.one(self.METRIC + '\nkind = "value"\naggregate = "min"')
        last = self.one(self.METRIC + '\nkind = "value"\naggregate = "max"')
        self.assertEqual((self.values(first), self.values(last)), ([-30, 0], [-1, 29]))

    def test_the_last_point_is_null(self):
        """Trap: the last point is often null, not written yet: it is left out, and not 0."""
        self.double.series = {P95: (60, lambda at: None if at == RELEASE + 1740 else 400.0)}
        metric = self.one()
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([400, 400], 29))

    def test_points_are_never_averaged_by_the_server(self):
        """Trap: `maxDataPoints` averages, and so it is never sent (the double refuses it), nor is a point left out."""
        self.assertEqual(self.one()["candidate"]["samples"], 30)
        for request in self.double.requests:
            self.assertNotIn("maxDataPoints", request.query)

    def test_points_finer_than_the_step(self):
        """Trap: points are on the grid of the server's storage: finer ones need to be told how they become one."""
        self.fine()
        self.assertEqual(self.error(), "RG1981")
        self.assertIn("are 10s long, the metric's step is 1m", self.text)
        for by, value in (("average", 2.5), ("sum", 15), ("min", 0), ("max", 5), ("first", 0), ("last", 5)):
            with self.subTest(by):
                metric = self.one(self.METRIC + f'\nconsolidate_by = "{by}"')
                self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([value, value], 30))
        own = self.one(self.METRIC + '\ninterval = "10s"\nstep = "10s"')
        self.assertEqual((self.values(own), own["candidate"]["samples"]), ([2.5, 2.5], 180))

    def test_points_coarser_than_the_step(self):
        """Trap: older data is kept in coarser points, which are not taken for those of a step."""
        self.double.series = {P95: (300, lambda at: 400.0)}
        for more in ("", '\nconsolidate_by = "average"'):
            self.assertEqual(self.error(self.METRIC + more), "RG1981")
            self.assertIn("are 5m long, and do not make a step of 1m", self.text)
        metric = self.one(self.METRIC + '\nstep = "5m"')
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([400, 400], 5))
        self.double.series = {P95: (3600, lambda at: 400.0)}
        self.assertEqual(self.error(), "RG1981")
        self.assertIn("its length cannot be told", self.text)

    def test_points_that_reach_out_of_the_window(self):
        """A window that does not start at a whole minute holds 29 whole points: those that reach over its edges are left out."""
        self.double.series = {P95: (60, lambda at: 1e6 if at in (RELEASE - 60, RELEASE + 1740) else 400.0)}
        times = ("--deployed-at", "2026-03-17T12:04:30Z", "--now", "2026-03-17T13:00:00Z")
        metric = self.one(self.METRIC, times=times)
        self.assertEqual(metric["candidate"]["samples"], 29)
        self.assertIn("1 points that reach out of the window were left out", json.dumps(metric))

    def test_nulls_are_told_where_points_are_consolidated(self):
        self.fine(lambda at: None if at % 60 == 50 else 2.0)
        metric = self.one(self.METRIC + '\nconsolidate_by = "sum"')
        self.assertEqual(self.values(metric), [10, 10])
        self.assertIn("30 of 180 points of Graphite's have no number", json.dumps(metric["notes"]))

    def test_infinity(self):
        """Trap: graphite-web writes infinity as 1e9999, which is no number of JSON: the answer is refused, and nothing made of it."""
        self.double.fail("/render", answer(200, '[{"target": "a", "datapoints": [[1e9999, 1773749040], [1.0, 1773749100]]}]'))
        self.assertEqual(self.error(), "RG1901")

    def test_functions_that_make_numbers(self):
        target = f"transformNull({P95}, 0)"
        self.double.series = {target: (60, lambda at: 0)}
        self.assertIn("makes a number of every point that is missing", json.dumps(self.one(self.METRIC.replace(P95, target))["notes"]))


class Questions(GraphiteTest):
    def test_one_number_of_the_window(self):
        self.fine()
        metric = self.one(self.METRIC + '\nkind = "value"\ninterval = "{{window}}"\nconsolidate_by = "sum"')
        self.assertEqual(self.values(metric), [450, 450])
        self.assertEqual(len(self.double.requests), 2)

    def test_a_ratio_is_sum_over_sum(self):
        self.double.series = {"stats.shop.errors": (10, lambda at: 9 if at % 60 else 1),
                              "stats.shop.requests": (10, lambda at: 900 if at % 60 else 10)}
        metric = self.one(RATIO + '\nconsolidate_by = "sum"')
        self.assertAlmostEqual(metric["candidate"]["value"], (5 * 9 + 1) / (5 * 900 + 10), places=6)

    def test_several_series(self):
        self.double.series = {f"shop.{host}.p95": (60, lambda at, value=value: value) for host, value in (("a", 100.0), ("b", 50.0))}
        self.double.tags = {"shop.a.p95": {"host": "a"}, "shop.b.p95": {"host": "b"}}
        several = 'target = "shop.*.p95"\nfail = { above = 900 }'
        self.assertEqual(self.error(several), "RG2001")
        for label, names in (("target", ("shop.a.p95", "shop.b.p95")), ("host", ("a", "b"))):
            metrics = self.ask(several + f'\neach = "{label}"')
            self.assertEqual({metric["id"]: self.values(metric)[1] for metric in metrics},
                             {f"m[{label}={names[0]}]": 100, f"m[{label}={names[1]}]": 50})
        self.assertEqual(self.values(self.one(several + '\ncombine = "sum"')), [150, 150])

    def test_a_target_that_is_refused(self):
        self.double.fail("/render", answer(400, "Invalid target 'sumSeries('", {"Content-Type": "text/plain"}))
        self.ask()
        self.assertIn("Invalid target 'sumSeries('", json.dumps(self.report["metrics"][0]["error"]))

    def test_answers_of_another_form(self):
        for body in ('{"error": "no"}', '[{"datapoints": []}]', '[{"target": "a", "datapoints": [[1]]}]',
                     '[{"target": "a", "datapoints": [["1", 60]]}]', '[{"target": "a", "datapoints": [[1, 60], [2, 60]]}]'):
            with self.subTest(body):
                self.double.fail("/render", answer(200, body))
                self.assertEqual(self.error(), "RG1902")

    def test_bearer_and_none(self):
        self.one(source='token = { env = "GRAPHITE_TOKEN" }', secrets={"GRAPHITE_TOKEN": "a-token-of-graphite"})
        self.assertEqual(self.double.requests[-1].headers["Authorization"], "Bearer a-token-of-graphite")
        self.one(source="", secrets={})
        self.assertIsNone(self.double.requests[-1].headers["Authorization"])

    def test_plan(self):
        shown = self.plan()
        self.assertIn("GET /render", shown.stdout)
        self.assertIn(f"from={RELEASE - 1} until={RELEASE + 1799}", shown.stdout)
        self.assertEqual(self.double.requests, [])

    def test_check(self):
        self.assertIn("Graphite", self.healthy())
        self.assertEqual([request.query["target"] for request in self.double.requests], ["release_gate.check"])

    def test_check_claims_nothing_of_a_password_that_is_not_set(self):
        def found(secrets):
            checked = run("sources", "--check", self.gate(), "--format", "json", env=secrets)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
            one = json.loads(checked.stdout)["sources"][0]
            return one["authenticated"], one["permitted"], one["notes"]
        self.assertEqual(found(self.SECRETS)[:2], (True, True))
        authenticated, permitted, notes = found({"GRAPHITE_PASSWORD": ""})
        self.assertEqual((authenticated, permitted), (None, True))
        self.assertIn("env GRAPHITE_PASSWORD is not set: no credential was sent, and none was checked", notes)

    def test_mistakes_found_without_asking(self):
        for metric, words in (("", "no `target`"), ('target = " "', "no `target`"),
                              ('target = "a"\nconsolidate_by = "avgerage"', "points are not consolidated by"),
                              ('target = "a"\nconsolidate_by = "none"', "points are not consolidated by"),
                              ('target = "a"\ninterval = "soon"', "no length of time"),
                              ('target = "a"\nkind = "value"\ninterval = "{{window}}"', "become one number")):
            with self.subTest(words):
                result = self.validate(metric + "\nfail = { above = 1 }")
                self.assertEqual(result.returncode, 2)
                self.assertIn("RG1910", result.stderr)
                self.assertIn(words, result.stderr)
        for source, words in (('user = "a"', "`user` without `password`"),
                              ('user = "a"\ntoken = { env = "GRAPHITE_PASSWORD" }', "exclude each other")):
            result = self.validate(source=source)
            self.assertEqual(result.returncode, 2)
            self.assertIn(words, result.stderr)

    def test_recorded_and_replayed(self):
        folder = self.folder / "evidence"
        first = run("check", self.gate(), *TIMES, "--record", folder, "--format", "json", env=self.SECRETS)
        self.assertEqual(first.returncode, 0, first.stderr)
        code, again = report(self.gate(), "--replay", folder)
        self.assertEqual((code, again["metrics"][0]["candidate"]), (0, json.loads(first.stdout)["metrics"][0]["candidate"]))


class Recording(GraphiteTest):
    """Recorded answers of graphite-web 1.1.8 over whisper files."""

    def recorded(self, name):
        text = recording(f"graphite/{name}")
        if text is None:
            self.skipTest(f"the recordings are not here ({SHARED})")
        return text

    def test_json(self):
        text = self.recorded("render.json")
        points = json.loads(text)[0]["datapoints"]
        start, end = points[0][1], points[-1][1] + 60
        values = [value for value, _ in points if value is not None]
        self.double.handle = lambda request: answer(200, text)
        released = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start))
        later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(end + 3600))
        metric = self.one('target = "app.checkout.p95"\ndesign = "none"\nfail = { above = 900 }',
                          times=("--deployed-at", released, "--now", later))
        self.assertEqual(len(points), 30)
        self.assertEqual(metric["candidate"]["samples"], len(values))
        self.assertAlmostEqual(metric["candidate"]["value"], statistics.fmean(values), places=9)

    def test_json_of_no_match(self):
        text = self.recorded("render-empty.json")
        self.double.handle = lambda request: answer(200, text)
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))

    def test_csv(self):
        """Trap: the CSV has no header and no zone, and so no time can be read of it: it ends in the designed error."""
        text = self.recorded("render.csv")
        rows = list(csv.reader(text.splitlines()))
        self.assertEqual({len(row) for row in rows}, {3})
        self.assertNotRegex(rows[0][1], r"Z|[+-]\d\d:?\d\d$")
        self.double.handle = lambda request: answer(200, text, {"Content-Type": "text/csv"})
        self.assertEqual(self.error(), "RG1901")


if __name__ == "__main__":
    main()
