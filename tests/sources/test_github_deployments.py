"""The DORA keys from GitHub's deployments, against a loopback double of its REST API."""

import unittest

from api_case import SevenCases, answer, events_of
from deployments_case import COUNT, DAY, DEPLOYED, DeploymentsTest, StoryCases
from github_deployments import REPOSITORY, TOKEN, GithubDeployments, busy, rate_limited, refusal


class GithubTest(DeploymentsTest):
    DOUBLE = GithubDeployments
    TYPE = "github-deployments"
    SOURCE = f'repository = "{REPOSITORY}"\ntoken = {{ env = "GITHUB_TOKEN" }}'
    SECRETS = {"GITHUB_TOKEN": TOKEN}


class Deployments(GithubTest, SevenCases):
    def setUp(self):
        super().setUp()
        busy(self.double, DEPLOYED)

    def test_happy_path(self):
        metric = self.one()
        self.assertEqual([metric["kind"], *events_of(metric)], ["count", 84, 84])

    def test_no_data(self):
        self.double.deployments = []
        self.double.history = []
        _, metric = self.rows("lead_time")
        self.assertEqual(self.values(metric), [None, None])

    def test_zero(self):
        self.double.deployments = [one for one in self.double.deployments if one["at"] < DEPLOYED - 60]
        metric = self.one()
        self.assertEqual(events_of(metric), [84, 0])

    def test_paging_end(self):
        self.double.page_size = 10
        metric = self.one()
        self.assertEqual(events_of(metric), [84, 84])
        pages = [int(r.query.get("page", 1)) for r in self.double.asked("/deployments")]
        self.assertEqual(sorted(pages), list(range(1, max(pages) + 1)))
        # Deployments from long before the window are not looked at.
        self.assertLess(max(pages), 40)

    def test_pages_that_repeat(self):
        self.double.page_size = 10
        link = {"Link": f'<{self.double.url}/repos/{REPOSITORY}/deployments?page=2>; rel="next"'}
        self.double.fail("/deployments", answer(200, [], link), times=9)
        self.assertEqual(self.error(), "RG1904")

    def test_lead_time(self):
        value, metric = self.rows("lead_time", 'aggregate = "median"\nunit = "s"')
        self.assertEqual(metric["kind"], "samples")
        # Committed half an hour before; the author's date is a day older and does not count.
        self.assertEqual(value, 1800)

    def test_times_are_not_counted(self):
        self.assertEqual(self.error(COUNT.replace('measure = "deployments"', 'kind = "count"\nevents = { measure = "lead_time" }')), "RG1942")

    def test_an_unknown_environment_is_not_zero(self):
        """Trap: a misspelt environment has no deployments, as one to which nothing was deployed."""
        self.assertEqual(self.error(COUNT + '\nenvironment = "produktion"'), "RG1940")
        self.double.environments.add("staging")
        metric = self.one(COUNT + '\nenvironment = "staging"')
        self.assertEqual(events_of(metric), [0, 0])

    def test_the_limit_of_requests_is_waited_for(self):
        """Trap: GitHub says HTTP 403 when it is asked too often, with Retry-After or X-RateLimit-Reset (Unix seconds)."""
        self.double.fail("/statuses", rate_limited(1))
        self.double.fail("/deployments", refusal(403, "You have exceeded a secondary rate limit.", {"Retry-After": "1"}))
        self.assertEqual(events_of(self.one())[1], 84)
        self.double.fail("/deployments", rate_limited(3600))
        self.assertEqual(self.error(deadline="20s"), "RG1040")

    def test_keys_that_do_not_fit(self):
        for metric, source, code, words in (
                (COUNT.replace("deployments", "deployment"), None, "RG1911", "did you mean `deployments`?"),
                (COUNT, 'token = { env = "GITHUB_TOKEN" }', "RG1910", "no `repository` is named"),
                (COUNT, 'repository = "checkout"', "RG1910", "must be OWNER/NAME")):
            self.refused(metric, source, code, words)

    def test_health(self):
        for source in (None, 'token = { env = "GITHUB_TOKEN" }'):
            self.double.requests.clear()
            self.healthy(COUNT + f'\nrepository = "{REPOSITORY}"', source)
            self.assertEqual([r.path for r in self.double.requests], [f"/repos/{REPOSITORY}/deployments"])

    def test_the_plan_says_what_would_be_asked(self):
        planned = self.plan(COUNT.replace('"deployments"', '"rollbacks"'))
        self.assertEqual(planned.returncode, 0, planned.stderr)
        self.assertIn(f"/repos/{REPOSITORY}/deployments", planned.stdout)
        self.assertIn("/compare/BEFORE...AFTER", planned.stdout)
        self.assertEqual(self.double.requests, [])


class Story(GithubTest, StoryCases):
    def setUp(self):
        super().setUp()
        self.deploy_story(lambda sha, end, is_success: self.double.deploy(sha, end - 60, state="success" if is_success else "failure"))
        self.double.deploy("a" * 40, DEPLOYED + 7 * DAY + 600, environment="staging")

    def test_deployments(self):
        self.assertEqual(events_of(self.rows("deployments")[1])[1], 7)

    def test_a_success_that_turned_inactive_counts(self):
        """Trap: a deployment that succeeded turns `inactive` when the next one takes its place."""
        inactive = sum(one["statuses"][0][0] == "inactive" for one in self.double.deployments)
        self.assertEqual(inactive, 8)
        self.assertEqual(events_of(self.rows("deployments")[1])[1], 7)

    def test_statuses_that_are_gone(self):
        """Trap: statuses vanish after 90 days; the deployment then looks as if it had never ended."""
        self.double.deployments[0]["statuses"] = []
        self.assertEqual(events_of(self.rows("deployments")[1])[1], 7)  # eight days old: never started
        self.double.deployments[0]["at"] = DEPLOYED - 100 * DAY
        self.double.deployments[1]["at"] = DEPLOYED - 100 * DAY
        self.double.deployments[1]["statuses"] = []
        self.assertEqual(self.error(COUNT), "RG1972")


if __name__ == "__main__":
    unittest.main()
