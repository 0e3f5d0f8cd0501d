"""Google Cloud Monitoring against its double, which checks the assertion behind every token with another implementation."""

import calendar
import json
import time

from api_case import TIMES, ApiTest, SevenCases, answer
from gate import main, report, run
from google_monitoring import GoogleMonitoring

RELEASE = calendar.timegm((2026, 3, 17, 12, 4, 0))
COUNT, LATENCY = "run.googleapis.com/request_count", "run.googleapis.com/request_latencies"


def chosen(metric, more=""):
    return f"filter = 'metric.type=\"{metric}\"{more}'\n"


RATIO = f"""kind = "ratio"
aligner = "delta"
reducer = "sum"
events = {{ filter = 'metric.type="errors"' }}
total = {{ filter = 'metric.type="{COUNT}"' }}
fail = {{ above = "5%" }}"""


class GoogleTest(ApiTest):
    DOUBLE = GoogleMonitoring
    TYPE = "google-monitoring"
    SOURCE = 'project = "shop-prod"\ngoogle_key = { env = "GOOGLE_KEY" }'
    METRIC = chosen(LATENCY) + """aligner = "mean"
reducer = "mean"
unit = "ms"
better = "lower"
fail = { above = 900 }"""
    PATH = "/timeSeries"

    def setUp(self):
        super().setUp()
        self.SECRETS = {"GOOGLE_KEY": self.double.key_file()}
        self.double.metrics = {LATENCY: [({"zone": "a"}, lambda minute: [200.0, 400.0] if minute <= RELEASE else [300.0, 500.0])],
                               COUNT: [({"zone": "a"}, lambda minute: [100]), ({"zone": "b"}, lambda minute: [50])], "errors": []}

    def asked_for(self):
        return [request.query for request in self.double.asked("/timeSeries")]


class Cases(SevenCases, GoogleTest):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual((metric["verdict"], metric["kind"], self.values(metric)), ("pass", "samples", [300, 400]))
        self.assertEqual([metric[side]["samples"] for side in ("baseline", "candidate")], [30, 30])
        query = self.asked_for()[0]
        self.assertEqual({name: query[name] for name in query if not name.startswith("interval")},
                         {"filter": f'metric.type="{LATENCY}"', "aggregation.alignmentPeriod": "60s",
                          "aggregation.perSeriesAligner": "ALIGN_MEAN", "aggregation.crossSeriesReducer": "REDUCE_MEAN"})
        self.assertEqual({(one["interval.startTime"], one["interval.endTime"]) for one in self.asked_for()},
                         {("2026-03-17T11:34:00Z", "2026-03-17T12:04:00Z"), ("2026-03-17T12:04:00Z", "2026-03-17T12:34:00Z")})
        self.assertEqual(len(self.double.tokens), 1, "one token for all questions")

    def test_no_data(self):
        self.double.metrics[LATENCY] = []
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
        self.assertIn("Cloud Monitoring has no point that fits the filter", json.dumps(metric))
        self.assertEqual(self.error(self.METRIC.replace(LATENCY, "run.googleapis.com/request_latency")), "RG1104")
        self.assertIn("Cannot find metric(s)", self.text)

    def test_zero(self):
        self.double.metrics[LATENCY] = [({}, lambda minute: [0.0])]
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("pass", [0, 0]))

    def test_paging_end(self):
        """Pages cut a series in two, and are put together."""
        self.double.points_a_page = 7
        metric = self.one()
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([300, 400], 30))
        self.assertEqual(len(self.asked_for()), 10)
        self.double.fail("/timeSeries", answer(200, {"nextPageToken": "7"}), times=9)
        self.assertEqual(self.error(), "RG1904")


