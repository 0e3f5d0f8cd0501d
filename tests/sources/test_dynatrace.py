"""Dynatrace against its double, which test_dynatrace_description.py holds against the API's OpenAPI description."""

import calendar
import json
import time

from api_case import TIMES, ApiTest, SevenCases, answer
from dynatrace import TOKEN, Dynatrace
from gate import main, report, run

RELEASE = calendar.timegm((2026, 3, 17, 12, 4, 0))
TIME = "builtin:service.response.time"
P95 = f"{TIME}:splitBy():percentile(95)"
ERRORS, REQUESTS = "builtin:service.errors.server.count:splitBy():sum", "builtin:service.requestCount.server:splitBy():sum"
RATIO = f"""kind = "ratio"
events = "{ERRORS}"
total = "{REQUESTS}"
fail = {{ above = "5%" }}"""


class DynatraceTest(ApiTest):
    DOUBLE = Dynatrace
    TYPE = "dynatrace"
    SOURCE = 'token = { env = "DYNATRACE_TOKEN" }'
    SECRETS = {"DYNATRACE_TOKEN": TOKEN}
    METRIC = f"""metric_selector = "{P95}"
unit = "us"
better = "lower"
fail = {{ above = 900 }}"""
    PATH = "/metrics/query"

    def setUp(self):
        super().setUp()
        self.series(lambda at: 300.0 if at < RELEASE else 400.0)

    def series(self, value, dimensions=None):
        self.double.metrics = {P95: [(dimensions or {}, value)]}

    def asked_for(self):
        return [request.query for request in self.double.asked("/metrics/query")]


class Cases(SevenCases, DynatraceTest):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual((metric["verdict"], metric["kind"], self.values(metric)), ("pass", "samples", [300, 400]))
        self.assertEqual([metric[side]["samples"] for side in ("baseline", "candidate")], [30, 30])
        self.assertEqual(sorted(self.asked_for(), key=lambda query: query["from"]),
                         [{"metricSelector": P95, "from": f"{start}000", "to": f"{start + 1800}000", "resolution": "1m"}
                          for start in (RELEASE - 1800, RELEASE)])
        self.assertEqual([request.path for request in self.double.requests][0], f"/api/v2/metrics/{TIME}")
        self.assertEqual(len(self.double.requests), 3, "the metric is looked up once")
        self.assertEqual({request.headers["Authorization"] for request in self.double.requests}, {f"Api-Token {TOKEN}"})

    def test_no_data(self):
        for value in (None, lambda at: None):
            self.double.metrics[P95] = [] if value is None else [({}, value)]
            metric = self.one()
            self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
            self.assertIn("Dynatrace knows the metric, and has no number of it", json.dumps(metric))

    def test_zero(self):
        self.series(lambda at: 0.0)
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("pass", [0, 0]))

    def test_paging_end(self):
        """Trap: the next page is asked for with `nextPageKey` alone; every other parameter beside it is refused."""
        self.double.series_a_page = 2
        self.double.metrics[P95] = [({"dt.entity.service": f"SERVICE-{number}"}, lambda at, number=number: float(number)) for number in range(5)]
        metrics = self.ask(self.METRIC + '\neach = "dt.entity.service"')
        self.assertEqual([self.values(metric) for metric in metrics], [[number, number] for number in range(5)])
        pages = [query for query in self.asked_for() if "nextPageKey" in query]
        self.assertEqual((len(self.asked_for()), [list(query) for query in pages]), (6, [["nextPageKey"]] * 4))
        self.double.fail("/metrics/query", answer(200, {"resolution": "1m", "nextPageKey": "again", "result": []}), times=9)
        self.assertEqual(self.error(), "RG1904")


