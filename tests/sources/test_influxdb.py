"""InfluxDB against its double: version 1 by InfluxQL, version 2 by Flux."""

import calendar
import json

from api_case import SHARED, ApiTest, SevenCases, answer, events_of, recording
from gate import main, run
from influxdb import PASSWORD, TOKEN, USER, InfluxDb

RELEASE = calendar.timegm((2026, 3, 17, 12, 4, 0))
WHERE = "WHERE time >= {{start}} AND time < {{end}}"
GRID = "GROUP BY time({{step}}, {{offset}})"
LIMIT = '\nfail = { above = 900 }\nunit = "ms"\nbetter = "lower"\nstep = "1m"'


def select(what="mean(ms)", more=GRID):
    return f'query = "SELECT {what} FROM http {WHERE} {more}"'


FLUX = '''query = """from(bucket: "telegraf") |> range(start: {{start}}, stop: {{end}})
  |> aggregateWindow(every: {{step}}, offset: {{offset}}, fn: mean)"""''' + LIMIT
VALUE = select(more="") + '\nkind = "value"' + LIMIT


class InfluxTest(ApiTest):
    DOUBLE = InfluxDb
    TYPE = "influxdb"
    SOURCE = 'database = "telegraf"\ntoken = { env = "INFLUXDB_TOKEN" }'
    SECRETS = {"INFLUXDB_TOKEN": TOKEN}
    METRIC = select() + LIMIT
    PATH = "/query"

    def setUp(self):
        super().setUp()
        self.fill(lambda at: 300 if at < RELEASE else 400)

    def fill(self, value, every=10, tags=None):
        """Points of an hour on both sides of the release."""
        points = [(at, value(at)) for at in range(RELEASE - 3600, RELEASE + 3600, every)]
        self.double.series.append((tags or {}, [point for point in points if point[1] is not None]))

    def only(self, *arguments, **keywords):
        self.double.series = []
        self.fill(*arguments, **keywords)


class Cases(SevenCases, InfluxTest):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual((metric["verdict"], metric["kind"], self.values(metric)), ("pass", "samples", [300, 400]))
        self.assertEqual([metric[side]["samples"] for side in ("baseline", "candidate")], [30, 30])
        self.assertEqual({request.query["q"] for request in self.double.asked("/query")},
                         {f"SELECT mean(ms) FROM http WHERE time >= '{start}' AND time < '{end}' GROUP BY time(1m, 0ms)" for start, end in
                          (("2026-03-17T11:34:00Z", "2026-03-17T12:04:00Z"), ("2026-03-17T12:04:00Z", "2026-03-17T12:34:00Z"))})

    def test_no_data(self):
        """Trap: nothing found is a result without `series`, and no 0."""
        self.double.series = []
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
        self.assertIn("InfluxDB has no point that fits the query", json.dumps(metric))

    def test_zero(self):
        self.only(lambda at: 0)
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("pass", [0, 0]))

    def test_paging_end(self):
        """There are no pages; a limit of rows of the server's makes the answer partial, which is an error or a note."""
        cut = answer(200, {"results": [{"series": [{"columns": ["time", "mean"], "values": [[RELEASE * 1000, 5]], "partial": True}],
                                        "partial": True}]})
        self.double.fail("/query", cut, times=2)
        self.assertEqual(self.error(), "RG1924")
        self.double.fail("/query", cut, times=2)
        self.assertIn("max-row-limit", " ".join(self.one(self.METRIC + '\non_partial = "note"')["notes"]))


