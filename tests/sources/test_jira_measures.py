"""The jira source through the program: what each measure makes of the issues. `Trap: …` names what the API is known for."""

from gate import main, run
from jira_case import CLOUD, COUNT, DATA_CENTER, END, JiraTest, api, at


class Measures(JiraTest):
    def test_lead_time_is_from_created_to_done(self):
        with api.Jira() as jira:
            jira.add(at(-48), resolved=at(0))
            jira.add(at(-96), resolved=at(0))
            jira.add(at(-48), resolved=END)
            for aggregate, expected in (("mean", 3), ("min", 2), ("count", 2)):
                metric = self.one(f'measure = "lead_time"\naggregate = "{aggregate}"\nunit = "d"')
                self.assertEqual(self.value(jira, metric), expected)

    def test_lead_times_are_samples(self):
        with api.Jira() as jira:
            for hours in range(24):
                jira.add(at(hours - 48 + hours % 3), resolved=at(hours))
            metric = self.ask(jira, 'jql = "project = SHOP"\nmeasure = "lead_time"\nunit = "d"\nfail = { above = "3d" }\n')
        self.assertEqual((metric["kind"], metric["verdict"], metric["candidate"]["value"]), ("samples", "pass", 47 / 24))

    def test_cycle_time_comes_from_the_bulk_changelog(self):
        """Trap: cycle time needs the changelog: POST /changelog/bulkfetch, whose times are milliseconds"""
        with api.Jira() as jira:
            jira.add(at(-40), moves=[(at(2), "1", "3"), (at(4), "3", "4"), (at(8), "4", "5")], resolved=at(8))
            jira.add(at(-1), status="3", moves=[(at(3), "3", "5")], resolved=at(3))
            jira.add(at(1), moves=[(at(5), "1", "5")], resolved=at(5))
            metric = self.ask(jira, self.one('measure = "cycle_time"\naggregate = "mean"\nunit = "h"\ntime_unit = "h"'))
            self.assertEqual(round(metric["candidate"]["value"], 9), 5)
            self.assertEqual(metric["candidate"]["dropped"], 1)
            self.assertIn("1 issues were done without having been in progress: they have no cycle time", metric["notes"])
            self.assertEqual(jira.asked("/changelog/bulkfetch")[0].json()["fieldIds"], ["status"])

    def test_the_statuses_of_a_team_count_as_it_says(self):
        source = CLOUD + 'in_progress = ["In Review"]\ndone = ["closed"]\n'
        with api.Jira() as jira:
            jira.add(at(-40), moves=[(at(1), "1", "3"), (at(4), "3", "4"), (at(8), "4", "5"), (at(9), "5", "6")], resolved=at(8))
            metric = self.one('measure = "cycle_time"\naggregate = "mean"\nunit = "h"\ntime_unit = "h"\nwindow_field = "done"')
            self.assertEqual(self.value(jira, metric, source=source), 5)
            error = self.error(jira, "RG1713", metric, source=CLOUD + 'done = ["Dome"]\n')
            self.assertEqual((error["message"], error["hint"]), ("jira: Jira has no status `Dome`", "did you mean `Done`?"))

    def test_the_bulk_changelog_is_asked_in_pages(self):
        """Trap: the bulk changelog takes at most 1,000 issues and pages on within them"""
        with api.Jira() as jira:
            jira.page_size = 700
            for number in range(1500):
                jira.add(at(-1), moves=[(at(1), "1", "3"), (at(3, number), "3", "5")], resolved=at(3, number))
            metric = self.one('measure = "cycle_time"\naggregate = "count"')
            self.assertEqual(self.value(jira, metric), 1500)
            bodies = [r.json() for r in jira.asked("/changelog/bulkfetch")]
            self.assertLessEqual(max(len(body["issueIdsOrKeys"]) for body in bodies), 1000)
            self.assertTrue(any("nextPageToken" in body for body in bodies))

    def test_reopen_rate_is_a_share_of_the_issues_done(self):
        rate = ('kind = "ratio"\nevents = { jql = "project = SHOP", measure = "reopen_rate" }\n'
                'total = { jql = "project = SHOP", measure = "throughput", window_field = "done" }\n'
                'step = "1h"\nfail = { above = "90%" }\n')
        with api.Jira() as jira:
            for hours in range(1, 5):
                jira.add(at(-20), moves=[(at(-19), "1", "3"), (at(hours), "3", "5")])
            jira.add(at(-20), moves=[(at(-19), "1", "3"), (at(2), "3", "5"), (at(3), "5", "3"), (at(9), "3", "5")])
            jira.add(at(-20), moves=[(at(2), "1", "5"), (at(30), "5", "3")])
            metric = self.ask(jira, rate)
        self.assertIsNone(metric["error"])
        self.assertAlmostEqual(metric["candidate"]["value"], 1 / 6)
        self.assertEqual(metric["change"], None)

    def test_throughput_counts_what_was_resolved(self):
        with api.Jira() as jira:
            for hours in (-3, 2, 5, 30):
                jira.add(at(-50), resolved=at(hours))
            jira.add(at(1))
            self.assertEqual(self.value(jira, COUNT + 'measure = "throughput"\n'), 2)

    def velocity(self, **keywords):
        jira = api.Jira(**keywords)
        jira.sprints = [
            {"id": 37, "state": "closed", "name": "S 37", "completeDate": api.stamp(at(10))},
            {"id": 38, "state": "closed", "name": "S 38", "completeDate": api.stamp(at(24 * 14))},
            {"id": 39, "state": "closed", "name": "S 39", "completeDate": api.stamp(at(24 * 40))},
            {"id": 40, "state": "active", "name": "S 40"}]
        jira.add(at(-90), points=5.0, sprints=[37], moves=[(at(3), "1", "5")])
        jira.add(at(-90), points=3.0, sprints=[37, 38], moves=[(at(40), "1", "5")])
        jira.add(at(-90), points=8.0, sprints=[38], moves=[(at(50), "1", "5")])
        jira.add(at(-90), points=13.0, sprints=[38])
        jira.add(at(-90), sprints=[38], moves=[(at(60), "1", "5")])
        return jira

    def test_velocity_sums_the_points_that_were_done_when_a_sprint_closed(self):
        """Trap: an issue that spilled over was in both sprints, and is done in the later one alone"""
        for deployment, source in (("cloud", CLOUD), ("data-center", DATA_CENTER)):
            with self.subTest(deployment=deployment), self.velocity(deployment=deployment) as jira:
                metric = self.ask(jira, 'kind = "value"\nmeasure = "velocity"\nboard = 5\naggregate = "sum"\nfail = { above = 99 }\n',
                                  source=source, days=30)
                self.assertIsNone(metric["error"], metric["error"])
                self.assertEqual(metric["candidate"]["value"], 5 + 3 + 8)
                self.assertEqual([value for _, value in metric["series"]["candidate"]], [5, 11])
                self.assertIn("S 38: 1 done issues have no story points and count as 0", metric["notes"])

    def test_the_story_points_field_is_found_by_name(self):
        """Trap: story points are a custom field whose number differs from site to site, found by name through /field"""
        metric = 'kind = "value"\nmeasure = "velocity"\nboard = 5\naggregate = "sum"\nfail = { above = 99 }\n'
        with self.velocity() as jira:
            self.ask(jira, metric, days=30)
            self.assertEqual(jira.asked("/search/jql")[0].json()["fields"], ["customfield_10016", "status"])
            error = self.error(jira, "RG1712", metric + 'points_field = "Team"\n', days=30)
            self.assertIn("customfield_10061", error["hint"])
            jira.fields = [field for field in jira.fields if "point" not in field["name"]]
            self.assertIn("no field `Story Points`", self.error(jira, "RG1712", metric, days=30)["message"])

    def test_velocity_of_a_project_is_that_of_its_scrum_boards(self):
        """A sprint that two boards show counts once, and only with the project's own issues."""
        with self.velocity() as jira:
            jira.boards = [{"id": 5, "type": "scrum"}, {"id": 6, "type": "scrum"}, {"id": 9, "type": "kanban"}]
            jira.sprints[1]["boards"] = [6]
            jira.add(at(-90), points=21.0, sprints=[37], project="PAY", moves=[(at(3), "1", "5")])
            metric = self.ask(jira, 'kind = "value"\nmeasure = "velocity"\nproject = "SHOP"\naggregate = "sum"\nfail = { above = 99 }\n',
                              days=30)
            self.assertIsNone(metric["error"], metric["error"])
            self.assertEqual([value for _, value in metric["series"]["candidate"]], [5, 11])
            self.assertEqual(len(jira.asked("/rest/agile/1.0/board/9/sprint")), 0)
            self.assertEqual(len(jira.asked("/rest/agile/1.0/board/6/sprint")), 1)

    def test_a_board_may_come_from_a_variable(self):
        metric = ('kind = "value"\nmeasure = "velocity"\nboard = { env = "BOARD" }\naggregate = "sum"\nfail = { above = 99 }\n')
        for text, code in (("5", None), ("five", "RG0102"), ("-5", "RG0102"), ("5 ", "RG0102"), ("99999999999999999999", "RG0102")):
            with self.subTest(text=text), self.velocity() as jira:
                path = self.gate(jira, metric, days=30)
                result = run("validate", path, env={"JIRA_EMAIL": "a", "JIRA_API_TOKEN": "b", "BOARD": text})
                self.assertEqual(result.returncode, 2 if code else 0, result.stderr)
                if code:
                    self.assertIn(f"error[{code}]: `metrics.m.board` must be a whole number, not \"{text}\"", result.stderr)

    def releases(self):
        jira = api.Jira()
        jira.versions = [
            {"id": "1", "name": "1.0", "released": True, "archived": True, "releaseDate": "2026-03-17", "projectId": 1},
            {"id": "2", "name": "1.1", "released": True, "archived": False, "releaseDate": "2026-03-20", "projectId": 1},
            {"id": "3", "name": "1.2", "released": True, "archived": False, "projectId": 1},
            {"id": "4", "name": "1.3", "released": False, "archived": False, "releaseDate": "2026-03-21", "projectId": 1},
            {"id": "5", "name": "2.0", "released": True, "archived": False, "releaseDate": "2026-04-20", "projectId": 1}]
        jira.add(at(30), kind="Incident", affects=["2"])
        return jira

    def test_deployments_are_released_versions(self):
        """Trap: a version may be released without a date, or dated without being released"""
        with self.releases() as jira:
            metric = self.ask(jira, 'kind = "count"\nmeasure = "deployment_frequency"\nproject = "SHOP"\nunit = "1/d"\nstep = "1d"\n'
                                    'fail = { above = 9 }\n', days=10)
            self.assertAlmostEqual(metric["candidate"]["value"], 0.2)
            self.assertIn("1 released versions have no release date and are left out", metric["notes"])
            self.assertIn("release dates have no time of day: they count as 00:00 UTC", metric["notes"])
            self.assertEqual(metric["graph_url"], jira.url + "/projects/SHOP?selectedItem="
                             "com.atlassian.jira.jira-projects-plugin%3Arelease-page")

    def test_deployments_are_issues_with_a_label(self):
        with api.Jira() as jira:
            jira.add(at(-9), labels=["deployment"], resolved=at(2))
            jira.add(at(-9), resolved=at(2))
            self.assertEqual(self.value(jira, 'kind = "count"\nmeasure = "deployment_frequency"\n'
                                              'jql = "labels = deployment"\nunit = "1/d"\nfail = { above = 9 }\n'), 1)

    def test_change_failure_rate_is_a_share_of_the_versions(self):
        rate = ('kind = "ratio"\n'
                'events = { measure = "change_failure_rate", project = "SHOP", jql = "issuetype = Incident" }\n'
                'total = { measure = "deployment_frequency", project = "SHOP" }\nstep = "1d"\nfail = { above = "90%" }\n')
        with self.releases() as jira:
            metric = self.ask(jira, rate, days=10)
            self.assertIsNone(metric["error"], metric["error"])
            self.assertAlmostEqual(metric["candidate"]["value"], 0.5)

    def test_a_hidden_project_is_404_and_the_hint_says_both(self):
        with self.releases() as jira:
            error = self.error(jira, "RG1104", 'kind = "count"\nmeasure = "deployment_frequency"\nproject = "ELSE"\n'
                                               'fail = { above = 9 }\n')
        self.assertIn("what is not there and for what this user may not see", error["hint"])

    def test_durations_cannot_be_counted(self):
        with api.Jira() as jira:
            self.error(jira, "RG1709", 'kind = "count"\nevents = { jql = "project = SHOP", measure = "lead_time" }\n'
                                       'fail = { above = 1 }\n')

    def test_matching_is_the_number_of_now(self):
        with api.Jira() as jira:
            jira.add(at(-900))
            jira.add(at(900))
            metric = self.ask(jira, self.one('measure = "matching"\naggregate = "last"'))
            self.assertEqual(metric["candidate"]["value"], 2)
            self.assertEqual(jira.asked("/search/jql")[0].json()["jql"], "(project = SHOP)")


if __name__ == "__main__":
    main()
