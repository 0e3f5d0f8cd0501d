"""The pagerduty source through the program, against a double of PagerDuty's API."""

import datetime
import json

from api_case import ApiTest, SevenCases, recording
from double import answer
from gate import main, run
from pagerduty import TOKEN, UTC, PagerDuty

SERVICE = 'services = ["PIJ90N7"]\n'
COUNT = 'measure = "incidents"\n' + SERVICE + 'unit = "1/h"\nfail = { above = "100/h" }\n'
MEAN = 'kind = "value"\naggregate = "mean"\nmeasure = "resolve_time"\n' + SERVICE + 'fail = { above = "1h" }\n'


class PagerDutyCase(ApiTest):
    DOUBLE = PagerDuty
    TYPE = "pagerduty"
    SOURCE = 'token = { env = "PAGERDUTY_TOKEN" }\n'
    SECRETS = {"PAGERDUTY_TOKEN": TOKEN}
    METRIC = MEAN
    PATH = "/incidents"


class Incidents(PagerDutyCase, SevenCases):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual(self.values(metric), [400, 440])
        self.assertEqual((metric["unit"], metric["verdict"]), ("s", "pass"))
        counts = self.one(COUNT)
        self.assertEqual([round(value, 6) for value in self.values(counts)], [6, 6])

    def test_no_data(self):
        """An empty window is no time to resolve, and no incident is 0 incidents."""
        self.double.incidents = [one for one in self.double.incidents if one["created"].hour == 11]
        metric = self.ask()[0]
        self.assertEqual((metric["evidence"], metric["candidate"]["value"], self.exit_code), ("none", None, 3))
        self.assertIn("no incident was created in the window", metric["headline"])

    def test_zero(self):
        self.double.incidents = [one for one in self.double.incidents if one["created"].hour == 11]
        self.assertEqual(self.one(COUNT)["candidate"]["value"], 0)

    def test_paging_end(self):
        for second in range(250):
            self.double.add(f"2026-03-17T12:{10 + second // 60:02d}:{second % 60:02d}Z", 60)
        self.assertEqual(round(self.one(COUNT)["candidate"]["value"], 6), 506)
        offsets = [request.query["offset"] for request in self.double.asked("/incidents")]
        self.assertEqual(sorted(offsets), ["0", "0", "100", "200"])

    def test_pages_without_end(self):
        """Trap: `more` that never turns false ends at the 10,000 incidents that PagerDuty lists"""
        self.double.endless = True
        self.assertEqual(self.error(), "RG1943")
        self.assertIn("lists no more", self.text)

    def test_a_wrong_service_is_no_zero(self):
        """Trap: a wrong service id is answered with an empty list, which looks like 0 incidents"""
        for keys, kind in (('services = ["PNOTHERE"]\n', "service"), ('teams = ["PNOTEAM"]\n', "team")):
            with self.subTest(kind):
                self.assertEqual(self.error('measure = "incidents"\nfail = { above = "1/h" }\nunit = "1/h"\n' + keys), "RG1940")
                self.assertIn(f"knows no {kind}", self.text)
                self.assertEqual(self.double.asked("/incidents"), [])
        self.assertEqual(self.error(COUNT + 'priorities = ["P3"]\n'), "RG1940")
        self.assertIn("did you mean `P1`?", self.text.replace("P2", "P1"))

    def test_open_incidents_are_apart(self):
        """Trap: MTTR is over resolved incidents; open ones are said, and count neither as 0 nor as now"""
        self.double.add("2026-03-17T12:30:00Z", None)
        metric = self.one()
        self.assertEqual(metric["candidate"]["value"], 440)
        self.assertIn("1 of 4 incidents are not resolved yet and have no time", json.dumps(metric))
        self.assertEqual(round(self.one(COUNT)["candidate"]["value"], 6), 8)

    def test_windows_are_asked_for(self):
        """Trap: without bounds the list holds one month, and it refuses more than six"""
        self.double.add("2025-08-01T00:00:00Z", 60)
        wide = 'baseline = { window = "300d" }\ncandidate = { window = "40m" }\n'
        metric = self.one('measure = "incidents"\nfail = { increase_over = "900%" }\nunit = "1/d"\n' + wide)
        self.assertEqual(round(metric["baseline"]["value"] * 300, 6), 8)
        asked = [request.query for request in self.double.asked("/incidents") if request.query["since"] < "2026-03-17"]
        self.assertEqual([(query["since"], query["until"]) for query in asked],
                         [("2025-05-21T12:04:00Z", "2025-11-17T12:04:00Z"), ("2025-11-17T12:04:00Z", "2026-03-17T12:04:00Z")])

    def test_edges_of_the_window(self):
        """Trap: an incident at the release belongs to the candidate alone"""
        self.double.incidents = []
        for when in ("2026-03-17T11:34:00Z", "2026-03-17T12:03:59Z", "2026-03-17T12:04:00Z", "2026-03-17T12:33:59Z",
                     "2026-03-17T12:34:00Z"):
            self.double.add(when, 60)
        self.assertEqual([round(value * 0.5) for value in self.values(self.one(COUNT))], [2, 2])

    def test_urgency_and_services(self):
        low = 'measure = "incidents"\nurgency = "low"\nunit = "1/h"\nfail = { above = "9/h" }\n'
        self.assertEqual([round(value, 6) for value in self.values(self.one(low))], [2, 0])
        self.double.add("2026-03-17T12:31:00Z", 60, priority="P1")
        first = 'measure = "incidents"\npriorities = ["P1"]\nunit = "1/h"\nfail = { above = "9/h" }\n'
        self.assertEqual([round(value, 6) for value in self.values(self.one(first))], [0, 2])

    def test_times_are_not_counted(self):
        parts = 'kind = "ratio"\nevents = { measure = "resolve_time" }\ntotal = { measure = "incidents" }\nfail = { above = "1%" }\n'
        self.assertEqual(self.error(parts), "RG1942")

    def test_a_window_of_rate_limit(self):
        """Trap: a 429 says when to come back in `ratelimit-reset`, in seconds"""
        self.double.fail("/incidents", answer(429, {"error": {"message": "Rate Limit Exceeded"}}, {"ratelimit-reset": "1"}))
        self.assertEqual(self.one()["verdict"], "pass")
        self.double.fail("/incidents", answer(429, {}, {"ratelimit-reset": "900"}), times=9)
        self.assertEqual(self.error(deadline="5s"), "RG1040")

    def test_resolved_before_created_is_no_time(self):
        self.double.incidents[-1]["seconds"] = -60
        self.assertEqual(self.error(), "RG1902")

    def test_bearer(self):
        self.assertEqual(self.one(source=self.SOURCE + 'auth = "bearer"\n')["verdict"], "pass")
        self.assertEqual(self.double.requests[0].headers["Authorization"], f"Bearer {TOKEN}")

    def test_mistakes_are_found_before_anything_is_asked(self):
        for metric, code in (('measure = "incident"\n', "RG1911"), ('measure = "incidents"\nurgency = "hot"\n', "RG1910"),
                             ('measure = "acknowledge_time"\nfrom = "incidents"\n', "RG1910")):
            with self.subTest(metric):
                self.assertIn(f"error[{code}]", self.validate(metric + 'fail = { above = 1 }\n').stderr)
        self.assertIn("RG1910", self.validate(source=self.SOURCE + 'auth = "basic"\n').stderr)
        self.assertEqual(self.double.requests, [])

    def test_check_asks_for_one_incident(self):
        self.healthy()
        self.assertEqual([request.query for request in self.double.requests], [{"limit": "1"}])
        self.assertEqual(run("sources", "--check", self.gate(), env={"PAGERDUTY_TOKEN": "wrong"}).returncode, 4)

    def test_plan_shows_the_requests(self):
        text = self.plan().stdout
        for words in ("GET /services/PIJ90N7", "resolve_time of PIJ90N7", "since=2026-03-17T11:34:00Z until=2026-03-17T12:04:00Z"):
            self.assertIn(words, text)


