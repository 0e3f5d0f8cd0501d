"""The sonarqube source through the program: measures, the quality gate, and which analysis they are of.

A docstring `Trap: …` names what the API is known for; tests/sources/traps.py lists them.
"""

import unittest.mock

from gate import main, run
from sonar_gate import COVERAGE, GATE, TASK, TIMES, SonarTest, api

OLD = "2026-03-16T18:30:00+0000"


class Measures(SonarTest):
    def test_a_measure_is_one_value_of_its_analysis(self):
        metric = self.one()
        self.assertEqual((metric["kind"], metric["unit"], metric["candidate"]["value"]), ("value", "%", 81.2))
        self.assertEqual((metric["candidate"]["window"], metric["candidate"]["at"]), (None, "2026-03-17T12:10:00Z"))
        self.assertEqual((metric["verdict"], self.exit_code), ("pass", 0))

    def test_values_are_strings(self):
        """Trap: values are strings, and one that is no number is an error, not 0"""
        self.double.main["measures"]["coverage"] = "eighty"
        self.assertEqual(self.error(), "RG1802")
        self.assertIn('no number but "eighty"', self.text)

    def test_new_code_is_under_period(self):
        """Trap: new-code metrics carry period.value, not value; the others must not be read from there"""
        self.assertEqual(self.one('measure = "new_coverage"\nfail = { below = "80%" }\n')["candidate"]["value"], 71.4)
        self.assertEqual(self.exit_code, 1)
        self.assertEqual(self.one()["candidate"]["value"], 81.2)

    def test_new_code_of_older_servers_is_under_periods(self):
        """Trap: older servers say periods[0].value"""
        self.double.periods = True
        self.assertEqual(self.one('measure = "new_violations"\nfail = { above = 0 }\n')["candidate"]["value"], 3)

    def test_absent_is_no_data(self):
        """Trap: a metric with nothing to measure is absent, not 0"""
        metric = self.one('measure = "new_duplicated_lines_density"\nfail = { above = "3%" }\n')
        self.assertEqual((metric["evidence"], metric["candidate"]["value"], self.exit_code), ("none", None, 3))
        self.assertIn("nothing to measure in the analysis of 2026-03-17T12:10:00Z, which is not zero",
                      metric["headline"])

    def test_zero_is_zero(self):
        self.double.main["measures"]["violations"] = "0"
        metric = self.one('measure = "violations"\nfail = { above = 20 }\n')
        self.assertEqual((metric["evidence"], metric["candidate"]["value"], self.exit_code), ("enough", 0, 0))

    def test_all_measures_of_a_component_are_one_request(self):
        """Trap: all metrics of a component come in one call"""
        more = '[metrics.n]\nsource = "sonar"\nmeasure = "violations"\nfail = { above = 20 }\n'
        self.assertEqual([m["candidate"]["value"] for m in self.ask(COVERAGE + more)], [81.2, 14])
        asked = self.double.asked("/measures/component")
        self.assertEqual([r.query["metricKeys"] for r in asked], ["coverage,violations"])

    def test_one_unknown_key_does_not_fail_the_others(self):
        """Trap: one unknown key fails the whole call: the others are asked again, and its name is told"""
        more = '[metrics.n]\nsource = "sonar"\nmeasure = "covfefe"\nfail = { above = 20 }\n'
        known, unknown = self.ask(COVERAGE + more)
        self.assertEqual((known["candidate"]["value"], known["verdict"]), (81.2, "pass"))
        self.assertEqual(unknown["error"]["code"], "RG1806")
        self.assertIn("the server knows no metric `covfefe`", unknown["error"]["message"])

    def test_ratings_are_letters(self):
        """Trap: ratings come as "1.0" to "5.0" and mean A to E"""
        rating = 'measure = "sqale_rating"\nfail = { worse_than = "B" }\n'
        metric = self.one(rating)
        self.assertEqual((metric["unit"], metric["better"], metric["candidate"]["value"], metric["verdict"]),
                         ("rating", "lower", 2, "pass"))
        self.double.main["measures"]["sqale_rating"] = "3.0"
        criterion = self.one(rating)["criteria"][0]
        self.assertEqual((criterion["limit"], criterion["margin"], criterion["reason"]),
                         ("B or better", 2, "m is C; the limit is B or better."))
        shown = run("check", self.gate(rating), *TIMES, env={"SONAR_TOKEN": api.TOKEN}).stdout
        self.assertIn("m C (limit B or better)", shown)

    def test_the_unit_of_a_share_is_known(self):
        """Trap: 71.4 of a measure in per cent is above "80%" where the unit is forgotten"""
        metric = self.one('measure = "new_coverage"\nfail = { below = "80%" }\n')
        self.assertEqual((metric["unit"], metric["verdict"]), ("%", "fail"))
        done = self.validate('measure = "new_coverage"\nunit = "1"\nfail = { below = "80%" }\n')
        self.assertIn('error[RG0213]: m comes in "%", not in "1"', done.stderr)

    def test_a_branch_and_a_pull_request(self):
        self.double.branches["feature"] = {"analysis": "2026-03-17T12:20:00+0000", "measures": {"coverage": "60"}, "gate": {}}
        self.double.pull_requests["12"] = {"analysis": "2026-03-17T12:21:00+0000", "measures": {"coverage": "50"}, "gate": {}}
        self.assertEqual(self.one(COVERAGE + 'branch = "feature"\n')["candidate"]["value"], 60)
        metric = self.one(COVERAGE + 'pull_request = "12"\n', 'branch = "feature"\n')
        self.assertEqual(metric["candidate"]["value"], 50)
        self.assertTrue(metric["graph_url"].endswith("/dashboard?id=checkout&pullRequest=12"), metric["graph_url"])


