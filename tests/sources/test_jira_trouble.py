"""The jira source through the program: what goes wrong, and what is told before anything is asked."""

import datetime
import pathlib
import time

from gate import main, report, run
from jira_case import CLOUD, COUNT, DATA_CENTER, JiraTest, api, at
from double import answer  # after jira_case, which knows where the doubles are


class Trouble(JiraTest):
    def test_429_with_a_second_is_waited_for(self):
        """Trap: 429 carries Retry-After, a minimum: one second is waited for"""
        with api.Jira() as jira:
            jira.add(at(1))
            jira.rate_limit(1, 1)
            start = datetime.datetime.now()
            self.assertEqual(self.value(jira), 1)
            self.assertGreaterEqual((datetime.datetime.now() - start).total_seconds(), 1)

    def test_429_for_an_hour_ends_within_the_deadline(self):
        """Trap: 429 for an hour ends within the deadline"""
        with api.Jira() as jira:
            jira.rate_limit(99, 3600)
            start = datetime.datetime.now()
            self.error(jira, "RG1040", deadline="5s")
            self.assertLess((datetime.datetime.now() - start).total_seconds(), 5)

    def test_a_403_names_the_permission_and_the_scopes(self):
        """Trap: 403 names the permission and the scopes that are missing"""
        with api.Jira() as jira:
            jira.fail("/search", api.errors(403, "Forbidden"))
            hint = self.error(jira, "RG1103")["hint"]
        self.assertIn("Browse projects", hint)
        self.assertIn("read:jira-work", hint)

    def test_a_captcha_is_explained(self):
        with api.Jira() as jira:
            jira.fail("/search", api.errors(403, "Login denied", **{"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}))
            self.assertIn("CAPTCHA", self.error(jira, "RG1103")["hint"])

    def test_only_what_may_heal_is_asked_again(self):
        """Trap: 503 is asked again, a 4xx never"""
        with api.Jira() as jira:
            jira.add(at(1))
            jira.fail("/search", api.errors(503, "Service Unavailable"))
            self.assertEqual(self.value(jira), 1)
            self.assertEqual(len(jira.asked("/search/jql")), 2)

    def test_too_slow_is_a_sentence_of_its_own(self):
        """Trap: too slow is a sentence of its own"""
        with api.Jira() as jira:
            original = jira.handle
            jira.handle = lambda request: (time.sleep(1.5), original(request))[1]
            self.error(jira, "RG1001", source=CLOUD.replace("retries = 1", "retries = 0") + 'timeout = "300ms"\n')

    def test_a_broken_answer_is_never_a_shorter_count(self):
        """Trap: a broken answer is a sentence of its own: cut off, another form, no UTF-8, a login page, too large"""
        page = '{"issues":[{"id":"1","fields":{"created":"2026-03-17T01:00:00.000+0000"}}]}'
        cases = [("RG1201", page[:-2]), ("RG1201", ""), ("RG1201", page.encode().replace(b'"1"', b'"\xff"')),
                 ("RG1710", '{"values":[]}'), ("RG1710", '{"issues":[{"fields":{}}]}'), ("RG1710", "[]"),
                 ("RG1710", page.replace("2026-03-17T01:00:00.000+0000", "yesterday")),
                 ("RG1202", "<!DOCTYPE html><html><title>Log in</title></html>")]
        for code, body in cases:
            with self.subTest(code=code, body=body[:40]), api.Jira() as jira:
                status, headers, _ = answer(200, "")
                jira.fail("/search", (status, headers, body))
                self.error(jira, code)
        with api.Jira() as jira:
            for minute in range(50):
                jira.add(at(1, 60 * minute))
            self.error(jira, "RG1020", source=CLOUD + 'max_response_bytes = "2KiB"\n')


class Offline(JiraTest):
    def diagnostics(self, metric, source=CLOUD, url="https://example.atlassian.net"):
        class Nowhere:
            pass
        Nowhere.url = url
        result = run("validate", self.gate(Nowhere, metric, source),
                     env={"JIRA_EMAIL": api.EMAIL, "JIRA_API_TOKEN": api.TOKEN, "JIRA_PAT": api.PAT})
        return result.returncode, result.stdout + result.stderr

    def test_what_validate_says(self):
        table = [
            (COUNT, CLOUD, None),
            (COUNT.replace("project = SHOP", "project = SHOP ORDER BY created"), CLOUD, "RG1722"),
            (COUNT.replace("project = SHOP", "labels = 'a"), CLOUD, "RG1722"),
            (COUNT.replace("project = SHOP", "(project = SHOP"), CLOUD, "RG1722"),
            (COUNT + 'measure = "leadtime"\n', CLOUD, "did you mean `lead_time`?"),
            (COUNT + 'board = 3\n', CLOUD, "RG1721"),
            (COUNT + 'measure = "lead_time"\n', CLOUD, "RG0219"),
            (COUNT + 'board = 3\n', CLOUD, "`board` has no meaning for measure = \"issues\""),
            ('kind = "value"\nmeasure = "velocity"\naggregate = "sum"\nfail = { above = 1 }\n', CLOUD, "velocity takes one of `board` and `project`"),
            ('kind = "count"\nmeasure = "deployment_frequency"\nfail = { above = 1 }\n', CLOUD, "takes one of `project` and `jql`"),
            (COUNT, CLOUD + 'deployment = "server"\n', "RG1720"),
            (COUNT, DATA_CENTER, "example.atlassian.net is Jira Cloud"),
            (COUNT, 'type = "jira"\ntoken = { env = "JIRA_PAT" }\n', "needs the `email` of its user"),
            (COUNT, CLOUD + 'jql_times = "local"\n', "RG1720"),
        ]
        for metric, source, expected in table:
            with self.subTest(expected=expected):
                code, text = self.diagnostics(metric, source)
                self.assertEqual(code, 0 if expected is None else 2, text)
                self.assertIn(expected or "", text)

    def test_plan_shows_the_jql_and_sends_nothing(self):
        with api.Jira() as jira:
            result = run("plan", self.gate(jira, COUNT), "--deployed-at", "2026-03-17T00:00:00Z")
            self.assertIn("POST /rest/api/3/search/jql  (project = SHOP) AND created >= 1773705540000 AND created < 1773792060000",
                          result.stdout)
            self.assertEqual(jira.requests, [])

    def test_a_replay_gives_the_same_report(self):
        with api.Jira() as jira:
            jira.add(at(1))
            env = {"JIRA_EMAIL": api.EMAIL, "JIRA_API_TOKEN": api.TOKEN}
            common = [self.gate(jira, COUNT), "--deployed-at", "2026-03-17T00:00:00Z", "--now", "2026-06-01T00:00:00Z"]
            _, recorded = report(*common, "--record", self.folder / "tape", env=env)
        _, replayed = report(*common, "--replay", self.folder / "tape", env=env)
        self.assertEqual(recorded["metrics"][0]["candidate"], replayed["metrics"][0]["candidate"])
        for file in pathlib.Path(self.folder / "tape").rglob("*"):
            if file.is_file():
                self.assertNotIn(api.TOKEN.encode(), file.read_bytes())


if __name__ == "__main__":
    main()