class Analytics(PagerDutyCase):
    METRIC = MEAN + 'from = "analytics"\n'

    def test_raw_rows(self):
        self.assertEqual(self.values(self.one()), [400, 440])
        self.assertEqual(self.values(self.one(self.METRIC.replace("resolve_time", "acknowledge_time"))), [30, 30])

    def test_pages(self):
        """Trap: raw incidents are paged by `starting_after`, the `last` of the page before"""
        self.double.page_size = 2
        self.assertEqual(self.values(self.one()), [400, 440])
        bodies = [request.json() for request in self.double.asked("/analytics/raw/incidents")]
        self.assertEqual(sorted(body.get("starting_after", "") for body in bodies), ["", "", "P000004", "P000008"])
        self.double.endless = True
        self.double.page_size = 100
        self.assertEqual(self.error(), "RG1904")

    def test_times_have_no_offset(self):
        """Trap: times of the analytics have no offset: they are of the answer's `time_zone`"""
        self.double.time_zone = "America/New_York"
        self.assertEqual(self.values(self.one()), [400, 440])

    def test_young_windows_are_incomplete(self):
        """Trap: the analytics are up to 24 hours late: before that they are no answer"""
        self.double.clock = datetime.datetime(2026, 3, 17, 13, 0, tzinfo=UTC)
        self.assertEqual(self.error(), "RG1944")
        self.assertIn("PagerDuty's analytics are not complete before", self.text)
        metric = self.one(self.METRIC + 'on_partial = "note"\n')
        self.assertIn("not complete before 2026-03-18T12:34:00Z", json.dumps(metric))
        self.double.clock = datetime.datetime(2026, 3, 18, 12, 40, tzinfo=UTC)
        self.assertEqual(self.one()["verdict"], "pass")

    def test_totals(self):
        for measure, values in (("total_incidents", [3, 3]), ("mean_resolve_time", [400, 440])):
            with self.subTest(measure):
                metric = self.one(f'measure = "{measure}"\n{SERVICE}fail = {{ above = 3600 }}\n')
                self.assertEqual((metric["kind"], self.values(metric)), ("value", values))
        self.double.incidents = []
        self.assertEqual(self.values(self.one(f'measure = "total_incidents"\n{SERVICE}fail = {{ above = 1 }}\n')), [0, 0])
        metric = self.ask(f'measure = "mean_resolve_time"\n{SERVICE}fail = {{ above = 1 }}\n')[0]
        self.assertEqual(metric["evidence"], "none")