class Identity(GoogleTest):
    def test_the_assertion(self):
        """iss, scope, aud, iat and exp of at most an hour, signed RS256: checked by the double with Python's cryptography."""
        self.one()
        self.assertEqual(self.double.refusals, [])
        claims, = self.double.claims
        self.assertEqual(claims["scope"], "https://www.googleapis.com/auth/monitoring.read")
        self.assertLessEqual(claims["exp"] - claims["iat"], 3600)
        self.assertLess(abs(claims["iat"] - time.time()), 60)

    def test_a_clock_that_is_wrong(self):
        """Trap: a clock that is off by more than some minutes makes invalid_grant; the message asks after it."""
        self.double.now = lambda: time.time() - 7200
        self.assertEqual(self.error(), "RG1330")
        self.assertIn("reasonable timeframe", self.text)
        self.assertIn("this machine's clock right?", self.text)

    def test_a_key_of_another_account(self):
        key = json.loads(self.double.key_file())
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa
        other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        key["private_key"] = other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                                 serialization.NoEncryption()).decode()
        self.assertEqual(self.error(secrets={"GOOGLE_KEY": json.dumps(key)}), "RG1330")
        self.assertIn("Invalid JWT Signature.", self.text)

    def test_prometheus_of_the_same_service(self):
        """PromQL is asked of the source `prometheus`, with the same key."""
        gate = self.write("prom.toml", f"""version = 1
[sources.gmp]
type = "prometheus"
url = "{self.double.url}/v1/projects/shop-prod/location/global/prometheus"
google_key = {{ env = "GOOGLE_KEY" }}
[metrics.m]
source = "gmp"
query = 'histogram_quantile(0.95, sum by (le) (rate(latency_bucket[1m])))'
fail = {{ above = 1 }}
""")
        code, found = report(gate, *TIMES, env=self.SECRETS)
        self.assertEqual((code, found["metrics"][0]["candidate"]["value"]), (0, 0.25), found["metrics"][0])
        self.assertEqual((len(self.double.tokens), self.double.refusals), (1, []))

    def test_recorded_and_replayed_without_a_key(self):
        folder = self.folder / "evidence"
        first = run("check", self.gate(), *TIMES, "--record", folder, "--format", "json", env=self.SECRETS)
        self.assertEqual(first.returncode, 0, first.stderr)
        kept = "".join(one.read_text() for one in folder.rglob("*") if one.is_file())
        key = json.loads(self.double.key_file())
        for secret in (self.double.tokens[0], key["private_key"].splitlines()[5]):
            self.assertNotIn(secret, kept + first.stdout + first.stderr)
        code, again = report(self.gate(), "--replay", folder)
        self.assertEqual((code, again["metrics"][0]["candidate"]), (0, json.loads(first.stdout)["metrics"][0]["candidate"]))


class Traps(GoogleTest):
    def test_newest_first(self):
        """Trap: points come newest first."""
        self.double.metrics[LATENCY] = [({}, lambda minute: [float(minute - RELEASE)])]
        metric = self.one(self.METRIC.replace("900", "1e9") + '\nkind = "value"\naggregate = "last"')
        self.assertEqual(self.values(metric), [0, 1800])

    def test_int64_in_strings(self):
        """Trap: int64 values are strings."""
        self.double.kind = "int64Value"
        self.assertEqual(self.values(self.one(chosen(COUNT) + 'aligner = "delta"\nreducer = "sum"\nfail = { above = 1000 }')), [150, 150])

    def test_distributions(self):
        """Trap: a latency is a distribution until an aligner makes a number of it: the mean is taken, and said."""
        self.double.kind = "distributionValue"
        metric = self.one()
        self.assertEqual(self.values(metric), [300, 400])
        self.assertIn("the values are the means of distributions: for a percentile write aligner = \"p95\"", metric["notes"])
        self.assertEqual(self.values(self.one(self.METRIC + '\ndistribution = "count"')), [40, 40])

    def test_other_values(self):
        self.double.kind = "stringValue"
        self.assertEqual(self.error(), "RG1902")
        self.double.kind = "boolValue"
        self.double.metrics[LATENCY] = [({}, lambda minute: [True])]
        self.assertEqual(self.values(self.one()), [1, 1])

    def test_what_is_zero_is_not_written(self):
        """Trap: zeros are not written, and no earlier point is counted again: no errors are 0 only where there are requests."""
        self.assertEqual(self.ask(RATIO)[0]["verdict"], "inconclusive")
        zero = self.one(RATIO + '\non_nan = "zero"')
        self.assertEqual((zero["verdict"], self.values(zero)), ("pass", [0, 0]))
        self.double.metrics["errors"] = [({}, lambda minute: [15] if minute % 600 == 0 else [])]
        self.assertAlmostEqual(self.one(RATIO + '\non_nan = "zero"')["candidate"]["value"], 0.01)
        self.double.metrics[COUNT] = []
        self.assertEqual(self.ask(RATIO + '\non_nan = "zero"')[0]["verdict"], "inconclusive")

    def test_points_become_visible_late(self):
        """Trap: a point is visible after up to 240 s or more: the window must be over for five minutes."""
        metric = self.ask(times=("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:38:00Z"))[0]
        self.assertEqual((metric["due"], self.double.requests), ("2026-03-17T12:39:00Z", []))

    def test_the_ratio_is_sum_over_sum(self):
        self.double.metrics["errors"] = [({}, lambda minute: [9] if minute % 120 else [1])]
        self.double.metrics[COUNT] = [({}, lambda minute: [900] if minute % 120 else [10])]
        self.assertAlmostEqual(self.one(RATIO)["candidate"]["value"], 10 / 910, places=4)

    def test_answers_that_are_not_complete(self):
        for name, value in (("errors", ["Reached the limit of time series"]), ("unreachable", ["us-east1"])):
            with self.subTest(name):
                setattr(self.double, name, value)
                self.assertEqual(self.error(), "RG1924")
                self.assertIn(value[0], self.text)
                self.assertIn(value[0], " ".join(self.one(self.METRIC + '\non_partial = "note"')["notes"]))
                setattr(self.double, name, [])

    def test_points_that_reach_out_of_the_window(self):
        points = [{"interval": {"endTime": f"2026-03-17T12:{minute:02d}:30Z"}, "value": {"doubleValue": value}}
                  for minute, value in ((4, 7.0), (5, 1.0), (34, 7.0))]
        self.double.fail("/timeSeries", answer(200, {"timeSeries": [{"metric": {"labels": {}}, "points": points}]}), times=2)
        metric = self.one(self.METRIC + '\nkind = "value"\naggregate = "max"')
        self.assertEqual(metric["candidate"]["value"], 1.0)


