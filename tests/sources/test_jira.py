"""The jira source through the program, against the double of tests/doubles/jira.py. `Trap: …` names what the API is known for."""

import datetime
import json
import os
import pathlib
import subprocess
import sys
import time

from gate import PROGRAM, ROOT, GateTest, environment, main, report, run

sys.path.insert(0, str(ROOT / "tests" / "doubles"))
import jira as api  # noqa: E402
from double import answer  # noqa: E402

UTC = datetime.timezone.utc
DAY = datetime.datetime(2026, 3, 17, tzinfo=UTC)
END = DAY + datetime.timedelta(days=1)
SECONDS = datetime.timedelta(seconds=1)
HOURS = datetime.timedelta(hours=1)
DAYS = datetime.timedelta(days=1)

CLOUD = 'type = "jira"\nemail = { env = "JIRA_EMAIL" }\ntoken = { env = "JIRA_API_TOKEN" }\nretries = 1\n'
DATA_CENTER = 'type = "jira"\ndeployment = "data-center"\ntoken = { env = "JIRA_PAT" }\nretries = 1\n'
COUNT = 'kind = "count"\njql = "project = SHOP"\nunit = "1/d"\nstep = "1h"\nfail = { above = "5/d" }\n'


def at(hours=0, seconds=0):
    return DAY + hours * HOURS + seconds * SECONDS


class JiraTest(GateTest):
    """One metric `m` over 2026-03-17, UTC, judged some days later."""

    def gate(self, jira, metric, source=CLOUD, days=1, path=""):
        self.write("gate.toml", f"""version = 1
[sources.jira]
url = "{jira.url}{path}"
{source}
[compare]
design = "none"
candidate = {{ window = "{days}d" }}
[metrics.m]
source = "jira"
{metric}
""")
        return self.folder / "gate.toml"

    def ask(self, jira, metric=COUNT, source=CLOUD, days=1, path="", token=api.TOKEN, deadline="30s"):
        env = {"JIRA_EMAIL": api.EMAIL, "JIRA_API_TOKEN": token, "JIRA_PAT": token if token != api.TOKEN else api.PAT}
        exit_code, result = report(
            self.gate(jira, metric, source, days, path), "--deployed-at", "2026-03-17T00:00:00Z", "--now",
            "2026-06-01T00:00:00Z", "--deadline", deadline, env=env)
        self.exit_code = exit_code
        return result["metrics"][0]

    def value(self, jira, *arguments, **keywords):
        metric = self.ask(jira, *arguments, **keywords)
        self.assertIsNone(metric["error"], metric["error"])
        return round(metric["candidate"]["value"], 9)

    def error(self, jira, code, *arguments, **keywords):
        metric = self.ask(jira, *arguments, **keywords)
        self.assertIsNotNone(metric["error"], metric)
        self.assertEqual(metric["error"]["code"], code, metric["error"])
        self.assertEqual(self.exit_code, 4)
        return metric["error"]

    def one(self, metric):
        """A value with an aggregate over rows."""
        return f'kind = "value"\njql = "project = SHOP"\nfail = {{ above = 1000 }}\n{metric}'


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
            ('kind = "value"\nmeasure = "velocity"\naggregate = "sum"\nfail = { above = 1 }\n', CLOUD, "needs `board`"),
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
