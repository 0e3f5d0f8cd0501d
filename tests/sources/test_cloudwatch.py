"""CloudWatch against its double, which checks the signature of every request."""

import calendar
import json
import unittest

from api_case import TIMES, ApiTest, SevenCases, answer, recording
from cloudwatch import KEY, SECRET, TOKEN, CloudWatch, refusal
from gate import main, report, run

ELB = ("AWS/ApplicationELB", (("LoadBalancer", "app/shop/50dc"),))
RELEASE = calendar.timegm((2026, 3, 17, 12, 4, 0))
NAMES = 'namespace = "AWS/ApplicationELB"\ndimensions = { LoadBalancer = "app/shop/50dc" }\n'
RATIO = NAMES + """kind = "ratio"
stat = "Sum"
events = "HTTPCode_Target_5XX_Count"
total = "RequestCount"
better = "lower"
fail = { above = "5%" }"""


class CloudWatchTest(ApiTest):
    DOUBLE = CloudWatch
    TYPE = "cloudwatch"
    SOURCE = """region = "eu-west-1"
access_key = { env = "AWS_ACCESS_KEY_ID" }
secret_key = { env = "AWS_SECRET_ACCESS_KEY" }
session_token = { env = "AWS_SESSION_TOKEN" }"""
    SECRETS = {"AWS_SECRET_ACCESS_KEY": SECRET, "AWS_ACCESS_KEY_ID": KEY, "AWS_SESSION_TOKEN": TOKEN}
    METRIC = NAMES + """metric_name = "TargetResponseTime"
stat = "Average"
unit = "s"
better = "lower"
fail = { above = 1 }"""
    PATH = "/"

    def setUp(self):
        super().setUp()
        self.metric("TargetResponseTime", lambda minute: [0.2, 0.4] if minute < RELEASE else [0.3, 0.5])
        self.metric("RequestCount", lambda minute: [100.0])

    def metric(self, name, values):
        self.double.metrics[ELB[0], name, ELB[1]] = values

    def bodies(self):
        return [request.json() for request in self.double.requests]


class Cases(SevenCases, CloudWatchTest):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual((metric["verdict"], metric["kind"]), ("pass", "samples"))
        before, after = self.values(metric)
        self.assertAlmostEqual(before, 0.3)
        self.assertAlmostEqual(after, 0.4)
        self.assertEqual(metric["queries"][0]["text"], "Average of AWS/ApplicationELB TargetResponseTime {LoadBalancer=app/shop/50dc}")
        query = self.bodies()[0]["MetricDataQueries"][0]["MetricStat"]
        self.assertEqual(query, {"Metric": {"Dimensions": [{"Name": "LoadBalancer", "Value": "app/shop/50dc"}],
                                            "MetricName": "TargetResponseTime", "Namespace": "AWS/ApplicationELB"},
                                 "Period": 60, "Stat": "Average"})

    def test_no_data(self):
        self.double.metrics.clear()
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
        self.assertIn("CloudWatch has no point of", json.dumps(metric))

    def test_zero(self):
        self.metric("TargetResponseTime", lambda minute: [0.0])
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("pass", [0, 0]))

    def test_paging_end(self):
        """Trap: PartialData with a NextToken is followed; a later Complete of the same result wins."""
        self.double.page_size = 7
        metric = self.one()
        self.assertEqual(metric["verdict"], "pass")
        self.assertAlmostEqual(metric["candidate"]["value"], 0.4)
        tokens = [body.get("NextToken") for body in self.bodies()]
        self.assertEqual(tokens.count(None), 2)
        self.assertGreater(len(tokens), 6)
        self.assertEqual(metric["candidate"]["samples"], metric["baseline"]["samples"])
        looping = answer(200, {"MetricDataResults": [], "NextToken": "again"})
        self.double.fail("/", looping, times=9)
        self.assertEqual(self.error(), "RG1904")


