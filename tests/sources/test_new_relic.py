"""New Relic against its double."""

import calendar
import json

from api_case import TIMES, ApiTest, SevenCases, answer, events_of
from gate import main, report, run
from new_relic import ACCOUNT, KEY, NewRelic, error

RELEASE = calendar.timegm((2026, 3, 17, 12, 4, 0))
START, END = (RELEASE * 1000, (RELEASE + 1800) * 1000)
LIMIT = '\nbetter = "lower"\nfail = { above = 900 }\nstep = "1m"'
AVERAGE = "SELECT average(duration) FROM Transaction WHERE appName = 'shop'"
COUNT = 'kind = "count"\nevents = "SELECT count(*) FROM Transaction WHERE status >= 500"\nbetter = "lower"\nfail = { above = "9/s" }\nstep = "1m"'
RATIO = 'kind = "ratio"\nevents = "{}"\ntotal = "{}"\nbetter = "lower"\nfail = {{ above = "90%" }}\nstep = "1m"'


def query(nrql, more=""):
    return f'query = "{nrql}"{more}' + LIMIT


def results(rows, **metadata):
    container = {"results": rows, "metadata": metadata, "queryProgress": {"completed": True}}
    return answer(200, {"data": {"actor": {"account": {"nrql": container}}}})


class NewRelicTest(ApiTest):
    DOUBLE = NewRelic
    TYPE = "new-relic"
    SOURCE = f'account = "{ACCOUNT}"\napi_key = {{ env = "NEW_RELIC_API_KEY" }}'
    SECRETS = {"NEW_RELIC_API_KEY": KEY}
    METRIC = query(AVERAGE)
    PATH = "/graphql"

    def setUp(self):
        super().setUp()
        self.fill(lambda at: {"appName": "shop", "status": 500 if at % 60 == 0 else 200, "duration": 300.0 if at < RELEASE else 400.0})

    def fill(self, fields, every=10, name="Transaction"):
        """Events of an hour on both sides of the release."""
        made = ((at, fields(at)) for at in range(RELEASE - 3600, RELEASE + 3600, every))
        self.double.events[name] = [{"timestamp": at * 1000, **one} for at, one in made if one is not None]


class Cases(SevenCases, NewRelicTest):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual((metric["verdict"], metric["kind"], self.values(metric)), ("pass", "samples", [300, 400]))
        self.assertEqual([metric[side]["samples"] for side in ("baseline", "candidate")], [30, 30])
        self.assertEqual(sorted(self.double.asked_for), [f"{AVERAGE}\nSINCE {start} UNTIL {start + 1800000} TIMESERIES 60 seconds"
                                                         for start in (START - 1800000, START)])
        variables = self.double.requests[0].json()["variables"]
        self.assertEqual(variables["account"], ACCOUNT)
        self.assertNotIn("Transaction", self.double.requests[0].json()["query"])

    def test_no_data(self):
        """Trap: an event type that nobody reports, or that does not exist, counts 0, and an average is null: no data, and no 0."""
        for metric in (query(AVERAGE.replace("Transaction", "Transactoin")), COUNT.replace("Transaction", "Transactoin")):
            with self.subTest(metric):
                metric = self.one(metric)
                self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
                self.assertIn("no event of the type Transactoin at all in this window", json.dumps(metric))

    def test_zero(self):
        self.fill(lambda at: {"appName": "shop", "status": 200, "duration": 0.0})
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("pass", [0, 0]))
        metric = self.one(COUNT)
        self.assertEqual((metric["verdict"], events_of(metric)), ("pass", [0, 0]))

    def test_paging_end(self):
        """There are no pages. Trap: FACET gives 10 values unless it is told otherwise, and 5,000 at most."""
        self.fill(lambda at: {"user": f"user-{at % 20}"})
        metrics = self.ask(query("SELECT count(*) FROM Transaction FACET user", '\neach = "user"\nkind = "value"'))
        self.assertEqual([self.values(metric) for metric in metrics], [[90, 90], [90, 90]])
        self.assertTrue(all(nrql.endswith(" LIMIT MAX") for nrql in self.double.asked_for))
        self.double.fail("/graphql", results([{"facet": f"u{i}", "count": 1} for i in range(5000)], facets=["user"]), times=2)
        self.assertEqual(self.error(query("SELECT count(*) FROM Transaction FACET user", '\neach = "user"\nkind = "value"')), "RG1924")
        self.assertIn("FACET gives 5000 values, and no more", self.text)


