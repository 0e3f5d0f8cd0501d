"""Cohorts, funnels and estimated counts of event logs through the program, against computations over the same rows here."""

import datetime
import json
import random

from gate import GateTest, main, report, run

DAY = datetime.timedelta(days=1)
END = datetime.datetime(2026, 3, 17, tzinfo=datetime.timezone.utc)
STEPS = ("view", "cart", "pay")


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Users(GateTest):
    """A log of seven weeks; the windows are the last two of them, a week each."""

    def setUp(self):
        super().setUp()
        dice = random.Random(8)
        self.rows = []
        for minute in range(0, 49 * 24 * 60, 6):
            time = END - 49 * DAY + datetime.timedelta(minutes=minute)
            newest = 20 + minute // 120
            self.rows.append({"time": time, "user_id": f"u{dice.randrange(max(0, newest - 300), newest)}",
                              "event": dice.choice(["view", "view", "cart", "pay", "other"]), "plan": dice.choice(["pro", "free"])})
        dice.shuffle(self.rows)
        # The same second: what comes first is what the log says first.
        last = END - 2 * DAY
        self.rows += [{"time": last, "user_id": "twin", "event": event, "plan": "pro"} for event in STEPS]
        self.rows += [{"time": last, "user_id": "niwt", "event": event, "plan": "pro"} for event in reversed(STEPS)]
        self.write("events.jsonl", "".join(json.dumps({**row, "time": stamp(row["time"])}) + "\n" for row in self.rows))

    def measured(self, metric, source=""):
        gate = self.write("gate.toml", 'version = 1\n[compare]\nbaseline = { window = "7d" }\ncandidate = { window = "7d" }\n[release]\n'
                          f'deployed_at = "{stamp(END - 7 * DAY)}"\n[sources.usage]\ntype = "event-log"\npath = "events.jsonl"\n{source}\n'
                          f'[metrics.m]\nsource = "usage"\n{metric}\n')
        self.code, answer = report(gate, "--now", stamp(END + DAY))
        return {tuple(one["labels"].values()): one for one in answer["metrics"]}

    def windows(self):
        return {"baseline": (END - 14 * DAY, END - 7 * DAY), "candidate": (END - 7 * DAY, END)}

    def cohorts(self, start, end, length, count, event):
        """By age: (users first seen so long before the window, those of them with the event in it)."""
        first = {}
        for row in self.rows:
            first[row["user_id"]] = min(first.get(row["user_id"], row["time"]), row["time"])
        came = {row["user_id"] for row in self.rows if start <= row["time"] < end and row["event"] == event}
        out = []
        for age in range(count):
            users = {user for user, time in first.items() if start - (age + 1) * length <= time < start - age * length}
            out.append((len(users), len(users & came)))
        return out

    def test_retention_by_when_users_were_first_seen(self):
        keys = 'cohort = "7d", cohorts = 3'
        found = self.measured(f'kind = "ratio"\nevents = {{ measure = "retained_users", event = "pay", {keys} }}\n'
                              f'total = {{ measure = "cohort_users", {keys} }}\neach = "cohort"\nfail = {{ decrease_over = "90pp" }}')
        labels = ["first seen 0 to 7d before", "first seen 7d to 14d before", "first seen 14d to 21d before"]
        self.assertEqual(sorted(found), sorted((label,) for label in labels))
        for side, (start, end) in self.windows().items():
            for label, (users, came) in zip(labels, self.cohorts(start, end, 7 * DAY, 3, "pay")):
                self.assertGreater(came, 0)
                self.assertAlmostEqual(found[(label,)][side]["value"], came / users, places=12)

    def test_all_cohorts_as_one_and_a_log_that_begins_too_late(self):
        found = self.measured('measure = "retained_users"\ncohort = "14d"\ncohorts = 4\nfail = { below = 0 }')
        [metric] = found.values()
        first = self.first()
        for side, (start, end) in self.windows().items():
            came = {row["user_id"] for row in self.rows if start <= row["time"] < end}
            self.assertEqual(metric[side]["value"], len({user for user in came if start - 56 * DAY <= first[user] < start}))
        self.assertTrue(any("the log begins" in note for note in metric["notes"]), metric["notes"])

    def first(self):
        first = {}
        for row in self.rows:
            first[row["user_id"]] = min(first.get(row["user_id"], row["time"]), row["time"])
        return first

    def furthest(self, start, end, within, where=lambda row: True):
        """By trying every beginning: how many users got how far."""
        users = {}
        for number, row in enumerate(self.rows):
            if start <= row["time"] < end and row["event"] in STEPS and where(row):
                users.setdefault(row["user_id"], []).append((row["time"], number, row["event"]))
        reached = [0] * len(STEPS)
        for rows in users.values():
            rows.sort()
            best = 0
            for i, (began, _, event) in enumerate(rows):
                if event != STEPS[0] or began > end - within:
                    continue
                step = 1
                for time, _, event in rows[i + 1:]:
                    if step < len(STEPS) and event == STEPS[step] and time - began <= within:
                        step += 1
                best = max(best, step)
            for step in range(best):
                reached[step] += 1
        return reached

    def test_a_funnel_and_its_steps(self):
        keys = f'steps = {json.dumps(STEPS)}, within = "3d"'
        ratio = f'kind = "ratio"\nevents = {{ measure = "funnel_users", {keys} }}\ntotal = {{ measure = "funnel_from", {keys} }}\n'
        whole = self.measured(ratio + 'fail = { decrease_over = "90pp" }')[()]
        steps = self.measured(ratio + 'each = "step"\nfail = { decrease_over = "90pp" }')
        self.assertEqual(sorted(steps), [("2 cart",), ("3 pay",)])
        for side, (start, end) in self.windows().items():
            reached = self.furthest(start, end, 3 * DAY)
            self.assertGreater(reached[2], 5)
            self.assertGreater(reached[0], reached[2])
            self.assertAlmostEqual(whole[side]["value"], reached[2] / reached[0], places=12)
            self.assertAlmostEqual(steps[("2 cart",)][side]["value"], reached[1] / reached[0], places=12)
            self.assertAlmostEqual(steps[("3 pay",)][side]["value"], reached[2] / reached[1], places=12)
        self.assertIn("who began after 2026-03-14T00:00:00Z is left out: 3 d were not over when the window was", whole["notes"])

    def test_where_and_eligible_hold_for_users_too(self):
        self.write("eligible.csv", "user_id\n" + "".join(f"u{i}\n" for i in range(0, 700, 2)))
        allowed = {f"u{i}" for i in range(0, 700, 2)}
        metric = f'measure = "funnel_users"\nsteps = {json.dumps(STEPS)}\nwithin = "5d"\nwhere = {{ plan = "pro" }}\nfail = {{ below = 0 }}'
        found = self.measured(metric, 'eligible = "eligible.csv"')[()]
        start, end = self.windows()["candidate"]
        self.assertEqual(found["candidate"]["value"],
                         self.furthest(start, end, 5 * DAY, lambda row: row["plan"] == "pro" and row["user_id"] in allowed)[2])

    def test_evidence_replays(self):
        keys = f'steps = {json.dumps(STEPS)}, within = "3d"'
        self.measured(f'kind = "ratio"\nevents = {{ measure = "funnel_users", {keys} }}\ntotal = {{ measure = "funnel_from", {keys} }}\nfail = {{ above = "99%" }}')
        now = ("--now", stamp(END + DAY))
        before = run("check", "gate.toml", *now, "--record", "evidence", "--format", "json", cwd=self.folder)
        (self.folder / "events.jsonl").unlink()
        again = run("check", "--replay", "evidence", "--format", "json", cwd=self.folder)
        self.assertEqual(again.returncode, before.returncode, again.stderr)
        first, second = (json.loads(one.stdout)["metrics"][0]["candidate"] for one in (before, again))
        self.assertEqual(first, second)
        self.assertIsNotNone(first["value"])

    def test_an_estimate_says_its_error_and_keeps_it(self):
        many = 60_000
        self.write("events.jsonl", "".join(
            f'{{"time": "{stamp(END - DAY)}", "user_id": "u{i % many}", "event": "view"}}\n' for i in range(many + many // 3)))
        metric = self.measured('measure = "active_users"\ncounting = "hyperloglog"\nfail = { below = 1 }')[()]
        self.assertLess(abs(metric["candidate"]["value"] / many - 1), 4 * 0.0081)
        self.assertNotEqual(metric["candidate"]["value"], many)
        self.assertTrue(any("HyperLogLog with 16384 registers: standard error 0.81 %" in note for note in metric["notes"]), metric["notes"])
        exact = self.measured('measure = "active_users"\ncounting = "exact"\nfail = { below = 1 }')[()]
        self.assertEqual((exact["candidate"]["value"], [note for note in exact["notes"] if "HyperLogLog" in note]), (many, []))

    def test_an_estimate_is_no_more_than_there_can_be(self):
        self.write("events.jsonl", "".join(f'{{"time": "{stamp(END - DAY)}", "user_id": "u{i}", "event": "view"}}\n' for i in range(3000)))
        self.write("eligible.csv", "user_id\n" + "".join(f"u{i}\n" for i in range(3000)))
        metric = self.measured('kind = "ratio"\nevents = { measure = "active_users", counting = "hyperloglog" }\ntotal = "eligible_users"\n'
                               'fail = { below = 0.9 }', 'eligible = "eligible.csv"')[()]
        self.assertEqual(metric["error"], None)
        self.assertLessEqual(metric["candidate"]["value"], 1)
        self.assertGreater(metric["candidate"]["value"], 0.96)

    def test_mistakes_are_found_before_anything_is_read(self):
        table = {
            'measure = "funnel_users"\nsteps = ["view"]': "RG1506",
            'measure = "funnel_users"\nsteps = ["view", "pay"]\nevent = "view"': "RG1506",
            'measure = "retained_users"\ncohorts = 0': "RG1506",
            'measure = "retained_users"\nsteps = ["view", "pay"]': "RG1506",
            'measure = "active_users"\nwithin = "1h"': "RG1506",
            'measure = "active_users"\ncounting = "roughly"': "RG1506",
        }
        for metric, code in table.items():
            with self.subTest(metric):
                gate = self.write("gate.toml", 'version = 1\n[sources.usage]\ntype = "event-log"\npath = "events.jsonl"\n[metrics.m]\nsource = "usage"\n'
                                  f'{metric}\nfail = {{ below = 1 }}\n')
                self.assertIn(f"error[{code}]", run("validate", gate).stderr)

    def test_a_snapshot_has_no_window_for_them(self):
        metric = self.measured(f'measure = "funnel_users"\nsteps = {json.dumps(STEPS)}\ndesign = "snapshot"\nfail = {{ below = 0 }}')[()]
        self.assertEqual((metric["error"]["code"], self.code), ("RG1413", 4))


if __name__ == "__main__":
    main()
