"""Feature flags from LaunchDarkly, against a loopback double of its REST API."""

import unittest

from api_case import SevenCases, events_of
from flags_case import DEPLOYED, KILLS, ROLLOUT, FlagCases, FlagsTest
from launchdarkly import TOKEN, LaunchDarkly


class LaunchDarklyTest(FlagsTest):
    DOUBLE = LaunchDarkly
    TYPE = "launchdarkly"
    SOURCE = 'flag = "new-checkout"\ntoken = { env = "LAUNCHDARKLY_API_TOKEN" }'
    SECRETS = {"LAUNCHDARKLY_API_TOKEN": TOKEN}
    METRIC = KILLS
    PATH = "/auditlog"

    def turn(self, at, on):
        self.double.change(DEPLOYED + at, "updateOn", lambda: self.double.production.update(on=on))


class Changes(LaunchDarklyTest, SevenCases):
    def test_happy_path(self):
        for at, on in ((-1, False), (-0.5, True), (0, False), (60, True), (120, False), (180, True), (4 * 3600, False)):
            self.turn(at, on)
        metric = self.one()
        self.assertEqual([metric["kind"], *events_of(metric)], ["count", 1, 2])

    def test_no_data(self):
        """Trap: a flag that is not there is an error, never off and never without a change."""
        self.assertEqual(self.error(KILLS + '\nflag = "new-chekout"'), "RG1104")
        self.assertEqual(self.error(KILLS + '\nenvironment = "prod"'), "RG1940")

    def test_zero(self):
        metric = self.one()
        self.assertEqual(events_of(metric), [0, 0])

    def test_paging_end(self):
        for number in range(45):
            self.turn(number * 60, number % 2 == 1)
        metric = self.one()
        self.assertEqual(events_of(metric)[1], 23)
        pages = [r for r in self.double.asked("/auditlog") if int(r.query["after"]) == DEPLOYED * 1000 - 1]
        self.assertEqual([r.query.get("offset") for r in pages], [None, "20", "40"])

    def test_rollbacks(self):
        for at, percent in ((60, 50), (120, 10), (180, 10), (240, 0)):
            self.double.change(DEPLOYED + at, "updateFallthrough", lambda percent=percent: self.double.serve_share(percent))
        self.turn(300, False)
        rollbacks = KILLS.replace("kill_switches", "rollbacks")
        self.assertEqual(events_of(self.one(rollbacks))[1], 2)
        self.assertEqual(events_of(self.one(rollbacks + '\nvariation = "false"'))[1], 1)


class Now(LaunchDarklyTest, FlagCases):
    def test_rollout(self):
        self.assertEqual(self.rollout(), 25)
        for name in ("New", "v1", "true"):
            self.assertEqual(self.rollout(f'\nvariation = "{name}"'), 25)
        self.assertEqual(self.rollout('\nvariation = "false"'), 75)
        self.double.production["fallthrough"] = {"variation": 0}
        self.assertEqual(self.rollout(), 100)
        self.double.production["on"] = False
        self.assertEqual([self.rollout(), self.rollout('\nvariation = "false"')], [0, 100])

    def test_what_is_no_share_of_all(self):
        for key, value in (("rules", [{"clauses": [], "variation": 0}]), ("targets", [{"values": ["jane"], "variation": 0}]),
                           ("prerequisites", [{"key": "other", "variation": 0}])):
            self.double.production[key] = value
            self.assertEqual(self.error(ROLLOUT), "RG1974")
            self.assertIn("the share is none of all", self.text)
            self.double.production[key] = []
        self.assertEqual(self.error(ROLLOUT + '\nvariation = "blue"'), "RG1974")

    def test_enabled_and_status(self):
        enabled = ROLLOUT.replace("rollout", "enabled").replace("100%", "2")
        self.assertEqual(self.one(enabled)["candidate"]["value"], 1)
        for status, verdict in (("active", "pass"), ("launched", "pass"), ("inactive", "warn"), ("new", "inconclusive")):
            self.double.status = status
            self.assertEqual(self.one('measure = "status"')["verdict"], verdict)
        self.double.status = "strange"
        self.assertEqual(self.error('measure = "status"'), "RG1902")


if __name__ == "__main__":
    unittest.main()
