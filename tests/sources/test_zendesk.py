"""The zendesk source through the program, against a double of Zendesk's API."""

import json

from api_case import ApiTest, SevenCases, recording
from double import answer
from gate import main, run
from zendesk import EMAIL, OAUTH, TOKEN, Zendesk

TICKETS = 'kind = "count"\nevents = { query = "type:ticket tags:checkout" }\nunit = "1/h"\nfail = { above = "100/h" }\n'
REPLY = 'kind = "value"\naggregate = "mean"\nmeasure = "first_reply_time"\nfail = { above = "1h" }\n'
SOLVED = REPLY.replace("first_reply_time", "resolution_time")
CSAT = ('kind = "ratio"\nunit = "%"\nbetter = "higher"\nevents = { measure = "good_ratings" }\ntotal = { measure = "ratings" }\n'
        'fail = { below = "10%" }\n')
VIEW = 'measure = "view_count"\nview = "25"\nfail = { above = 1000 }\n'


class ZendeskCase(ApiTest):
    DOUBLE = Zendesk
    TYPE = "zendesk"
    SOURCE = f'email = "{EMAIL}"\ntoken = {{ env = "ZENDESK_TOKEN" }}\n'
    SECRETS = {"ZENDESK_TOKEN": TOKEN}
    METRIC = TICKETS
    PATH = "/search/export"

    def rates(self, *arguments):
        return [round(value, 6) for value in self.values(self.one(*arguments))]


class Searches(ZendeskCase, SevenCases):
    def test_happy_path(self):
        self.assertEqual(self.rates(), [6, 6])
        self.assertEqual(self.values(self.one('measure = "ticket_count"\nquery = "tags:checkout"\nfail = { above = 9 }\n')), [3, 3])

    def test_no_data(self):
        """No ticket is no time to reply, and 0 tickets."""
        self.double.tickets = []
        metric = self.ask(REPLY)[0]
        self.assertEqual((metric["evidence"], self.exit_code), ("none", 3))
        self.assertIn("no such ticket in the window", metric["headline"])

    def test_zero(self):
        self.double.tickets = [one for one in self.double.tickets if one["created"].hour == 11]
        self.assertEqual(self.rates(), [6, 0])

    def test_paging_end(self):
        """Trap: a search ends at 1,000 results; its export is paged by cursors, and has no end"""
        for second in range(1100):
            self.double.add(f"2026-03-17T12:{10 + second // 60:02d}:{second % 60:02d}Z")
        self.assertEqual(self.rates(TICKETS.replace("100/h", "9000/h")), [6, 2206])
        self.assertEqual(len(self.double.asked("/search/export")), 1 + 12)
        self.double.repeat_cursor = True
        self.assertEqual(self.error(), "RG1904")

    def test_edges_of_the_window(self):
        """Trap: a ticket at the release belongs to the candidate alone"""
        self.double.tickets = []
        for when in ("11:34:00", "12:03:59", "12:04:00", "12:33:59", "12:34:00"):
            self.double.add(f"2026-03-17T{when}Z")
        self.assertEqual(self.rates(), [4, 4])

    def test_the_type_of_a_search(self):
        """Trap: the export refuses `type:` in the query, and the count needs it"""
        for query in ("tags:checkout", "type:ticket tags:checkout"):
            with self.subTest(query):
                self.assertEqual(self.rates(TICKETS.replace("type:ticket tags:checkout", query)), [6, 6])
        self.assertEqual(self.double.requests[0].query["query"],
                         "tags:checkout created>=2026-03-17T11:34:00Z created<2026-03-17T12:04:00Z")

    def test_the_index_lags(self):
        """Trap: new tickets are found minutes later: a window is asked about five minutes after its end"""
        early = ("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:38:00Z")
        metric = self.ask(times=early)[0]
        self.assertEqual((metric["evidence"], metric["due"], self.double.requests), ("pending", "2026-03-17T12:39:00Z", []))

    def test_oauth(self):
        self.assertEqual(self.one(source='token = { env = "ZENDESK_TOKEN" }\n', secrets={"ZENDESK_TOKEN": OAUTH})["verdict"], "pass")

    def test_mistakes_are_found_before_anything_is_asked(self):
        for metric, words in ((TICKETS.replace("type:ticket", "type:user"), "tickets are counted, and nothing else"),
                              (TICKETS.replace("type:ticket", "created>2026-01-01"), "is the gate's to say"),
                              ('measure = "view_count"\nfail = { above = 1 }\n', "without `view`"),
                              ('measure = "first_reply_time"\nquery = "x"\nfail = { above = "1h" }\n', "has no meaning"),
                              ('measure = "first_reply_time"\nclock = "wall"\nfail = { above = "1h" }\n', "`clock` cannot be \"wall\""),
                              (VIEW.replace('"25"', '"mine"'), "is the number of one")):
            with self.subTest(words):
                done = self.validate(metric)
                self.assertIn("RG1910", done.stderr)
                self.assertIn(words, done.stderr)
        self.assertIn("RG1911", self.validate('measure = "tikets"\nfail = { above = 1 }\n').stderr)
        self.assertIn("RG1910", self.validate(source=f'email = "{EMAIL}/token"\ntoken = {{ env = "ZENDESK_TOKEN" }}\n').stderr)
        self.assertEqual(self.double.requests, [])

    def test_check_is_no_anonymous_question(self):
        """Trap: /users/me answers anybody; the check asks what needs the credential"""
        self.healthy()
        self.assertEqual(self.double.requests[0].path, "/api/v2/search/count")
        self.assertEqual(run("sources", "--check", self.gate(), env={"ZENDESK_TOKEN": "wrong"}).returncode, 4)

    def test_plan_shows_the_requests(self):
        self.assertIn("GET /api/v2/search/export  tags:checkout created>=2026-03-17T12:04:00Z created<2026-03-17T12:34:00Z",
                      self.plan().stdout)


