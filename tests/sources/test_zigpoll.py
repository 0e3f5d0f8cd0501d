"""The zigpoll source through the program, against a double of Zigpoll's API."""

import json

from api_case import TIMES, ApiTest, SevenCases
from gate import GateTest, main, report
from zigpoll import KEY, OTHER, POLL, SLIDE, Zigpoll

NPS = f'measure = "nps"\nslide = "{SLIDE}"\nbetter = "higher"\nfail = {{ below = -50 }}\n'
COUNT = f'kind = "count"\nevents = {{ measure = "answers", slide = "{SLIDE}" }}\nunit = "1/h"\nfail = {{ above = "9000/h" }}\n'


class ZigpollCase(ApiTest):
    DOUBLE = Zigpoll
    TYPE = "zigpoll"
    SOURCE = 'token = { env = "ZIGPOLL_API_KEY" }\n'
    SECRETS = {"ZIGPOLL_API_KEY": KEY}
    METRIC = NPS
    PATH = "/responses"


class Answers(ZigpollCase, SevenCases):
    def test_happy_path(self):
        """NPS = 100 * (promoters - detractors) / answers: 100 * (20 - 10) / 40 before, 100 * (24 - 6) / 40 after."""
        metric = self.one()
        self.assertEqual((self.values(metric), metric["kind"], metric["verdict"]), ([25, 45], "samples", "pass"))
        self.assertIsNotNone(metric["change"]["interval"])

    def test_no_data(self):
        self.double.responses = []
        metric = self.ask()[0]
        self.assertEqual((metric["evidence"], self.exit_code), ("none", 3))
        self.assertIn("nobody answered", metric["headline"])

    def test_zero(self):
        self.double.responses = [one for one in self.double.responses if "T11" in one["createdAt"]]
        self.assertEqual([round(value, 6) for value in self.values(self.one(COUNT))], [80, 0])

    def test_paging_end(self):
        """Trap: 50 a page by default, 1,000 at most; pages go on by `endCursor` while `hasNextPage`"""
        self.double.page_size = 15
        self.assertEqual(self.values(self.one()), [25, 45])
        cursors = [(request.query["limit"], request.query.get("startCursor")) for request in self.double.asked("/responses")]
        self.assertEqual(sorted(cursors, key=str), sorted([("1000", None)] * 2 + [("1000", str(15 * i)) for i in (1, 1, 2, 2, 3, 4, 5)], key=str))
        self.double.repeat_cursor = True
        self.assertEqual(self.error(), "RG1904")

    def test_the_key_is_no_bearer(self):
        """Trap: the key is sent as it is, without Bearer"""
        self.one()
        self.assertEqual({request.headers["Authorization"] for request in self.double.requests}, {KEY})

    def test_the_window_ends(self):
        """Trap: there is a bound for the beginning alone: what came after the window must not count"""
        self.double.add("2026-03-17T12:34:00.000Z", "late", 0)
        self.double.add("2026-03-17T12:04:00.000Z", "first", 0)
        self.assertEqual(self.values(self.one()), [25, 100 * (24 - 7) / 41])
        self.assertEqual({request.query["createdAfter"] for request in self.double.asked("/responses")},
                         {"1773747239999", "1773749039999"})  # a millisecond before 11:34 and 12:04: the bound is exclusive

    def test_one_answer_a_participant_and_question(self):
        """Trap: whoever answers twice counts once, with the last answer; another question is another answer"""
        self.double.add("2026-03-17T12:30:00.000Z", "b39", 10)
        self.double.add("2026-03-17T12:31:00.000Z", "b38", 10, slide=OTHER)
        metric = self.one()
        self.assertEqual(metric["candidate"]["value"], 100 * (25 - 5) / 40)
        self.assertIn("40 answers, 0 blank, 1 replaced by a later one", json.dumps(metric))
        of_poll = self.one(NPS.replace(f'slide = "{SLIDE}"', f'poll = "{POLL}"'))
        self.assertEqual(of_poll["candidate"]["value"], 100 * (26 - 5) / 41)

    def test_blank_is_none(self):
        """Trap: a blank answer is none, and no 0"""
        self.double.add("2026-03-17T12:31:00.000Z", "x1", " ")
        metric = self.one()
        self.assertEqual(metric["candidate"]["value"], 45)
        self.assertIn("1 blank", json.dumps(metric))

    def test_an_answer_off_the_scale(self):
        self.double.add("2026-03-17T12:31:00.000Z", "x1", "very likely")
        self.assertEqual(self.error(), "RG1946")
        self.assertIn("very likely", self.text)
        metric = self.one(NPS + 'on_bad_answer = "drop"\n')
        self.assertEqual((metric["candidate"]["value"], metric["candidate"]["dropped"]), (45, 1))

    def test_few_answers_are_no_data(self):
        """Trap: fewer than 30 answers are no score"""
        self.double.responses = self.double.responses[:40] + self.double.responses[40:69]
        metric = self.ask(NPS + "min_samples = 30\n")[0]
        self.assertEqual((metric["evidence"], metric["verdict"], self.exit_code), ("thin", "inconclusive", 3))
        self.double.add("2026-03-17T12:31:00.000Z", "x1", 9)
        self.assertEqual(self.one(NPS + "min_samples = 30\n")["verdict"], "pass")

    def test_other_scores(self):
        self.double.responses = []
        for i, (before, after) in enumerate(zip((5, 4, 3, 1) * 10, (5, 5, 4, 1) * 10)):
            self.double.add(f"2026-03-17T11:{40 + i // 4:02d}:00.000Z", f"a{i}", before)
            self.double.add(f"2026-03-17T12:{10 + i // 4:02d}:00.000Z", f"b{i}", after)
        metric = self.one(NPS.replace("nps", "csat").replace("-50", '"10%"'))
        self.assertEqual((self.values(metric), metric["unit"]), ([50, 75], "%"))
        self.assertEqual(self.values(self.one(NPS.replace("nps", "ces"))), [3.25, 3.75])
        self.assertEqual(self.values(self.one(NPS.replace("nps", "rating"))), [3.25, 3.75])

    def test_no_such_question(self):
        """Trap: an unknown question has no responses, which looks like nobody answered"""
        for missing in (False, True):
            self.double.null_for_missing = missing
            self.assertEqual(self.error(NPS.replace(SLIDE, "000000000000000000000000")), "RG1940")
            self.assertEqual(self.error(NPS.replace(f'slide = "{SLIDE}"', 'poll = "nope"')), "RG1940")

    def test_scores_are_not_counted(self):
        self.assertEqual(self.error(COUNT.replace('"answers"', '"nps"')), "RG1942")

    def test_mistakes_are_found_before_anything_is_asked(self):
        for metric, words in (('measure = "nps"\n', "one of `slide` and `poll`"), (NPS + f'poll = "{POLL}"\n', "one of `slide` and `poll`"),
                              (NPS + "scale = 5\n", "NPS is asked from 0 to 10"), (NPS.replace("nps", "ces") + "scale = 1\n", "a scale ends at 2"),
                              (NPS + 'on_bad_answer = "skip"\n', "`on_bad_answer` cannot be \"skip\"")):
            with self.subTest(words):
                done = self.validate(metric + ("" if "fail" in metric else "fail = { below = 1 }\n"))
                self.assertIn("RG1910", done.stderr)
                self.assertIn(words, done.stderr)
        self.assertIn("RG1911", self.validate(NPS.replace("nps", "npss")).stderr)

    def test_check_and_plan(self):
        self.healthy()
        self.assertEqual([request.path for request in self.double.requests], ["/me"])
        self.assertIn(f"GET /responses  nps (0 to 10) of the question {SLIDE}", self.plan().stdout)


