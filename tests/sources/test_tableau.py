"""The tableau source through the program, against a double of Tableau's REST API and its VizQL Data Service."""

import json

from api_case import TIMES, ApiTest, SevenCases
from double import answer
from gate import main, report, run
from tableau import SITE, SOURCE, TOKEN, TOKEN_NAME, VIEW, Tableau

WEEKS = 'anchor = "2026-03-10T00:00:00Z"\nbaseline = { window = "7d" }\ncandidate = { window = "7d" }\n'
SALES = f'datasource = "{SOURCE}"\nfield = "Sales"\ndate_field = "Order Date"\nfail = {{ above = 100000 }}\n' + WEEKS
SHOWN = f'view = "{VIEW}"\ncolumn = "Sales"\nfilters = {{ Region = "West" }}\nfail = {{ above = 100000 }}\n'
MARGIN = SHOWN.replace('"Sales"', '"Margin"').replace("above = 100000", 'above = "99%"') + "percent = true\n"


class TableauCase(ApiTest):
    DOUBLE = Tableau
    TYPE = "tableau"
    SOURCE = f'site = "{SITE}"\ntoken_name = "{TOKEN_NAME}"\ntoken = {{ env = "TABLEAU_TOKEN" }}\n'
    SECRETS = {"TABLEAU_TOKEN": TOKEN}
    METRIC = SALES
    PATH = "/query-datasource"


class DataSources(TableauCase, SevenCases):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual((self.values(metric), metric["kind"], metric["verdict"]), ([1400, 1540], "value", "pass"))
        self.assertEqual(self.values(self.one(SALES + 'function = "COUNT"\n')), [14, 14])
        self.assertEqual(self.values(self.one(SALES + 'filters = { Region = "West" }\n')), [700, 770])

    def test_no_data(self):
        """Trap: no row is no data, and no 0"""
        metric = self.ask(SALES + 'filters = { Region = "North" }\n')[0]
        self.assertEqual((metric["evidence"], self.exit_code), ("none", 3))
        self.assertIn("no row of the data source fits", metric["headline"])
        metric = self.ask(SALES.replace(WEEKS, ""))[0]
        self.assertIn("holds no whole day of UTC", metric["headline"])

    def test_zero(self):
        self.double.orders = [(day, region, 0) for day, region, _ in self.double.orders]
        self.assertEqual(self.values(self.one()), [0, 0])

    def test_paging_end(self):
        """There are no pages: one row is needed."""
        self.double.rows = [{"value": 1}, {"value": 2}]
        self.assertEqual(self.error(), "RG1947")

    def test_days(self):
        """Trap: bounds of dates are inclusive, and a field with times of day must have all of the last one"""
        self.one()
        dated = [request.json()["query"]["filters"][0] for request in self.double.asked("/query-datasource")]
        self.assertEqual({(one["minDate"], one["maxDate"], one["field"]["function"]) for one in dated},
                         {("2026-03-03", "2026-03-09", "TRUNC_DAY"), ("2026-03-10", "2026-03-16", "TRUNC_DAY")})

    def test_a_misspelt_field_is_refused(self):
        self.assertEqual(self.error(SALES.replace('"Sales"', '"Sails"')), "RG1100")
        self.assertIn("Unknown Field: Sails", self.text)

    def test_one_sign_in_for_all(self):
        """Trap: a second sign-in with one token ends the first: all questions of a run share one"""
        self.double.delay = 0.1
        more = "".join(f'[metrics.n{i}]\nsource = "api"\n{SHOWN}' for i in range(4))
        self.assertEqual([metric["error"] for metric in self.ask(more=more)], [None] * 5)
        self.assertEqual(len(self.double.asked("/auth/signin")), 1)

    def test_a_session_that_was_ended(self):
        self.double.fail("/query-datasource", answer(401, {"error": {"summary": "Invalid"}}), times=9)
        self.assertEqual(self.error(), "RG1101")
        self.assertIn("another sign-in with the same token ends this one", self.text)

    def test_a_wrong_token(self):
        self.assertEqual(self.error(secrets={"TABLEAU_TOKEN": "wrong-secret"}), "RG1101")
        self.assertEqual(self.double.asked("/query-datasource"), [])

    def test_nothing_of_the_session_is_kept(self):
        evidence = self.folder / "evidence"
        gate = self.gate(SHOWN)
        code, first = report(gate, *TIMES, "--record", evidence, env=self.SECRETS)
        kept = "".join(path.read_text(encoding="utf-8", errors="replace") for path in evidence.rglob("*") if path.is_file())
        for secret in (TOKEN, "session-token"):
            self.assertNotIn(secret, kept + json.dumps(first))
        self.double.requests.clear()
        again, second = report(gate, *TIMES, "--replay", evidence, env={"TABLEAU_TOKEN": ""})
        self.assertEqual((code, again, self.double.requests), (0, 0, []))
        self.assertEqual(second["metrics"][0]["candidate"], first["metrics"][0]["candidate"])

    def test_mistakes_are_found_before_anything_is_asked(self):
        room = "fail = { above = 1 }\n"
        for metric, words in ((room, "one of `view` and `datasource`"), (SHOWN + f'datasource = "{SOURCE}"\n', "one of `view` and `datasource`"),
                              (f'view = "{VIEW}"\n' + room, "`view` without `column`"), (SHOWN + 'field = "x"\n', "has no meaning for a view"),
                              (SALES + 'function = "sum"\n', "no function `sum`"), (SALES + "baseline_filters = { a = \"b\" }\n", "tells the sides apart"),
                              (SHOWN.replace('"West"', '["West"]'), "is no text and no number")):
            with self.subTest(words):
                done = self.validate(metric)
                self.assertIn("RG1910", done.stderr)
                self.assertIn(words, done.stderr)
        for source in ('timezone = "Mars/Olympus"\n', 'api_version = "latest"\n'):
            self.assertIn("RG1910", self.validate(source=self.SOURCE + source).stderr)

    def test_check_and_plan(self):
        self.healthy()
        self.assertEqual([request.path for request in self.double.requests], ["/api/3.19/auth/signin", "/api/3.19/sessions/current"])
        self.assertEqual(run("sources", "--check", self.gate(), env={"TABLEAU_TOKEN": "wrong"}).returncode, 4)
        planned = self.plan()
        self.assertNotIn(TOKEN, planned.stdout)
        self.assertIn("POST /api/v1/vizql-data-service/query-datasource", planned.stdout)
        self.assertIn("vf_Region=West", self.plan(SHOWN).stdout)


