"""Datadog's metrics through the program, against the double of tests/doubles/datadog.py.

A docstring `Trap: …` names what the API is known for; tests/sources/traps.py lists them.
"""

from datadog_gate import DURATION, ERRORS, HITS, RELEASED, SAMPLES, DatadogTest, api, steady
from gate import main
from double import answer  # noqa: I001


class Queries(DatadogTest):
    def test_samples(self):
        metric = self.one()
        self.assertEqual(self.exit_code, 1)
        self.assertAlmostEqual(metric["baseline"]["value"], 0.22)
        self.assertAlmostEqual(metric["candidate"]["value"], 0.32)
        self.assertEqual((metric["baseline"]["samples"], metric["candidate"]["samples"]), (30, 30))
        self.assertEqual((metric["baseline"]["dropped"], metric["candidate"]["dropped"]), (0, 0))

    def test_keys_are_headers_and_nothing_else(self):
        self.one()
        for request in self.double.requests:
            self.assertEqual(request.headers["DD-API-KEY"], api.API_KEY)
            self.assertEqual(request.headers["DD-APPLICATION-KEY"], api.APP_KEY)
            self.assertNotIn(api.API_KEY, request.path + str(request.query) + request.body.decode())

    def test_v2_speaks_milliseconds(self):
        """Trap: v2 wants and gives milliseconds everywhere"""
        self.one()
        asked = sorted((one["from"], one["to"], one["interval"]) for one in self.asked("/query/timeseries"))
        self.assertEqual(asked, [((RELEASED - 1800) * 1000, RELEASED * 1000, 60000),
                                 (RELEASED * 1000, (RELEASED + 1800) * 1000, 60000)])

    def test_request_has_the_shape_of_the_reference(self):
        self.one()
        body = self.double.asked("/query/timeseries")[0].json()
        self.assertEqual(set(body), {"data"})
        self.assertEqual(body["data"]["type"], "timeseries_request")
        self.assertEqual(body["data"]["attributes"]["formulas"], [{"formula": "a"}])
        self.assertEqual(body["data"]["attributes"]["queries"], [{"data_source": "metrics", "name": "a", "query": DURATION}])

    def test_v1_takes_seconds_and_gives_milliseconds(self):
        """Trap: v1 wants seconds, gives pointlist in milliseconds and its interval in seconds"""
        metric = self.one(source='api = "v1"')
        self.assertEqual({(r.query["from"], r.query["to"]) for r in self.double.asked("/api/v1/query")},
                         {(str(RELEASED - 1800), str(RELEASED)), (str(RELEASED), str(RELEASED + 1800))})
        self.assertAlmostEqual(metric["candidate"]["value"], 0.32)
        self.assertEqual(metric["series"]["candidate"][0][0], RELEASED + 60)
        self.assertEqual(metric["candidate"]["samples"], 30)

    def test_v1_error_at_200(self):
        """Trap: v1 says status "error" at HTTP 200"""
        self.double.fail("/api/v1/query", answer(200, {"status": "error", "error": "unknown metric foo", "series": []}), 9)
        self.assertEqual(self.error(source='api = "v1"'), "RG1625")
        self.assertIn("unknown metric foo", self.text)
        self.assertEqual(self.exit_code, 4)

    def test_nulls_are_dropped_and_counted(self):
        """Trap: nulls are normal in v2: dropped and counted, never zero"""
        self.double.metrics["trace.http.request.duration"] = [
            ({"service": "checkout"}, lambda bucket, _: None if bucket % 300 == 0 else 0.2)]
        metric = self.one()
        self.assertEqual((metric["candidate"]["samples"], metric["candidate"]["dropped"]), (24, 6))
        self.assertAlmostEqual(metric["candidate"]["value"], 0.2)

    def test_nulls_of_v1_are_dropped_and_counted(self):
        """Trap: nulls are normal in v1: dropped and counted, never zero"""
        self.double.metrics["trace.http.request.duration"] = [
            ({"service": "checkout"}, lambda bucket, _: None if bucket % 300 == 0 else 0.2)]
        metric = self.one(source='api = "v1"')
        self.assertEqual((metric["candidate"]["samples"], metric["candidate"]["dropped"]), (24, 6))

    def test_points_stand_at_the_end_of_their_buckets(self):
        """Trap: a point stands at the start of its bucket"""
        metric = self.one()
        self.assertEqual(metric["series"]["baseline"][0][0], RELEASED - 1800 + 60)
        self.assertEqual(metric["series"]["baseline"][-1][0], RELEASED)
        self.assertEqual(metric["series"]["candidate"][0][0], RELEASED + 60)

    def test_buckets_across_the_edges_are_left_out(self):
        """Trap: buckets start at whole multiples, so that the first one may begin before the window"""
        times = ("--deployed-at", "2026-03-17T12:00:20Z", "--now", "2026-03-17T13:00:00Z")
        metric = self.one(times=times)
        self.assertEqual(metric["baseline"]["samples"], 29)
        self.assertEqual(metric["series"]["baseline"][-1][0], RELEASED)
        self.assertEqual(metric["series"]["candidate"][0][0], RELEASED + 120)
        self.assertTrue(any("whole multiples of 1m" in note for note in metric["notes"]), metric["notes"])

    def test_v1_buckets_across_the_edges_are_left_out(self):
        """Trap: buckets of v1 start at whole multiples of what Datadog chose"""
        times = ("--deployed-at", "2026-03-17T12:00:10Z", "--now", "2026-03-17T13:00:00Z")
        metric = self.one(SAMPLES.replace(".rollup(avg, 60)", ""), 'api = "v1"', 'step = "20s"', times=times)
        self.assertEqual(metric["series"]["candidate"][0][0], RELEASED + 40)
        self.assertEqual(metric["baseline"]["samples"], 89)
        self.assertIn("Datadog chose buckets of 20s", metric["notes"])

    def test_newest_data_are_not_asked_for(self):
        """Trap: the newest bucket is incomplete: two minutes are left for it"""
        early = ("--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T12:31:59Z")
        self.assertIn("not due before 2026-03-17T12:32:00Z", self.plan(SAMPLES, times=early).stdout)
        metric = self.ask(times=early)[0]
        self.assertEqual(metric["due"], "2026-03-17T12:32:00Z")
        self.assertEqual(self.double.asked("/query/timeseries"), [])

    def test_empty_series_is_no_data(self):
        """Trap: `series: []` means no data, not zero"""
        for source in ("", 'api = "v1"'):
            with self.subTest(source=source):
                metric = self.one(SAMPLES.replace("trace.http", "no.such"), source)
                self.assertIsNone(metric["candidate"]["value"])
                self.assertEqual(metric["candidate"]["samples"], 0)
                self.assertEqual(self.exit_code, 3)

    def test_zero_is_zero(self):
        self.double.metrics["trace.http.request.duration"] = [({"service": "checkout"}, steady(0.0))]
        metric = self.one()
        self.assertEqual((metric["candidate"]["value"], metric["candidate"]["samples"]), (0.0, 30))

    def test_long_windows_are_asked_in_pieces(self):
        """Trap: more than 1,500 points a series would come in wider buckets"""
        self.double.metrics["trace.http.request.duration"] = [({"service": "checkout"}, steady(0.2))]
        compare = 'baseline = { window = "2d" }\ncandidate = { window = "2d" }'
        times = ("--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-20T13:00:00Z")
        metric = self.one(SAMPLES + 'step = "1m"\n', compare=compare, times=times)
        self.assertEqual((metric["candidate"]["samples"], metric["candidate"]["dropped"]), (2880, 0))
        self.assertEqual(len(self.double.asked("/query/timeseries")), 6)

    def test_wider_buckets_are_noticed(self):
        """Trap: Datadog may widen the interval that was asked for"""
        self.double.widen = 5
        metric = self.one()
        self.assertIn("Datadog answered in buckets of 5m, wider than the 1m that were asked for", metric["notes"])
        self.assertEqual(metric["series"]["candidate"][0][0], RELEASED + 300)

    def test_unit_is_told(self):
        self.double.units["trace.http.request.duration"] = "nanosecond"
        self.assertIn("Datadog says the values are in: nanosecond", self.one()["notes"])

    def test_link_into_datadog(self):
        self.assertEqual(
            self.one()["graph_url"].split("?")[0] + "|" + self.one()["graph_url"].split("&", 1)[1],
            f"https://app.datadoghq.eu/metric/explorer|start={RELEASED * 1000}&end={(RELEASED + 1800) * 1000}&paused=true")