class Signatures(CloudWatchTest):
    def test_a_wrong_secret_and_a_missing_session_token(self):
        for secrets in ({**self.SECRETS, "AWS_SECRET_ACCESS_KEY": "another-secret-of-forty-characters-long-x"},
                        {**self.SECRETS, "AWS_SESSION_TOKEN": ""}):
            with self.subTest(secrets=secrets):
                self.assertEqual(self.error(secrets=secrets), "RG1101")
                self.assertIn("env AWS_SECRET_ACCESS_KEY", self.text)

    def test_without_a_session_token(self):
        self.double.token = None
        self.assertEqual(self.one(secrets={**self.SECRETS, "AWS_SESSION_TOKEN": ""})["verdict"], "pass")

    def test_the_body_and_the_target_are_part_of_the_signature(self):
        """Letters beyond ASCII, and a body longer than one read."""
        self.metric("Zähler", lambda minute: [1.0])
        queries = ", ".join(f'm{i} = {{ metric_name = "Zähler" }}' for i in range(400))
        metric = self.one(NAMES + f'stat = "Sum"\nexpression = "m0 + m399"\nqueries = {{ {queries} }}\nfail = {{ above = 3 }}')
        self.assertEqual(self.values(metric), [2, 2])

    def test_secrets_are_not_on_the_command_line_of_plan(self):
        shown = self.plan()
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("POST / (GetMetricData)", shown.stdout)
        self.assertIn("StartTime=2026-03-17T12:04:00Z", shown.stdout)
        self.assertIn("Period=60", shown.stdout)
        self.assertNotIn(SECRET, shown.stdout)
        self.assertEqual(self.double.requests, [])


class Unset(CloudWatchTest):
    def test_keys_that_are_not_set(self):
        self.assertEqual(self.error(secrets=dict.fromkeys(self.SECRETS, "")), "RG1102")
        self.assertIn("env AWS_ACCESS_KEY_ID is not set", self.text)