class Questions(GoogleTest):
    def test_one_number_of_the_window(self):
        metric = self.one(self.METRIC.replace('"mean"\nreducer', '"p95"\nreducer') + '\nkind = "value"')
        self.assertEqual(self.values(metric), [400, 500])
        self.assertEqual({query["aggregation.alignmentPeriod"] for query in self.asked_for()}, {"1800s"})

    def test_ratio_of_the_whole_window(self):
        self.double.metrics["errors"] = [({}, lambda minute: [3])]
        self.assertAlmostEqual(self.one(RATIO + '\nalignment = "{{window}}"')["candidate"]["value"], 0.02)

    def test_each_zone(self):
        several = chosen(COUNT) + 'aligner = "delta"\nfail = { above = 1000 }'
        self.assertEqual(self.error(several), "RG2001")
        metrics = self.ask(several + '\nreducer = "sum"\ngroup_by = ["metric.labels.zone"]\neach = "zone"')
        self.assertEqual({metric["id"]: self.values(metric)[1] for metric in metrics}, {"m[zone=a]": 100, "m[zone=b]": 50})
        self.one(several + '\nreducer = "sum"\ngroup_by = ["metric.labels.zone", "resource.labels.project_id"]\ncombine = "sum"')
        self.assertEqual(self.double.asked("/timeSeries")[-1].all("aggregation.groupByFields"),
                         ["metric.labels.zone", "resource.labels.project_id"])

    def test_a_step_of_half_a_minute(self):
        self.assertEqual(self.error(self.METRIC + '\nstep = "90500ms"'), "RG1922")
        for refused in (self.plan(self.METRIC + '\nstep = "90500ms"'), self.validate(self.METRIC + '\nstep = "90500ms"')):
            self.assertEqual((refused.returncode, refused.stdout), (2, ""))
            self.assertIn("error[RG19", refused.stderr)

    def test_plan(self):
        shown = self.plan()
        self.assertIn("GET /v3/projects/shop-prod/timeSeries", shown.stdout)
        self.assertIn("startTime=2026-03-17T12:04:00Z endTime=2026-03-17T12:34:00Z alignmentPeriod=60s", shown.stdout)
        self.assertEqual(self.double.requests, [])

    def test_mistakes_found_without_asking(self):
        for metric, words in (('filter = "x"\naligner = "mean"', "names no `metric.type`"), ('aligner = "mean"', "no `filter`"),
                              (chosen(COUNT), "no `aligner`"), (chosen(COUNT) + 'aligner = "median"', "Cloud Monitoring has no aligner"),
                              (chosen(COUNT) + 'aligner = "none"', "Cloud Monitoring has no aligner"),
                              (chosen(COUNT) + 'aligner = "sum"\nreducer = "total"', "Cloud Monitoring has no reducer"),
                              (chosen(COUNT) + 'aligner = "sum"\ngroup_by = ["zone"]', "without a `reducer`"),
                              (chosen(COUNT) + 'aligner = "sum"\ndistribution = "p95"', "`distribution` cannot be"),
                              (chosen(COUNT) + 'aligner = "sum"\nalignment = "soon"', "no length of time")):
            with self.subTest(words):
                result = self.validate(metric + "\nfail = { above = 1 }")
                self.assertEqual(result.returncode, 2)
                self.assertIn("RG1910", result.stderr)
                self.assertIn(words, result.stderr)

    def test_words_of_aligners(self):
        for word in ("ALIGN_DELTA", "delta", "Rate", "p99", "percentile_50"):
            with self.subTest(word):
                self.assertEqual(self.validate(chosen(COUNT) + f'aligner = "{word}"\nfail = {{ above = 1 }}').returncode, 0)

    def test_source_keys(self):
        for source, code, words in (('project = "shop-prod"', "RG0524", "nothing says as whom"),
                                    ('project = "shop-prod"\ngoogle_key = { env = "GOOGLE_KEY" }\ngoogle_metadata = true', "RG0524", "exclude each other"),
                                    ('project = "Shop Prod"\ngoogle_metadata = true', "RG1910", "is no id of a project")):
            with self.subTest(words):
                result = self.validate(source=source)
                self.assertEqual(result.returncode, 2)
                self.assertIn(code, result.stderr)
                self.assertIn(words, result.stderr)

    def test_check(self):
        self.assertIn("Cloud Monitoring", self.healthy())
        self.assertTrue(self.double.asked("/metricDescriptors"))


if __name__ == "__main__":
    main()
