"""Goals in time over an event log: which goal counts on which day, over which window, against a computation of its own."""

import datetime
import json
import random

from gate import GateTest, main, report, run

DAY = datetime.timedelta(days=1)
DEPLOYED = datetime.datetime(2026, 3, 17, 12, 4, tzinfo=datetime.timezone.utc)
GOALS = ((7, 0.10), (30, 0.40))
TEXT = 'goals = [{ after = "7d", at_least = "10%" }, { after = "30d", at_least = "40%" }]'


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def parsed(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Goals(GateTest):
    def setUp(self):
        super().setUp()
        dice = random.Random(11)
        self.rows = []
        for hour in range(-14 * 24, 45 * 24, 5):
            # About eight of forty come in a week at first, and twice as many a month later.
            user = dice.randrange(60 if hour < 0 else 25 if hour > 400 else 90)
            self.rows.append((DEPLOYED + datetime.timedelta(hours=hour, minutes=dice.randrange(60)), f"u{user}", dice.choice(["checkout", "view", "view"])))
        self.rows.sort()
        self.write("events.jsonl", "".join(json.dumps({"time": stamp(t), "user_id": u, "event": e}) + "\n" for t, u, e in self.rows))
        self.eligible = {f"u{i}" for i in range(40)}
        self.write("eligible.csv", "user_id\n" + "".join(f"{one}\n" for one in sorted(self.eligible)))

    def gate(self, bounds, compare='baseline = { window = "7d" }\ncandidate = { window = "7d" }', more=""):
        return self.write("gate.toml", f'version = 1\n[release]\ndeployed_at = "{stamp(DEPLOYED)}"\n[compare]\n{compare}\n'
                          '[sources.usage]\ntype = "event-log"\npath = "events.jsonl"\neligible = "eligible.csv"\n'
                          '[metrics.adoption]\nsource = "usage"\nkind = "ratio"\nbetter = "higher"\ncategory = "adoption"\n'
                          'events = { measure = "active_users", event = "checkout" }\ntotal = "eligible_users"\n'
                          f'fail = {{ {bounds} }}\n{more}')

    def adoption(self, start, end):
        users = {user for time, user, event in self.rows if start <= time < end and event == "checkout"}
        return len(users & self.eligible) / len(self.eligible)

    def at(self, days, gate, *arguments):
        code, answer = report(gate, "--as-of", stamp(DEPLOYED + days * DAY), *arguments)
        return code, answer["metrics"][0], answer

    def test_the_last_goal_that_is_due_counts_in_the_week_before_it(self):
        gate = self.gate(TEXT)
        outcomes = set()
        for days in (3, 6.99, 7, 8, 29.99, 30, 40):
            with self.subTest(days):
                code, metric, _ = self.at(days, gate)
                [criterion] = metric["criteria"]
                due = [goal for goal in GOALS if goal[0] <= days]
                after, wanted = due[-1] if due else GOALS[0]
                window = (DEPLOYED + (after - 7) * DAY, DEPLOYED + after * DAY)
                self.assertEqual(tuple(parsed(metric["candidate"]["window"][end]) for end in ("start", "end")), window)
                self.assertEqual((criterion["goal"]["number"], criterion["goal"]["is_due"], criterion["goal"]["after_seconds"]),
                                 (max(1, len(due)), bool(due), after * 86400))
                self.assertEqual(parsed(criterion["goal"]["due"]), window[1])
                if not due:
                    self.assertEqual((criterion["outcome"], parsed(criterion["due"]), metric["evidence"], metric["verdict"], code),
                                     ("not_evaluated", window[1], "pending", "inconclusive", 3))
                    continue
                value = self.adoption(*window)
                self.assertAlmostEqual(metric["candidate"]["value"], value, places=12)
                reached = value >= wanted
                outcomes.add(reached)
                self.assertEqual((criterion["outcome"], metric["verdict"], code), ("holds", "pass", 0) if reached else ("violated", "fail", 1))
                self.assertEqual("next_due" in criterion["goal"] and criterion["goal"]["next_due"] is not None, after == 7)
        self.assertEqual(outcomes, {True, False}, "the data should reach one goal and miss the other")

    def test_data_that_arrive_later_make_it_due_later(self):
        gate = self.gate(TEXT, 'candidate = { window = "7d" }\nbaseline = { window = "7d" }\ningest_delay = "1d"')
        for days, due in ((7.5, False), (8, True)):
            _, metric, _ = self.at(days, gate)
            self.assertEqual(metric["criteria"][0]["goal"]["is_due"], due)
        self.assertEqual(parsed(metric["candidate"]["window"]["end"]), DEPLOYED + 7 * DAY)

    def test_the_window_does_not_reach_back_before_the_release(self):
        gate = self.gate(TEXT, 'candidate = { window = "28d", settle = "1d" }\nbaseline = { window = "7d" }')
        _, metric, _ = self.at(8, gate)
        self.assertEqual(parsed(metric["candidate"]["window"]["start"]), DEPLOYED + DAY)
        self.assertAlmostEqual(metric["candidate"]["value"], self.adoption(DEPLOYED + DAY, DEPLOYED + 7 * DAY), places=12)
        self.assertIn("the window is 6 d long: that is all there is from the release to the goal", metric["notes"])

    def test_with_anchor_now_the_window_ends_now_and_other_bounds_hold_all_the_time(self):
        gate = self.gate("below = 0, " + TEXT, 'anchor = "now"\ncandidate = { window = "3d" }\nbaseline = { window = "3d" }')
        code, metric, _ = self.at(5, gate)
        self.assertEqual([one["outcome"] for one in metric["criteria"]], ["holds", "not_evaluated"])
        self.assertEqual((metric["evidence"], metric["brief"], code), ("pending", "due 24 Mar 12:04 UTC", 3))
        self.assertAlmostEqual(metric["candidate"]["value"], self.adoption(DEPLOYED + 2 * DAY, DEPLOYED + 5 * DAY), places=12)
        _, metric, _ = self.at(40, gate)
        self.assertAlmostEqual(metric["candidate"]["value"], self.adoption(DEPLOYED + 37 * DAY, DEPLOYED + 40 * DAY), places=12)
        self.assertEqual(metric["criteria"][1]["goal"]["number"], 2)

    def test_early_shows_the_value_so_far(self):
        gate = self.gate(TEXT, 'candidate = { window = "7d" }\nbaseline = { window = "7d" }\nearly = "shorten"')
        code, metric, _ = self.at(3, gate)
        self.assertAlmostEqual(metric["candidate"]["value"], self.adoption(DEPLOYED, DEPLOYED + 3 * DAY), places=12)
        self.assertEqual((metric["criteria"][0]["outcome"], metric["verdict"], code), ("not_evaluated", "inconclusive", 3))

    def test_skipped_or_not_it_has_a_line_with_its_day(self):
        guard = '[metrics.use]\nsource = "usage"\nmeasure = "active_users"\nanchor = "now"\nfail = { below = 0 }\n'
        told = "adoption, goal ≥ 10 % after 7 d, due 24 Mar 12:04 UTC"
        now = ("--as-of", stamp(DEPLOYED + 3 * DAY))
        gate = self.gate(TEXT, more='on_pending = "skip"\n' + guard)
        result = run("check", gate, *now)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn(f"… pending: {told}\n", result.stdout)
        self.assertIn(f"- … pending: {told}\n", run("check", gate, *now, "--format", "markdown").stdout)
        page = self.folder / "report.html"
        run("check", gate, *now, "--report", f"html={page}")
        row = page.read_text(encoding="utf-8").split('<tr class="pending">')[1].split("</tr>")[0]
        self.assertIn("PENDING", row)
        self.assertIn("Adoption", row)
        self.assertIn("after\N{NO-BREAK SPACE}7\N{NO-BREAK SPACE}d, due".replace("\N{NO-BREAK SPACE}", " "), row.replace("\N{NO-BREAK SPACE}", " "))
        result = run("check", self.gate(TEXT, more=guard), *now)
        self.assertEqual(result.returncode, 3)
        self.assertIn("PENDING", result.stdout.splitlines()[0])
        self.assertIn("adoption is due 24 Mar 12:04 UTC", result.stdout.splitlines()[0])

    def test_from_is_told_with_its_time(self):
        _, metric, _ = self.at(8, self.gate("below = 0.9, from = 2026-04-01T00:00:00Z"))
        self.assertEqual((metric["criteria"][0]["due"], metric["verdict"]), ("2026-04-01T00:00:00Z", "skipped"))
        _, metric, _ = self.at(16, self.gate("below = 0.9, from = 2026-04-01T00:00:00Z"))
        self.assertEqual((metric["criteria"][0].get("due"), metric["verdict"]), (None, "fail"))

    def test_a_formula_whose_parts_stay_is_a_mistake(self):
        more = '[metrics.twice]\nkind = "derived"\nformula = "2 * adoption"\nfail = { goals = [{ after = "7d", at_most = 3 }] }\n'
        gate = self.gate("below = 0", more=more)
        self.assertIn("error[RG0321]", run("check", gate, "--as-of", stamp(DEPLOYED + 8 * DAY)).stderr)
        gate = self.gate("below = 0", 'anchor = "now"\ncandidate = { window = "3d" }\nbaseline = { window = "3d" }', more)
        code, _, answer = self.at(8, gate)
        self.assertEqual(answer["metrics"][1]["criteria"][0]["outcome"], "holds")
        self.assertAlmostEqual(answer["metrics"][1]["candidate"]["value"], 2 * self.adoption(DEPLOYED + 5 * DAY, DEPLOYED + 8 * DAY), places=12)
        self.assertEqual(code, 0)


if __name__ == "__main__":
    main()
