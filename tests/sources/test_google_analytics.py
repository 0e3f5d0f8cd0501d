"""Google Analytics 4 against its double, which checks the assertion behind every token with another implementation."""

import json

from api_case import ApiTest, SevenCases, answer
from gate import main
from google import refused
from google_analytics import GoogleAnalytics

WEEKS = 'baseline = { window = "7d" }\ncandidate = { window = "7d" }\n'
# Midnight in Berlin, and a week and two days later.
TIMES = ("--deployed-at", "2026-03-16T23:00:00Z", "--now", "2026-03-25T23:00:00Z")
RATE = WEEKS + """kind = "ratio"
events = "keyEvents"
total = "sessions"
better = "higher"
fail = { below = "1%" }"""


class AnalyticsTest(ApiTest):
    DOUBLE = GoogleAnalytics
    TYPE = "google-analytics"
    SOURCE = 'property = "213025502"\ntimezone = "Europe/Berlin"\ngoogle_key = { env = "GOOGLE_KEY" }'
    METRIC = WEEKS + """measure = "sessions"
better = "higher"
fail = { below = 100 }"""
    PATH = ":runReport"

    def setUp(self):
        super().setUp()
        self.SECRETS = {"GOOGLE_KEY": self.double.key_file()}
        self.double.fill("2026-01-01", "2026-03-16")
        self.double.fill("2026-03-17", "2026-03-31", sessions=50)

    def ask(self, metric=None, source=None, times=TIMES, secrets=None, deadline="30s", more=""):
        return super().ask(metric, source, times, secrets, deadline, more)

    def bodies(self):
        return [request.json() for request in self.double.asked(":runReport")]


class Cases(SevenCases, AnalyticsTest):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual((metric["verdict"], metric["kind"], self.values(metric)), ("pass", "value", [7 * 80, 7 * 100]))
        self.assertEqual(sorted(body["dateRanges"][0]["startDate"] for body in self.bodies()), ["2026-03-10", "2026-03-17"])
        self.assertEqual(self.bodies()[0]["metrics"], [{"name": "sessions"}])
        self.assertIn("from the days 2026-03-17 to 2026-03-23 (7 whole days, Europe/Berlin)", metric["notes"])
        claims, = self.double.claims
        self.assertEqual((claims["scope"], self.double.refusals), ("https://www.googleapis.com/auth/analytics.readonly", []))

    def test_no_data(self):
        """Trap: an answer without rows is no data, and may say why."""
        self.double.facts.clear()
        self.double.metadata["emptyReason"] = "NO_DATA"
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
        self.assertIn("Google Analytics has no row for these days (NO_DATA)", json.dumps(metric))

    def test_zero(self):
        """A real 0 is in a row, for sessions stand beside it: Google leaves out rows of nothing but zeros."""
        self.double.facts = [fact for fact in self.double.facts if "keyEvents" not in fact]
        metric = self.one(WEEKS + 'measure = "keyEvents"\nfail = { above = 5 }')
        self.assertEqual((metric["verdict"], self.values(metric)), ("pass", [0, 0]))
        self.assertEqual(self.bodies()[0]["metrics"], [{"name": "keyEvents"}, {"name": "sessions"}])

    def test_paging_end(self):
        """Trap: a report is cut at `limit` rows; rowCount says how many there are."""
        self.double.page_size = 3
        metric = self.one(self.METRIC.replace('"sessions"', '"daily_sessions"'))
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([80, 100], 7))
        self.assertEqual(sorted(int(body["offset"]) for body in self.bodies()), [0, 0, 3, 3, 6, 6])
        self.double.fail(":runReport", answer(200, {"rowCount": 9, "rows": []}), times=9)
        self.assertEqual(self.error(), "RG1904")