class Traps(DynatraceTest):
    def test_windows_are_half_open(self):
        """Trap: points are dated at the ends of their slots: that of 12:04 holds the minute before the release."""
        self.series(lambda at: float((at - RELEASE) // 60))
        first = self.one(self.METRIC + '\nkind = "value"\naggregate = "min"')
        last = self.one(self.METRIC + '\nkind = "value"\naggregate = "max"')
        self.assertEqual((self.values(first), self.values(last)), ([-30, 0], [-1, 29]))

    def test_slots_that_reach_out_of_the_window(self):
        """Trap: a slot that the timeframe touches comes whole, with data from before and after the window."""
        self.series(lambda at: 1e6 if at in (RELEASE, RELEASE + 1800) else 400.0)
        times = ("--deployed-at", "2026-03-17T12:04:30Z", "--now", "2026-03-17T13:00:00Z")
        metric = self.one(times=times)
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([400, 400], 29))
        self.assertIn("2 points whose slots reach out of the window were left out", metric["notes"])
        one = self.one(self.METRIC + '\nkind = "value"', times=times)
        self.assertEqual(self.values(one), [400, 400])
        self.assertIn("Dynatrace counts by the minute: asked from=2026-03-17T12:05:00Z to=2026-03-17T12:34:00Z resolution=Inf", one["notes"])

    def test_null_is_a_gap(self):
        """Trap: a value of null is a slot without data, and not 0; the last one is often one."""
        self.series(lambda at: None if at in (RELEASE + 60, RELEASE + 1740) else 400.0)
        metric = self.one()
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([400, 400], 28))

    def test_another_resolution(self):
        """Trap: `resolution` is a wish: older data comes in longer slots, whose sums and percentiles are others."""
        self.double.kept = 300
        self.assertEqual(self.error(), "RG1990")
        self.assertIn("points of 1m were asked for, and those that Dynatrace gives are of 5m", self.text)
        metric = self.one(self.METRIC + '\nstep = "5m"')
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([300, 400], 5))
        self.assertEqual(self.asked_for()[-1]["resolution"], "5m")
        self.double.kept = 3600
        metric = self.one(self.METRIC + '\nstep = "1h"', times=("--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T16:00:00Z"),
                          more='[compare]\nbaseline = { window = "4h" }\ncandidate = { window = "3h" }')
        self.assertEqual((self.asked_for()[-1]["resolution"], metric["candidate"]["samples"]), ("1h", 3))

    def test_a_resolution_that_is_not_said(self):
        """Older environments do not say it: then the points' distances do."""
        self.double.more = {"resolution": None}
        self.assertEqual(self.values(self.one()), [300, 400])
        self.double.kept = 300
        self.assertEqual(self.error(), "RG1990")
        self.assertIn("points of 1m were asked for, and Dynatrace's are 5m apart", self.text)
        one = {"result": [{"metricId": P95, "data": [{"timestamps": [RELEASE * 1000], "values": [1.0]}]}]}
        self.double.kept = 60
        self.double.fail(self.PATH, answer(200, one), times=2)
        self.assertEqual(self.error(), "RG1990")
        self.assertIn("does not say of which length", self.text)

    def test_one_number_of_longer_slots(self):
        """Trap: one number of a window whose data is kept in longer slots holds data from outside of it, also from before its start."""
        one = self.METRIC + '\nkind = "value"'
        self.double.kept = 300
        self.assertEqual(self.error(one), "RG1990")
        self.assertIn("is of slots that end at 2026-03-17T12:05:00Z, and the window at 2026-03-17T12:04:00Z", self.text)
        at = ("--deployed-at", "2026-03-17T12:05:00Z", "--now", "2026-03-17T13:00:00Z")
        within = '[compare]\nbaseline = { window = "32m" }\ncandidate = { window = "30m" }'
        whole = '[compare]\nbaseline = { window = "35m" }\ncandidate = { window = "30m" }'
        self.assertEqual(self.one(one, times=at, more=within)["verdict"], "pass", "two weeks have not gone by yet")
        self.double.now += 15 * 86400
        self.assertEqual(self.error(one, times=at, more=within), "RG1990")
        self.assertIn("data of this age is kept in slots of 5m, and the window begins within one, at 2026-03-17T11:33:00Z", self.text)
        self.assertEqual(self.one(one, times=at, more=whole)["verdict"], "pass")

    def test_an_unknown_metric(self):
        """Trap: a query about a metric that is not there may be answered with no data: each metric is looked up first."""
        self.assertEqual(self.error(self.METRIC.replace("response.time", "reponse.time")), "RG1940")
        self.assertIn("Dynatrace knows no metric `builtin:service.reponse.time`", self.text)
        self.assertEqual(self.asked_for(), [])
        expression = f"(calc:service.shop.bad:splitBy():sum) / ({TIME}:splitBy():count) * 100"
        self.assertEqual(self.error(f"metric_selector = '{expression}'\nfail = {{ above = 1 }}"), "RG1940")
        self.assertIn("`calc:service.shop.bad`", self.text)
        self.double.metrics = {}
        self.double.fail(f"/metrics/{TIME}", answer(404, "<html>not here</html>", {"Content-Type": "text/html"}))
        self.assertEqual(self.error(), "RG1104", "what is not in Dynatrace's words is about the address")
        self.assertIn("live.dynatrace.com", self.text)

    def test_warnings(self):
        """Trap: what an answer leaves out because of a limit stands in its warnings alone."""
        limit = "Only the first 100,000 tuples were processed."
        for owner in ("more", "more_of_metric"):
            setattr(self.double, owner, {"warnings": [limit]})
            self.assertEqual(self.error(), "RG1924")
            self.assertIn(limit, self.text)
            self.assertIn(limit, " ".join(self.one(self.METRIC + '\non_partial = "note"')["notes"]))
            setattr(self.double, owner, {"warnings": ["The contains filter is deprecated."]})
            self.assertIn("Dynatrace says: The contains filter is deprecated.", self.one()["notes"])
            setattr(self.double, owner, {})

    def test_ratios_of_the_limits(self):
        """Trap: a query that reads more than it may leaves the rest out; the two ratios say so."""
        for name, code in (("dimensionCountRatio", "RG1924"), ("dataPointCountRatio", "RG1924")):
            self.double.more_of_metric = {name: 1.2}
            self.assertEqual(self.error(), code)
            self.assertIn(f"{name} is 1.2", self.text)
        self.double.more_of_metric = {"dimensionCountRatio": 0.99}
        self.assertEqual(self.one()["verdict"], "pass")

    def test_units(self):
        """Trap: response times are in microseconds: the unit that Dynatrace says is told."""
        self.assertIn(f"Dynatrace says that {TIME} is in: MicroSecond", self.one()["notes"])
        self.double.descriptors[TIME] = {"unit": "Unspecified"}
        self.assertNotIn("is in:", json.dumps(self.one()["notes"]))

    def test_metrics_that_are_reported_late(self):
        """Trap: metrics of cloud vendors come minutes late; a window asked too early holds a part of them."""
        self.double.descriptors[TIME] = {"latency": 5}
        self.assertIn(f'{TIME} is reported up to 5 minutes late: say ingest_delay = "5m"', self.one()["notes"])
        metric = self.ask(times=("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:36:00Z"))[0]
        self.assertEqual(metric["due"], "2026-03-17T12:37:00Z")

    def test_errors_in_its_own_words(self):
        """Trap: HTTP 400 says by name which constraint was violated."""
        self.assertEqual(self.error(self.METRIC + '\nentity_selector = "type(SERVICE"'), "RG1100")
        self.assertIn("it said: Constraints violated. | it said: entitySelector: Invalid entity selector: a ) is missing", self.text)

    def test_rate_limit_in_microseconds(self):
        """Trap: X-RateLimit-Reset is a time in microseconds."""
        self.double.fail(self.PATH, answer(429, {}, {"X-RateLimit-Reset": str(int((time.time() + 1) * 1e6))}))
        start = time.monotonic()
        self.assertEqual(self.one()["verdict"], "pass")
        self.assertGreater(time.monotonic() - start, 0.5)
        self.double.fail(self.PATH, answer(429, {}, {"X-RateLimit-Reset": str(int((time.time() + 3600) * 1e6))}), times=9)
        self.assertEqual(self.error(deadline="5s"), "RG1040")

    def test_several_series(self):
        self.double.metrics[P95] = [({"dt.entity.service": "SERVICE-1"}, lambda at: 100.0), ({"dt.entity.service": "SERVICE-2"}, lambda at: 50.0)]
        self.assertEqual(self.error(), "RG2001")
        metrics = self.ask(self.METRIC + '\neach = "dt.entity.service"')
        self.assertEqual({metric["id"]: self.values(metric)[1] for metric in metrics},
                         {"m[dt.entity.service=SERVICE-1]": 100, "m[dt.entity.service=SERVICE-2]": 50})

    def test_the_remainder(self):
        """Trap: what a limit leaves over is booked into a dimension whose value is null."""
        self.double.metrics[P95] = [({"os": "linux"}, lambda at: 100.0), ({"os": None}, lambda at: 50.0)]
        metrics = self.ask(self.METRIC + '\neach = "os"')
        self.assertEqual({metric["id"] for metric in metrics}, {"m[os=linux]", "m[os=(remainder)]"})

    def test_answers_of_another_form(self):
        series = {"dimensionMap": {}, "timestamps": [1773749100000], "values": [1.0]}
        for change, words in (({"values": [1.0, 2.0]}, "values"), ({"timestamps": [1e300]}, "timestamps/0"), ({"values": ["1"]}, "values/0"),
                              ({"timestamps": [1773749100000] * 2, "values": [1.0, 2.0]}, "timestamps/1")):
            with self.subTest(change):
                page = {"resolution": "1m", "nextPageKey": None, "result": [{"metricId": P95, "data": [{**series, **change}]}]}
                self.double.fail(self.PATH, answer(200, page))
                self.assertEqual(self.error(), "RG1902")
                self.assertIn(words, self.text)