class Traps(NewRelicTest):
    def test_errors_inside_of_200(self):
        """Trap: GraphQL errors come with HTTP 200."""
        for words, kind, code in (("NRQL Syntax Error: Error at line 1 position 8, unexpected 'FORM'", None, "RG1984"),
                                  ("Too many requests", "TOO_MANY_REQUESTS", "RG1984"), ("no", "ACCESS_DENIED", "RG1103"),
                                  ("You are not authorized to query account 1234567", None, "RG1103"),
                                  ("Your query timed out", "TIMEOUT", "RG1986")):
            with self.subTest(words):
                self.double.fail("/graphql", error(words, kind), times=2)
                self.assertEqual(self.error(), code)
                self.assertIn(words, self.text)

    def test_another_account(self):
        self.assertEqual(self.error(source=self.SOURCE.replace(str(ACCOUNT), "7654321")), "RG1103")

    def test_slow_queries(self):
        """Trap: after 5 s a query goes on in the background, and its first answer is an empty list."""
        self.double.polls = 2
        metric = self.one()
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([300, 400], 30))
        self.assertEqual(len([request for request in self.double.requests if "nrqlQueryProgress" in request.json()["query"]]), 4)
        self.double.polls = 99
        self.assertEqual(self.error(source=self.SOURCE + '\nquery_timeout = "600ms"'), "RG1986")
        self.assertIn("did not finish a query within 600ms", self.text)

    def test_null_is_no_zero(self):
        """Trap: an average of no event is null, a count of none is 0."""
        self.fill(lambda at: {"appName": "shop", "status": 500, "duration": 200.0} if at // 60 % 3 else None)
        metric = self.one()
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([200, 200], 20))
        self.assertEqual(events_of(self.one(COUNT)), [120, 120])

    def test_a_sum_of_nothing(self):
        """Trap: the sum of an attribute that no event has is 0."""
        count = COUNT.replace("count(*)", "sum(status)")
        self.assertEqual(events_of(self.one(count)), [15000, 15000])
        metric = self.one(count.replace("status)", "staus)"))
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
        self.assertIn("no event of the type Transaction has a `staus`", json.dumps(metric))

    def test_percentiles_are_objects(self):
        """Trap: percentile() is an object, with the quantile as its key."""
        self.assertEqual(self.values(self.one(query("SELECT percentile(duration, 95) FROM Transaction"))), [300, 400])
        several = "SELECT percentile(duration, 95, 99) FROM Transaction"
        self.assertEqual(self.error(query(several)), "RG1985")
        self.assertIn("`95` and `99`", self.text)
        self.assertEqual(self.values(self.one(query(several, '\nmember = "99"'))), [300, 400])
        self.assertEqual(self.error(query(several, '\nmember = "50"')), "RG1985")

    def test_several_results(self):
        several = "SELECT max(duration), count(*) AS 'n' FROM Transaction"
        self.assertEqual(self.error(query(several)), "RG1985")
        self.assertIn("`max.duration` and `n`", self.text)
        self.assertEqual(self.values(self.one(query(several, '\nvalue = "max.duration"'))), [300, 400])
        self.assertEqual(self.error(query("SELECT latest(appName) FROM Transaction")), "RG1985")
        self.assertIn("a result is text or a list", self.text)
        self.double.fail("/graphql", results([{"count": 1}, {"count": 2}]), times=2)
        self.assertEqual(self.error(query("SELECT count(*) FROM Transaction", '\nkind = "value"')), "RG1985")
        self.assertIn("several rows for the same time", self.text)

    def test_more_than_366_buckets(self):
        """Trap: TIMESERIES makes 366 buckets at most."""
        self.fill(lambda at: {"appName": "shop", "duration": 300.0 if at < RELEASE else 400.0}, every=1)
        metric = self.one(self.METRIC.replace('"1m"', '"4s"'))
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([300, 400], 450))
        pieces = sorted(nrql.split("\n")[1] for nrql in self.double.asked_for)[2:]
        self.assertEqual(pieces, [f"SINCE {START} UNTIL {START + 366 * 4000} TIMESERIES 4 seconds",
                                  f"SINCE {START + 366 * 4000} UNTIL {END} TIMESERIES 4 seconds"])

    def test_a_window_off_the_clock(self):
        times = ("--deployed-at", "2026-03-17T12:04:17Z", "--now", "2026-03-17T13:00:00Z")
        self.fill(lambda at: {"appName": "shop", "duration": 300.0 if at < RELEASE + 17 else 400.0}, every=1)
        metric = self.one(times=times)
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([300, 400], 30))

    def test_windows_that_are_moved(self):
        """Trap: roll-ups of metrics move the edges of what is asked for, and the answer says so in its metadata alone."""
        self.double.moved = -240000
        self.assertEqual(self.error(), "RG1987")
        self.assertIn("answers for 2026-03-17T11:30:00Z to 2026-03-17T12:00:00Z, and was asked for 2026-03-17T11:34:00Z", self.text)
        self.assertIn("New Relic answers for", " ".join(self.one(self.METRIC + '\non_partial = "note"')["notes"]))

    def test_buckets_of_another_length(self):
        rows = [{"beginTimeSeconds": RELEASE + at, "endTimeSeconds": RELEASE + at + 300, "average.duration": 1} for at in (-1800, -1500, 0, 300)]
        self.double.fail("/graphql", results(rows), times=2)
        self.assertEqual(self.error(), "RG1987")
        self.assertIn("steps of 5m", self.text)
        rows = [{"beginTimeSeconds": RELEASE + at, "endTimeSeconds": RELEASE + at + 60, "average.duration": 1} for at in (-1830, -1800, -30, 0, 1790)]
        self.double.fail("/graphql", results(rows), times=2)
        self.assertIn("4 steps that reach out of the window were left out", " ".join(self.one()["notes"]))

    def test_what_is_said_beside_the_data(self):
        self.double.messages = ["the results were sampled"]
        self.assertIn("New Relic says: the results were sampled", self.one()["notes"])

    def test_a_comment_does_not_swallow_the_window(self):
        """Trap: what stands behind -- is a comment, also the window that is appended."""
        metric = self.one(f'query = """{AVERAGE} -- the shop alone"""' + LIMIT)
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([300, 400], 30))