class Traps(AnalyticsTest):
    def test_what_makes_a_report_a_part(self):
        """Trap: thresholding, the row (other) and sampling make the numbers a part of the whole."""
        for said, words in (({"subjectToThresholding": True}, "rows of few users are withheld"),
                            ({"dataLossFromOtherRow": True}, "put together as \"(other)\""),
                            ({"samplingMetadatas": [{"samplesReadCount": "12", "samplingSpaceSize": "96"}]}, "a sample of 12.5 % of the events")):
            with self.subTest(words):
                self.double.metadata = {"timeZone": "Europe/Berlin", **said}
                self.assertEqual(self.error(), "RG1924")
                self.assertIn(words, self.text)
                self.assertIn(words, " ".join(self.one(self.METRIC + '\non_partial = "note"')["notes"]))
        self.double.metadata = {"timeZone": "Europe/Berlin", "subjectToThresholding": False, "samplingMetadatas": []}
        self.assertEqual(self.one()["verdict"], "pass")

    def test_metrics_that_the_account_may_not_see(self):
        """Trap: a restricted metric is 0 in the answer, not refused."""
        self.double.metadata["schemaRestrictionResponse"] = {"activeMetricRestrictions": [
            {"metricName": "totalRevenue", "restrictedMetricTypes": ["REVENUE_DATA"]}]}
        self.assertEqual(self.error(self.METRIC.replace('"sessions"', '"totalRevenue"')), "RG1927")
        self.assertIn("totalRevenue", self.text)

    def test_days_are_those_of_the_property(self):
        """Trap: days are those of the property's zone, and both ends of a range count."""
        metric = self.one(times=("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-28T00:00:00Z"))
        self.assertEqual(sorted((one["startDate"], one["endDate"]) for body in self.bodies() for one in body["dateRanges"]),
                         [("2026-03-11", "2026-03-16"), ("2026-03-18", "2026-03-23")])
        self.assertEqual(self.values(metric), [6 * 80, 6 * 100])

    def test_the_wrong_zone(self):
        self.assertEqual(self.error(source=self.SOURCE.replace("Europe/Berlin", "US/Pacific")), "RG1928")
        self.assertIn("counts its days in Europe/Berlin", self.text)
        self.assertEqual(self.one(source=self.SOURCE.replace("Europe/Berlin", "Europe/Paris"))["verdict"], "pass")

    def test_two_days_are_waited_for(self):
        """Trap: data move for 24 to 48 hours: the window must be over for two days."""
        metric = self.ask(times=(*TIMES[:3], "2026-03-25T22:00:00Z"))[0]
        self.assertEqual((metric["due"], self.double.requests), ("2026-03-25T23:00:00Z", []))

    def test_conversion_is_sum_over_sum(self):
        """Trap: a rate is the sum of key events over the sum of sessions."""
        metric = self.one(RATE)
        self.assertAlmostEqual(metric["candidate"]["value"], 7 * 8 / (7 * 100))
        self.assertAlmostEqual(metric["baseline"]["value"], 0.1)

    def test_values_are_strings(self):
        """Trap: values are strings; one that is no number is an error, not 0."""
        self.double.fail(":runReport", answer(200, {"rowCount": 1, "rows": [{"metricValues": [{"value": "(other)"}]}]}), times=2)
        self.assertEqual(self.error(), "RG1902")
        self.assertIn("/rows/0/metricValues/0/value", self.text)

    def test_users_of_days_have_no_sum(self):
        """Trap: different users of a window are asked as one number, for those of its days come more than once; and are estimates."""
        metric = self.one(self.METRIC.replace('"sessions"', '"activeUsers"').replace("below = 100", "below = 10"))
        self.assertEqual(self.values(metric), [2 * (10 + 7 * 5)] * 2)
        self.assertNotIn("dimensions", self.bodies()[0])
        self.assertIn("users are estimates of Google's (HyperLogLog++)", metric["notes"])

    def test_quota(self):
        """Trap: the tokens of an hour or a day are used up: 429 RESOURCE_EXHAUSTED, without Retry-After."""
        self.double.fail(":runReport", refused(429, "RESOURCE_EXHAUSTED", "Exhausted property tokens per day."), times=9)
        self.assertEqual(self.error(source=self.SOURCE + "\nretries = 1"), "RG1129")
        self.assertIn("Exhausted property tokens per day.", self.text)

    def test_an_event_that_is_spelt_wrong(self):
        """Trap: an event that there is not looks like 0: it is looked for in 90 days."""
        metric = self.one(WEEKS + 'measure = "eventCount"\nevent = "purchased"\nfail = { below = 1 }')
        self.assertEqual(self.values(metric), [None, None])
        self.assertIn("there was no event `purchased` in 90 days", json.dumps(metric))

    def test_an_event_that_did_not_happen(self):
        self.double.facts = [fact for fact in self.double.facts if fact["eventName"] != "purchase" or fact["date"] < "2026-03-17"]
        metric = self.one(WEEKS + 'measure = "eventCount"\nevent = "purchase"\nfail = { above = 100 }')
        self.assertEqual(self.values(metric), [56, 0])
        self.double.facts = [fact for fact in self.double.facts if fact["date"] < "2026-03-17"]
        self.assertEqual(self.values(self.one(WEEKS + 'measure = "eventCount"\nevent = "purchase"\nfail = { above = 100 }')), [56, None])

    def test_a_service_account_without_access(self):
        self.assertEqual(self.error(source=self.SOURCE.replace("213025502", "1")), "RG1103")
        self.assertIn("give the service account's address the role Viewer", self.text)