class QualityGates(SonarTest):
    def test_the_words_of_the_gate(self):
        """Trap: OK passes, ERROR fails, and NONE is no data, never a pass"""
        for word, outcome, verdict, code in (("OK", "holds", "pass", 0), ("WARN", "violated", "warn", 0),
                                             ("ERROR", "violated", "fail", 1), ("NONE", "not_evaluated", "inconclusive", 3)):
            with self.subTest(word=word):
                self.double.main["gate"]["status"] = word
                metric = self.one(GATE)
                self.assertEqual((metric["kind"], metric["status"], metric["criteria"][0]["outcome"], metric["verdict"],
                                  self.exit_code), ("status", word, outcome, verdict, code))
                self.assertEqual((metric["baseline"], metric["required"]), (None, True))

    def test_conditions_are_listed(self):
        """Trap: what decided stands in the conditions"""
        metric = self.one(GATE)
        self.assertEqual(metric["criteria"][0]["reason"], "sonar says ERROR: new_coverage is 71.4, at least 80.")
        self.assertEqual(metric["notes"], ["ERROR: new_coverage is 71.4, at least 80", "OK: new_violations is 3, at most 5"])

    def test_conditions_on_ratings_are_letters(self):
        self.double.main["gate"]["conditions"] = [api.condition("ERROR", "new_reliability_rating", "GT", "1", "3")]
        self.assertIn("new_reliability_rating is C, at most A", self.one(GATE)["headline"])

    def test_ignored_conditions_are_noted(self):
        """Trap: small changes make the server ignore conditions"""
        self.double.main["gate"].update(status="OK", ignoredConditions=True)
        self.assertIn("the server ignored conditions on coverage and duplication: the change is small", self.one(GATE)["notes"])

    def test_the_gate_of_the_analysis_that_was_waited_for(self):
        """Trap: once the task is done, the gate is asked for with its analysisId"""
        self.report_task()
        self.one(GATE, TASK)
        self.assertEqual([r.query for r in self.double.asked("/project_status")], [{"analysisId": "AYx1"}])

    def test_another_component_is_not_that_analysis(self):
        """Trap: the analysis that was waited for is of one branch alone"""
        self.report_task()
        self.double.branches["feature"] = {"analysis": "2026-03-17T12:20:00+0000", "measures": {}, "gate": {"status": "OK"}}
        self.assertEqual(self.one(GATE + 'branch = "feature"\n', TASK)["status"], "OK")
        self.assertEqual([r.query for r in self.double.asked("/project_status")], [{"projectKey": "checkout", "branch": "feature"}])


