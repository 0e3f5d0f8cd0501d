"""Any JSON over HTTP, against a loopback double: numbers of a window, items in pages, what is put in, and what is refused."""

import unittest

from api_case import TIMES, ApiTest, SevenCases, answer, events_of
from http_json import PASSWORD, TOKEN, USER, HttpJson

DEPLOYED = 1773749040  # 2026-03-17T12:04:00Z
COUNT = '''path = "/v1/count"
parameters = { from = "{{start}}", to = "{{end}}" }
value = "/data/count"
fail = { increase_over = "50%" }'''
EVENTS = '''path = "/v1/events"
items = "/items"
time = "/at"
time_format = "unix"
fail = { increase_over = "300%" }'''


class HttpJsonTest(ApiTest):
    DOUBLE = HttpJson
    TYPE = "http-json"
    SOURCE = 'token = { env = "API_TOKEN" }'
    SECRETS = {"API_TOKEN": TOKEN}
    METRIC = COUNT
    PATH = "/v1/"

    def setUp(self):
        super().setUp()
        # One event a minute over an hour before and after, of amounts 1, 2, 3, …
        self.double.events = [(DEPLOYED + 60 * i, abs(i) % 10) for i in range(-60, 60)]


class Numbers(HttpJsonTest, SevenCases):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual(metric["kind"], "value")
        self.assertEqual(self.values(metric), [30, 30])
        self.assertEqual({(r.query["from"], r.query["to"]) for r in self.double.asked("/count")},
                         {("2026-03-17T11:34:00Z", "2026-03-17T12:04:00Z"), ("2026-03-17T12:04:00Z", "2026-03-17T12:34:00Z")})

    def test_no_data(self):
        self.double.counts["2026-03-17T12:04:00Z/2026-03-17T12:34:00Z"] = None
        metric = self.one()
        self.assertEqual(self.values(metric), [30, None])
        self.assertEqual(metric["verdict"], "inconclusive")

    def test_zero(self):
        self.double.events = []
        metric = self.one()
        self.assertEqual(self.values(metric), [0, 0])

    def test_paging_end(self):
        # One number has no pages: `next` is refused before anything is asked.
        found = self.validate(COUNT + '\nnext = "/next"')
        self.assertEqual(found.returncode, 2)
        self.assertIn("RG1910", found.stderr)
        self.assertIn("one number has no further pages", found.stderr)

    def test_a_pointer_that_leads_nowhere_is_no_zero_and_no_missing_data(self):
        wrong = COUNT.replace("/data/count", "/data/counts")
        self.assertEqual(self.error(wrong), "RG1963")
        self.assertIn("there is no `/data/counts`", self.text)
        metric = self.one(wrong + '\non_missing = "no-data"')
        self.assertEqual(self.values(metric), [None, None])

    def test_a_value_of_another_type_is_an_error(self):
        self.double.counts["2026-03-17T12:04:00Z/2026-03-17T12:34:00Z"] = "many"
        self.assertEqual(self.error(), "RG1902")
        self.assertIn("#/data/count", self.text)

    def test_the_window_in_a_body_and_a_number_in_a_string(self):
        metric = self.one('''path = "/v1/search"
body = '{"from": {{start|unix}}, "to": {{end|unix}}, "kind": "x"}'
value = "/total/value"
fail = { increase_over = "50%" }''')
        self.assertEqual(self.values(metric), [30, 30])
        sent = min(self.double.asked("/search"), key=lambda request: request.json()["from"])
        self.assertEqual(sent.method, "POST")
        self.assertEqual(sent.json(), {"from": DEPLOYED - 1800, "to": DEPLOYED, "kind": "x"})

    def test_a_ratio_of_two_numbers(self):
        self.double.counts["2026-03-17T12:04:00Z/2026-03-17T12:34:00Z"] = 3
        metric = self.one('''kind = "ratio"
events = { path = "/v1/count", parameters = { from = "{{start}}", to = "{{end}}" }, value = "/data/count" }
total = { path = "/v1/search", body = '{"from": {{start|unix}}, "to": {{end|unix}}}', value = "/total/value" }
fail = { above = "50%" }''')
        self.assertEqual(metric["candidate"]["value"], 0.1)

    def test_days(self):
        metric = '''path = "/v1/count/{{start|date}}"
parameters = { from = "{{start|date}}", to = "{{end|last_date}}" }
zone = "Europe/Berlin"
value = "/data/count"
baseline = { window = "3d" }
candidate = { window = "3d" }
fail = { increase_over = "50%" }'''
        self.double.counts = {"2026-03-15/2026-03-16": 10, "2026-03-18/2026-03-19": 12}
        got = self.one(metric, times=("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-25T00:00:00Z"))
        self.assertEqual(self.values(got), [10, 12])
        self.assertIn("from the days 2026-03-15 to 2026-03-16 (2 whole days, Europe/Berlin)", got["notes"])
        self.assertIn("/v1/count/2026-03-15", [request.path for request in self.double.requests])
        short = self.one(metric.replace('"3d"', '"12h"'), times=("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-25T00:00:00Z"))
        self.assertEqual(self.values(short), [None, None])
        self.assertIn("no whole day of Europe/Berlin", str(short))

    def test_what_is_put_into_a_path_is_encoded(self):
        planned = self.plan('path = "/v1/count/{{start}}"\nvalue = "/data/count"\nfail = { above = 1 }')
        self.assertEqual(planned.returncode, 0, planned.stderr)
        self.assertIn("/v1/count/2026-03-17T12%3A04%3A00Z", planned.stdout)
        self.assertEqual(self.double.requests, [])

    def test_a_question_about_now_has_no_past(self):
        now = 'path = "/v1/now"\nvalue = "/queue/length"\n'
        metric = self.one(now + 'design = "none"\nfail = { above = 10 }')
        self.assertEqual(metric["candidate"]["value"], 7)
        self.assertEqual(self.error(now + 'fail = { increase_over = "10%" }'), "RG1965")

    def test_now_and_a_window_do_not_go_together(self):
        both = '''value = "/n"
baseline = { path = "/v1/now" }
candidate = { path = "/v1/count/{{end}}" }
fail = { increase_over = "50%" }'''
        self.assertEqual(self.error(both), "RG1965")

    def test_basic_authentication(self):
        metric = self.one(source=f'user = "{USER}"\npassword = {{ env = "API_PASSWORD" }}', secrets={"API_PASSWORD": PASSWORD})
        self.assertEqual(self.values(metric), [30, 30])

    def test_health(self):
        from gate import run
        self.healthy()
        self.assertEqual(len(self.double.requests), 1)
        refused = run("sources", "--check", self.gate(), env={"API_TOKEN": "wrong-wrong"})
        self.assertEqual(refused.returncode, 4)
        self.assertIn("RG1101", refused.stdout + refused.stderr)

    def test_keys_that_do_not_fit(self):
        for metric, words in (
                ('path = "/v1/count"\nfail = { above = 1 }', "neither `value` nor `items`"),
                ('path = "v1"\nvalue = "/a"\nfail = { above = 1 }', "`path` must begin with a slash"),
                ('path = "/v1"\nvalue = "a/b"\nfail = { above = 1 }', "it does not begin with a slash"),
                ('path = "/v1/{{start|week}}"\nvalue = "/a"\nfail = { above = 1 }', "there is no form `week`"),
                ('path = "/v1/{{start|last_date}}"\nvalue = "/a"\nfail = { above = 1 }', "write {{end|last_date}}"),
                ('path = "/v1"\nmethod = "PUT"\nvalue = "/a"\nfail = { above = 1 }', "`method` is GET or POST"),
                ('path = "/v1"\nbody = "{from: 1}"\nvalue = "/a"\nfail = { above = 1 }', "`body` is no JSON"),
                ('path = "/v1"\nmethod = "GET"\nbody = "{}"\nvalue = "/a"\nfail = { above = 1 }', "a GET has no body"),
                ('path = "/v1"\nitems = "/a"\nfail = { increase_over = "9%" }', "items without `time`"),
                ('path = "/v1"\nvalue = "/a"\ntime = "/t"\nfail = { above = 1 }', "`time` belongs to `items`"),
                (EVENTS + '\nnext = "/next"\npaging = "link"', "exclude each other"),
                (EVENTS + '\npaging = "cursor"', '`paging` is "link"'),
                (EVENTS + '\nnext_parameter = "c"', "`next_parameter` has no meaning without `next`"),
                (EVENTS + '\nnext = "/next"\nnext_parameter = "/cursor"', "a place in a JSON `body`"),
                (EVENTS.replace('"unix"', '"%Y-%m-%d"'), "the pattern names no offset"),
                (EVENTS.replace('"unix"', '"epoch"'), "there is no form of times `epoch`"),
                (EVENTS + '\nzone = "Mars"', "Mars"),
                (EVENTS + '\non_missing = "zero"', "`on_missing` is")):
            with self.subTest(metric=metric):
                found = self.validate(metric)
                self.assertEqual(found.returncode, 2, found.stdout)
                self.assertIn("RG1910", found.stderr)
                self.assertIn(words, found.stderr)
        both = self.validate(source='token = { env = "API_TOKEN" }\nuser = "x"\npassword = { env = "P" }')
        self.assertIn("`token` and `user` exclude each other", both.stderr)

    def test_start_and_end_are_this_source_s_own(self):
        other = self.write("other.toml", '''version = 1
[sources.prom]
type = "prometheus"
url = "http://127.0.0.1:1"
[metrics.m]
source = "prom"
query = "up{at='{{start}}'}"
fail = { above = 1 }''')
        from gate import run
        found = run("validate", other)
        self.assertEqual(found.returncode, 2)
        self.assertIn("RG0401", found.stderr)

    def test_recorded_and_replayed(self):
        from gate import report
        gate = self.gate()
        folder = self.folder / "evidence"
        first = report(gate, *TIMES, "--record", folder, env=self.SECRETS)[1]
        asked = len(self.double.requests)
        again = report("--replay", folder)[1]
        self.assertEqual(len(self.double.requests), asked)
        self.assertEqual(again["metrics"], first["metrics"])