class Questions(AnalyticsTest):
    def test_filters(self):
        metric = self.one(WEEKS + 'measure = "keyEvents"\nevent = "purchase"\nwhere = { deviceCategory = "mobile" }\nfail = { below = 1 }')
        self.assertEqual(self.values(metric), [28, 28])
        self.assertEqual(metric["queries"][0]["text"], "keyEvents of the event purchase where deviceCategory = mobile")
        self.assertEqual([one["filter"]["fieldName"] for one in self.bodies()[0]["dimensionFilter"]["andGroup"]["expressions"]],
                         ["eventName", "deviceCategory"])

    def test_each_device(self):
        metrics = self.ask(self.METRIC + '\neach = "deviceCategory"')
        self.assertEqual({metric["id"]: self.values(metric) for metric in metrics},
                         {"m[deviceCategory=desktop]": [280, 350], "m[deviceCategory=mobile]": [280, 350]})

    def test_days_as_samples(self):
        metric = self.one(WEEKS + 'measure = "daily_totalRevenue"\nunit = "EUR"\nfail = { below = 1 }')
        self.assertEqual((metric["kind"], metric["candidate"]["value"], metric["candidate"]["samples"]), ("samples", 81, 7))
        self.assertIn("amounts in EUR", metric["notes"])

    def test_a_day_without_a_row(self):
        self.double.facts = [fact for fact in self.double.facts if fact["date"] != "2026-03-18"]
        self.assertIn("1 days without a row were left out", self.one(self.METRIC.replace('"sessions"', '"daily_sessions"'))["notes"])
        purchases = self.one(WEEKS + 'measure = "daily_keyEvents"\nevent = "purchase"\nkind = "value"\naggregate = "min"\nfail = { above = 99 }')
        self.assertEqual(self.values(purchases), [8, 0])

    def test_a_day_in_parts_of_a_window(self):
        self.assertEqual(self.error(RATE.replace('"keyEvents"', '"daily_keyEvents"').replace('"sessions"', '"daily_sessions"')), "RG1942")

    def test_key_events_over_sessions_as_a_count(self):
        metric = self.one(WEEKS + 'kind = "count"\nevents = "keyEvents"\nexposure = "sessions"\nfail = { below = 0.01 }')
        self.assertAlmostEqual(metric["candidate"]["value"], 0.08)

    def test_a_custom_metric(self):
        self.double.facts = [{"date": "2026-03-18", "eventName": "x", "customEvent:points": 7}]
        metric = self.one(WEEKS + 'measure = "custom"\nmetric_name = "customEvent:points"\nfail = { above = 9 }')
        self.assertEqual((self.values(metric), self.bodies()[0]["metrics"]), ([None, 7], [{"name": "customEvent:points"}]))

    def test_a_window_without_a_whole_day(self):
        metric = self.ask(self.METRIC.replace('"7d"', '"12h"'))[0]
        self.assertEqual((self.values(metric), self.bodies()), ([None, None], []))
        self.assertIn("not asked", self.plan(self.METRIC.replace('"7d"', '"12h"'), times=TIMES).stdout)

    def test_plan_and_check(self):
        shown = self.plan(times=TIMES).stdout
        self.assertIn("POST /v1beta/properties/213025502:runReport", shown)
        self.assertIn("startDate=2026-03-17 endDate=2026-03-23", shown)
        self.healthy()
        self.assertTrue(self.double.asked("/metadata"))

    def test_mistakes_found_without_asking(self):
        for metric, code, words in (('measure = "session"', "RG1911", "did you mean `sessions`?"), ("", "RG1911", "no `measure`"),
                                    ('measure = "custom"', "RG1910", "needs the `metric_name`"),
                                    ('measure = "sessions"\nmetric_name = "x"', "RG1910", "goes with"),
                                    ('measure = "sessions"\nevent = ""', "RG1910", "`event` is empty"),
                                    ('measure = "sessions"\nwhere = { "a b" = "x" }', "RG1910", "no dimension with a value")):
            with self.subTest(words):
                result = self.validate(metric + '\nkind = "value"\nfail = { above = 1 }')
                self.assertEqual(result.returncode, 2)
                self.assertIn(code, result.stderr)
                self.assertIn(words, result.stderr)

    def test_source_keys(self):
        for old, new, words in (("213025502", "G-ABCDEF", "is no number of a property"), ("Europe/Berlin", "Berlin", "Berlin")):
            with self.subTest(words):
                result = self.validate(source=self.SOURCE.replace(old, new))
                self.assertEqual(result.returncode, 2)
                self.assertIn("RG1910", result.stderr)
                self.assertIn(words, result.stderr)


if __name__ == "__main__":
    main()