class Recordings(PagerDutyCase):
    def test_every_recording_decodes(self):
        text = recording("pagerduty/examples.json")
        if text is None:
            self.skipTest("the recordings are not here")
        examples = json.loads(text)
        window = 'anchor = "2015-10-06T00:00:00Z"\ncandidate = { window = "2d" }\nbaseline = { window = "2d" }\n'
        listed = examples["/incidents"]["get"]["response"]["response"]["value"]
        listed["more"] = False
        self.double.fail("/incidents", answer(200, listed), times=2)
        metric = self.one(MEAN.replace(SERVICE, "") + window)
        self.assertEqual(metric["candidate"]["value"], 8 * 60 - 19)
        raw = examples["/analytics/raw/incidents"]["post"]["response"]["Example Response"]["value"]
        raw["more"] = False
        self.double.fail("/analytics/raw", answer(200, raw), times=2)
        metric = self.one(MEAN.replace(SERVICE, 'from = "analytics"\n') + window.replace("2015-10-06", "2023-05-31"))
        self.assertEqual(metric["candidate"]["value"], (3305 + 2029) / 2)
        # One row a day where one for the window was asked for ends in the designed error.
        daily = examples["/analytics/metrics/incidents/services"]["post"]["response"]["Example Response"]["value"]
        self.double.fail("/analytics/metrics", answer(200, daily), times=2)
        self.assertEqual(self.error('measure = "total_incidents"\nfail = { above = 1 }\n'), "RG1902")
        whole = examples["/analytics/metrics/incidents/all"]["post"]["response"]["Example Response"]["value"]
        self.double.fail("/analytics/metrics", answer(200, whole), times=2)
        self.assertEqual(self.one('measure = "mean_resolve_time"\nfail = { above = 1 }\n')["candidate"]["value"], 380)


if __name__ == "__main__":
    main()
