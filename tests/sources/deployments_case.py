"""What the tests of deployments have in common, whoever lists them: the weeks around a release, and the DORA keys that follow by hand."""

import statistics

from api_case import ApiTest

DEPLOYED = 1773749040  # 2026-03-17T12:04:00Z
DAY = 86400
TIMES = ("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-25T00:00:00Z")
WINDOWS = '\nbaseline = { window = "7d" }\ncandidate = { window = "7d" }\n'
COUNT = 'measure = "deployments"' + WINDOWS + 'fail = { decrease_over = "80%" }'


class DeploymentsTest(ApiTest):
    METRIC = COUNT
    PATH = "/deployments"

    def ask(self, metric=None, source=None, times=TIMES, **keywords):
        return super().ask(metric, source, times, **keywords)

    def rows(self, measure, keys=""):
        """The value of the candidate's seven days, and the metric."""
        metric = self.one(f'measure = "{measure}"{WINDOWS}{keys}\nfail = {{ increase_over = "900%" }}')
        return metric["candidate"]["value"], metric


class StoryCases:
    """Mixed into a DeploymentsTest, which calls deploy_story(): commits a to f, and what came of their deployments in the week after
    DEPLOYED."""

    STORY = (("a", -9 * DAY, True),
             ("c", 0, True),                  # ends exactly at DEPLOYED: inside
             ("d", DAY, True),
             ("c", DAY + 1800, True),         # rolled back, half an hour later
             ("d", DAY + 3600, False),        # did not get through: no change
             ("e", 2 * DAY, True),
             ("b", 2 * DAY + 7200, True),     # rolled back to a commit that was never deployed
             ("b", 3 * DAY, True),            # the same again is no rollback
             ("f", 4 * DAY, True),
             ("f", 7 * DAY, True))            # ends exactly at the end of the window: outside

    def deploy_story(self, deploy):
        """`deploy(sha, end, is_success)` makes one deployment."""
        for number, sha in enumerate("abcdef"):
            self.double.commit(sha * 40, DEPLOYED - 10 * DAY + number * 3600)
        for sha, at, is_success in self.STORY:
            deploy(sha * 40, DEPLOYED + at, is_success)

    def test_shares(self):
        for measure, events in (("rollbacks", 2), ("change_failures", 2)):
            metric = self.one(f'''kind = "ratio"{WINDOWS}
events = {{ measure = "{measure}" }}
total = {{ measure = "deployments" }}
fail = {{ above = "90%" }}''')
            self.assertEqual(metric["candidate"]["value"], events / 7, measure)

    def test_failed_pipelines_are_no_change_failures(self):
        """Trap: a pipeline that failed has changed nothing."""
        self.assertAlmostEqual(self.rows("failed_deployments", 'aggregate = "mean"')[0], 1 / 8)

    def test_time_to_restore(self):
        value, _ = self.rows("time_to_restore", 'aggregate = "median"\nunit = "s"\nkind = "value"')
        self.assertEqual(value, statistics.median([1800, 7200]))