class Times(ZendeskCase):
    METRIC = REPLY

    def test_first_replies(self):
        metric = self.one()
        self.assertEqual((self.values(metric), metric["unit"]), ([14, 18], "min"))
        self.assertEqual(self.values(self.one(REPLY + 'clock = "business"\n')), [7, (7 + 9 + 10) / 3])

    def test_unsolved_tickets_have_no_resolution(self):
        """Trap: the time to resolve is null until a ticket is solved, and counts neither as 0 nor as now"""
        self.double.add("2026-03-17T12:20:00Z", reply=None)
        metric = self.one(SOLVED)  # by the time of the solution: a ticket of 11:10 that took 80 minutes is the candidate's
        self.assertEqual(self.values(metric), [60, (80 + 30 + 40 + 10 + 12 + 14) / 6])
        metric = self.one()
        self.assertEqual(metric["candidate"]["value"], 18)
        self.assertIn("1 of 4 tickets have no such time yet", json.dumps(metric))

    def test_pages_until_the_end_of_the_stream(self):
        """Trap: the incremental export goes on until `end_of_stream`, and a ticket that changes meanwhile comes twice"""
        self.double.page_size = 2
        self.double.tickets.append({**self.double.tickets[-1], "reply": 24, "updated": self.double.tickets[-1]["updated"]})
        self.assertEqual(self.values(self.one()), [14, (15 + 18 + 24) / 3])
        self.double.repeat_cursor = True
        self.assertEqual(self.error(), "RG1904")

    def test_ten_a_minute(self):
        """Trap: the export takes ten requests a minute, and says in Retry-After when to come back"""
        self.double.fail("/incremental", answer(429, {"error": "TooManyRequests"}, {"Retry-After": "1"}))
        self.assertEqual(self.values(self.one()), [14, 18])

    def test_only_those_that_are_meant(self):
        self.double.add("2026-03-17T12:20:00Z", reply=900, tags=("billing",))
        self.double.add("2026-03-17T12:20:00Z", reply=700, group=8)
        self.double.add("2026-03-17T12:20:00Z", reply=800, status="deleted")
        self.assertEqual(self.values(self.one(REPLY + 'tags = ["checkout"]\ngroup = "7"\nbrand = "3"\n')), [14, 18])

    def test_times_are_not_counted(self):
        self.assertEqual(self.error('kind = "ratio"\nevents = { measure = "resolution_time" }\ntotal = "tags:checkout"\n'
                                    'fail = { above = "1%" }\n'), "RG1942")


