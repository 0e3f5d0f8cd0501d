"""The DORA keys from GitLab's deployments, against a loopback double of its REST API."""

import statistics
import unittest

from api_case import ApiTest, SevenCases, answer, events_of
from gate import run
from gitlab_deployments import JOB_TOKEN, PROJECT, TOKEN, GitlabDeployments

DEPLOYED = 1773749040  # 2026-03-17T12:04:00Z
DAY = 86400
TIMES = ("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-25T00:00:00Z")
WINDOWS = '\nbaseline = { window = "7d" }\ncandidate = { window = "7d" }\n'
COUNT = 'measure = "deployments"' + WINDOWS + 'fail = { decrease_over = "80%" }'


class GitlabTest(ApiTest):
    DOUBLE = GitlabDeployments
    TYPE = "gitlab-deployments"
    SOURCE = f'project = "{PROJECT}"\ntoken = {{ env = "GITLAB_TOKEN" }}'
    SECRETS = {"GITLAB_TOKEN": TOKEN}
    METRIC = COUNT
    PATH = "/deployments"

    def ask(self, metric=None, source=None, times=TIMES, **keywords):
        return super().ask(metric, source, times, **keywords)

    def rows(self, measure, keys=""):
        metric = self.one(f'measure = "{measure}"{WINDOWS}{keys}\nfail = {{ increase_over = "900%" }}')
        return metric["candidate"]["value"], metric


class Deployments(GitlabTest, SevenCases):
    def setUp(self):
        super().setUp()
        for number, at in enumerate(range(DEPLOYED - 40 * DAY, DEPLOYED + 14 * DAY, 7200)):
            self.double.commit(f"{number:040x}", at - 1800)
            self.double.deploy(f"{number:040x}", at)

    def test_happy_path(self):
        metric = self.one()
        self.assertEqual([metric["kind"], *events_of(metric)], ["count", 84, 84])

    def test_all_three_filters_go_together(self):
        """Trap: finished_after needs order_by=finished_at and a status that is over, or GitLab answers HTTP 400."""
        self.one()
        sent = self.double.asked("/deployments")[0].query
        self.assertEqual((sent["status"], sent["order_by"], sent["sort"]), ("success", "finished_at", "asc"))
        self.assertIn("finished_after", sent)

    def test_no_data(self):
        self.double.deployments = []
        _, metric = self.rows("lead_time")
        self.assertEqual(self.values(metric), [None, None])

    def test_zero(self):
        self.double.deployments = [one for one in self.double.deployments if one["at"] < DEPLOYED]
        metric = self.one()
        self.assertEqual(events_of(metric), [84, 0])

    def test_paging_end(self):
        self.double.page_size = 50
        metric = self.one()
        self.assertEqual(events_of(metric), [84, 84])
        self.assertGreater(len(self.double.requests), 10)

    def test_lead_time(self):
        for tells in (True, False):
            self.double.tells_commits = tells
            value, metric = self.rows("lead_time", 'aggregate = "median"\nunit = "s"')
            self.assertEqual([metric["kind"], value], ["samples", 1800])
        self.assertGreater(len([r for r in self.double.requests if "/repository/commits/" in r.path]), 84)

    def test_times_are_not_counted(self):
        self.assertEqual(self.error(COUNT.replace("deployments", "lead_time") + '\nkind = "count"'), "RG1942")

    def test_an_unknown_environment_is_not_zero(self):
        """Trap: a misspelt environment has no deployments, as one to which nothing was deployed."""
        self.assertEqual(self.error(COUNT + '\nenvironment = "produktion"'), "RG1940")

    def test_a_job_s_own_token(self):
        metric = self.one(source=f'project = "{PROJECT}"\njob_token = {{ env = "CI_JOB_TOKEN" }}', secrets={"CI_JOB_TOKEN": JOB_TOKEN})
        self.assertEqual(events_of(metric)[1], 84)

    def test_reported_from_outside(self):
        for one in self.double.deployments:
            one["has_job"] = False
        metric = self.one()
        self.assertEqual(events_of(metric)[1], 84)
        self.assertIn("have no job: they ended when they were last updated", str(metric["notes"]))

    def test_health(self):
        checked = run("sources", "--check", self.gate(), env=self.SECRETS)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_keys_that_do_not_fit(self):
        for metric, source, code, words in (
                (COUNT.replace("deployments", "deployment"), None, "RG1911", "did you mean `deployments`?"),
                (COUNT, 'token = { env = "GITLAB_TOKEN" }', "RG1910", "no `project` is named"),
                (COUNT, 'project = "1"\ntoken = { env = "A" }\njob_token = { env = "B" }', "RG1910", "exclude each other"),
                ('measure = "dora_lead_time_for_changes"\nenvironment = "x"\nfail = { above = 1 }', None, "RG1910", "no meaning")):
            with self.subTest(words=words):
                found = self.validate(metric, source)
                self.assertEqual(found.returncode, 2)
                self.assertIn(code, found.stderr)
                self.assertIn(words, found.stderr)


class Story(GitlabTest):
    """The same weeks as in the tests of GitHub."""

    def setUp(self):
        super().setUp()
        for number, sha in enumerate("abcdef"):
            self.double.commit(sha * 40, DEPLOYED - 10 * DAY + number * 3600)
        for sha, at, status in (("a", -9 * DAY, "success"), ("c", 0, "success"), ("d", DAY, "success"), ("c", DAY + 1800, "success"),
                                ("d", DAY + 3600, "failed"), ("e", 2 * DAY, "success"), ("b", 2 * DAY + 7200, "success"),
                                ("b", 3 * DAY, "success"), ("f", 4 * DAY, "success"), ("f", 7 * DAY, "success")):
            self.double.deploy(sha * 40, DEPLOYED + at, status)

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

    def test_what_ultimate_computes(self):
        """Trap: it needs GitLab Ultimate, and counts whole days of UTC, both ends among them."""
        self.double.dora = {("lead_time_for_changes", "2026-03-11", "2026-03-16"): 4000,
                            ("lead_time_for_changes", "2026-03-18", "2026-03-23"): 4400.5}
        value, metric = self.rows("dora_lead_time_for_changes", 'unit = "s"')
        self.assertEqual([metric["kind"], metric["baseline"]["value"], value], ["value", 4000, 4400.5])
        self.assertIn("from the days 2026-03-18 to 2026-03-23 (6 whole days, UTC)", metric["notes"])
        self.double.dora = {}
        self.assertEqual(self.values(self.rows("dora_lead_time_for_changes", 'unit = "s"')[1]), [None, None])
        self.double.is_ultimate = False
        self.assertEqual(self.error(f'measure = "dora_lead_time_for_changes"{WINDOWS}fail = {{ above = "1h" }}\nunit = "s"'), "RG1103")
        self.assertIn("GitLab Ultimate", self.text)
        self.double.fail("/dora/metrics", answer(200, [{"value": 1}, {"value": 2}]))
        self.assertEqual(self.error(f'measure = "dora_lead_time_for_changes"{WINDOWS}fail = {{ above = "1h" }}\nunit = "s"'), "RG1902")


if __name__ == "__main__":
    unittest.main()
