"""Datadog's SLOs, refusals and settings through the program, against the double of tests/doubles/datadog.py.

A docstring `Trap: …` names what the API is known for; tests/sources/traps.py lists them.
"""

import json
import time

from datadog_gate import DURATION, RELEASED, SAMPLES, DatadogTest, api, steady
from gate import main, run
from double import answer  # noqa: I001


class Slos(DatadogTest):
    SLO = 'kind = "value"\nslo = "abc123"\nunit = "%"\n'

    def setUp(self):
        super().setUp()
        self.double.slos["abc123"] = {"data": {
            "thresholds": {"7d": {"timeframe": "7d", "target": 99.9}}, "type": "metric", "type_id": 1,
            "overall": {"sli_value": 99.95, "span_precision": 2, "errors": []}}, "errors": None}

    def test_measures(self):
        """Trap: an SLO has three readings: attained, budget left, burn"""
        for measure, value in (("attained", 99.95), ("budget_left", 50.0), ("burn", 0.5)):
            with self.subTest(measure=measure):
                metric = self.one(self.SLO + f'measure = "{measure}"\nfail = {{ below = 0 }}\n')
                self.assertAlmostEqual(metric["candidate"]["value"], value)
        asked = {(one.query["from_ts"], one.query["to_ts"]) for one in self.double.asked("/history")}
        self.assertEqual(asked, {(str(RELEASED - 1800), str(RELEASED)), (str(RELEASED), str(RELEASED + 1800))})

    def test_nothing_measured_is_no_data(self):
        """Trap: an SLO without events has the value null, which is neither 0 nor 100 %"""
        self.double.slos["abc123"]["data"]["overall"] = {"sli_value": None, "errors": [
            {"error_message": "The denominator is zero valued", "error_type": "ZERO_VALUED_DENOMINATOR"}]}
        metric = self.one(self.SLO + 'fail = { below = "99%" }\n')
        self.assertIsNone(metric["candidate"]["value"])
        self.assertIn("Datadog notes: The denominator is zero valued", metric["notes"])
        self.assertEqual(self.exit_code, 3)

    def test_several_targets(self):
        """Trap: an SLO may have a target for each time frame"""
        self.double.slos["abc123"]["data"]["thresholds"]["30d"] = {"target": 99.5}
        self.assertEqual(self.error(self.SLO + 'measure = "burn"\nfail = { above = 1 }\n'), "RG1641")
        self.assertIn("99.9 in 7d, 99.5 in 30d", self.text)
        metric = self.one(self.SLO + 'measure = "burn"\nslo_target = 99.5\nfail = { above = 1 }\n')
        self.assertAlmostEqual(metric["candidate"]["value"], 0.1)

    def test_history_that_cannot_be_computed(self):
        self.double.slos["abc123"] = {"data": None, "errors": [{"error": "query timed out"}]}
        self.assertEqual(self.error(self.SLO + 'fail = { below = "99%" }\n'), "RG1640")
        self.assertIn("query timed out", self.text)

    def test_unknown_slo(self):
        self.assertEqual(self.error(self.SLO.replace("abc123", "nope") + 'fail = { below = "99%" }\n'), "RG1623")
        self.assertIn("SLO nope", self.text)


