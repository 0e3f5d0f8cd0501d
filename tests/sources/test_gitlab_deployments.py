"""The DORA keys from GitLab's deployments, against a loopback double of its REST API."""

import unittest

from api_case import SevenCases, answer, events_of
from deployments_case import COUNT, DAY, DEPLOYED, WINDOWS, DeploymentsTest, StoryCases
from gitlab_deployments import JOB_TOKEN, PROJECT, TOKEN, GitlabDeployments


class GitlabTest(DeploymentsTest):
    DOUBLE = GitlabDeployments
    TYPE = "gitlab-deployments"
    SOURCE = f'project = "{PROJECT}"\ntoken = {{ env = "GITLAB_TOKEN" }}'
    SECRETS = {"GITLAB_TOKEN": TOKEN}


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
        self.assertEqual(self.error(COUNT.replace('measure = "deployments"', 'kind = "count"\nevents = { measure = "lead_time" }')), "RG1942")

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
        self.healthy()

    def test_keys_that_do_not_fit(self):
        for metric, source, code, words in (
                (COUNT.replace("deployments", "deployment"), None, "RG1911", "did you mean `deployments`?"),
                (COUNT, 'token = { env = "GITLAB_TOKEN" }', "RG1910", "no `project` is named"),
                (COUNT, 'project = "1"\ntoken = { env = "A" }\njob_token = { env = "B" }', "RG1910", "exclude each other"),
                ('measure = "dora_lead_time_for_changes"\nenvironment = "x"\nfail = { above = 1 }', None, "RG1910", "no meaning")):
            self.refused(metric, source, code, words)


class Story(GitlabTest, StoryCases):
    def setUp(self):
        super().setUp()
        self.deploy_story(lambda sha, end, is_success: self.double.deploy(sha, end, "success" if is_success else "failed"))

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
        self.double.is_ultimate = True
        self.double.fail("/dora/metrics", answer(200, [{"value": 1}, {"value": 2}]), times=2)
        self.assertEqual(self.error(f'measure = "dora_lead_time_for_changes"{WINDOWS}fail = {{ above = "1h" }}\nunit = "s"'), "RG1902")


if __name__ == "__main__":
    unittest.main()
