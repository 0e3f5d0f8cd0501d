"""OpenSearch and Elasticsearch against their double."""

import calendar
import json

from api_case import TIMES, ApiTest, SevenCases, answer, events_of
from gate import main, report, run
from opensearch import API_KEY, KEY, PASSWORD, SECRET, USER, OpenSearch, refusal

RELEASE = calendar.timegm((2026, 3, 17, 12, 4, 0))
START, END = (RELEASE * 1000, (RELEASE + 1800) * 1000)
LIMIT = '\nbetter = "lower"\nfail = { above = "9/s" }\nstep = "1m"'
AVERAGE = 'measure = "avg"\nfield = "ms"\nunit = "ms"\nbetter = "lower"\nfail = { above = 900 }\nstep = "1m"'
VALUE = AVERAGE + '\nkind = "value"'
RATIO = 'kind = "ratio"\nevents = "status:>=500"\ntotal = "*"\nbetter = "lower"\nfail = { above = "90%" }\nstep = "1m"'
FIELDS = {"@timestamp": "date", "status": "long", "ms": "double", "user": "keyword", "zone": "keyword", "message": "text"}


def found(documents=0, **more):
    shards = {"total": 5, "successful": 5, "skipped": 0, "failed": 0}
    return answer(200, {"timed_out": False, "_shards": shards, "hits": {"total": {"value": documents, "relation": "eq"}}, **more})


class OpenSearchTest(ApiTest):
    DOUBLE = OpenSearch
    TYPE = "opensearch"
    SOURCE = f'index = "logs-shop-*"\nuser = "{USER}"\npassword = {{ env = "OPENSEARCH_PASSWORD" }}'
    SECRETS = {"OPENSEARCH_PASSWORD": PASSWORD}
    METRIC = 'query = "status:>=500"' + LIMIT
    PATH = "/_search"

    def setUp(self):
        super().setUp()
        self.double.mappings = {"logs-shop-1": dict(FIELDS), "logs-shop-2": dict(FIELDS), "logs-web-1": {"@timestamp": "date"}}
        self.fill(lambda at: {"status": 500 if at % 60 == 0 else 200, "ms": 300.0 if at < RELEASE else 400.0})

    def fill(self, fields, every=10):
        """Documents of an hour on both sides of the release, instead of those there are."""
        made = ((at, fields(at)) for at in range(RELEASE - 3600, RELEASE + 3600, every))
        self.double.documents = [{"@timestamp": at, "_index": f"logs-shop-{1 + at // 10 % 2}", **one} for at, one in made if one is not None]

    def bodies(self):
        return [request.json() for request in self.double.asked("/_search")]


class Cases(SevenCases, OpenSearchTest):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual((metric["verdict"], metric["kind"], events_of(metric)), ("pass", "count", [30, 30]))
        self.assertEqual(metric["queries"][0]["text"], "count in logs-shop-*: status:>=500")
        body = next(body for body in self.bodies() if body["query"]["bool"]["filter"][0]["range"]["@timestamp"]["gte"] == START)
        self.assertEqual(body, {
            "size": 0, "track_total_hits": True,
            "query": {"bool": {"filter": [{"range": {"@timestamp": {"gte": START, "lt": END, "format": "epoch_millis"}}},
                                          {"query_string": {"query": "status:>=500", "analyze_wildcard": True}}]}},
            "aggs": {"parts": {"date_histogram": {"field": "@timestamp", "fixed_interval": "60000ms", "offset": "0ms", "min_doc_count": 1}}}})

    def test_no_data(self):
        """Trap: an index that nobody writes to any more has no errors, either: no data, and no 0."""
        self.double.documents = []
        for metric in (self.METRIC, AVERAGE, RATIO):
            with self.subTest(metric):
                metric = self.one(metric)
                self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
                self.assertIn("no document of logs-shop-* at all has a `@timestamp`", json.dumps(metric))

    def test_zero(self):
        """Documents there are, and none that fits: 0 for a count, and no mean."""
        self.fill(lambda at: {"status": 200})
        metric = self.one()
        self.assertEqual((metric["verdict"], events_of(metric)), ("pass", [0, 0]))
        metric = self.one('query = "status:500"\n' + AVERAGE)
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
        self.assertIn("no document of this window fits the query", json.dumps(metric))

    def test_paging_end(self):
        """There are no pages. Trap: a terms aggregation gives so many values, and the number of documents that are of others."""
        self.fill(lambda at: {"user": f"user-{at}"}, every=1)
        each = '\neach = "user"'
        self.assertEqual(self.error(self.METRIC.replace("status:>=500", "*") + each), "RG1924")
        self.assertIn("`user` has more than 1000 values: 800 documents are of others", self.text)


