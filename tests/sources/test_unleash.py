"""Feature flags from Unleash, against a loopback double that was built from a recording of it, and the recording itself."""

import json
import unittest

from api_case import SevenCases, answer, events_of, recording
from flags_case import DEPLOYED, KILLS, ROLLOUT, TIMES, WINDOWS, FlagCases, FlagsTest
from unleash import TOKEN, Unleash, strategy

HOUR = 3600
EXPOSURE = f'''kind = "ratio"
events = {{ measure = "exposed" }}
total = {{ measure = "evaluated" }}{WINDOWS}step = "1h"
fail = {{ increase_over = "50pp" }}'''


class UnleashTest(FlagsTest):
    DOUBLE = Unleash
    TYPE = "unleash"
    SOURCE = 'flag = "new-checkout"\ntoken = { env = "UNLEASH_TOKEN" }'
    SECRETS = {"UNLEASH_TOKEN": TOKEN}
    PATH = "/features/"

    def setUp(self):
        super().setUp()
        self.double.now = DEPLOYED + 24 * HOUR
        for hour in range(-20, 24):
            at = DEPLOYED + hour * HOUR
            self.double.evaluations[(at, "production", "web")] = (100 if hour < 0 else 250, 900 if hour < 0 else 750, None)
            self.double.evaluations[(at, "production", "api")] = (10, 90, {"blue": 4, "red": 6})
            self.double.evaluations[(at, "development", "web")] = (7, 0, None)


class Evaluations(UnleashTest, SevenCases):
    METRIC = EXPOSURE

    def test_happy_path(self):
        metric = self.one()
        self.assertEqual(self.values(metric), [440 / 4400, 1040 / 4400])

    def test_evaluations_are_not_users(self):
        """Trap: yes and no are evaluations, not users; the report says so."""
        self.assertIn("evaluations of the flag are counted, not users", self.one()["notes"])

    def test_no_data(self):
        """Trap: hours are zero-filled only for applications that were seen; when none was, there is no data, which is not 0."""
        self.double.evaluations = {}
        metric = self.one()
        self.assertEqual(self.values(metric), [None, None])
        self.assertIn("nobody has evaluated the flag", str(metric))

    def test_zero(self):
        for key in list(self.double.evaluations):
            if key[0] >= DEPLOYED:
                self.double.evaluations[key] = (0, 100, None)
        metric = self.one()
        self.assertEqual(self.values(metric), [0.1, 0])

    def test_paging_end(self):
        self.double.most_events = 2
        for number in range(5):
            self.double.event("feature-environment-disabled", DEPLOYED + number * 600)
        metric = self.one(KILLS)
        self.assertEqual(events_of(metric), [0, 5])
        self.assertEqual([r.query["offset"] for r in self.double.asked("/events")], ["0", "2", "4"])

    def test_of_one_variant(self):
        metric = self.one(EXPOSURE.replace('measure = "exposed"', 'measure = "exposed", variation = "blue"'))
        self.assertEqual(metric["candidate"]["value"], 16 / 4400)

    def test_only_whole_hours(self):
        metric = self.one(EXPOSURE, times=("--deployed-at", "2026-03-17T12:30:00Z", "--now", "2026-03-18T12:00:00Z"))
        self.assertEqual(self.values(metric), [440 / 4400, 1040 / 4400])

    def test_what_is_gone(self):
        """Trap: evaluations are kept by the hour for 48 hours: a window that reaches further back is an error, not a smaller count."""
        self.double.now = DEPLOYED + 46 * HOUR
        self.assertEqual(self.error(EXPOSURE, times=(*TIMES[:3], "2026-03-19T10:00:00Z")), "RG1975")

    def test_a_hundred_applications(self):
        """Trap: Unleash tells of 100 applications and drops the others."""
        for number in range(100):
            self.double.evaluations[(DEPLOYED, "production", f"app-{number}")] = (1, 0, None)
        self.assertEqual(self.error(), "RG1975")
        metric = self.one(EXPOSURE + '\non_partial = "note"')
        self.assertIn("Unleash tells of 100 applications at most", str(metric["notes"]))


class Changes(UnleashTest):
    def test_kill_switches(self):
        self.double.event("feature-environment-disabled", DEPLOYED - 1)
        self.double.event("feature-environment-disabled", DEPLOYED)
        self.double.event("feature-environment-disabled", DEPLOYED + HOUR, environment="development")
        self.double.event("feature-environment-enabled", DEPLOYED + HOUR)
        self.double.event("feature-environment-disabled", DEPLOYED + 4 * HOUR)
        metric = self.one(KILLS)
        self.assertEqual([metric["kind"], *events_of(metric)], ["count", 1, 1])

    def test_rollbacks(self):
        for at, before, after in ((60, "25", "50"), (120, "50", "10"), (180, "10", "10"), (240, "10", "0")):
            self.double.event("feature-strategy-update", DEPLOYED + at, before=strategy(before), after=strategy(after))
        self.double.event("feature-strategy-update", DEPLOYED + 300, before={"name": "userWithId", "parameters": {}}, after=None)
        metric = self.one(KILLS.replace("kill_switches", "rollbacks"))
        self.assertEqual(events_of(metric)[1], 2)