class Refusals(DatadogTest):
    def test_429_with_a_reset_soon(self):
        """Trap: 429 says in X-RateLimit-Reset how many seconds to wait"""
        limited = api.errors(429, "Rate limit of 1600 requests in 3600 seconds reached.", headers={
            "X-RateLimit-Limit": "1600", "X-RateLimit-Period": "3600", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1",
            "X-RateLimit-Name": "query_timeseries"})
        self.double.fail("/query/timeseries", limited)
        start = time.monotonic()
        metric = self.one()
        self.assertGreaterEqual(time.monotonic() - start, 1.0)
        self.assertEqual(metric["candidate"]["samples"], 30)

    def test_429_beyond_the_deadline(self):
        """Trap: a reset beyond the deadline ends at once, with the limit's name"""
        limited = api.errors(429, "slow down", headers={"X-RateLimit-Reset": "3600", "X-RateLimit-Name": "query_timeseries"})
        self.double.fail("/query/timeseries", limited, 9)
        start = time.monotonic()
        self.assertEqual(self.error(deadline="20s"), "RG1040")
        self.assertLess(time.monotonic() - start, 10.0)
        self.assertIn('the server calls this limit "query_timeseries"', self.text)
        self.assertEqual(self.exit_code, 4)

    def test_429_again_and_again(self):
        limited = api.errors(429, "slow down", headers={"X-RateLimit-Reset": "0", "X-RateLimit-Name": "query_timeseries"})
        self.double.fail("/query/timeseries", limited, 99)
        self.assertEqual(self.error(source="retries = 1"), "RG1624")
        self.assertIn('(limit "query_timeseries"): slow down', self.text)

    def test_403_of_the_api_key(self):
        """Trap: 403 is the same for both keys: /validate tells which is wrong"""
        self.assertEqual(self.error(keys={"DD_API_KEY": "x" * 32, "DD_APP_KEY": api.APP_KEY}), "RG1620")
        self.assertIn("the API key (env DD_API_KEY) is not valid at datadoghq.eu", self.text)

    def test_403_of_the_application_key(self):
        self.assertEqual(self.error(keys={"DD_API_KEY": api.API_KEY, "DD_APP_KEY": "y" * 40}), "RG1620")
        self.assertIn("the application key (env DD_APP_KEY) may not read the query", self.text)
        self.assertIn("the API key itself is valid", self.text)

    def test_403_without_keys(self):
        self.assertEqual(self.error(keys={"DD_API_KEY": api.API_KEY}), "RG1620")
        self.assertIn("there is no application key, and the query needs one with the scope `timeseries_query`", self.text)
        self.assertEqual(self.error(keys={}), "RG1620")
        self.assertIn("there is no API key, and Datadog wants one", self.text)
        self.assertIn("env DD_API_KEY is not set", self.text)

    def test_403_names_the_scope(self):
        """Trap: 403 may be a scope: timeseries_query or slos_read"""
        self.double.slos["abc123"] = {}
        for metric, scope in ((SAMPLES, "timeseries_query"), (Slos.SLO + "fail = { below = 1 }\n", "slos_read")):
            with self.subTest(scope=scope):
                self.double.scopes = set(api.SCOPES) - {scope}
                self.assertEqual(self.error(metric), "RG1620")
                self.assertIn(f"give env DD_APP_KEY the scope `{scope}`", self.text)

    def test_400_carries_errors(self):
        """Trap: 400 says why in `errors`"""
        words = "Error parsing query: unable to parse avg:x: Rule 'scope_expr' didn't match"
        self.double.fail("/query/timeseries", api.errors(400, words), 9)
        self.assertEqual(self.error(), "RG1622")
        self.assertIn("Rule 'scope_expr' didn't match", self.text)
        self.assertIn("query: " + DURATION, self.text)
        self.assertEqual(len(self.double.asked("/query/timeseries")), 2)

    def test_secret_in_an_answer_is_not_shown(self):
        self.double.fail("/query/timeseries", api.errors(400, f"key {api.APP_KEY} is odd"), 9)
        self.assertEqual(self.error(), "RG1622")
        self.assertIn("key *** is odd", self.text)

    def test_web_page_at_200(self):
        page = (200, {"Content-Type": "text/html"}, "<!DOCTYPE html><html><title>Datadog: Log In</title></html>")
        self.double.fail("/query/timeseries", page, 9)
        self.assertEqual(self.error(), "RG1612")
        self.assertNotIn("<html>", json.dumps(self.report))

    def test_answers_that_are_broken(self):
        """Trap: a body that ends early is an error, never a shorter series"""
        whole = json.dumps({"data": {"attributes": {"series": [{"group_tags": []}], "times": [1773748800000], "values": [[1]]}}})
        for body, code in ((whole[:-20], "RG1610"), ("", "RG1610"), ("[]", "RG1611"), ('{"data":{}}', "RG1611"),
                           (whole.replace("[[1]]", "[[1, 2]]"), "RG1611"), (whole.replace("[[1]]", "[[1],[2]]"), "RG1611"),
                           (whole.replace("[[1]]", '[["1"]]'), "RG1611"), (b'{"data":"\xff"}', "RG1610")):
            with self.subTest(body=body[:60]):
                self.double._faults.clear()
                self.double.fail("/query/timeseries", (200, {"Content-Type": "application/json"}, body), 9)
                self.assertEqual(self.error(), code)
                self.assertEqual(self.exit_code, 4)

    def test_answer_that_is_too_large(self):
        self.double.fail("/query/timeseries", answer(200, {"data": "x" * 5000}), 9)
        self.assertEqual(self.error(source='max_response_bytes = "1KiB"'), "RG1020")

    def test_server_that_fails_is_asked_again(self):
        self.double.fail("/query/timeseries", api.errors(503, "unavailable"), 1)
        self.assertEqual(self.one()["candidate"]["samples"], 30)

    def test_six_sentences(self):
        """Trap: no data, zero, not allowed, wrong query, too slow and broken answer are six different sentences"""
        found = set()
        found.add(str(self.one(SAMPLES.replace("trace.http", "no.such"))["headline"]))
        self.double.metrics["trace.http.request.duration"] = [({"service": "checkout"}, steady(0.0))]
        found.add(str(self.one()["headline"]))
        for ordered in (api.errors(403, "Forbidden"), api.errors(400, "no"), (200, {}, "{")):
            self.double.fail("/query/timeseries", ordered, 2)
            found.add(self.error())
        self.double.fail("/query/timeseries", api.errors(504, "timeout"), 99)
        found.add(self.error(source="retries = 0"))
        self.assertEqual(len(found), 6, found)