class Traps(OpenSearchTest):
    def test_all_documents_are_counted(self):
        """Trap: without track_total_hits the count ends at 10,000, and says so in `relation` alone."""
        self.fill(lambda at: {"n": 1}, every=1)
        self.double.documents *= 6
        self.assertEqual(self.values(self.one('kind = "value"' + LIMIT.replace("9/s", "99999"))), [10800, 10800])
        self.double.fail("/_search", found(hits={"total": {"value": 10000, "relation": "gte"}}), times=2)
        self.assertEqual(self.error('kind = "value"' + LIMIT.replace("9/s", "99999")), "RG1924")
        self.assertIn("counted to 10000 and no further", self.text)

    def test_a_part_of_the_documents(self):
        """Trap: a search that timed out, shards that failed and clusters that were skipped are HTTP 200 with fewer documents."""
        failure = {"shard": 0, "reason": {"type": "illegal_argument_exception", "reason": "fielddata is off"}}
        for more, words in (({"timed_out": True}, "ran into its time limit"), ({"terminated_early": True}, "before it had seen everything"),
                            ({"_shards": {"total": 5, "failed": 2, "failures": [failure]}}, "2 of 5 shards failed | it said: fielddata is off"),
                            ({"_clusters": {"total": 2, "skipped": 1}}, "1 of the clusters were not reached")):
            with self.subTest(words):
                part = found(7, aggregations={"parts": {"buckets": [{"key": START, "doc_count": 7}]}}, **more)
                self.double.fail("/_search", part, times=2)
                self.assertEqual(self.error(), "RG1924")
                self.assertIn(words, self.text)
                self.double.fail("/_search", part, times=2)
                self.assertIn(words.split(" | ")[0], " ".join(self.one(self.METRIC + '\non_partial = "note"')["notes"]))

    def test_no_shard_was_searched(self):
        """Trap: a pattern that matches no index is 0 hits of 0 shards."""
        self.double.fail("/_search", found(_shards={"total": 0, "successful": 0, "failed": 0}), times=2)
        self.assertEqual(self.error(), "RG1902")

    def test_no_such_index(self):
        """Trap: no index fits the pattern: without allow_no_indices=false that is HTTP 200 and 0 documents."""
        for index in ("logs-shpo-*", "logs-shop"):
            with self.subTest(index):
                self.assertEqual(self.error(self.METRIC + f'\nindex = "{index}"'), "RG1940")
                self.assertIn(f"knows no index `{index}`", self.text)
        self.double.fail("/_field_caps", answer(200, {"indices": [], "fields": {}}))
        self.assertEqual(self.error(), "RG1940")

    def test_no_such_field(self):
        """Trap: a field that no index has matches nothing and sums up to 0, be it the time's, the measured one or one in the query."""
        term = "dsl = '{ \"bool\": { \"must_not\": [ { \"term\": { \"stauts\": 500 } } ], \"filter\": [] } }'"
        of_time = "`time_field` names it, in the metric or else in its source"
        of_query = "allow_unmapped = true"
        for metric, field, hint in ((self.METRIC + '\ntime_field = "timestamp"', "timestamp", of_time),
                                    (AVERAGE.replace('"ms"\nunit', '"msec"\nunit'), "msec", "`field` of the metric names it"),
                                    ('query = "NOT stauts:200"' + LIMIT, "stauts", of_query), (term + LIMIT, "stauts", of_query),
                                    (self.METRIC + '\neach = "zoen"', "zoen", "`each` of the metric names it")):
            with self.subTest(metric):
                self.assertEqual(self.error(metric), "RG1940")
                self.assertIn(f"no index of logs-shop-* has a field `{field}`", self.text)
                self.assertIn(hint, self.text)
                self.assertEqual(of_query in self.text, hint == of_query)
        self.assertEqual(events_of(self.one('query = "error.code:7"\nallow_unmapped = true' + LIMIT)), [0, 0])
        self.assertEqual(self.error(self.METRIC + '\ntime_field = "timestamp"\nallow_unmapped = true'), "RG1940")

    def test_fields_of_another_type(self):
        """Trap: a text cannot be grouped, a word has no mean, and a time that is no date is compared as what it is."""
        for metric, words in ((self.METRIC + '\ntime_field = "user"', "`user` is of the type keyword, and a date is wanted"),
                              (AVERAGE.replace('"ms"\nunit', '"user"\nunit'), "`user` is of the type keyword, and a number is wanted"),
                              (self.METRIC + '\neach = "message"', "`message` is of the type text"),
                              ('measure = "cardinality"\nfield = "message"\nkind = "value"\nfail = { above = 1 }', "`message` is of the type text")):
            with self.subTest(words):
                self.assertEqual(self.error(metric), "RG1982")
                self.assertIn(words, self.text)

    def test_a_field_that_some_indices_lack(self):
        del self.double.mappings["logs-shop-1"]["ms"]
        self.assertIn("1 of 2 indices have no field `ms`: their documents are not in the number", " ".join(self.one(AVERAGE)["notes"]))

    def test_nothing_is_no_sum(self):
        """Trap: the sum of a field that no document of the window has is 0."""
        self.fill(lambda at: {"status": 500})
        metric = self.one(AVERAGE.replace("avg", "sum"))
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
        self.assertIn("no document that fits the query has a `ms`", json.dumps(metric))

    def test_the_window_is_half_open(self):
        self.fill(lambda at: {"n": 1} if at in (RELEASE - 1800, RELEASE, RELEASE + 1800) else None)
        self.assertEqual(events_of(self.one('query = "*"' + LIMIT)), [1, 1])

    def test_a_window_off_the_clock(self):
        """Trap: buckets begin at multiples of their length since 1970, plus `offset`."""
        times = ("--deployed-at", "2026-03-17T12:04:17Z", "--now", "2026-03-17T13:00:00Z")
        self.fill(lambda at: {"ms": 300.0 if at < RELEASE + 17 else 400.0}, every=1)
        metric = self.one(AVERAGE, times=times)
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([300, 400], 30))
        self.assertEqual({body["aggs"]["parts"]["date_histogram"]["offset"] for body in self.bodies()}, {"17000ms"})

    def test_documents_with_several_times(self):
        """Trap: a document is in the buckets of all of its times, also of those outside of the window."""
        buckets = [{"key": key, "doc_count": 5} for key in (START - 60000, START, END - 60000, END)]
        self.double.documents = []
        self.double.fail("/_search", found(5, aggregations={"parts": {"buckets": buckets}}), times=2)
        metric = self.one('query = "*"\nkind = "value"\naggregate = "sum"\nfail = { above = 99 }\nstep = "1m"')
        self.assertEqual(sorted(self.values(metric)), [5, 10])
        self.double.fail("/_search", found(5, aggregations={"parts": {"buckets": [{"key": START + 1, "doc_count": 5}]}}), times=2)
        self.assertEqual(self.error(), "RG1902")

    def test_values_that_may_be_too_few(self):
        """Trap: the counts of a terms aggregation over several shards may be too small by doc_count_error_upper_bound."""
        groups = {"doc_count_error_upper_bound": 3, "sum_other_doc_count": 0, "buckets": []}
        self.double.fail("/_search", found(9, aggregations={"each": groups}), times=2)
        self.assertEqual(self.error(self.METRIC + '\neach = "zone"'), "RG1924")
        self.assertIn("may be too few by up to 3", self.text)

    def test_totals_of_old_servers(self):
        """Elasticsearch up to 6 writes the total as a number, and counts everything."""
        self.double.fail("/_search", found(hits={"total": 42}), times=2)
        self.assertEqual(self.values(self.one('kind = "value"\nfail = { above = 99 }')), [42, 42])