class Traps(InfluxTest):
    def test_an_error_inside_of_200(self):
        """Trap: an unknown database is HTTP 200 with an error in the result."""
        self.assertEqual(self.error(self.METRIC + '\ndatabase = "telegraph"'), "RG1976")
        self.assertIn("database not found: telegraph", self.text)

    def test_null_buckets(self):
        """Trap: buckets without a point are null, and no 0."""
        self.only(lambda at: None if at // 60 % 3 == 0 else 200)
        metric = self.one()
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([200, 200], 20))

    def test_buckets_stand_at_their_ends(self):
        """Trap: InfluxQL stamps a bucket with its beginning: its last one belongs to the window, and none from before its start."""
        self.only(lambda at: 7 if RELEASE <= at < RELEASE + 60 else 9 if RELEASE + 1740 <= at < RELEASE + 1800 else 8)
        aggregate = '\nkind = "value"\naggregate = "{}"'
        low, high = (self.one(self.METRIC + aggregate.format(which)) for which in ("min", "max"))
        self.assertEqual((self.values(low), self.values(high)), ([8, 7], [8, 9]))

    def test_a_window_off_the_clock(self):
        """Trap: buckets begin at multiples of their length since 1970: with {{offset}} they begin with the window, without it those that
        reach over its edges are left out, and a note says so."""
        times = ("--deployed-at", "2026-03-17T12:04:17Z", "--now", "2026-03-17T13:00:00Z")
        self.only(lambda at: 300 if at < RELEASE + 17 else 400, every=1)
        metric = self.one(times=times)
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([300, 400], 30))
        self.assertIn("time(1m, 17000ms)", self.double.requests[-1].query["q"])
        metric = self.one(select(more="GROUP BY time({{step}}, 0s)") + LIMIT, times=times)
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([300, 400], 29))
        self.assertIn("2 points that reach out of the window were left out", " ".join(metric["notes"]))

    def test_raw_points_at_their_own_times(self):
        self.only(lambda at: 300 if at < RELEASE else 400, every=60)
        metric = self.one(select("ms", "") + LIMIT)
        self.assertEqual((self.values(metric), metric["candidate"]["samples"]), ([300, 400], 30))

    def test_points_outside_of_the_window(self):
        """Trap: a query may answer with more than its window."""
        rows = [[(RELEASE + at) * 1000, value] for at, value in ((-1800, 1), (-1, 2), (0, 3), (1799, 4), (1800, 5), (9000, 6))]
        self.double.fail("/query", answer(200, {"results": [{"series": [{"columns": ["time", "ms"], "values": rows}]}]}), times=2)
        metric = self.one(select("ms", "") + LIMIT + '\nkind = "value"\naggregate = "sum"')
        self.assertEqual(sorted(self.values(metric)), [3, 7])

    def test_the_ratio_is_sum_over_sum(self):
        ratio = f'kind = "ratio"\nevents = {{ {select("sum(ms)")} }}\ntotal = {{ {select("count(ms)")} }}\nfail = {{ above = "90%" }}\nstep = "1m"'
        self.only(lambda at: (1 if at % 120 == 0 else 0) if at // 60 % 2 else None if at % 60 else 1)
        metric = self.one(ratio)
        events = [value for at, value in self.double.series[0][1] if RELEASE <= at < RELEASE + 1800]
        self.assertAlmostEqual(metric["candidate"]["value"], sum(events) / len(events))
        self.assertEqual(self.error(ratio.replace(GRID, "")), "RG1977")

    def test_counts(self):
        count = f'kind = "count"\nevents = {{ {select("sum(ms)")} }}\nfail = {{ above = "9/s" }}\nstep = "1m"'
        self.only(lambda at: 1 if at < RELEASE else 2, every=60)
        self.assertEqual(events_of(self.one(count)), [30, 60])


class Questions(InfluxTest):
    def test_one_number_of_the_window(self):
        self.assertEqual(self.values(self.one(VALUE)), [300, 400])
        self.assertEqual(self.error(select("ms", "") + '\nkind = "value"' + LIMIT), "RG1977")
        self.assertIn("gives 180 points", self.text)

    def test_tags_are_labels(self):
        self.only(lambda at: 100, tags={"zone": "a"})
        self.fill(lambda at: 50, tags={"zone": "b"})
        self.assertEqual(self.error(), "RG2001")
        metrics = self.ask(self.METRIC + '\neach = "zone"')
        self.assertEqual({metric["id"]: self.values(metric)[1] for metric in metrics}, {"m[zone=a]": 100, "m[zone=b]": 50})
        self.assertEqual(self.values(self.one(self.METRIC + '\ncombine = "sum"')), [150, 150])

    def test_columns(self):
        series = {"columns": ["time", "a", "b", "c"], "values": [[RELEASE * 1000, 1, 2.5, "x"]]}
        for column, code, words in (("", "RG1977", "`a`, `b` and `c`"), ('\ncolumn = "d"', "RG1977", "no column `d`"),
                                    ('\ncolumn = "c"', "RG1977", "a value is text")):
            with self.subTest(words):
                self.double.fail("/query", answer(200, {"results": [{"series": [series]}]}), times=2)
                self.assertEqual(self.error(VALUE + column), code)
                self.assertIn(words, self.text)
        self.double.fail("/query", answer(200, {"results": [{"series": [series]}]}), times=2)
        self.assertEqual(self.values(self.one(VALUE + '\ncolumn = "b"')), [2.5, 2.5])

    def test_user_and_password(self):
        metric = self.one(source=f'database = "telegraf"\nuser = "{USER}"\npassword = {{ env = "P" }}', secrets={"P": PASSWORD})
        self.assertEqual(self.values(metric), [300, 400])

    def test_blanks_and_quotes(self):
        for written, sent in (("{{ start }}", "'2026-03-17T12:04:00Z'"), ("'{{start}}'", "'2026-03-17T12:04:00Z'"),
                              ("{{start|unix_ms}}ms", "1773749040000ms")):
            with self.subTest(written):
                metric = self.METRIC.replace("{{start}}", written).replace("{{offset}}", "{{ offset }}")
                self.assertIn(f"time >= {sent} AND time < '2026-03-17T12:34:00Z' GROUP BY time(1m, 0ms)", self.plan(metric).stdout)

    def test_plan(self):
        shown = self.plan()
        self.assertIn("GET /query?db=telegraf", shown.stdout)
        self.assertIn("time >= '2026-03-17T12:04:00Z' AND time < '2026-03-17T12:34:00Z' GROUP BY time(1m, 0ms)", shown.stdout)
        self.assertEqual(self.double.requests, [])

    def test_mistakes_found_without_asking(self):
        for metric, words in (("", "no `query`"), ('query = "SHOW DATABASES {{start}} {{end}}"', "no SELECT"),
                              ('query = "SELECT mean(ms) FROM http"', "does not name {{start}}"),
                              ('query = "SELECT mean(ms) FROM http WHERE time >= {{start}}"', "does not name {{end}}"),
                              (select(more="GROUP BY time(5m)"), "not those of the metric"), (select(more="; SELECT 1"), "several statements"),
                              (select(more="").replace("{{start}}", "{{start|date}}"), "takes no dates"),
                              (select(more="").replace("{{start}}", "{{start|week}}"), "no form `week`")):
            with self.subTest(words):
                result = self.validate(metric + "\nfail = { above = 1 }")
                self.assertEqual(result.returncode, 2)
                self.assertIn("RG1910", result.stderr)
                self.assertIn(words, result.stderr)

    def test_source_keys(self):
        for source, words in (("", "has a `database`"), ('version = 3\ndatabase = "x"', "no `version` 3"),
                              ("version = 2", "within an organization"), ('version = 1\norg = "x"\ndatabase = "x"', "has no organizations"),
                              ('database = "x"\nuser = "x"', "`user` without `password`"),
                              ('database = "x"\nuser = "x"\npassword = { env = "P" }\ntoken = { env = "P" }', "exclude each other"),
                              ('org = "shop"\ndatabase = "x"', "names its bucket"),
                              ('org = "x"\nuser = "x"\npassword = { env = "P" }', "takes no user")):
            with self.subTest(words):
                result = self.validate(source=source, secrets={"P": "x"})
                self.assertEqual(result.returncode, 2)
                self.assertIn("RG1910", result.stderr)
                self.assertIn(words, result.stderr)

    def test_fill_is_said(self):
        self.assertIn("fill() makes a number of every bucket", self.plan(select(more=GRID + " fill(0)") + LIMIT).stdout)

    def test_check(self):
        self.assertIn("InfluxDB 1.6.7~rc0", self.healthy())
        result = run("sources", "--check", self.gate(source=self.SOURCE.replace("telegraf", "nosuch")), env=self.SECRETS)
        self.assertIn("database not found: nosuch", result.stdout + result.stderr)
        self.assertEqual(result.returncode, 4)


class Flux(InfluxTest):
    SOURCE = 'org = "shop"\ntoken = { env = "INFLUXDB_TOKEN" }'
    METRIC = FLUX

    def answer(self, text):
        self.double.fail("/query", answer(200, text, {"Content-Type": "text/csv"}), times=2)

    def test_points_of_windows(self):
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric), metric["candidate"]["samples"]), ("pass", [300, 400], 30))
        self.assertIn("range(start: 2026-03-17T12:04:00Z, stop: 2026-03-17T12:34:00Z)",
                      " ".join(request.json()["query"] for request in self.double.requests))

    def test_several_tables(self):
        """Trap: an answer has several tables, each with a header of its own."""
        self.only(lambda at: 100, tags={"zone": "a"})
        self.fill(lambda at: None if at // 60 % 3 == 0 else 50, tags={"zone": "b, c"})
        metrics = self.ask(self.METRIC + '\neach = "zone"')
        self.assertEqual({metric["id"]: (self.values(metric)[1], metric["candidate"]["samples"]) for metric in metrics},
                         {"m[zone=a]": (100, 30), "m[zone=b, c]": (50, 20)})

    def test_no_data(self):
        """Trap: an answer without a table is empty, and no 0."""
        self.double.series = []
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))

    def test_an_error_inside_of_200(self):
        """Trap: an error that comes up while rows are written is a table of its own, behind HTTP 200."""
        self.answer("#datatype,string,string\r\n#group,true,true\r\n#default,,\r\n,error,reference\r\n,memory limit exceeded,897\r\n\r\n")
        self.assertEqual(self.error(), "RG1976")
        self.assertIn("memory limit exceeded", self.text)

    def test_one_number(self):
        """Without aggregateWindow() there is no `_time`."""
        self.answer("#datatype,string,long,dateTime:RFC3339,dateTime:RFC3339,long\r\n#group,false,false,true,true,false\r\n"
                    "#default,_result,,,,\r\n,result,table,_start,_stop,_value\r\n"
                    ",,0,2026-03-17T12:04:00Z,2026-03-17T12:34:00.123456789Z,42\r\n\r\n")
        self.assertEqual(self.values(self.one(FLUX + '\nkind = "value"')), [42, 42])

    def test_several_results(self):
        """Trap: every yield() is a result of its own, with the same group keys: means and maxima would be mixed."""
        table = ("#datatype,string,long,dateTime:RFC3339,double\r\n#group,false,false,false,false\r\n#default,{},,,\r\n"
                 ",result,table,_time,_value\r\n,,0,2026-03-17T12:05:00Z,1\r\n\r\n")
        self.answer(table.format("mean") + table.format("max"))
        self.assertEqual(self.error(), "RG1977")
        self.assertIn("several results, `mean` and `max`", self.text)

    def test_malformed(self):
        head = "#datatype,string,long,dateTime:RFC3339,double\r\n#group,false,false,false,false\r\n#default,_result,,,\r\n,result,table,_time,_value\r\n"
        for body, code in ((",result,table,_time,_value\r\n,,0,2026-03-17T12:05:00Z,1\r\n", "RG1902"), ('{"data": [', "RG1902"),
                           (head + ",,0,2026-03-17T12:05:00Z\r\n", "RG1902"), (head + ",,0,2026-03-17T12:05:00Z,much\r\n", "RG1902"),
                           (head + ",,0,noon,1\r\n", "RG1902"), (head.replace("double", "string") + ",,0,2026-03-17T12:05:00Z,1\r\n", "RG1977"),
                           (head.replace("_value", "value") + ",,0,2026-03-17T12:05:00Z,1\r\n", "RG1977"),
                           (head.replace("_time", "when") + ",,0,2026-03-17T12:05:00Z,1\r\n", "RG1977")):
            with self.subTest(body=body):
                self.answer(body)
                self.assertEqual(self.error(), code)

    def test_refusals(self):
        self.assertEqual(self.error(FLUX.replace("telegraf", "telegraph")), "RG1104")
        self.assertIn("could not find bucket", self.text)
        self.assertEqual(self.error(secrets={"INFLUXDB_TOKEN": "wrong-token"}), "RG1101")

    def test_beginnings_are_refused(self):
        result = self.validate(FLUX.replace("fn: mean", 'fn: mean, timeSrc: \\"_start\\"'))
        self.assertIn("leave `timeSrc` out", result.stderr)

    def test_plan_and_check(self):
        self.assertIn("POST /api/v2/query?org=shop", self.plan().stdout)
        self.healthy()


