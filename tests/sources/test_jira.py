"""The jira source through the program: windows, paging and credentials of Cloud and Data Center. `Trap: …` names what the
API is known for.
"""

import datetime
import json
import os
import subprocess

from gate import PROGRAM, environment, main, report
from jira_case import CLOUD, COUNT, DATA_CENTER, DAY, END, HOURS, SECONDS, JiraTest, api, at


class Windows(JiraTest):
    def test_edges_are_half_open_to_the_millisecond(self):
        """Trap: JQL has minute resolution, so more is asked for and the edges are checked on the returned field"""
        for bounds in ("epoch", "text"):
            with self.subTest(bounds=bounds), api.Jira() as jira:
                for moment in (DAY - SECONDS / 1000, DAY, at(0, 30), END - SECONDS / 1000, END, END + 90 * SECONDS):
                    jira.add(moment)
                self.assertEqual(self.value(jira, source=CLOUD + f'jql_times = "{bounds}"\n'), 3)

    def test_the_zone_of_the_user_moves_no_edge(self):
        """Trap: JQL dates are read in the time zone of the user, which is not UTC"""
        zones = [datetime.timezone(datetime.timedelta(hours=h, minutes=m)) for h, m in ((-12, 0), (-5, 0), (5, 45), (14, 0))]
        for zone in zones:
            for bounds in ("epoch", "text"):
                with self.subTest(zone=str(zone), bounds=bounds), api.Jira() as jira:
                    jira.zone = zone
                    for hours in range(-20, 44):
                        jira.add(at(hours))
                    self.assertEqual(self.value(jira, source=CLOUD + f'jql_times = "{bounds}"\n'), 24)

    def test_a_day_counts_at_midnight_utc_wherever_the_user_is(self):
        """Trap: a due date has no zone: in Jira it begins when the day of the user does"""
        for hours in (-12, 0, 14):
            for bounds in ("epoch", "text"):
                with self.subTest(hours=hours, bounds=bounds), api.Jira() as jira:
                    jira.zone = datetime.timezone(hours * HOURS)
                    for day in ("2026-03-16", "2026-03-17", "2026-03-18"):
                        jira.add(at(-900), fields={"duedate": day})
                    metric = self.ask(jira, COUNT + 'window_field = "due"\n', source=CLOUD + f'jql_times = "{bounds}"\n')
                    self.assertEqual([value for _, value in metric["series"]["candidate"]][0] * 3600 / 86400, 1)
                    self.assertAlmostEqual(metric["candidate"]["value"], 1)
                    self.assertIn("`duedate` has no time of day: it counts as 00:00 UTC", metric["notes"])

    def test_counts_stand_at_the_end_of_their_slice_and_empty_slices_are_zero(self):
        with api.Jira() as jira:
            for moment in (at(0, 1), at(1), at(1, 3599), at(23, 3599)):
                jira.add(moment)
            series = self.ask(jira)["series"]["candidate"]
        self.assertEqual([round(value * 3600 / 86400) for _, value in series if value], [1, 2, 1])
        self.assertEqual([time - int(DAY.timestamp()) for time, value in series if value], [3600, 7200, 86400])
        self.assertEqual(len(series), 24)

    def test_a_window_without_issues_is_zero_and_not_no_data(self):
        """Trap: no data and zero are two sentences: no issue in the window is a count of 0"""
        with api.Jira() as jira:
            metric = self.ask(jira)
        self.assertIsNone(metric["error"])
        self.assertEqual((metric["candidate"]["value"], metric["verdict"], self.exit_code), (0, "pass", 0))

    def test_samples_of_no_issues_are_no_data(self):
        with api.Jira() as jira:
            metric = self.ask(jira, self.one('measure = "lead_time"\naggregate = "mean"'))
        self.assertEqual((metric["evidence"], metric["candidate"]["value"]), ("none", None))

    def test_the_default_ingest_delay_is_two_minutes(self):
        """Trap: the index lags behind a write, so a window is asked about 120 s after its end"""
        with api.Jira() as jira:
            path = self.gate(jira, COUNT)
            env = {"JIRA_EMAIL": api.EMAIL, "JIRA_API_TOKEN": api.TOKEN}
            for now, verdict in (("2026-03-18T00:01:59Z", "inconclusive"), ("2026-03-18T00:02:00Z", "pass")):
                _, result = report(path, "--deployed-at", "2026-03-17T00:00:00Z", "--now", now, env=env)
                self.assertEqual(result["metrics"][0]["verdict"], verdict, now)
            self.assertEqual(result["metrics"][0]["due"], "2026-03-18T00:02:00Z")

    def test_a_date_field_of_ones_own_is_found_by_its_name(self):
        with api.Jira() as jira:
            jira.add(at(-50), fields={"customfield_10050": at(3)})
            jira.add(at(1), fields={"customfield_10050": None})
            self.assertEqual(self.value(jira, COUNT + 'window_field = "Detected at"\n'), 1)
            self.assertIn("AND cf[10050] >= ", jira.asked("/search/jql")[0].json()["jql"])
            self.assertIn("no field `Detected`", self.error(jira, "RG1712", COUNT + 'window_field = "Detected"\n')["message"])
            self.assertIn("holds no dates", self.error(jira, "RG1712", COUNT + 'window_field = "Summary"\n')["message"])


