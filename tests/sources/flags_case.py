"""What the tests of feature flags have in common: a flag around a release, and what holds of every system of flags."""

from api_case import ApiTest

DEPLOYED = 1773748800  # 2026-03-17T12:00:00Z
TIMES = ("--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-18T12:00:00Z")
WINDOWS = '\nbaseline = { window = "4h" }\ncandidate = { window = "4h" }\n'
KILLS = f'measure = "kill_switches"{WINDOWS}fail = {{ above = "1000/d" }}'
ROLLOUT = 'measure = "rollout"\ndesign = "none"\nfail = { above = "100%" }'


class FlagsTest(ApiTest):
    def ask(self, metric=None, source=None, times=TIMES, **keywords):
        return super().ask(metric, source, times, **keywords)


class FlagCases:
    """Mixed into a FlagsTest."""

    def rollout(self, keys=""):
        return self.one(ROLLOUT + keys)["candidate"]["value"]

    def test_the_past_cannot_be_asked_for(self):
        self.assertEqual(self.error('measure = "rollout"\nfail = { increase_over = "10pp" }'), "RG1965")

    def test_health(self):
        self.healthy(ROLLOUT)

    def test_keys_that_do_not_fit(self):
        for metric, source, code, words in ((ROLLOUT.replace("rollout", "rollouts"), None, "RG1911", "did you mean `rollout`?"),
                                            (ROLLOUT, "", "RG1910", "no `flag` is named"),
                                            (KILLS + '\nvariation = "blue"', None, "RG1910", "`variation` has no meaning")):
            self.refused(metric, source, code, words)