class Rollups(DatadogTest):
    def test_validate_warns_without_a_rollup(self):
        """Trap: without .rollup() the window's length silently changes the resolution"""
        metric = SAMPLES.replace(".rollup(avg, 60)", "")
        for source, words in (("", "no rollup: points are asked for at every `step`"),
                              ('api = "v1"', "no rollup: Datadog chooses the resolution from the window's length")):
            with self.subTest(source=source):
                for done in (self.validate(metric, source), self.plan(metric, source)):
                    self.assertEqual(done.returncode, 0)
                    self.assertIn("warning[RG1604]", done.stderr)
                    self.assertIn(words, done.stderr)
        self.assertNotIn("RG1604", self.validate(SAMPLES).stderr)

    def test_both_windows_get_the_same_interval(self):
        """Trap: baseline and candidate of different lengths must have the same resolution"""
        self.one(SAMPLES.replace(".rollup(avg, 60)", ""), compare='step = "2m"\nbaseline = { window = "6h" }')
        self.assertEqual({one["interval"] for one in self.asked("/query/timeseries")}, {120000})

    def test_step_in_a_rollup(self):
        self.one(SAMPLES.replace("avg, 60", "avg, {{step}}") + 'step = "3m"\n')
        self.assertEqual({(one["interval"], one["queries"][0]["query"][-16:]) for one in self.asked("/query/timeseries")},
                         {(180000, "rollup(avg, 180)")})

    def test_window_in_a_rollup_is_refused(self):
        done = self.validate(SAMPLES.replace("avg, 60", "sum, {{window}}"))
        self.assertIn("error[RG1608]", done.stderr)
        self.assertEqual(done.returncode, 2)

    def test_counts_that_are_averaged(self):
        """Trap: as_count() changes its meaning under a rollup"""
        done = self.validate(f'query = "{ERRORS.replace("rollup(sum", "rollup(avg")}"\n')
        self.assertIn("warning[RG1609]: `.as_count()` with `.rollup(avg, …)` is no count", done.stderr)
        self.assertNotIn("RG1609", self.validate(f'query = "{ERRORS}"\n').stderr)

    def test_rates_that_are_summed(self):
        """Trap: as_rate() changes its meaning under a rollup"""
        done = self.validate(f'query = "{ERRORS.replace("as_count", "as_rate")}"\n')
        self.assertIn("warning[RG1609]: `.as_rate()` with `.rollup(sum, …)`", done.stderr)

    def test_missing_aggregator(self):
        """Trap: the default space aggregation is avg"""
        done = self.validate(SAMPLES.replace("avg:", ""))
        self.assertIn("warning[RG1605]: no aggregator: Datadog takes the average", done.stderr)
        self.assertNotIn("RG1605", self.validate(SAMPLES).stderr)

    def test_brackets_that_do_not_match(self):
        for query, words in (("avg:a{b:c", "`{` is never closed"), ("(avg:a{*}", "`(` is never closed"),
                             ("avg:a{*})", "`)` closes nothing")):
            with self.subTest(query=query):
                done = self.validate(f'query = "{query}"\n')
                self.assertIn("error[RG1606]", done.stderr)
                self.assertIn(words, done.stderr)

    def test_the_place_of_a_bracket_in_a_query_of_several_lines(self):
        done = self.validate("query = '''\navg:a{*}\n + avg:b{c\n'''\n")
        lines = (self.folder / "gate.toml").read_text(encoding="utf-8").splitlines()
        self.assertIn(f"gate.toml:{lines.index(' + avg:b{c') + 1}:9: error[RG1606]", done.stderr)