class Cloud(JiraTest):
    def test_an_expired_token_is_an_error_and_not_no_bugs(self):
        """Trap: an expired token makes Cloud answer 200 with no issues, as anonymous"""
        for seraph in (True, False):
            with self.subTest(seraph=seraph), api.Jira() as jira:
                jira.seraph = seraph
                jira.add(at(1))
                error = self.error(jira, "RG1702", token=api.EXPIRED)
                self.assertIn("not for the user whose credential was sent", error["message"])
                self.assertIn("env JIRA_API_TOKEN expired", error["hint"])

    def test_an_expired_token_that_sees_public_issues_is_an_error(self):
        """Trap: an expired token sees what everybody sees: a count of those is wrong, too"""
        with api.Jira() as jira:
            jira.seraph = False
            jira.add(at(1))
            matching = jira.matching
            jira.matching = lambda body, login: matching(body, "user")
            self.error(jira, "RG1702", token=api.EXPIRED)

    def test_a_wrong_token_is_refused(self):
        """Trap: not allowed is a sentence of its own: a wrong token is 401"""
        with api.Jira() as jira:
            self.assertIn("env JIRA_API_TOKEN", self.error(jira, "RG1101", token="wrong")["hint"])

    def test_without_a_credential_the_report_says_so(self):
        with api.Jira() as jira:
            metric = self.ask(jira, source='type = "jira"\n')
        self.assertIn("asked without a credential: only issues that everybody may see are counted", metric["notes"])

    def test_the_old_search_is_not_asked(self):
        """Trap: Cloud's old /search is gone (410); the search is POST /rest/api/3/search/jql"""
        with api.Jira() as jira:
            self.value(jira)
            self.assertEqual({(r.method, r.path) for r in jira.requests if "/search" in r.path},
                             {("POST", "/rest/api/3/search/jql")})

    def test_a_410_is_explained(self):
        """Trap: the 410 of the old search says what to change in the gate file"""
        with api.Jira() as jira:
            jira.fail("/search", api.errors(410, api.GONE))
            error = self.error(jira, "RG1703", source=DATA_CENTER)
        self.assertIn('deployment = "cloud"', error["hint"])

    def test_a_404_of_the_search_names_the_deployment(self):
        with api.Jira("data-center") as jira:
            self.assertIn('`deployment = "data-center"`',
                          self.error(jira, "RG1104", source=CLOUD.replace('email = { env = "JIRA_EMAIL" }', ""), token=api.PAT)["hint"])

    def test_fields_are_asked_for(self):
        """Trap: fields default to the id alone, so the field of the window is asked for by name"""
        with api.Jira() as jira:
            jira.add(at(1))
            self.assertEqual(self.value(jira), 1)
            self.assertEqual(jira.asked("/search/jql")[0].json()["fields"], ["created"])

    def test_unbounded_jql_is_refused_with_a_hint(self):
        """Trap: unbounded JQL is refused with 400"""
        with api.Jira() as jira:
            jira.fail("/search", api.errors(400, api.UNBOUNDED))
            error = self.error(jira, "RG1701")
        self.assertIn("Unbounded JQL queries are not allowed here", error["message"])
        self.assertIn("`project = SHOP`", error["hint"])

    def test_the_end_is_a_token_absent_or_null_whatever_is_last_says(self):
        """Trap: the end is nextPageToken absent or null; isLast alone is not reliable"""
        for token in ("absent", "null"):
            for is_last in ("right", "wrong", "absent"):
                with self.subTest(token=token, is_last=is_last), api.Jira() as jira:
                    jira.page_size, jira.last_token, jira.is_last = 10, token, is_last
                    for minute in range(35):
                        jira.add(at(1, 60 * minute))
                    self.assertEqual(self.value(jira), 35)
                    self.assertEqual(len(jira.asked("/search/jql")), 4)

    def test_a_token_seen_twice_is_an_error_within_one_page(self):
        """Trap: a page token seen twice ends with an error instead of a loop"""
        with api.Jira() as jira:
            jira.page_size, jira.repeat_token = 10, True
            for minute in range(35):
                jira.add(at(1, 60 * minute))
            self.error(jira, "RG1705")
            self.assertEqual(len(jira.asked("/search/jql")), 2)

    def test_ten_thousand_issues_in_a_hundred_pages_are_counted_exactly(self):
        """Trap: there is no total, and the approximate count is not exact: the issues are counted, in bounded memory"""
        with api.Jira() as jira:
            moment = DAY
            for _ in range(10000):
                jira.add(moment)
                moment += 8 * SECONDS
            for hours in (-1, 25):
                jira.add(at(hours))
            path = self.gate(jira, COUNT)
            env = environment({"JIRA_EMAIL": api.EMAIL, "JIRA_API_TOKEN": api.TOKEN})
            arguments = ["check", path, "--deployed-at", "2026-03-17T00:00:00Z", "--now", "2026-06-01T00:00:00Z", "--format", "json"]
            process = subprocess.Popen([PROGRAM, *map(str, arguments)], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            out = process.stdout.read()
            process.stderr.close()
            process.stdout.close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            metric = json.loads(out)["metrics"][0]
            self.assertEqual(round(metric["candidate"]["value"], 6), 10000)
            self.assertEqual(len(jira.asked("/search/jql")), 100)
            self.assertEqual(len(jira.asked("/approximate-count")), 0)
            print(f"\n10,000 issues in {len(jira.asked('/search/jql'))} pages: exact, peak RSS {usage.ru_maxrss / 1024:.1f} MiB")
            self.assertLess(usage.ru_maxrss, 150 * 1024)

    def test_an_issue_on_two_pages_counts_once(self):
        with api.Jira() as jira:
            jira.page_size = 2
            for minute in range(4):
                jira.add(at(1, 60 * minute))
            find = jira.matching
            jira.matching = lambda body, login: find(body, login)[:2] + find(body, login)[1:]
            self.assertEqual(self.value(jira), 4)

    def test_oauth_goes_through_the_gateway(self):
        """Trap: an OAuth token is a bearer token at api.atlassian.com/ex/jira/{cloudId}"""
        source = 'type = "jira"\ntoken = { env = "JIRA_PAT" }\n'
        with api.Jira() as jira:
            jira.add(at(1))
            self.assertEqual(self.value(jira, source=source, path=f"/ex/jira/{api.CLOUD_ID}"), 1)
            self.assertTrue(all(r.path.startswith(f"/ex/jira/{api.CLOUD_ID}/rest/") for r in jira.requests))
            self.assertEqual(self.ask(jira, source=source, path=f"/ex/jira/{api.CLOUD_ID}")["graph_url"], None)
            with_site = self.ask(jira, source=source + 'site = "https://example.atlassian.net/"\n',
                                 path=f"/ex/jira/{api.CLOUD_ID}")
            self.assertRegex(with_site["graph_url"], "^https://example.atlassian.net/issues/[?]jql=%28project%20%3D%20SHOP%29")

    def test_jql_mistakes_are_shown_under_the_query(self):
        """Trap: a wrong query is a sentence of its own: 400 carries errorMessages, and the JQL is shown"""
        with api.Jira() as jira:
            error = self.error(jira, "RG1701", 'kind = "count"\njql = "projekt = SHOP"\nunit = "1/d"\nfail = { above = 1 }\n')
            self.assertEqual(error["message"], "jira: Jira refuses the JQL: Field 'projekt' does not exist or you do not have "
                                               "permission to view it.")
            self.assertIn("JQL: (projekt = SHOP) AND created >= 1773705540000 AND created < 1773792060000", error["context"])
            self.assertEqual(len(jira.asked("/search/jql")), 1)


class DataCenter(JiraTest):
    def test_pages_by_start_and_total(self):
        """Trap: Data Center pages by startAt, maxResults and total at /rest/api/2/search, with a bearer token"""
        with api.Jira("data-center") as jira:
            jira.page_size = 10
            for minute in range(35):
                jira.add(at(1, 60 * minute))
            self.assertEqual(self.value(jira, source=DATA_CENTER), 35)
            self.assertEqual([r.json()["startAt"] for r in jira.asked("/rest/api/2/search")], [0, 10, 20, 30])
            self.assertEqual(jira.requests[0].headers["Authorization"], "Bearer " + api.PAT)

    def test_a_total_that_shrinks_is_an_error(self):
        """Trap: the total of Data Center shrinks between pages when an issue goes, and the next page skips one"""
        with api.Jira("data-center") as jira:
            jira.page_size, jira.shrink_after = 10, 1
            for minute in range(35):
                jira.add(at(1, 60 * minute))
            error = self.error(jira, "RG1706", source=DATA_CENTER)
        self.assertIn("first 35 of them, then 34", error["message"])

    def test_an_expired_token_is_refused(self):
        with api.Jira("data-center") as jira:
            self.error(jira, "RG1101", source=DATA_CENTER, token="gone")

    def test_changelogs_come_with_the_issues(self):
        """Trap: Data Center has no bulk changelog: expand=changelog, which must be whole"""
        metric = self.one('measure = "cycle_time"\naggregate = "mean"\nunit = "h"\ntime_unit = "h"')
        for whole in (True, False):
            with self.subTest(whole=whole), api.Jira("data-center") as jira:
                jira.whole_changelog = whole
                jira.add(at(-40), moves=[(at(2), "1", "3"), (at(8), "3", "5")], resolved=at(8))
                if whole:
                    self.assertEqual(self.value(jira, metric, source=DATA_CENTER), 6)
                    self.assertEqual(jira.asked("/search")[0].json()["expand"], ["changelog"])
                else:
                    self.error(jira, "RG1711", metric, source=DATA_CENTER)


if __name__ == "__main__":
    main()