class Questions(NewRelicTest):
    def test_the_ratio_is_sum_over_sum(self):
        self.fill(lambda at: {"status": 500 if at < RELEASE + 120 else 200} if at % 120 < 60 or at % 60 == 0 else None)
        side = [one for one in self.double.events["Transaction"] if START <= one["timestamp"] < END]
        for events in ("SELECT count(*) FROM Transaction WHERE status >= 500", "SELECT filter(count(*), WHERE status >= 500) FROM Transaction"):
            with self.subTest(events):
                metric = self.one(RATIO.format(events, "SELECT count(*) FROM Transaction"))
                self.assertAlmostEqual(metric["candidate"]["value"], sum(one["status"] == 500 for one in side) / len(side))
        for function in ("average(duration)", "percentile(duration, 95)", "uniqueCount(user)", "rate(count(*), 1 minute)"):
            with self.subTest(function):
                wrong = RATIO.format(f"SELECT {function} FROM Transaction", "SELECT count(*) FROM Transaction")
                self.assertEqual(self.error(wrong), "RG1942")
                self.refused(wrong, None, "RG1942", "cannot be counted")

    def test_one_number_of_the_window(self):
        self.assertEqual(self.values(self.one(query(AVERAGE, '\nkind = "value"'))), [300, 400])
        self.assertFalse(any("TIMESERIES" in nrql for nrql in self.double.asked_for))
        self.assertEqual(self.values(self.one(query("SELECT uniqueCount(status) FROM Transaction", '\nkind = "value"'))), [2, 2])

    def test_facets_are_labels(self):
        self.fill(lambda at: {"zone": "ab"[at // 10 % 2], "duration": 100.0 + at // 10 % 2})
        facet = query("SELECT average(duration) FROM Transaction FACET zone")
        self.assertEqual(self.error(facet), "RG2001")
        metrics = self.ask(facet + '\neach = "zone"')
        self.assertEqual({metric["id"]: self.values(metric)[1] for metric in metrics}, {"m[zone=a]": 100, "m[zone=b]": 101})

    def test_from_first_and_several_types(self):
        self.fill(lambda at: {"duration": 100.0}, name="PageView")
        metric = self.one(query("FROM Transaction, PageView SELECT count(*)", '\nkind = "value"'))
        self.assertEqual(self.values(metric), [360, 360])

    def test_notes(self):
        shown = self.plan(query("SELECT percentage(count(*), WHERE error) FROM Transaction EXTRAPOLATE")).stdout
        self.assertIn("EXTRAPOLATE: New Relic estimates", shown)
        self.assertIn("weighs every step alike", shown)

    def test_replay_needs_no_key(self):
        self.double.polls = 2
        folder = self.folder / "evidence"
        recorded = run("check", self.gate(), *TIMES, "--record", folder, "--format", "json", env=self.SECRETS)
        self.assertEqual(recorded.returncode, 0, recorded.stderr)
        kept = "".join(one.read_text() for one in folder.rglob("*") if one.is_file())
        for secret in self.SECRETS.values():
            self.assertNotIn(secret, kept)
        code, again = report(self.gate(), "--replay", folder)
        self.assertEqual((code, again["metrics"][0]["candidate"]), (0, json.loads(recorded.stdout)["metrics"][0]["candidate"]))

    def test_plan(self):
        shown = self.plan().stdout
        self.assertIn(f"{AVERAGE} SINCE {START} UNTIL {END} TIMESERIES 60 seconds", shown)
        self.assertIn("POST /graphql", shown)
        self.assertEqual(self.double.requests, [])

    def test_mistakes_found_without_asking(self):
        for nrql, words in (("", "no `query`"), ("SHOW EVENT TYPES", "no SELECT and FROM"), ("DELETE FROM Log SELECT count(*)", "no SELECT and FROM"),
                            ("SELECT * FROM Log", "lists events"), ("SELECT duration FROM Log", "lists events"),
                            ("SELECT count(*) FROM Log since 1 hour ago", "says SINCE"), ("SELECT count(*) FROM Log Until now", "says UNTIL"),
                            ("SELECT count(*) FROM Log TIMESERIES", "says TIMESERIES"), ("SELECT count(*) FROM Log LIMIT 5", "says LIMIT"),
                            ("SELECT count(*) FROM Log COMPARE WITH 1 day ago", "says COMPARE WITH"), ("SELECT count(*) FROM Log WHERE a = 'b", "is not closed"),
                            ("SELECT count(*) FROM Log /* so", "a comment is not closed"), ("SELECT count(* FROM Log", "a parenthesis is not closed")):
            with self.subTest(nrql):
                result = self.validate(query(nrql))
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertIn("RG1910", result.stderr)
                self.assertIn(words, result.stderr)
        metric = self.METRIC.replace('"1m"', '"1500ms"')
        self.assertEqual(self.error(metric), "RG1983")
        for refused in (self.plan(metric), self.validate(metric)):
            self.assertEqual((refused.returncode, refused.stdout), (2, ""))
            self.assertIn("error[RG1983]: api: New Relic makes no steps of 1s500ms", refused.stderr)

    def test_source_keys(self):
        key = 'api_key = { env = "K" }'
        for source, words in ((f'account = "shop"\n{key}', "no id of an account"), (f'account = "1"\nregion = "mars"\n{key}', "no region"),
                              (f'account = "1"\nregion = "eu"\n{key}', "`url` and `region`"),
                              (f'account = "1"\nquery_timeout = "0s"\n{key}', "longer than nothing")):
            with self.subTest(words):
                result = self.validate(source=source, secrets={"K": "x"})
                self.assertEqual(result.returncode, 2)
                self.assertIn("RG1910", result.stderr)
                self.assertIn(words, result.stderr)

    def test_the_addresses(self):
        for region, host in (("", "api.newrelic.com"), ('region = "eu"', "api.eu.newrelic.com")):
            with self.subTest(host):
                gate = self.write("address.toml", f'version = 1\n[sources.api]\ntype = "new-relic"\n{self.SOURCE}\n{region}\nretries = 0\n'
                                                  f'proxy = "http://127.0.0.1:1"\n[metrics.m]\nsource = "api"\n{self.METRIC}')
                result = run("sources", "--check", gate, env=self.SECRETS)
                self.assertEqual(result.returncode, 4)
                self.assertIn(host, result.stdout + result.stderr)

    def test_check(self):
        result = run("sources", "--check", self.gate(), env=self.SECRETS)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("New Relic, account shop", result.stdout)
        self.assertIn("as Ada", result.stdout)
        result = run("sources", "--check", self.gate(source=self.SOURCE.replace(str(ACCOUNT), "7654321")), env=self.SECRETS)
        self.assertEqual(result.returncode, 4)
        self.assertIn("RG1103", result.stdout + result.stderr)


if __name__ == "__main__":
    main()