class Counts(DatadogTest):
    def test_ratio_of_two_counts(self):
        metric = self.one(f'kind = "ratio"\nevents = "{ERRORS}"\ntotal = "{HITS}"\nfail = {{ increase_over = "1pp" }}\n')
        events = sum(60 // 20 + bucket // 60 % 3 for bucket in range(RELEASED, RELEASED + 1800, 60))
        self.assertAlmostEqual(metric["candidate"]["value"], events / (30 * 1200))
        self.assertEqual(self.exit_code, 0)

    def test_ratio_as_one_formula(self):
        """Trap: a ratio is one formula over the sums of a bucket, not a mean of ratios"""
        metric = self.one(f'queries = {{ a = "{ERRORS}", b = "{HITS}" }}\nformula = "100 * a / b"\nunit = "%"\n')
        asked = self.asked("/query/timeseries")[0]
        self.assertEqual(asked["formulas"], [{"formula": "100 * a / b"}])
        self.assertEqual({one["name"]: one["query"] for one in asked["queries"]}, {"a": ERRORS, "b": HITS})
        self.assertEqual(len(self.double.asked("/query/timeseries")), 2)
        self.assertAlmostEqual(metric["candidate"]["value"], 100 * 4 / 1200)

    def test_formula_that_does_not_fit(self):
        """Trap: formulas work over named queries"""
        for metric, words in (
                (f'queries = {{ a = "{HITS}" }}\n', "`queries` need a `formula`"),
                (f'queries = {{ a = "{HITS}" }}\nformula = "a / b"\n', "the formula uses `b`, and there is no such query"),
                (f'queries = {{ a = "{HITS}", b = "{HITS}" }}\nformula = "a"\n', "the formula does not use the query `b`")):
            with self.subTest(words=words):
                done = self.validate(metric)
                self.assertIn("[RG1607]: " + words, done.stderr)
        self.assertIn("error[RG1603]", self.validate(f'queries = {{ a = "{HITS}" }}\nformula = "a"\n', 'api = "v1"').stderr)
        formula = "clamp_min(a, 2e3) + top(a, 5, 'mean', 'desc')"
        self.assertNotIn("RG1607", self.validate(f'queries = {{ a = "{HITS}" }}\nformula = "{formula}"\n').stderr)

    def test_logs_and_spans(self):
        """Trap: v2 asks logs, spans and rum by other keys than metrics"""
        self.double.metrics["logs:service:checkout status:error"] = [({}, steady(7))]
        metric = self.one(f'queries = {{ a = {{ data_source = "logs", search = {{ query = "service:checkout status:error" }}, '
                          f'compute = {{ aggregation = "count" }}, indexes = ["*"] }}, b = "{HITS}" }}\nformula = "a / b"\n')
        self.assertAlmostEqual(metric["candidate"]["value"], 7 / 1200)
        logs = next(q for q in self.asked("/query/timeseries")[0]["queries"] if q["name"] == "a")
        self.assertEqual(logs, {"name": "a", "data_source": "logs", "search": {"query": "service:checkout status:error"},
                                "compute": {"aggregation": "count"}, "indexes": ["*"]})

    def test_count_over_time(self):
        metric = self.one(f'kind = "count"\nevents = "{HITS}"\nunit = "1/s"\nfail = {{ increase_over = "20%" }}\n')
        self.assertAlmostEqual(metric["candidate"]["value"], 20.0)

    def test_wider_buckets_spoil_counts(self):
        """Trap: a count in wider buckets than were asked for is off by a factor"""
        self.double.widen = 2
        count = f'kind = "count"\nevents = "{HITS}"\nunit = "1/s"\nfail = {{ increase_over = "20%" }}\n'
        self.assertEqual(self.error(count), "RG1631")
        self.assertIn("Datadog counts in buckets of 2m, and 1m were asked for", self.text)
        self.assertIn(".rollup(sum, 120)", self.text)

    def test_v1_chooses_buckets_for_counts(self):
        query = HITS.replace(".rollup(sum, 60)", "")
        self.assertEqual(self.error(f'kind = "count"\nevents = "{query}"\nunit = "1/s"\nfail = {{ increase_over = "20%" }}\n',
                                    'api = "v1"'), "RG1631")


class Values(DatadogTest):
    VALUE = f'kind = "value"\nquery = "{DURATION}"\nunit = "s"\nfail = {{ above = "1s" }}\n'

    def test_scalar(self):
        metric = self.one(self.VALUE)
        self.assertAlmostEqual(metric["candidate"]["value"], 0.32)
        asked = self.asked("/query/scalar")[0]
        self.assertEqual(asked["queries"], [{"aggregator": "avg", "data_source": "metrics", "name": "a", "query": DURATION}])
        self.assertEqual(self.exit_code, 0)

    def test_counts_are_summed(self):
        metric = self.one(self.VALUE.replace(DURATION, HITS).replace('"s"', '"1"').replace('"1s"', '"99999"'))
        self.assertEqual(metric["candidate"]["value"], 36000)

    def test_aggregator(self):
        self.assertAlmostEqual(self.one(self.VALUE + 'aggregator = "max"\n')["candidate"]["value"], 0.34)
        self.assertAlmostEqual(self.one(self.VALUE + 'aggregator = "max"\n', 'api = "v1"')["candidate"]["value"], 0.34)

    def test_no_data(self):
        metric = self.one(self.VALUE.replace("trace.http", "no.such"))
        self.assertIsNone(metric["candidate"]["value"])
        self.assertEqual(self.exit_code, 3)

    def test_columns_align_with_groups(self):
        """Trap: the values of a scalar's columns align with its group columns"""
        self.double.metrics["trace.http.request.duration"] = [
            ({"service": "checkout", "zone": zone}, steady(value)) for zone, value in (("b", 0.3), ("a", 0.1), ("c", 0.2))]
        query = DURATION.replace("{service:checkout}", "{service:checkout} by {zone}")
        metrics = self.ask(self.VALUE.replace(DURATION, query) + 'each = "zone"\n')
        found = {m["labels"]["zone"]: round(m["candidate"]["value"], 9) for m in metrics if m["labels"]}
        self.assertEqual(found, {"a": 0.1, "b": 0.3, "c": 0.2})

    def test_rollup_keeps_the_old_version_out(self):
        times = ("--deployed-at", "2026-03-17T12:00:20Z", "--now", "2026-03-17T13:00:00Z")
        self.one(self.VALUE, times=times)
        self.assertIn(((RELEASED + 60) * 1000, (RELEASED + 1800) * 1000),
                      [(one["from"], one["to"]) for one in self.asked("/query/scalar")])


class Groups(DatadogTest):
    QUERY = DURATION.replace("{service:checkout}", "{service:checkout} by {zone,host}")

    def setUp(self):
        super().setUp()
        self.double.metrics["trace.http.request.duration"] = [
            ({"service": "checkout", "zone": zone, "host": f"h-{zone}"}, steady(value))
            for zone, value in (("a", 0.1), ("b", 0.3))]

    def test_several_series_are_an_error(self):
        """Trap: by {…} gives several series, and none of them is taken for the whole"""
        self.assertEqual(self.error(SAMPLES.replace(DURATION, self.QUERY)), "RG2001")
        self.assertIn('each = "host"', self.text)

    def test_each(self):
        """Trap: the tags of a group are labels: each judges every one of them"""
        for source in ("", 'api = "v1"'):
            with self.subTest(source=source):
                metrics = self.ask(SAMPLES.replace(DURATION, self.QUERY) + 'each = "zone"\n', source)
                self.assertEqual({m["id"]: m["candidate"]["value"] for m in metrics if m["labels"]},
                                 {"m[zone=a]": 0.1, "m[zone=b]": 0.3})

    def test_combine(self):
        """Trap: combine makes one of several series"""
        metric = self.one(SAMPLES.replace(DURATION, self.QUERY) + 'combine = "max"\n')
        self.assertEqual(metric["candidate"]["value"], 0.3)


if __name__ == "__main__":
    main()