class Questions(DynatraceTest):
    def test_one_number_of_the_window(self):
        for more in ('\nkind = "value"', '\nkind = "value"\nresolution = "{{window}}"'):
            metric = self.one(self.METRIC + more)
            self.assertEqual(self.values(metric), [300, 400])
        self.assertEqual({query["resolution"] for query in self.asked_for()}, {"Inf"})
        two = {"resolution": "Inf", "result": [{"metricId": P95, "data": [{"timestamps": [1, 2], "values": [1.0, 2.0]}]}]}
        self.double.fail(self.PATH, answer(200, two))
        self.assertEqual(self.error(self.METRIC + '\nkind = "value"'), "RG1990")
        self.assertIn("one number was asked for, and Dynatrace gives 2", self.text)

    def test_a_ratio_is_sum_over_sum(self):
        self.double.aggregate = sum
        self.double.metrics = {ERRORS: [({}, lambda at: 9 if at % 120 else 1)], REQUESTS: [({}, lambda at: 900 if at % 120 else 10)]}
        self.assertAlmostEqual(self.one(RATIO)["candidate"]["value"], 10 / 910, places=6)

    def test_parts_that_are_no_sums(self):
        """Trap: rates, means and percentiles of minutes, added up, are 60 % where the truth is 1 %."""
        self.double.metrics = {ERRORS: [({}, lambda at: 1)], REQUESTS: [({}, lambda at: 100)]}
        for before, other, word in ((REQUESTS, REQUESTS + ":rate(1s)", ":rate"), (REQUESTS, REQUESTS.replace(":sum", ":avg"), ":avg"),
                                    (ERRORS, ERRORS.replace(":sum", ":percentile(95)"), ":percentile"),
                                    (ERRORS, f"{ERRORS} / {REQUESTS}", "a quotient")):
            with self.subTest(word):
                self.double.metrics[other] = self.double.metrics[before]
                wrong = RATIO.replace(f'"{before}"', f'"{other}"')
                self.assertEqual(self.error(wrong), "RG1942")
                self.assertIn(f"{word}", self.text)
                self.assertIn("ends in :sum or :count, without :rate", self.text)
                for refused in (self.validate(wrong), self.plan(wrong)):
                    self.assertEqual(refused.returncode, 2)
                    self.assertIn("error[RG1942]", refused.stderr)
        self.assertEqual(self.error(f'kind = "count"\nevents = "{REQUESTS}:rate(1s)"\nfail = {{ increase_over = "9%" }}'), "RG1942")

    def test_parts_without_an_aggregation(self):
        """Trap: without one Dynatrace takes the metric's own, which is often the mean."""
        bare = REQUESTS.removesuffix(":splitBy():sum")
        self.double.metrics = {ERRORS: [({}, lambda at: 1)], bare: [({}, lambda at: 100)]}
        ratio = RATIO.replace(REQUESTS, bare)
        self.assertEqual(self.error(ratio), "RG1942")
        self.assertIn(f"{bare} cannot be counted without an aggregation: its own is avg", self.text)
        for more in ({"defaultAggregation": {"type": "sum"}}, {"defaultAggregation": {"type": "value"}, "unit": "Count"}):
            self.double.descriptors[bare] = more
            self.assertAlmostEqual(self.one(ratio)["candidate"]["value"], 0.01, places=6)
        self.double.descriptors[bare] = {"defaultAggregation": {"type": "value"}, "unit": "Percent"}
        self.assertEqual(self.error(ratio), "RG1942")

    def test_an_expression(self):
        """Each of its metrics is looked up, and what Dynatrace computes is one series."""
        expression = "builtin:service.errors.server.count:splitBy():sum / builtin:service.requestCount.server:splitBy():sum * 100"
        self.double.metrics = {expression: [({}, lambda at: 2.0)], REQUESTS: []}
        metric = self.one(f"metric_selector = '{expression}'\nunit = \"%\"\nfail = {{ above = \"5%\" }}")
        self.assertEqual((metric["verdict"], self.values(metric)), ("pass", [2, 2]))
        self.assertEqual({request.path.rsplit("/", 1)[1] for request in self.double.requests},
                         {"builtin:service.errors.server.count", "builtin:service.requestCount.server", "query"})

    def test_errors_that_are_not_written(self):
        self.double.aggregate = sum
        self.double.metrics = {ERRORS: [], REQUESTS: [({}, lambda at: 10)]}
        self.assertEqual(self.ask(RATIO)[0]["verdict"], "inconclusive")
        metric = self.one(RATIO + '\non_nan = "zero"')
        self.assertEqual(self.values(metric), [0, 0])
        note = 'no series of events came, though there is a total: on_nan = "zero" put 0 in its place, as it would for a mistyped query'
        self.assertEqual(metric["notes"].count(note), 1)
        for more in (("--format", "markdown"), ("--verbose",)):
            shown = run("check", self.gate(RATIO + '\non_nan = "zero"'), *TIMES, *more, env=self.SECRETS)
            self.assertIn("put 0 in its place", " ".join(shown.stdout.split()))
        self.double.metrics[ERRORS] = [({}, lambda at: 1 if at % 120 else None)]
        self.assertNotIn("put 0 in its place", json.dumps(self.one(RATIO + '\non_nan = "zero"')["notes"]))

    def test_selectors(self):
        self.one(self.METRIC + "\nentity_selector = 'type(SERVICE),tag(\"shop\")'\nmz_selector = 'mzName(\"shop & co\")'")
        query = self.asked_for()[-1]
        self.assertEqual((query["entitySelector"], query["mzSelector"]), ('type(SERVICE),tag("shop")', 'mzName("shop & co")'))

    def test_transformations_that_make_numbers(self):
        for transformation, words in ((":default(0)", "makes a number of every point that is missing"), (":timeshift(-1h)", "moves the data away"),
                                      (":rollup(avg,1h)", "reaches back before the window"), (":smooth(skipfirst)", "where there are none")):
            selector = P95 + transformation
            self.double.metrics[selector] = self.double.metrics[P95]
            self.assertIn(words, json.dumps(self.one(self.METRIC.replace(P95, selector))["notes"]))

    def test_managed(self):
        self.double.url += "/e/abc"
        self.assertEqual(self.one()["verdict"], "pass")
        self.assertEqual({request.path.partition("/api")[0] for request in self.double.requests}, {"/e/abc"})

    def test_a_step_of_half_a_minute(self):
        self.assertEqual(self.error(self.METRIC + '\nstep = "90s"'), "RG1922")
        for refused in (self.plan(self.METRIC + '\nstep = "90s"'), self.validate(self.METRIC + '\nstep = "90s"')):
            self.assertEqual((refused.returncode, refused.stdout), (2, ""))
            self.assertIn("error[RG1922]: api: Dynatrace makes no points of 1m30s", refused.stderr)

    def test_plan(self):
        shown = self.plan().stdout
        self.assertIn("GET /api/v2/metrics/builtin%3Aservice.response.time", shown)
        self.assertIn("from=2026-03-17T12:04:00Z to=2026-03-17T12:34:00Z resolution=1m", shown)
        self.assertEqual(self.double.requests, [])

    def test_mistakes_found_without_asking(self):
        for metric, words in (("", "no `metric_selector`"), ('metric_selector = " "', "no `metric_selector`"),
                              ('metric_selector = "builtin:host.cpu.idle,builtin:host.cpu.user"', "chooses several metrics"),
                              ('metric_selector = "builtin:host.cpu.(idle,user)"', "chooses several metrics"),
                              (f'metric_selector = "{TIME}:splitBy():avg:fold"', ":fold makes one number"),
                              (f'metric_selector = "{P95}"\nresolution = "soon"', "no length of time")):
            with self.subTest(words):
                result = self.validate(metric + "\nfail = { above = 1 }")
                self.assertEqual(result.returncode, 2)
                self.assertIn("RG1910", result.stderr)
                self.assertIn(words, result.stderr)

    def test_addresses(self):
        for url, words in (("https://abc12345.apps.dynatrace.com", "https://abc12345.live.dynatrace.com"),
                           ("https://abc12345.live.dynatrace.com/api/v2", "`url` ends before /api")):
            self.double.url = url
            result = self.validate()
            self.assertEqual(result.returncode, 2)
            self.assertIn(words, result.stderr)

    def test_check(self):
        result = run("sources", "--check", self.gate(), env=self.SECRETS)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual([request.path for request in self.double.requests], ["/api/v2/metrics"])
        refused = run("sources", "--check", self.gate(), env={"DYNATRACE_TOKEN": "dt0c01.OTHER.TOKEN"})
        self.assertEqual(refused.returncode, 4)
        self.assertIn("RG1101", refused.stdout + refused.stderr)

    def test_recorded_and_replayed_without_a_token(self):
        folder = self.folder / "evidence"
        first = run("check", self.gate(), *TIMES, "--record", folder, "--format", "json", env=self.SECRETS)
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertNotIn(TOKEN, "".join(one.read_text() for one in folder.rglob("*") if one.is_file()) + first.stdout + first.stderr)
        code, again = report(self.gate(), "--replay", folder)
        self.assertEqual((code, again["metrics"][0]["candidate"]), (0, json.loads(first.stdout)["metrics"][0]["candidate"]))


if __name__ == "__main__":
    main()