class Traps(CloudWatchTest):
    def test_newest_first(self):
        """Trap: points come newest first."""
        self.metric("TargetResponseTime", lambda minute: [float(minute - RELEASE)])
        metric = self.one(self.METRIC.replace("above = 1", "above = 1e6") + '\nkind = "value"\naggregate = "last"')
        self.assertEqual(self.values(metric)[1] - self.values(metric)[0], 30 * 60)

    def test_errors_inside_of_http_200(self):
        """Trap: InternalError and Forbidden are errors inside of an answer of HTTP 200."""
        self.double.status = "InternalError"
        self.assertEqual(self.error(), "RG1923")
        self.double.status, self.double.result_messages = "Forbidden", [{"Code": "Forbidden", "Value": "no access to account 1"}]
        self.assertEqual(self.error(), "RG1103")
        self.assertIn("no access to account 1", self.text)

    def test_partial_data_without_a_token(self):
        """Trap: PartialData at the end (metric math has no NextToken) is a part, not the whole."""
        self.double.status = "PartialData"
        self.assertEqual(self.error(), "RG1924")
        metric = self.one(self.METRIC + '\non_partial = "note"')
        self.assertIn("CloudWatch says that the points of TargetResponseTime are not complete", metric["notes"])

    def test_a_message_about_the_whole_question(self):
        self.double.messages = [{"Code": "MaxMetricsExceeded", "Value": "The maximum number of allowed metrics was exceeded"}]
        self.assertEqual(self.error(), "RG1924")
        self.assertIn("maximum number of allowed metrics", self.text)

    def test_errors_that_are_only_reported_when_there_are_some(self):
        """Trap: a metric of errors that reports only what is not zero: empty is 0 only where there were requests."""
        empty = self.ask(RATIO)[0]
        self.assertEqual(empty["verdict"], "inconclusive")
        zero = self.one(RATIO + '\non_nan = "zero"')
        self.assertEqual((zero["verdict"], self.values(zero)), ("pass", [0, 0]))
        self.metric("RequestCount", lambda minute: [])
        self.assertEqual(self.ask(RATIO + '\non_nan = "zero"')[0]["verdict"], "inconclusive")

    def test_zero_where_another_metric_has_points(self):
        """Trap: the same for counts and samples: 0 only where the other metric has a point."""
        count = NAMES + """kind = "count"
stat = "Sum"
events = { metric_name = "HTTPCode_Target_5XX_Count", zero_where = "RequestCount" }
unit = "1/min"
fail = { above = 1 }"""
        self.metric("HTTPCode_Target_5XX_Count", lambda minute: [1.0] if minute % 600 == 0 else [])
        metric = self.one(count)
        self.assertAlmostEqual(metric["candidate"]["value"], 0.1, places=2)
        self.assertEqual(metric["candidate"]["dropped"], 0)
        self.metric("RequestCount", lambda minute: [5.0] if minute < RELEASE else [])
        self.metric("HTTPCode_Target_5XX_Count", lambda minute: [])
        self.assertEqual(self.values(self.one(count.replace("above = 1", "above = 9")))[1], None)

    def test_the_last_minutes_are_not_asked_for(self):
        """Trap: the last minutes still change: the window ends three minutes before now."""
        self.one(times=("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:36:00Z"),
                 more="[compare]\nbaseline = { window = \"30m\" }\ncandidate = { window = \"30m\" }\nearly = \"shorten\"\n")
        latest = max(body["EndTime"] for body in self.bodies())
        self.assertLessEqual(latest, calendar.timegm((2026, 3, 17, 12, 33, 0)))

    def test_throttling_at_http_400(self):
        """Trap: AWS throttles with HTTP 400, which no client repeats by itself."""
        self.double.fail("/", refusal("ThrottlingException", "Rate exceeded"))
        self.assertEqual(self.one()["verdict"], "pass")
        self.double.fail("/", refusal("Throttling", "Rate exceeded"), times=9)
        self.assertEqual(self.error(source=self.SOURCE + "\nretries = 1"), "RG1920")

    def test_refusals_by_their_type(self):
        """Trap: the JSON protocol refuses keys and permissions with HTTP 400 and a type."""
        for kind, code in (("UnrecognizedClientException", "RG1101"), ("ExpiredTokenException", "RG1101"),
                           ("AccessDeniedException", "RG1103"), ("InvalidParameterValueException", "RG1921")):
            with self.subTest(kind):
                self.double.fail("/", refusal(kind, "because"))
                self.assertEqual(self.error(), code)
                self.assertIn("because", self.text)

    def test_a_window_that_starts_within_a_minute(self):
        """Trap: StartTime is rounded down, into the data of the version before: what is asked starts at the first whole minute."""
        self.metric("TargetResponseTime", lambda minute: [9.0] if minute < RELEASE else [0.5])
        metric = self.one(times=("--deployed-at", "2026-03-17T12:04:20Z", "--now", "2026-03-17T13:00:00Z"))
        self.assertEqual(metric["candidate"]["value"], 0.5)
        self.assertTrue(all(body["StartTime"] % 60 == 0 and body["EndTime"] % 60 == 0 for body in self.bodies()))
        self.assertIn("CloudWatch counts by the minute", " ".join(metric["notes"]))

    def test_points_that_reach_out_of_the_window(self):
        """A server that aligns periods otherwise gives points whose period begins before the window."""
        late = {"MetricDataResults": [{"Id": "gate_result", "Label": "x", "StatusCode": "Complete",
                                       "Timestamps": [RELEASE - 60, RELEASE, RELEASE + 1800], "Values": [7.0, 1.0, 7.0]}]}
        self.double.fail("/", answer(200, late), times=2)
        metric = self.one(self.METRIC.replace("above = 1", "above = 5") + '\nkind = "value"\naggregate = "max"')
        self.assertEqual(metric["candidate"]["value"], 1.0)