class Waiting(SonarTest):
    def test_the_analysis_is_waited_for(self):
        """Trap: the analysis is asynchronous: the task is asked until SUCCESS, less and less often"""
        self.report_task()
        self.double.tasks = ["PENDING", "IN_PROGRESS", "SUCCESS"]
        self.double.main["analysis"] = OLD  # older than the release, and yet the one that is meant
        self.assertEqual(self.one(COVERAGE, TASK)["candidate"]["value"], 81.2)
        self.assertEqual([r.query["id"] for r in self.double.asked("/ce/task")], ["AYx"] * 3)

    def test_all_metrics_wait_once(self):
        self.report_task()
        self.double.tasks = ["PENDING", "SUCCESS"]
        self.ask(COVERAGE + "[metrics.g]\nsource = \"sonar\"\nquality_gate = true\n", TASK)
        self.assertEqual(len(self.double.asked("/ce/task")), 2)

    def test_a_failed_analysis_is_an_error_with_its_message(self):
        """Trap: FAILED and CANCELED end in an error with errorMessage"""
        self.report_task()
        for status in ("FAILED", "CANCELED"):
            with self.subTest(status=status):
                self.double.tasks, self.double.task_error = [status], "Fail to parse the report"
                self.assertEqual(self.error(GATE, TASK), "RG1807")
                self.assertIn(f"the analysis ended as {status}: Fail to parse the report", self.text)

    def test_the_deadline_ends_the_waiting(self):
        """Trap: a task that never ends is bounded by the deadline"""
        self.report_task()
        self.double.tasks = ["PENDING"]
        self.assertEqual(self.error(GATE, TASK, deadline="2s"), "RG1002")
        self.assertLess(self.report["duration_ms"], 10000)

    def test_only_the_id_is_taken_from_the_file(self):
        """Trap: ceTaskUrl may point anywhere: the token goes to the configured server alone"""
        self.report_task(task="")
        self.one(COVERAGE, TASK)
        self.assertEqual([r.query["id"] for r in self.double.asked("/ce/task")], ["AYx"])

    def test_a_report_task_that_is_missing_or_of_another_project(self):
        self.assertEqual(self.error(GATE, TASK), "RG1804")
        self.assertIn("written by the scanner", self.text)
        self.report_task(project="shipping")
        self.assertEqual(self.error(GATE, TASK), "RG1804")
        self.assertIn("is of the project `shipping`, not of `checkout`", self.text)
        self.write("report-task.txt", "projectKey=checkout\n")
        self.assertEqual(self.error(GATE, TASK), "RG1804")
        self.assertIn("has no ceTaskId", self.text)


class Staleness(SonarTest):
    def test_an_analysis_from_before_the_release_is_no_data(self):
        """Trap: without report_task an analysis older than the release is stale: no data, with its date"""
        self.double.main["analysis"] = OLD
        for metric in (COVERAGE, GATE):
            with self.subTest(metric=metric):
                found = self.one(metric)
                self.assertEqual((found["evidence"], found["verdict"], self.exit_code), ("none", "inconclusive", 3))
                self.assertIn("stale analysis of 2026-03-16T18:30:00Z, older than the release", found["headline"])
                self.assertEqual((found["status"], found["candidate"]["value"]), (None, None))

    def test_max_age_lets_an_older_analysis_count(self):
        """Trap: an analysis is made before the deployment: max_age says how long"""
        self.double.main["analysis"] = "2026-03-17T11:50:00+0000"
        self.assertEqual(self.one()["evidence"], "none")
        self.assertEqual(self.one(source='max_age = "15m"\n')["candidate"]["value"], 81.2)

    def test_never_analysed_is_no_data(self):
        self.double.main["analysis"] = None
        self.assertIn("checkout has never been analysed", self.one()["headline"])
        self.assertEqual(self.exit_code, 3)

    def test_without_a_release_the_report_says_what_it_cannot_tell(self):
        metric = self.one(times=("--now", "2026-03-17T12:30:00Z"))
        self.assertEqual((metric["candidate"]["value"], metric["baseline"]), (81.2, None))
        self.assertIn("nothing tells whether it is of this version", metric["notes"][0])


