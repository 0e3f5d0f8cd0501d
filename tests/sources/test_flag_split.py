"""A side-by-side comparison by the variations of a flag, whose rollout is the declared split."""

import datetime
import json
import random
import unittest

from api_case import answer
from gate import GateTest, report, run
from launchdarkly import TOKEN as LD_TOKEN
from launchdarkly import LaunchDarkly
from unleash import TOKEN, Unleash, strategy

DEPLOYED = 1773748800  # 2026-03-17T12:00:00Z
TIMES = ("--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T15:00:00Z")


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class FlagSplit(GateTest):
    def setUp(self):
        super().setUp()
        self.flags = self.start(Unleash())

    def start(self, double):
        double.__enter__()
        self.addCleanup(double.__exit__)
        return double

    def log(self, share, users=4000):
        """An event log of users, of which `share` got the new variation; one in ten buys, in both."""
        chance = random.Random(7)
        lines = []
        for user in range(users):
            variation = "on" if chance.random() < share else "off"
            at = DEPLOYED + chance.randrange(7200)
            for event in ["visit"] + (["purchase"] if chance.random() < 0.1 else []):
                lines.append({"time": stamp(at), "user_id": f"u{user}", "event": event, "variation": variation})
        self.write("events.jsonl", "".join(json.dumps(line) + "\n" for line in lines))

    def gate(self, split='{ source = "flags", flag = "new-checkout" }', sources="", cluster='cluster = "user_id"'):
        return self.write("gate.toml", f'''version = 1
[compare]
design = "side-by-side"
candidate = {{ window = "2h" }}
split = {split}
[compare.tracks]
baseline = {{ variation = "off" }}
candidate = {{ variation = "on" }}
[sources.flags]
type = "unleash"
url = "{self.flags.url}"
token = {{ env = "UNLEASH_TOKEN" }}
{sources}
[sources.usage]
type = "file"
path = "events.jsonl"
[metrics.purchases]
source = "usage"
kind = "ratio"
{cluster}
events = {{ where = {{ event = "purchase", variation = "{{{{variation}}}}" }} }}
total = {{ where = {{ event = "visit", variation = "{{{{variation}}}}" }} }}
better = "higher"
fail = {{ decrease_over = "50%" }}
''')

    def judged(self, *options, env=None, **keywords):
        self.exit_code, found = report(self.gate(**keywords), *TIMES, *options, env={"UNLEASH_TOKEN": TOKEN, **(env or {})})
        return found["metrics"][0]

    def test_the_rollout_is_the_declared_split(self):
        self.log(0.25)
        metric = self.judged()
        self.assertIsNone(metric["error"])
        self.assertEqual(metric["verdict"], "pass")
        self.assertTrue(any("/features/new-checkout" in request["url"] for request in metric["requests"]))

    def test_another_share_is_compared_with_nothing(self):
        self.log(0.18)
        metric = self.judged()
        self.assertEqual(metric["verdict"], "inconclusive")
        self.assertIn("of the units and not 25 %", json.dumps(metric))
        self.flags.production["strategies"] = [strategy("18")]
        self.assertEqual(self.judged()["verdict"], "pass")

    def test_totals_of_slices_are_units_too(self):
        self.log(0.18)
        self.assertEqual(self.judged(cluster="")["verdict"], "inconclusive")

    def test_a_flag_that_splits_nothing_is_an_error(self):
        self.log(0.25)
        for change, words in (({"enabled": False}, "it is 0 %"), ({"enabled": True, "strategies": [strategy("100")]}, "it is 100 %")):
            self.flags.production.update(change)
            error = self.judged()["error"]
            self.assertEqual((self.exit_code, error["code"]), (4, "RG1962"))
            self.assertIn(words, error["message"])

    def test_a_flag_system_that_is_down_is_an_error(self):
        self.log(0.25)
        self.flags.fail("/features/", answer(500, {}), times=9)
        error = self.judged()["error"]
        self.assertEqual((self.exit_code, error["code"]), (4, "RG1150"))

    def test_from_other_systems(self):
        self.log(0.25)
        dark = self.start(LaunchDarkly())
        sources = f'[sources.dark]\ntype = "launchdarkly"\nurl = "{dark.url}"\ntoken = {{ env = "LD" }}'
        metric = self.judged(split='{ source = "dark", flag = "new-checkout" }', sources=sources, env={"LD": LD_TOKEN})
        self.assertEqual((metric["error"], metric["verdict"]), (None, "pass"))
        # A number without a unit is a fraction.
        script = self.write("share.sh", "#!/bin/sh\necho 0.25\n")
        script.chmod(0o755)
        sources = '[sources.ours]\ntype = "command"'
        metric = self.judged(split='{ source = "ours", command = ["./share.sh"] }', sources=sources)
        self.assertEqual((metric["error"], metric["verdict"]), (None, "pass"))

    def test_recorded_and_replayed(self):
        self.log(0.18)
        first = self.judged("--record", self.folder / "evidence")
        asked = len(self.flags.requests)
        again = report("--replay", self.folder / "evidence")[1]["metrics"][0]
        self.assertEqual(again, first)
        self.assertEqual(len(self.flags.requests), asked)

    def test_mistakes(self):
        for split, code in (('{ source = "flag", flag = "x" }', "RG0511"), ('{ source = "flags", flags = "x" }', "RG0104"),
                            ('{ source = "usage", value = "n" }', "RG0310"), ('{ flag = "x" }', "RG0102")):
            with self.subTest(split=split):
                found = run("validate", self.gate(split=split), env={"UNLEASH_TOKEN": TOKEN})
                self.assertEqual(found.returncode, 2, found.stdout)
                self.assertIn(code, found.stderr)
        planned = run("plan", self.gate(), *TIMES, env={"UNLEASH_TOKEN": TOKEN})
        self.assertEqual(planned.returncode, 0, planned.stderr)
        self.assertIn("/api/admin/projects/default/features/new-checkout", planned.stdout)


if __name__ == "__main__":
    unittest.main()