class Items(HttpJsonTest, SevenCases):
    METRIC = EVENTS
    PATH = "/v1/events"

    def test_happy_path(self):
        metric = self.one()
        self.assertEqual(metric["kind"], "count")
        # The window is half-open: the event at 12:04 is the candidate's, that at 12:34 nobody's.
        self.assertEqual(events_of(metric), [30, 30])
        amounts = self.one(EVENTS + '\nvalue = "/amount"')
        self.assertEqual(amounts["kind"], "samples")
        self.assertEqual(self.values(amounts), [4.5, 4.5])

    def test_no_data(self):
        self.double.events = []
        metric = self.one(EVENTS + '\nvalue = "/amount"')
        self.assertEqual(self.values(metric), [None, None])

    def test_zero(self):
        self.double.events = [(DEPLOYED - 60, 1)]
        metric = self.one()
        self.assertEqual(events_of(metric), [1, 0])

    def test_paging_end(self):
        self.double.page_size = 7
        for keys in ('next = "/next"\nnext_parameter = "cursor"\nmore = "/more"',
                     'next = "/next"\nparameters = { style = "address" }',
                     'paging = "link"\nparameters = { style = "link" }'):
            with self.subTest(keys=keys):
                self.double.requests.clear()
                metric = self.one(EVENTS + "\n" + keys)
                self.assertEqual(events_of(metric), [30, 30])
                self.assertEqual(len(self.double.requests), 18)  # 120 events, 7 a page; both sides ask the same
        self.double.endless = True
        self.assertEqual(self.error(EVENTS + '\nnext = "/next"\nparameters = { style = "address" }'), "RG1904")

    def test_a_page_on_another_server_is_not_followed(self):
        self.double.fail("/v1/events", answer(200, {"items": [], "next": "http://127.0.0.2:1/v1/events"}))
        self.assertEqual(self.error(EVENTS + '\nnext = "/next"'), "RG1964")

    def test_an_item_without_a_time_is_an_error(self):
        self.double.fail("/v1/events", answer(200, {"items": [{"amount": 3}]}))
        self.assertEqual(self.error(), "RG1902")
        self.double.fail("/v1/events", answer(200, {"items": [{"at": "yesterday"}]}))
        self.assertEqual(self.error(), "RG1902")
        self.assertIn("yesterday", self.text)

    def test_null_and_missing_amounts(self):
        self.double.events = [(DEPLOYED + 60 * i, 5) for i in range(-25, 25)] + [(DEPLOYED + 90, None)]
        metric = self.one(EVENTS + '\nvalue = "/amount"')
        self.assertEqual(self.values(metric), [5, 5])
        self.assertEqual(metric["candidate"]["dropped"], 1)
        self.assertEqual(self.error(EVENTS + '\nvalue = "/amounts"'), "RG1963")


if __name__ == "__main__":
    unittest.main()