class Now(UnleashTest, FlagCases):
    def test_rollout(self):
        """Trap: a flag that is enabled at 25 is not on for everybody; the rollout is a string."""
        self.assertEqual(self.rollout(), 25)
        self.double.production["strategies"] = [strategy("100"), strategy("10", constraints=[{"contextName": "country"}])]
        self.assertEqual(self.rollout(), 100)
        self.double.production["strategies"] = [strategy("50", disabled=True), strategy("20", variants=[{"name": "blue", "weight": 250}])]
        self.assertEqual(self.rollout(), 20)
        self.assertEqual(self.rollout('\nvariation = "blue"'), 5)
        self.double.production["strategies"] = []
        self.assertEqual(self.rollout(), 100)
        self.double.production["enabled"] = False
        self.assertEqual(self.rollout(), 0)

    def test_what_is_no_share_of_all(self):
        for strategies, words in (([strategy(constraints=[{"contextName": "country"}])], "for some users alone"),
                                  ([strategy(segments=[1])], "for some users alone"),
                                  ([strategy(name="userWithId")], "for some users alone"),
                                  ([strategy("10"), strategy("20")], "2 strategies")):
            self.double.production["strategies"] = strategies
            self.assertEqual(self.error(ROLLOUT), "RG1974")
            self.assertIn(words, self.text)
        self.double.production["strategies"] = [strategy()]
        self.assertEqual(self.error(ROLLOUT + '\nvariation = "green"'), "RG1974")

    def test_enabled(self):
        enabled = ROLLOUT.replace("rollout", "enabled").replace("100%", "2")
        self.assertEqual(self.one(enabled)["candidate"]["value"], 1)
        self.double.production["enabled"] = False
        self.assertEqual(self.one(enabled)["candidate"]["value"], 0)

    def test_status(self):
        for keys, verdict in (({}, "pass"), ({"stale": True}, "warn"), ({"archived": True}, "fail")):
            self.double.flag.update(keys)
            self.assertEqual(self.one('measure = "status"')["verdict"], verdict)

    def test_what_is_not_there_is_not_off(self):
        """Trap: 401 and 404 are errors, never a flag that is off."""
        self.assertEqual(self.error(ROLLOUT + '\nflag = "new-chekout"'), "RG1104")
        self.assertEqual(self.error(ROLLOUT + '\nenvironment = "prod"'), "RG1940")
        self.assertEqual(self.error(ROLLOUT, secrets={"UNLEASH_TOKEN": "*:production.wrong"}), "RG1101")


class Recording(UnleashTest):
    """What a real Unleash 7.5.1 answered."""

    def test_every_recording_decodes(self):
        flag, raw = recording("unleash/admin-feature.json"), recording("unleash/metrics-raw.json")
        if flag is None or raw is None:
            self.skipTest("the recordings are not at hand")
        double = self.double
        double.fail("/projects/default/features/", answer(200, flag), times=9)
        development = '\nenvironment = "development"'
        self.assertEqual(self.one(ROLLOUT + development)["candidate"]["value"], 25)
        self.assertEqual(self.one(ROLLOUT)["candidate"]["value"], 0)  # production is off
        double.fail("/raw", answer(200, raw), times=2)
        times = ("--deployed-at", "2026-11-23T20:00:00Z", "--now", "2026-11-23T21:30:00Z")
        metric = self.one(EXPOSURE.replace('"4h"', '"1h"').replace('step = "1h"', "") + development, times=times)
        hours = [row for row in json.loads(raw)["data"] if row["timestamp"] == "2026-11-23T20:00:00.000Z"]
        yes, no = sum(row["yes"] for row in hours), sum(row["no"] for row in hours)
        self.assertEqual((yes, no), (250, 750))
        self.assertEqual(self.values(metric), [None, yes / (yes + no)])

    def test_refusals(self):
        for name, status, code in (("err-401.http", 401, "RG1101"), ("err-404.http", 404, "RG1104")):
            text = recording(f"unleash/{name}")
            if text is None:
                self.skipTest("the recordings are not at hand")
            self.double.fail("/features/", answer(status, text.replace("\r", "").split("\n\n", 1)[1]))
            self.assertEqual(self.error(ROLLOUT), code)


if __name__ == "__main__":
    unittest.main()