class Settings(DatadogTest):
    def validate_site(self, site):
        self.write("site.toml", f"""version = 1
[sources.dd]
type = "datadog"
site = "{site}"
[metrics.m]
source = "dd"
{SAMPLES}""")
        return run("validate", self.folder / "site.toml")

    def test_sites(self):
        """Trap: sites share nothing, and their names are easily mistaken"""
        for site, hint in (("us3", 'did you mean "us3.datadoghq.com"?'), ("app.datadoghq.com", 'did you mean "datadoghq.com"?'),
                           ("https://api.datadoghq.eu", 'did you mean "datadoghq.eu"?'),
                           ("datadoghq.co", 'did you mean "datadoghq.com"?'),
                           ("eu", 'did you mean "datadoghq.eu"?'), ("ddog-gov.org", 'did you mean "ddog-gov.com"?'),
                           ("example.org", "it has `datadoghq.com`")):
            with self.subTest(site=site):
                done = self.validate_site(site)
                self.assertIn(f'error[RG1601]: Datadog has no site "{site}"', done.stderr)
                self.assertIn(hint, done.stderr)

    def test_known_sites(self):
        for site in ("datadoghq.com", "us3.datadoghq.com", "us5.datadoghq.com", "datadoghq.eu", "ap1.datadoghq.com",
                     "ap2.datadoghq.com", "ddog-gov.com"):
            with self.subTest(site=site):
                self.assertEqual(self.validate_site(site).returncode, 0)

    def test_one_thing_a_metric(self):
        done = self.validate(SAMPLES + 'monitor = 12\n')
        self.assertIn("error[RG1602]: `query` and `monitor` exclude each other", done.stderr)
        self.assertIn("error[RG1602]: the metric does not say what to ask", self.validate('unit = "s"\n').stderr)

    def test_keys_that_do_not_fit(self):
        for metric, words in (
                (SAMPLES + 'muted = "ignore"\n', "`muted` has no meaning here"),
                (SAMPLES + 'measure = "burn"\n', "`measure` has no meaning here"),
                (SAMPLES + 'formula = "a"\n', "`formula` combines named `queries`"),
                ('monitor = "twelve"\n', "must be the number of a monitor"),
                ('slo = "a"\nmeasure = "burnt"\n', 'did you mean `burn`?'),
                ('slo = "a"\nslo_target = 100\n', "a percentage above 0 and below 100"),
                ('deployment_gate = { service = "a" }\n', "`deployment_gate` needs `env`"),
                ('deployment_gate = { service = "a", env = "b", versoin = "1" }\n', "did you mean `version`?")):
            with self.subTest(words=words):
                done = self.validate(metric)
                self.assertIn("error[RG1603]", done.stderr)
                self.assertIn(words, done.stderr)

    def test_monitor_as_samples_is_explained(self):
        done = self.validate('kind = "samples"\nmonitor = 12\nfail = { above = 1 }\n')
        self.assertEqual((done.returncode, "error[RG0235]: m asks for a state" in done.stderr), (2, True), done.stderr)

    def test_plan_sends_nothing_and_shows_what_would_be_sent(self):
        done = self.plan(SAMPLES)
        self.assertIn(f"POST /api/v2/query/timeseries  {DURATION}  from={RELEASED} to={RELEASED + 1800} interval=1m", done.stdout)
        self.assertEqual(self.double.requests, [])


if __name__ == "__main__":
    main()