class Recordings(InfluxTest):
    """Every recorded answer is decoded, or ends in the error that is meant for it."""

    def test_recordings(self):
        if not (SHARED / "influxdb").exists():
            self.skipTest("the recordings are not at hand")
        at_noon = {"times": ("--deployed-at", "2026-11-23T20:20:00Z", "--now", "2026-11-23T22:00:00Z")}
        for name, column, wanted in (("query-groupby.json", '\ncolumn = "p95"', 106), ("query-empty.http", "", None),
                                     ("query-null-buckets.json", "", "RG1977"), ("query-parse-error.http", "", "RG1100"),
                                     ("query-db-not-found.http", "", "RG1976"), ("query.csv", "", "RG1901")):
            with self.subTest(name):
                text = recording("influxdb/" + name)
                status = 400 if text.startswith("HTTP/1.1 400") else 200
                body = text.replace("\r\n", "\n").split("\n\n", 1)[1] if name.endswith(".http") else text
                self.double.fail("/query", answer(status, body), times=2)
                if isinstance(wanted, str):
                    self.assertEqual(self.error(VALUE + column, **at_noon), wanted, self.text)
                else:
                    self.assertEqual(self.values(self.one(VALUE + column, **at_noon)), [wanted, wanted])


if __name__ == "__main__":
    main()