class Baselines(SonarTest):
    CHANGE = 'measure = "coverage"\nfail = { decrease_over = "1pp" }\n'

    def test_the_last_analysis_before_the_release(self):
        """Trap: the past is under search_history, whose parameter is `metrics`, not `metricKeys`"""
        metric = self.one(self.CHANGE)
        self.assertEqual(self.values(metric), [82.5, 81.2])
        self.assertEqual((metric["baseline"]["at"], metric["candidate"]["at"]), ("2026-03-16T18:30:00Z", "2026-03-17T12:10:00Z"))
        self.assertEqual((metric["verdict"], metric["criteria"][0]["outcome"]), ("fail", "violated"))
        asked = self.double.asked("/search_history")[0].query
        self.assertEqual((asked["metrics"], asked["to"], asked["ps"]), ("coverage", "2026-03-17T12:04:00+0000", "1000"))

    def test_history_is_paged(self):
        """Trap: the history is paged, and the last page holds the newest"""
        self.double.history["coverage"] = [
            (f"2026-0{1 + i // 1000}-{1 + i % 1000 // 40:02}T{i % 40 // 2:02}:{i % 2 * 30:02}:00+0000", str(i / 100)) for i in range(2500)]
        self.assertEqual(self.values(self.one(self.CHANGE)), [24.99, 81.2])
        self.assertEqual(sorted(r.query["p"] for r in self.double.asked("/search_history")), ["1", "3"])

    def test_an_analysis_without_a_value_is_passed_over(self):
        self.double.history["coverage"] = [("2026-03-15T08:00:00+0000", "80.1"), ("2026-03-16T18:30:00+0000", None)]
        self.assertEqual(self.values(self.one(self.CHANGE)), [80.1, 81.2])

    def test_an_analysis_is_not_compared_with_itself(self):
        """Trap: the analysis that is judged may itself be older than the deployment"""
        self.double.main["analysis"] = "2026-03-17T11:50:00+0000"
        self.double.history["coverage"][-1] = ("2026-03-17T11:50:00+0000", "81.2")
        self.assertEqual(self.values(self.one(self.CHANGE, 'max_age = "1h"\n')), [82.5, 81.2])
        self.report_task()
        self.assertEqual(self.values(self.one(self.CHANGE, TASK)), [82.5, 81.2])

    def test_no_analysis_before_the_release(self):
        self.double.history["coverage"] = self.double.history["coverage"][-1:]
        metric = self.one(self.CHANGE)
        self.assertEqual((metric["evidence"], self.exit_code), ("none", 3))
        self.assertIn("no analysis before 2026-03-17T12:04:00Z has `coverage`", metric["headline"])

    def test_another_branch_is_the_baseline(self):
        """Trap: a branch is compared with main as it is now, however old"""
        self.double.branches["main"] = {"analysis": OLD, "measures": {"coverage": "90"}, "gate": {}}
        branch = self.CHANGE + 'baseline_branch = "main"\n'
        self.assertEqual(self.values(self.one(branch)), [90, 81.2])
        self.assertEqual(self.values(self.one(branch, times=("--now", "2026-03-17T12:30:00Z"))), [90, 81.2])
        self.assertEqual(self.values(self.one(branch + 'design = "snapshot"\n')), [90, 81.2])
        self.assertEqual(self.double.asked("/search_history"), [])

    def test_a_snapshot_of_two_branches(self):
        self.double.branches["main"] = {"analysis": OLD, "measures": {"coverage": "90"}, "gate": {}}
        self.assertEqual(self.values(self.one(self.CHANGE + 'design = "snapshot"\nbaseline = { branch = "main" }\n')), [90, 81.2])

    def test_without_a_baseline(self):
        metric = self.one(COVERAGE + 'design = "none"\n')
        self.assertEqual((metric["baseline"], metric["change"], metric["verdict"]), (None, None, "pass"))

    def test_ratings_are_compared_by_letters(self):
        self.double.history["sqale_rating"] = [(OLD, "1.0")]
        metric = self.one('measure = "sqale_rating"\nfail = { increase_over = 0 }\n')
        self.assertEqual((self.values(metric), metric["change"]["absolute"], metric["change"]["relative"]), ([1, 2], 1, None))
        self.assertEqual(metric["criteria"][0]["reason"],
                         "m went A → B, +1 (limit +0). No uncertainty available: two bare numbers.")