class Views(TableauCase):
    METRIC = SHOWN

    def test_numbers_as_they_are_displayed(self):
        """Trap: a view gives numbers as displayed: "1,234.5", "12.5%" """
        metric = self.one()
        self.assertEqual(metric["candidate"]["value"], 1234.5)
        self.assertIn("as the view displays it, rounded", json.dumps(metric["notes"]))
        metric = self.one(MARGIN)
        self.assertEqual((metric["candidate"]["value"], metric["unit"]), (12.5, "%"))

    def test_a_cache_is_asked_for_fresh_data(self):
        """Trap: data may be four hours old: a minute is asked for"""
        self.one()
        self.assertEqual([(request.query["maxAge"], request.query["vf_Region"]) for request in self.double.asked("/data")], [("1", "West")])

    def test_filters_are_applied_again(self):
        """Trap: a misspelt `vf_` is ignored: rows are filtered here, too, and a field that the view lacks is an error"""
        self.assertEqual(self.error(SHOWN.replace("Region =", "Regoin =")), "RG1940")
        self.assertIn("did you mean `Region`?", self.text)
        self.double.views[VIEW] = "Sales,Region\n1,West\n2,East\n"  # the double filters by a first column alone
        self.assertEqual(self.one()["candidate"]["value"], 1)

    def test_one_row_is_needed(self):
        """Trap: several rows are no number: the first of them is chance, their sum adds up rounding"""
        self.assertEqual(self.error(SHOWN.replace('filters = { Region = "West" }\n', "")), "RG1947")
        metric = self.ask(SHOWN.replace('"West"', '"North"'))[0]
        self.assertEqual((metric["evidence"], self.exit_code), ("none", 3))
        for text, words in (("", "the view has no data"), ("Region,Sales\nWest,\n", "is empty")):
            self.double.views[VIEW] = text
            self.assertIn(words, self.ask()[0]["headline"])

    def test_what_cannot_be_read_for_sure(self):
        for shown in ("$1,234", "1.2K", "1.234,5", "12,34", "(12)", "1e5", "n/a", "- 5", "1,234,5", ",5", "5.", "--1"):
            with self.subTest(shown):
                self.double.views[VIEW] = f'Region,Sales\nWest,"{shown}"\n'
                self.assertEqual(self.error(), "RG1948")
        for shown, value in (("-1,234,567.25", -1234567.25), ("0", 0), ("12345", 12345), ("0.5", 0.5)):
            self.double.views[VIEW] = f'Region,Sales\nWest,"{shown}"\n'
            self.assertEqual(self.one()["candidate"]["value"], value)

    def test_per_cent_is_said(self):
        """Trap: 12.5% read as 12.5 of something else is wrong by a hundred"""
        self.assertEqual(self.error(MARGIN.replace("percent = true\n", "").replace('"99%"', "99")), "RG1948")
        self.assertIn("percent = true", self.text)
        self.assertEqual(self.error(MARGIN.replace('"Margin"', '"Sales"')), "RG1948")

    def test_no_such_view_or_column(self):
        self.assertEqual(self.error(SHOWN.replace(VIEW, SOURCE)), "RG1940")
        self.assertEqual(self.error(SHOWN.replace('"Sales"', '"Sails"')), "RG1940")
        self.assertIn("did you mean `Sales`?", self.text)

    def test_broken_data(self):
        for text, code in (('Region,Sales\nWest,"1,2', "RG1901"), ("Region,Sales\nWest\n", "RG1901"), ("<html><body>Log in</body></html>", "RG1903")):
            self.double.fail("/data", answer(200, text, {"Content-Type": "text/csv"}))
            self.assertEqual(self.error(), code)

    def test_two_sides(self):
        metric = self.ask(SHOWN.replace("above = 100000", 'decrease_over = "10%"') + 'baseline_filters = { Region = "East" }\n')[0]
        self.assertEqual((self.values(metric), metric["verdict"]), ([2000, 1234.5], "fail"))
        metric = self.ask(SHOWN.replace("above = 100000", 'decrease_over = "10%"'))[0]
        self.assertEqual((metric["evidence"], self.exit_code), ("none", 3))


if __name__ == "__main__":
    main()
