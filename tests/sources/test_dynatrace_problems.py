"""Dynatrace's problems through the program, against a double of the Problems API."""

import json

from api_case import TIMES, ApiTest, SevenCases, answer, events_of
from dynatrace import TOKEN
from dynatrace_problems import DynatraceProblems
from gate import main, run

COUNT = 'measure = "problems"\nfail = { increase_over = "900%" }\n'
MEAN = 'kind = "value"\naggregate = "mean"\nmeasure = "resolve_time"\nfail = { above = "2h" }\n'


class ProblemsTest(ApiTest):
    DOUBLE = DynatraceProblems
    TYPE = "dynatrace-problems"
    SOURCE = 'token = { env = "DYNATRACE_TOKEN" }'
    SECRETS = {"DYNATRACE_TOKEN": TOKEN}
    METRIC = MEAN
    PATH = "/problems"

    def setUp(self):
        super().setUp()
        for began, minutes in (("2026-03-17T11:40:00Z", 10), ("2026-03-17T11:50:00Z", 20), ("2026-03-17T12:10:00Z", 6),
                               ("2026-03-17T12:20:00Z", 8), ("2026-03-17T12:30:00Z", 13)):
            self.double.add(began, minutes)


class Cases(SevenCases, ProblemsTest):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual((metric["unit"], metric["verdict"], self.values(metric)), ("s", "pass", [15 * 60, 9 * 60]))
        self.assertEqual(events_of(self.one(COUNT)), [2, 3])
        self.assertIn({"from": "1773749040000", "to": "1773750840000", "pageSize": "500"}, [request.query for request in self.double.requests])

    def test_no_data(self):
        """No problem is no time to resolve."""
        del self.double.problems[2:]
        metric = self.ask()[0]
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [900, None]))
        self.assertIn("no problem began in the window", metric["headline"])

    def test_zero(self):
        """No problem is 0 problems."""
        del self.double.problems[2:]
        self.assertEqual(events_of(self.one(COUNT)), [2, 0])

    def test_paging_end(self):
        """Trap: the next page is asked for with `nextPageKey` alone."""
        self.double.most = 1
        self.assertEqual(self.values(self.one()), [900, 540])
        self.assertEqual([list(request.query) for request in self.double.requests if "nextPageKey" in request.query], [["nextPageKey"]] * 4)
        self.double.fail(self.PATH, answer(200, {"nextPageKey": "again", "problems": []}), times=9)
        self.assertEqual(self.error(), "RG1904")


