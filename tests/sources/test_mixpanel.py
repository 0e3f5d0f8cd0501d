"""The mixpanel source through the program, against a double of Mixpanel's Query API."""

import datetime
import json

import yaml
from api_case import ApiTest, SevenCases, recording
from double import answer
from gate import main
from mixpanel import PROJECT, SECRET, USER, Mixpanel

WEEKS = 'anchor = "2026-03-10T00:00:00Z"\nbaseline = { window = "7d" }\ncandidate = { window = "7d" }\n'
ROOM = "fail = { above = 100000 }\n"
UNIQUE = 'measure = "unique"\nevent = "checkout"\n' + ROOM + WEEKS
GENERAL = UNIQUE.replace("unique", "general")
FUNNEL = ('kind = "ratio"\nunit = "%"\nbetter = "higher"\nfail = { below = "1%" }\n'
          'events = { measure = "funnel_completed", funnel = "7509", length = 1 }\n'
          'total = { measure = "funnel_started", funnel = "7509", length = 1 }\n' + WEEKS)
RETENTION = ('kind = "ratio"\nunit = "%"\nbetter = "higher"\nfail = { below = "1%" }\n'
             'events = { measure = "retained", born_event = "signup", event = "checkout", after_days = 7 }\n'
             'total = { measure = "retention_first", born_event = "signup", after_days = 7 }\n' + WEEKS)
REPORT = 'measure = "insights"\nreport = "44138"\nevent = "Logged in"\nkind = "value"\naggregate = "sum"\n' + ROOM + WEEKS


class MixpanelCase(ApiTest):
    DOUBLE = Mixpanel
    TYPE = "mixpanel"
    SOURCE = f'username = "{USER}"\nsecret = {{ env = "MIXPANEL_SECRET" }}\nproject = "{PROJECT}"\ntimezone = "UTC"\n'
    SECRETS = {"MIXPANEL_SECRET": SECRET}
    METRIC = UNIQUE
    PATH = "/segmentation"

    def queries(self, path):
        return [request.query for request in self.double.asked(path)]


class Events(MixpanelCase, SevenCases):
    def test_happy_path(self):
        self.assertEqual(self.values(self.one(GENERAL)), [70, 112])
        metric = self.one()
        self.assertEqual((self.values(metric), metric["kind"]), ([20, 20], "value"))

    def test_no_data(self):
        """Half an hour holds no day, and no day is no data."""
        metric = self.ask(UNIQUE.replace(WEEKS, 'ingest_delay = "1m"\n'))[0]
        self.assertEqual((metric["evidence"], self.exit_code, self.double.requests), ("none", 3, []))
        self.assertIn("holds no whole day of UTC", metric["headline"])

    def test_zero(self):
        """An event that exists and did not happen is 0."""
        self.double.events["checkout"] = {"2026-02-20": ["user1"]}
        self.assertEqual(self.values(self.one()), [0, 0])

    def test_paging_end(self):
        """There are no pages: what is cut is groups of `on`, which is never asked for, and a cut answer is none."""
        self.one(GENERAL)
        self.assertEqual([query for query in self.queries("/segmentation") if "on" in query or "limit" in query], [])
        self.double.hidden_groups = 60
        self.assertEqual(self.error(GENERAL), "RG1943")

    def test_groups_that_were_cut(self):
        """Trap: `limit` cuts groups off without a word: the legend tells how many there were"""
        self.double.hidden_groups = 1
        self.assertEqual(self.error(), "RG1943")
        self.assertIn("1 of 2 groups", self.text)

    def test_a_misspelt_event_is_no_zero(self):
        """Trap: a misspelt event may be answered with zeros: its name must be one that the project has"""
        self.assertEqual(self.error(UNIQUE.replace("checkout", "chekout")), "RG1940")
        self.assertIn("did you mean `checkout`?", self.text)
        self.double.requests.clear()
        self.one()
        self.assertEqual(self.queries("/events/names"), [])  # one of 60 queries an hour is not spent where there were events

    def test_unique_and_general(self):
        """Trap: `type` is general by default, which counts events; users of a window are one bucket, not a sum of days"""
        self.one()
        self.assertEqual({(query["type"], query["interval"], query.get("unit")) for query in self.queries("/segmentation")},
                         {("unique", "7", None)})
        self.double.buckets = 7
        self.assertEqual(self.error(), "RG1902")
        self.assertIn("cannot be added up", self.text)

    def test_days_are_the_projects(self):
        """Trap: dates are inclusive, and days of the project's zone: those cut by the window are left out, and which were used is said"""
        pacific = self.SOURCE.replace('"UTC"', '"America/Los_Angeles"')
        metric = self.one(GENERAL, pacific)
        self.assertEqual({(query["from_date"], query["to_date"]) for query in self.queries("/segmentation")},
                         {("2026-03-03", "2026-03-08"), ("2026-03-10", "2026-03-15")})
        self.assertIn("from the days 2026-03-10 to 2026-03-15 (6 whole days, America/Los_Angeles)", json.dumps(metric["notes"]))

    def test_a_lost_day_is_no_zero(self):
        self.double.lost_days = {"2026-03-12"}
        self.assertEqual(self.error(GENERAL), "RG1902")
        self.assertIn("the day 2026-03-12 is missing", self.text)

    def test_days_as_samples(self):
        metric = self.one(GENERAL.replace("general", "daily_unique"))
        self.assertEqual((metric["kind"], self.values(metric)), ("samples", [5, 8]))
        self.assertEqual(self.values(self.one(GENERAL.replace("general", "daily_general"))), [10, 16])

    def test_five_at_once_sixty_an_hour(self):
        """Trap: 60 queries an hour: parts of one answer are asked once"""
        self.one(FUNNEL)
        self.assertEqual(len(self.double.requests), 2)

    def test_mistakes_are_found_before_anything_is_asked(self):
        for metric, words in (('measure = "unique"\n', "needs `event`"), ('measure = "funnel_started"\nfunnel = "x"\nlength = 1\n', "is the number of one"),
                              ('measure = "funnel_started"\nfunnel = "7509"\nlength = 91\n', "between 1 and 90"),
                              ('measure = "unique"\nevent = "a"\nlength = 1\n', "has no meaning")):
            with self.subTest(words):
                done = self.validate(metric + ROOM)
                self.assertIn("RG1910", done.stderr)
                self.assertIn(words, done.stderr)
        self.assertIn("RG1911", self.validate('measure = "uniqe"\n' + ROOM).stderr)
        for source in (self.SOURCE.replace('"UTC"', '"Mars/Olympus"'), self.SOURCE + 'region = "eu"\n', self.SOURCE.replace(PROJECT, "shop")):
            with self.subTest(source):
                self.assertIn("RG1910", self.validate(source=source).stderr)
        self.assertIn("timezone", self.validate(source=self.SOURCE.replace('timezone = "UTC"\n', "")).stderr)

    def test_check_and_plan(self):
        self.healthy()
        self.assertEqual(self.double.requests[0].path, "/api/query/events/names")
        self.assertIn("GET /api/query/segmentation  unique checkout", self.plan().stdout)
        self.assertIn("from_date=2026-03-10 to_date=2026-03-16", self.plan().stdout)