class Satisfaction(ZendeskCase):
    METRIC = CSAT

    def test_good_of_those_that_said_something(self):
        """Trap: a rating that was offered is no answer: CSAT is good / (good + bad)"""
        metric = self.one()
        self.assertEqual([round(value, 4) for value in self.values(metric)], [66.6667, 75])
        self.double.ratings = []
        metric = self.ask()[0]
        self.assertEqual((metric["evidence"], metric["candidate"]["value"]), ("none", None))


class PerActiveUser(ZendeskCase):
    def test_tickets_per_user_of_an_event_log(self):
        """Contact rate is tickets / active users: twice the tickets of twice the users is no harm."""
        lines = [{"time": f"2026-03-17T{time}:00Z", "user_id": f"u{i}", "event": "checkout"}
                 for time, users in (("11:50", 200), ("12:20", 400)) for i in range(users)]
        self.write("events.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        self.double.tickets = []
        self.double.arrivals = [["2026-03-17T11:34:00Z", "2026-03-17T12:04:00Z", 2, "checkout"],
                                ["2026-03-17T12:04:00Z", "2026-03-17T12:34:00Z", 1, "checkout"]]
        usage = '[sources.usage]\ntype = "event-log"\npath = "events.jsonl"\n'
        metric = self.one('kind = "count"\nbetter = "lower"\nevents = { query = "type:ticket tags:checkout" }\n'
                          'exposure = { source = "usage", measure = "active_users", event = "checkout" }\n'
                          'fail = { increase_over = "100%" }\n', more=usage)
        self.assertEqual([round(value, 9) for value in self.values(metric)], [0.075, 0.075])
        self.assertEqual(metric["change"]["relative"], 0)


class Views(ZendeskCase):
    METRIC = VIEW

    def test_a_view_as_it_is_now(self):
        metric = self.one()
        self.assertEqual((metric["kind"], metric["candidate"]["value"], metric["verdict"]), ("value", 719, "pass"))
        self.assertIn("/agent/filters/25", metric["graph_url"])

    def test_a_null_count_is_not_computed_yet(self):
        """Trap: the count of a view is null until it is computed, which is not 0"""
        waiting = {"value": None, "pretty": "...", "fresh": False}
        self.double.views["25"] = [waiting, waiting, {"value": 12, "fresh": True}]
        self.assertEqual(self.one()["candidate"]["value"], 12)
        self.double.views["25"] = [waiting]
        metric = self.ask()[0]
        self.assertEqual((metric["evidence"], self.exit_code), ("none", 3))
        self.assertIn("not computed the count of the view yet", metric["headline"])
        self.double.views["25"] = [{"value": 12, "fresh": False}]
        self.assertIn("an older one", json.dumps(self.one()))

    def test_no_such_view(self):
        self.assertEqual(self.error(VIEW.replace('"25"', '"26"')), "RG1940")

    def test_a_view_has_no_past(self):
        metric = self.ask(VIEW.replace("above = 1000", "increase_over = 5"))[0]
        self.assertEqual((metric["evidence"], self.exit_code), ("none", 3))
        self.assertIn("does not say what a view held before the release", json.dumps(metric))


class Recordings(ZendeskCase):
    def test_every_recording_decodes(self):
        count = recording("zendesk/search_count_ticket.json")
        if count is None:
            self.skipTest("the recordings are not here")
        self.double.fail("/search/count", answer(200, count), times=2)
        self.assertEqual(self.values(self.one('measure = "ticket_count"\nfail = { above = 99 }\n')), [10, 10])
        found = json.loads(recording("zendesk/search_ticket.json"))
        found["meta"] = {"has_more": False, "after_cursor": None}
        self.double.fail("/search/export", answer(200, found), times=2)
        window = 'anchor = "2019-06-06T00:00:00Z"\ncandidate = { window = "1d" }\nbaseline = { window = "1d" }\n'
        self.assertEqual(self.rates(TICKETS.replace('"1/h"', '"1/d"').replace("100/h", "100/d") + window), [0, 1])
        for one in json.loads(recording("zendesk/views_ticket_count.json"))["view_counts"]:
            self.double.views["25"] = [one]
            self.assertEqual(self.ask(VIEW)[0]["candidate"]["value"], one["value"])


if __name__ == "__main__":
    main()