class Traps(ProblemsTest):
    def test_problems_belong_to_where_they_began(self):
        """Trap: a problem is listed when it began *or* ended in the timeframe, whose end belongs to it: each counts once."""
        self.double.add("2026-03-17T12:00:00Z", 10)
        self.double.add("2026-03-17T10:00:00Z", 130)
        self.double.add("2026-03-17T12:04:00Z", 1)
        self.double.add("2026-03-17T12:34:00Z", 1)
        self.assertEqual(events_of(self.one(COUNT)), [3, 4])

    def test_open_problems(self):
        """Trap: the end of an open problem is -1, which is no time."""
        self.double.add("2026-03-17T12:25:00Z", None)
        metric = self.one()
        self.assertEqual(self.values(metric), [900, 540])
        self.assertIn("1 of 4 problems are still open and have no time", json.dumps(metric["notes"]))
        self.assertEqual(events_of(self.one(COUNT)), [2, 4])
        for one in self.double.problems:
            one.update(status="OPEN", endTime=-1)
        self.assertIn("none of the window's problems is closed yet", self.ask()[0]["headline"])

    def test_the_last_two_hours_alone(self):
        """Trap: without `from` the last two hours are listed: it is always sent."""
        self.one(COUNT, more='[compare]\nbaseline = { window = "300d" }\ncandidate = { window = "30m" }')
        self.assertEqual([request.query.get("from") is None for request in self.double.requests], [False, False])

    def test_selectors_that_fit_nothing(self):
        """Trap: a misspelt selector fits no problem, which looks like 0: it must have fit one in the year before."""
        narrow = COUNT + "entity_selector = 'type(SERVICE),tag(\"shpo\")'\n"
        metric = self.ask(narrow)[0]
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
        self.assertIn("misspelt ones fit none", json.dumps(metric))
        self.assertEqual(self.ask(narrow + 'on_no_data = "pass"\n')[0]["verdict"], "pass")
        right = COUNT + "entity_selector = 'type(SERVICE),tag(\"shop\")'\nproblem_selector = 'severityLevel(\"AVAILABILITY\")'\n"
        self.assertEqual(self.ask(right)[0]["verdict"], "inconclusive")
        self.double.add("2025-12-01T00:00:00Z", 5, "AVAILABILITY")
        self.assertEqual(events_of(self.one(right)), [0, 0])
        self.double.add("2026-03-17T12:11:00Z", 5, "AVAILABILITY")
        self.assertEqual(events_of(self.one(right)), [0, 1])

    def test_problems_are_found_late(self):
        """Trap: a problem is dated back to when it began: a window is asked a quarter of an hour after its end."""
        metric = self.ask(times=("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:40:00Z"))[0]
        self.assertEqual((metric["due"], self.double.requests), ("2026-03-17T12:49:00Z", []))

    def test_warnings(self):
        self.double.more = {"warnings": ["The list is limited."]}
        self.assertEqual(self.error(), "RG1924")
        self.assertIn("The list is limited.", self.text)
        self.assertIn("The list is limited.", json.dumps(self.one(MEAN + 'on_partial = "note"\n')["notes"]))

    def test_times_are_not_counted(self):
        self.assertEqual(self.error('kind = "count"\nevents = { measure = "resolve_time" }\nfail = { increase_over = "9%" }\n'), "RG1942")

    def test_errors_in_its_own_words(self):
        self.assertEqual(self.error(COUNT + 'problem_selector = "severity(1)"\n'), "RG1100")
        self.assertIn("it said: problemSelector: Invalid problem selector", self.text)

    def test_answers_of_another_form(self):
        for change, words in (({"endTime": 1773740000000}, "a time after `startTime`"), ({"startTime": "now"}, "startTime"),
                              ({"status": None}, "status")):
            with self.subTest(words):
                self.double.fail(self.PATH, answer(200, {"problems": [{**self.double.problems[2], **change}]}))
                self.assertEqual(self.error(), "RG1902")
                self.assertIn(words, self.text)


class Questions(ProblemsTest):
    def test_plan(self):
        shown = self.plan(COUNT).stdout
        self.assertIn("GET /api/v2/problems", shown)
        self.assertIn("from=2026-03-17T12:04:00Z to=2026-03-17T12:34:00Z", shown)
        self.assertEqual(self.double.requests, [])

    def test_mistakes_found_without_asking(self):
        for metric, code, words in (('fail = { above = 1 }', "RG1911", "no `measure`"), ('measure = "mttr"\nfail = { above = 1 }', "RG1911", "no measure"),
                                    (COUNT + "problem_selector = 'status(\"open\")'", "RG1910", "compares different things")):
            with self.subTest(words):
                result = self.validate(metric)
                self.assertEqual(result.returncode, 2)
                self.assertIn(code, result.stderr)
                self.assertIn(words, result.stderr)

    def test_check(self):
        result = run("sources", "--check", self.gate(), env=self.SECRETS)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual([request.query for request in self.double.requests], [{"from": "now-1m", "pageSize": "1"}])

    def test_samples(self):
        metric = self.one('measure = "resolve_time"\nfail = { above = "1h" }\nmin_samples = 2\n', times=TIMES)
        self.assertEqual([metric[side]["samples"] for side in ("baseline", "candidate")], [2, 3])


if __name__ == "__main__":
    main()