class Cohorts(MixpanelCase):
    def test_conversion_is_sum_over_sum(self):
        """Trap: conversion is the sum of completions over the sum of starts, never a mean of daily ratios"""
        self.assertEqual([round(value, 6) for value in self.values(self.one(FUNNEL))], [40, 40])

    def test_young_funnels_fill_up_still(self):
        """Trap: a cohort younger than the funnel's length is immature"""
        self.double.clock = datetime.datetime(2026, 3, 17, 13, 0, tzinfo=datetime.timezone.utc)
        self.assertEqual(self.error(FUNNEL), "RG1944")
        self.assertIn("a funnel of 1 days is not complete before 2026-03-18T00:00:00Z", self.text)
        metric = self.one(FUNNEL + 'on_partial = "note"\n')
        self.assertIn("not complete before", json.dumps(metric))

    def test_no_such_funnel(self):
        self.assertEqual(self.error(FUNNEL.replace("7509", "7510")), "RG1940")

    def test_retention(self):
        """Trap: retention is the sum of counts[n] over the sum of `first`, n counted from 0"""
        self.assertEqual([round(value, 6) for value in self.values(self.one(RETENTION))], [36, 36])
        self.assertEqual({query["interval_count"] for query in self.queries("/retention")}, {"8"})
        self.double.clock = datetime.datetime(2026, 3, 17, 13, 0, tzinfo=datetime.timezone.utc)
        self.assertEqual(self.error(RETENTION), "RG1944")

    def test_retention_of_nobody(self):
        self.assertEqual(self.error(RETENTION.replace("signup", "sign-up")), "RG1940")
        self.double.cohorts["signup"] = (50, [50, 30])
        self.assertEqual(self.error(RETENTION), "RG1902")


class Reports(MixpanelCase):
    METRIC = REPORT

    def test_a_saved_report(self):
        self.assertEqual(self.values(self.one()), [84, 84])
        self.assertEqual(self.error(REPORT.replace("Logged in", "Logged out")), "RG1940")

    def test_a_report_has_days_of_its_own(self):
        """Trap: a saved report takes no dates: days that it lacks are an error, not 0"""
        del self.double.reports["44138"]["Logged in"]["2026-03-05"]
        self.assertEqual(self.error(), "RG1945")
        self.assertIn("2026-03-05", self.text)

    def test_a_report_computed_before_the_window_was_over(self):
        self.double.computed_at = "2026-03-16T12:00:00+00:00"
        self.assertEqual(self.error(), "RG1944")


class Recordings(MixpanelCase):
    def test_every_example_decodes(self):
        text = recording("mixpanel/query.openapi.yaml")
        if text is None:
            self.skipTest("the recordings are not here")
        examples = {path: what["get"]["responses"]["200"]["content"]["application/json"]["examples"]["example"]["value"]
                    for path, what in yaml.safe_load(text)["paths"].items()
                    if path in ("/segmentation", "/retention", "/funnels", "/insights")}
        one_day = 'anchor = "{}T00:00:00Z"\nbaseline = {{ window = "1d" }}\ncandidate = {{ window = "1d" }}\n'
        cases = ((GENERAL.replace("checkout", "Signed up"), "/segmentation", "2011-08-07", [147, 146]),
                 (RETENTION.replace("after_days = 7", "after_days = 2"), "/retention", "2012-01-02", [100, 60]))
        for metric, path, day, values in cases:
            with self.subTest(path):
                self.double.fail(path, answer(200, examples[path]), times=4 if path == "/retention" else 2)
                self.assertEqual([round(value, 6) for value in self.values(self.one(metric.replace(WEEKS, one_day.format(day))))], values)
        # A funnel and a report by the week end in the designed errors.
        self.double.fail("/funnels", answer(200, examples["/funnels"]), times=2)
        self.assertEqual(self.error(FUNNEL.replace(WEEKS, one_day.format("2016-09-13"))), "RG1902")
        self.double.fail("/insights", answer(200, examples["/insights"]), times=2)
        self.assertEqual(self.error(REPORT.replace(WEEKS, one_day.format("2020-09-02"))), "RG1945")


if __name__ == "__main__":
    main()