class Values(CloudWatchTest):
    def value(self, metric, times=None):
        return self.one(metric, **({"times": times} if times else {}))

    def test_p95_of_the_window_is_asked_as_one_period(self):
        """Trap: a percentile of percentiles is none: the period is the window."""
        metric = self.one(self.METRIC.replace('"Average"', '"p95"') + '\nkind = "value"')
        self.assertEqual(self.values(metric), [0.4, 0.5])
        for body in self.bodies():
            self.assertEqual(body["MetricDataQueries"][0]["MetricStat"]["Period"], body["EndTime"] - body["StartTime"])

    def test_metric_math(self):
        self.metric("HTTPCode_Target_5XX_Count", lambda minute: [2.0])
        metric = self.one(NAMES + """expression = "100 * errors / requests"
stat = "Sum"
unit = "%"
fail = { above = 5 }
[metrics.m.queries]
errors = { metric_name = "HTTPCode_Target_5XX_Count" }
requests = { metric_name = "RequestCount" }""")
        self.assertEqual(self.values(metric), [2, 2])
        returned = [query["ReturnData"] for query in self.bodies()[0]["MetricDataQueries"]]
        self.assertEqual(returned, [True, False, False])

    def test_ratio_over_the_whole_window(self):
        self.metric("HTTPCode_Target_5XX_Count", lambda minute: [3.0])
        metric = self.one(RATIO + '\nstat_period = "{{window}}"')
        self.assertAlmostEqual(metric["candidate"]["value"], 0.03)

    def test_ratio_is_sum_over_sum(self):
        """Trap: an error rate is the sum of errors over the sum of requests."""
        self.metric("HTTPCode_Target_5XX_Count", lambda minute: [9.0] if minute % 120 else [1.0])
        self.metric("RequestCount", lambda minute: [900.0] if minute % 120 else [10.0])
        metric = self.one(RATIO)
        self.assertAlmostEqual(metric["candidate"]["value"], 10 / 910, places=3)

    def test_a_week_is_made_of_days(self):
        times = ("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-25T12:04:00Z")
        week = '\nkind = "value"\nbaseline = { window = "7d" }\ncandidate = { window = "7d" }'
        metric = self.one(self.METRIC + week, times=times)
        self.assertAlmostEqual(self.values(metric)[1], 0.4)
        self.assertAlmostEqual(self.values(metric)[0], 0.3)
        stats = [query["MetricStat"]["Stat"] for query in self.bodies()[0]["MetricDataQueries"]]
        self.assertEqual(stats, ["Sum", "SampleCount"])
        self.assertEqual(self.error(self.METRIC.replace('"Average"', '"p95"') + week, times=times), "RG1922")

    def test_each_series_of_a_search(self):
        found = {"MetricDataResults": [
            {"Id": "gate_result", "Label": label, "StatusCode": "Complete", "Timestamps": [RELEASE + 60 * i for i in range(20)],
             "Values": [value] * 20} for label, value in (("a", 1.0), ("b", 2.0))]}
        self.double.fail("/", answer(200, found), times=4)
        several = """expression = "SEARCH('{AWS/EC2,InstanceId} CPUUtilization', 'Average')"
design = "none"
fail = { above = 5 }"""
        self.assertEqual(self.error(several), "RG2001")
        metrics = self.ask(several + '\neach = "label"')
        self.assertEqual({metric["metric"] if "metric" in metric else metric["id"] for metric in metrics}, {"m[label=a]", "m[label=b]"})

    def test_a_step_that_is_no_period(self):
        self.assertEqual(self.error(self.METRIC + '\nstep = "90s"'), "RG1922")
        for refused in (self.plan(self.METRIC + '\nstep = "90s"'), self.validate(self.METRIC + '\nstep = "90s"')):
            self.assertEqual((refused.returncode, refused.stdout), (2, ""))
            self.assertIn("error[RG19", refused.stderr)
        short = ("--deployed-at", "2026-03-17T12:04:20Z", "--now", "2026-03-17T13:00:00Z")
        window = '\nbaseline = { window = "90s" }\ncandidate = { window = "90s" }'
        self.assertEqual(self.error(self.METRIC + window, times=short), "RG1922")
        self.assertIn("no whole period of 1m", self.text)
        self.assertEqual(self.error(self.METRIC.replace("stat =", 'kind = "value"\nstat =') + window.replace("90s", "70s"),
                                    times=("--deployed-at", "2026-03-17T12:04:20Z", *short[2:])), "RG1922")

    def test_points_that_are_not_kept_any_more(self):
        """Trap: points of a minute are kept for 15 days: a baseline without any says how long they are."""
        self.metric("TargetResponseTime", lambda minute: [0.2] if minute >= RELEASE else [])
        metric = self.one(self.METRIC + '\nwarn = { increase_over = "10%" }')
        self.assertIn("points of a minute are kept for 15 days", json.dumps(metric))

    def test_a_mistaken_fill_is_noted(self):
        metric = self.ask(NAMES + 'expression = "FILL(m1, 0)"\nqueries = { m1 = { metric_name = "RequestCount", stat = "Sum" } }\n'
                          "fail = { above = 5 }")[0]
        self.assertIn("FILL makes a number of every point that is missing", " ".join(metric["notes"]))


