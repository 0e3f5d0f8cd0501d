"""Event logs through the program: adoption, active users and events, against sets counted here."""

import json
import random

from gate import GateTest, main, report, run

WHEN = ("--deployed-at", "2026-03-17T00:00:00Z", "--now", "2026-03-18T01:00:00Z")
SOURCE = 'type = "event-log"\npath = "events.jsonl"\neligible = "eligible.csv"\n'
ADOPTION = 'kind = "ratio"\nevents = { measure = "active_users", event = "checkout" }\ntotal = "eligible_users"\n' \
           'better = "higher"\nfail = { decrease_over = "20pp" }'


class EventLog(GateTest):
    def setUp(self):
        super().setUp()
        dice = random.Random(5)
        self.rows = [{"time": f"2026-03-{day}T{i // 125:02d}:{i % 60:02d}:00Z", "user_id": f"u{dice.randrange(day * 70)}",
                      "event": dice.choice(["checkout", "view"]), "id": f"{day}-{i % 2500}"} for day in (16, 17) for i in range(3000)]
        self.write("events.jsonl", "".join(json.dumps(row) + "\n" for row in self.rows))
        self.eligible = {f"u{i}" for i in range(1000)}
        self.write("eligible.csv", "user_id\n" + "".join(f"{user}\n" for user in self.eligible))

    def one(self, metric, source=SOURCE, when=WHEN):
        gate = self.write("gate.toml", 'version = 1\n[compare]\nbaseline = { window = "1d" }\ncandidate = { window = "1d" }\n'
                          f'[sources.usage]\n{source}\n[metrics.m]\nsource = "usage"\n{metric}\n')
        self.exit_code, self.report = report(gate, *when)
        return self.report["metrics"][0]

    def users(self, day, event=None):
        return {row["user_id"] for row in self.rows if f"-{day}T" in row["time"] and event in (None, row["event"])}

    def test_adoption_is_active_of_eligible(self):
        metric = self.one(ADOPTION)
        for side, day in (("baseline", 16), ("candidate", 17)):
            self.assertAlmostEqual(metric[side]["value"], len(self.users(day, "checkout") & self.eligible) / 1000, places=12)
        others = len(self.users(17, "checkout") - self.eligible)
        self.assertGreater(others, 0)
        self.assertIn(f"{others} active users are not among the eligible, and are not counted", metric["notes"])
        self.assertEqual((metric["verdict"], self.exit_code), ("pass", 0))
        self.assertIsNotNone(metric["change"]["interval"])

    def test_active_users_of_a_window(self):
        metric = self.one('measure = "active_users"\nfail = { below = 10 }', SOURCE.replace('eligible = "eligible.csv"', ""))
        self.assertEqual((metric["kind"], metric["candidate"]["value"]), ("value", len(self.users(17))))

    def test_events_count_once_by_their_id(self):
        count = 'kind = "count"\nevents = {{ measure = "events", event = ["checkout"]{} }}\nunit = "1/d"\nfail = {{ increase_over = "50%" }}'
        rows = [row for row in self.rows if "-17T" in row["time"] and row["event"] == "checkout"]
        self.assertAlmostEqual(self.one(count.format(""))["candidate"]["value"], len(rows), places=9)
        ids = {row["id"] for row in rows}
        self.assertLess(len(ids), len(rows))
        self.assertAlmostEqual(self.one(count.format(', event_id = "id"'))["candidate"]["value"], len(ids), places=9)

    def test_no_eligible_user_is_no_data(self):
        self.write("eligible.csv", "user_id\n")
        metric = self.one(ADOPTION)
        self.assertEqual((metric["evidence"], metric["candidate"]["value"], self.exit_code), ("none", None, 3))

    def test_what_fails_closed(self):
        (self.folder / "eligible.csv").unlink()
        self.assertEqual(self.one(ADOPTION)["error"]["code"], "RG1403")
        self.assertEqual(self.one(ADOPTION, SOURCE.replace("events.jsonl", "../events.jsonl"))["error"]["code"], "RG1403")
        self.write("eligible.csv", "user_id\nu1\n")
        self.write("events.jsonl", '{"time": "2026-03-17T00:00:00Z", "user_id": "u1"}\n{"time": "2026-03-17T00:0')
        metric = self.one(ADOPTION.replace(', event = "checkout"', ""))
        self.assertEqual((metric["error"]["code"], self.exit_code), ("RG1405", 4))

    def test_mistakes_are_found_before_anything_is_read(self):
        table = {
            'measure = "dau"': "RG1505", 'title = "x"': "RG1505",
            'measure = "active_users"\nevent = "a"\nwhere = { event = "b" }': "RG1506",
        }
        for metric, code in table.items():
            with self.subTest(metric):
                gate = self.write("gate.toml", f'version = 1\n[sources.usage]\n{SOURCE}\n[metrics.m]\nsource = "usage"\n{metric}\nfail = {{ below = 1 }}\n')
                self.assertIn(f"error[{code}]", run("validate", gate).stderr)
        gate = self.write("gate.toml", 'version = 1\n[sources.usage]\ntype = "event-log"\npath = "events.jsonl"\n[metrics.m]\n'
                          'source = "usage"\nmeasure = "eligible_users"\nfail = { below = 1 }\n')
        self.assertIn("error[RG1507]", run("validate", gate).stderr)

    def test_the_evidence_replays_without_the_files(self):
        first = self.one(ADOPTION)["candidate"]["value"]
        evidence = self.folder / "evidence"
        report(self.folder / "gate.toml", *WHEN, "--record", evidence)
        (self.folder / "events.jsonl").unlink()
        (self.folder / "eligible.csv").unlink()
        replayed = report(self.folder / "gate.toml", *WHEN, "--replay", evidence)[1]
        self.assertEqual(replayed["metrics"][0]["candidate"]["value"], first)


if __name__ == "__main__":
    main()