class Shown(SonarTest):
    def test_plan_sends_nothing_and_shows_what_would_be_sent(self):
        done = self.plan(Baselines.CHANGE + "[metrics.g]\nsource = \"sonar\"\nquality_gate = true\n")
        self.assertEqual(self.double.requests, [])
        self.assertEqual(done.stdout, """gate: released 2026-03-17T12:04:00Z, as of 2026-03-17T12:30:00Z

m  sonar  the newest value
    GET /api/components/show  when checkout was analysed
        after  (asked already)
    GET /api/measures/search_history  coverage of checkout, the last before 2026-03-17T12:04:00Z
    GET /api/measures/component  coverage of checkout
    fails when it falls by more than 1pp
g  sonar  its state now
    GET /api/components/show  when checkout was analysed
        after  (asked already)
    GET /api/qualitygates/project_status  quality gate of checkout
    fails on an error, warns on a warning

4 requests to 1 source; nothing was sent. Every metric is due.
""")

    def test_query_shows_the_value_with_its_time(self):
        done = run("query", self.gate(Baselines.CHANGE), "m", *TIMES, env={"SONAR_TOKEN": api.TOKEN})
        self.assertIn("baseline         82.5 %  1 sample, 0 dropped  newest of 2026-03-16T18:30:00Z", done.stdout)
        self.assertNotIn("*", done.stdout)
        done = run("query", self.gate(GATE), "m", *TIMES, env={"SONAR_TOKEN": api.TOKEN})
        self.assertIn("sonar says ERROR: new_coverage is 71.4, at least 80.", done.stdout)

    def test_the_version_and_the_question_are_in_the_report(self):
        metric = self.one(Baselines.CHANGE)
        self.assertEqual(self.report["sources"], [{"id": "sonar", "type": "sonarqube", "version": "SonarQube 10.4.1.88267"}])
        self.assertEqual([q["text"] for q in metric["queries"]],
                         ["coverage of checkout, the last before 2026-03-17T12:04:00Z", "coverage of checkout"])

    def test_what_was_recorded_is_judged_again_without_a_server(self):
        self.report_task()
        bundle = self.folder / "bundle"
        path = self.gate(COVERAGE, TASK)
        first = run("check", path, *TIMES, "--record", bundle, env={"SONAR_TOKEN": api.TOKEN})
        asked = len(self.double.requests)
        (self.folder / "report-task.txt").unlink()
        again = run("check", "--replay", bundle, env={})
        self.assertEqual((first.returncode, again.returncode, len(self.double.requests)), (0, 0, asked), again.stderr)


class Keys(SonarTest):
    def test_keys_that_do_not_fit(self):
        for metric, source, code, words in (
                ('fail = { above = 1 }\n', "", "RG1808", "nothing is asked: neither `measure` nor `quality_gate`"),
                ('measure = "coverage"\nquality_gate = true\n', "", "RG1808", "`measure` and `quality_gate` exclude each other"),
                (GATE + 'branch = "a"\npull_request = "1"\n', "", "RG1808", "`branch` and `pull_request` exclude each other"),
                (GATE, 'branch = "a"\npull_request = "1"\n', "RG1808", "`branch` and `pull_request` exclude each other"),
                (GATE + 'baseline_branch = "main"\n', "", "RG1808", "`baseline_branch` has no meaning for the quality gate"),
                (COVERAGE, 'auth = "digest"\n', "RG1810", '`auth` is "bearer" or "basic", not "digest"'),
                (GATE + "fail = { above = 1 }\n", "", "RG0234", "m is a status, which has no bounds"),
                ('measure = "sqale_rating"\nfail = { above = 2 }\n', "", "RG0236", "`above` has no meaning for a rating"),
                (COVERAGE + 'kind = "samples"\n', "", "RG0235", "of m only the newest value is known")):
            with self.subTest(words=words):
                done = self.validate(metric, source)
                self.assertIn(f"error[{code}]: {words}", done.stderr)

    def test_a_project_must_be_named(self):
        with unittest.mock.patch.object(self, "gate", lambda metric, source: self.write("gate.toml", """version = 1
[sources.sonar]
type  = "sonarqube"
[metrics.m]
source = "sonar"
quality_gate = true
""")):
            self.assertIn("error[RG1809]: no project is named", self.validate(GATE).stderr)


if __name__ == "__main__":
    main()