class Keys(CloudWatchTest):
    def test_mistakes_found_without_asking(self):
        wrong = (
            ('metric_name = "A"\nstat = "Sum"', "no `namespace`"),
            (NAMES + 'stat = "Sum"', "neither `metric_name` nor `expression`"),
            (NAMES + 'metric_name = "A"\nstat = "average"', 'did you mean "Average"?'),
            (NAMES + 'metric_name = "A"\nstat = "p"', 'no statistic "p"'),
            (NAMES + 'metric_name = "A"\nstat = "Sum"\nstat_period = "90s"', "no period of CloudWatch's"),
            (NAMES + 'metric_name = "A"\nstat = "Average"\nzero_where = "B"', "no Average is 0"),
            (NAMES + 'metric_name = "A"\nexpression = "m1"', "no meaning beside `expression`"),
            (NAMES + 'metric_name = "A"\nstat = "Sum"\nqueries = { m1 = "1" }', "without an `expression`"),
            (NAMES + 'expression = "M1"\nqueries = { M1 = { metric_name = "A", stat = "Sum" } }', "cannot name a query"),
            (NAMES + 'expression = "m1"\nqueries = { m1 = { metric = "A", stat = "Sum" } }', "has no key `metric`"),
            (NAMES + 'expression = "m1"\nqueries = { m1 = 1 }', "neither a table nor an expression"),
            (NAMES + 'expression = " "', "the expression is empty"),
        )
        for metric, words in wrong:
            with self.subTest(words):
                result = self.validate(metric + "\nfail = { above = 1 }")
                self.assertEqual(result.returncode, 2, result.stdout)
                self.assertIn("RG1910", result.stderr)
                self.assertIn(words, result.stderr)
                self.assertIn("gate.toml:", result.stderr)

    def test_statistics_that_there_are(self):
        for stat in ("Sum", "IQM", "p99.9", "tm99", "PR(:300)", "TM(10%:90%)"):
            with self.subTest(stat):
                self.assertEqual(self.validate(self.METRIC.replace('"Average"', f'"{stat}"')).returncode, 0)

    def test_source_keys(self):
        for source, words in (('region = "eu west"', "no region"), ('region = "eu-west-1"\naccess_key = { env = "A" }', "without `secret_key`"),
                              ("", "region")):
            with self.subTest(words):
                result = self.validate(source=source)
                self.assertEqual(result.returncode, 2)
                self.assertIn(words, result.stderr)

    def test_check(self):
        self.assertIn("CloudWatch, eu-west-1", self.healthy())
        self.double.secret = "x" * 40
        result = run("sources", "--check", self.gate(), env=self.SECRETS)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("does not accept the keys", result.stdout + result.stderr)

    def test_replay_needs_no_keys(self):
        folder = self.folder / "evidence"
        recorded = run("check", self.gate(), *TIMES, "--record", folder, "--format", "json", env=self.SECRETS)
        self.assertEqual(recorded.returncode, 0, recorded.stderr)
        kept = "".join(one.read_text() for one in folder.rglob("*") if one.is_file())
        for secret in self.SECRETS.values():
            self.assertNotIn(secret, kept)
        code, again = report(self.gate(), "--replay", folder)
        self.assertEqual((code, again["metrics"][0]["candidate"]), (0, json.loads(recorded.stdout)["metrics"][0]["candidate"]))


class Recording(unittest.TestCase):
    def test_the_shapes_are_those_of_the_services_description(self):
        """Every key that is sent, and every one that is read, is in the description of the API that botocore is made of."""
        text = recording("aws/cloudwatch-GetMetricData-shapes.json")
        if text is None:
            self.skipTest("the recordings are not here")
        shapes = json.loads(text)
        for shape, keys in {"GetMetricDataInput": {"StartTime", "EndTime", "MetricDataQueries", "NextToken"},
                            "MetricDataQuery": {"Id", "MetricStat", "Expression", "Period", "ReturnData", "AccountId"},
                            "MetricStat": {"Metric", "Period", "Stat"}, "Metric": {"Namespace", "MetricName", "Dimensions"},
                            "GetMetricDataOutput": {"MetricDataResults", "NextToken", "Messages"},
                            "MetricDataResult": {"Id", "Label", "Timestamps", "Values", "StatusCode", "Messages"},
                            "MessageData": {"Code", "Value"}}.items():
            self.assertLessEqual(keys, set(shapes[shape]["members"]), shape)
        self.assertEqual(set(shapes["StatusCode"]["enum"]), {"Complete", "InternalError", "PartialData", "Forbidden"})


if __name__ == "__main__":
    main()