class Questions(OpenSearchTest):
    def test_the_ratio_is_sum_over_sum(self):
        self.fill(lambda at: {"status": 500 if at < RELEASE + 120 else 200} if at % 120 < 60 or at % 60 == 0 else None)
        side = [one for one in self.double.documents if RELEASE <= one["@timestamp"] < RELEASE + 1800]
        metric = self.one(RATIO)
        self.assertAlmostEqual(metric["candidate"]["value"], sum(one["status"] == 500 for one in side) / len(side))

    def test_measures(self):
        self.fill(lambda at: {"ms": float(at % 100), "user": f"u{at % 70}"})
        side = [one for one in self.double.documents if RELEASE <= one["@timestamp"] < RELEASE + 1800]
        values = sorted(one["ms"] for one in side)
        for measure, wanted in (("sum", sum(values)), ("avg", sum(values) / len(values)), ("min", 0), ("max", 90), ("p95", 90), ("p12.5", 10)):
            with self.subTest(measure):
                self.assertAlmostEqual(self.values(self.one(VALUE.replace('"avg"', f'"{measure}"')))[1], wanted)
        metric = self.one('measure = "cardinality"\nfield = "user"\nkind = "value"\nfail = { above = 99 }')
        self.assertEqual(self.values(metric), [7, 7])
        self.assertIn("approximate (HyperLogLog++)", " ".join(metric["notes"]))
        self.assertIn("approximate (t-digest)", " ".join(self.one(VALUE.replace("avg", "p95"))["notes"]))

    def test_means_are_samples_and_gaps_none(self):
        self.fill(lambda at: {"ms": 250.0} if at // 60 % 3 else {"status": 200})
        metric = self.one(AVERAGE)
        self.assertEqual((metric["kind"], self.values(metric), metric["candidate"]["samples"]), ("samples", [250, 250], 20))

    def test_sums_are_counted(self):
        self.fill(lambda at: {"ms": 2.0} if at % 60 == 0 else {"status": 200})
        count = 'kind = "count"\nevents = { measure = "sum", field = "ms" }\nfail = { above = "9/s" }\nstep = "1m"'
        self.assertEqual(events_of(self.one(count)), [60, 60])
        for measure in ("avg", "cardinality", "p95", "max"):
            with self.subTest(measure):
                self.assertEqual(self.error(count.replace('"sum"', f'"{measure}"')), "RG1942")
                self.refused(count.replace('"sum"', f'"{measure}"'), None, "RG1942", "cannot be counted")

    def test_each_and_a_clause_of_the_dsl(self):
        self.fill(lambda at: {"zone": "ab"[at // 10 % 2], "status": 500} if at % 30 else {"status": 500})
        clause = "dsl = '''{ \"bool\": { \"filter\": [ { \"term\": { \"status\": 500 } }, { \"exists\": { \"field\": \"status\" } } ] } }'''"
        metrics = self.ask(clause + LIMIT + '\neach = "zone"')
        self.assertEqual({metric["id"]: events_of(metric) for metric in metrics}, {"m[zone=a]": [60, 60], "m[zone=b]": [60, 60]})
        self.assertIn("60 documents without a `zone` are in no group", " ".join(metrics[0]["notes"]))
        metrics = self.ask(VALUE.replace("avg", "max").replace('"ms"\nunit', '"status"\nunit') + '\neach = "zone"')
        self.assertEqual({metric["id"]: self.values(metric) for metric in metrics}, {"m[zone=a]": [500, 500], "m[zone=b]": [500, 500]})

    def test_keys_of_elasticsearch(self):
        source = 'index = "logs-shop-*"\napi_key = { env = "ES_KEY" }'
        self.assertEqual(events_of(self.one(source=source, secrets={"ES_KEY": API_KEY})), [30, 30])
        self.assertEqual(self.error(source=source, secrets={"ES_KEY": "wrong-key-1"}), "RG1101")

    def test_signed_for_aws(self):
        source = 'index = "logs-shop-1"\nregion = "eu-west-1"\naccess_key = { env = "K" }\nsecret_key = { env = "S" }'
        self.assertEqual(events_of(self.one(source=source, secrets={"K": KEY, "S": SECRET})), [30, 30])
        self.assertEqual(self.error(source=source, secrets={"K": KEY, "S": "another-secret"}), "RG1101")

    def test_the_words_of_the_server(self):
        self.double.fail("/_search", refusal(400, "query_shard_exception", "Failed to parse query [status:>=]"))
        self.assertEqual(self.error(), "RG1100")
        self.assertIn("Failed to parse query", self.text)

    def test_replay_needs_no_key(self):
        folder = self.folder / "evidence"
        recorded = run("check", self.gate(), *TIMES, "--record", folder, "--format", "json", env=self.SECRETS)
        self.assertEqual(recorded.returncode, 0, recorded.stderr)
        kept = "".join(one.read_text() for one in folder.rglob("*") if one.is_file())
        for secret in self.SECRETS.values():
            self.assertNotIn(secret, kept)
        code, again = report(self.gate(), "--replay", folder)
        self.assertEqual((code, again["metrics"][0]["candidate"]), (0, json.loads(recorded.stdout)["metrics"][0]["candidate"]))

    def test_plan(self):
        shown = self.plan(self.METRIC).stdout
        self.assertIn("GET /logs-shop-*/_field_caps?allow_no_indices=false&fields=%40timestamp%2Cstatus", shown)
        self.assertIn("POST /logs-shop-*/_search?allow_no_indices=false", shown)
        self.assertIn(f'"gte":{START},"lt":{END}', shown)
        self.assertEqual(self.double.requests, [])

    def test_mistakes_found_without_asking(self):
        for metric, words in (("measure = \"median\"", "no measure `median`"), ('measure = "avg"', "no `field` says"), ('field = "ms"', "not the values"),
                              ('query = "@timestamp:[now-1h TO now]"', "names `@timestamp`"), ("dsl = '{'", "is not JSON"),
                              ("dsl = '{ \"query\": {} }'", "the body of a search"), ("dsl = '{ \"term\": {}, \"range\": {} }'", "not one clause"),
                              ("dsl = '{ \"range\": { \"@timestamp\": {} } }'", "names `@timestamp`"), ('index = "a/b"', "no name of an index")):
            with self.subTest(words):
                result = self.validate(metric + "\nfail = { above = 1 }")
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertIn("RG1911" if "median" in metric else "RG1910", result.stderr)
                self.assertIn(words, result.stderr)

    def test_source_keys(self):
        aws = 'access_key = { env = "K" }\nsecret_key = { env = "S" }'
        for source, words in (("", "has an `index`"), ('index = "a"\nuser = "x"', "`user` without `password`"), (f'index = "a"\n{aws}', "signed for a `region`"),
                              ('index = "a"\nregion = "eu-west-1"', "without `access_key`"), ('index = "a"\nregion = "EU"', "no region"),
                              (f'index = "a*"\nregion = "eu-west-1"\n{aws}', "name one index"),
                              (f'index = "a"\nregion = "eu-west-1"\napi_key = {{ env = "K" }}\n{aws}', "exclude each other")):
            with self.subTest(words):
                result = self.validate(source=source, secrets={"K": "x", "S": "y"})
                self.assertEqual(result.returncode, 2)
                self.assertIn("RG1910", result.stderr)
                self.assertIn(words, result.stderr)

    def test_check(self):
        result = run("sources", "--check", self.gate(), env=self.SECRETS)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("OpenSearch 2.19.1", result.stdout)
        result = run("sources", "--check", self.gate(source=self.SOURCE.replace("shop", "shpo")), env=self.SECRETS)
        self.assertEqual(result.returncode, 4)


if __name__ == "__main__":
    main()