class Export(GateTest):
    def test_the_survey_source_reads_exports(self):
        """Trap: exports have a mark at the beginning, `;`, line breaks in quotes, a question as header and local times"""
        lines = ["\ufeffDate;Participant ID;How likely are you to recommend us?;Why?"]
        for minute in range(40):
            lines.append(f'2026-03-17 12:{minute + 10:02d}:00;a{minute};{10 if minute < 15 else 3};"so;\nso"')  # Berlin is an hour ahead
            lines.append(f'2026-03-17 13:{minute + 10:02d}:00;b{minute};{9 if minute < 18 else 7};""')
        self.write("zigpoll-1.csv", "\n".join(lines) + "\n")
        gate = self.write("gate.toml", """version = 1
[sources.export]
type       = "survey"
path       = "zigpoll-*.csv"
delimiter  = ";"
time       = { column = "Date", format = "%Y-%m-%d %H:%M:%S", zone = "Europe/Berlin" }
respondent = "Participant ID"
score      = "How likely are you to recommend us?"
[metrics.m]
source  = "export"
measure = "nps"
better  = "higher"
fail    = { below = -100 }
""")
        code, document = report(gate, *TIMES)
        metric = document["metrics"][0]
        self.assertIsNone(metric["error"], metric["error"])
        # 11:34 to 12:04: minutes 34 to 49 of the first column, all of them detractors; 12:04 to 12:34: 18 promoters of 24
        self.assertEqual((code, metric["baseline"]["value"], metric["candidate"]["value"]), (0, -100, 75))


if __name__ == "__main__":
    main()
