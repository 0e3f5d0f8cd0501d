"""The note on a merge request and the commit status of GitLab."""

import json

import gate
from publish_case import OLDER, PublishTest, metric
import gitlab  # noqa: I001
from double import answer

MARKER = "<!-- release-gate:checkout-api -->"
TO = "gitlab"
JOB = "https://gitlab.example.com/shop/-/jobs/5"


class GitlabTest(PublishTest):
    def pipeline(self, **changes):
        mine = {name: None for name in ("GITHUB_RUN_ID", "GITHUB_SHA", "GITHUB_TOKEN", "GITHUB_STEP_SUMMARY", "GITHUB_EVENT_PATH")}
        return super().pipeline(**{**mine, "CI_JOB_URL": JOB, **changes})

    def note(self):
        ours = [one for one in self.gitlab.notes if one["author"]["id"] == gitlab.OURS and not one["system"]]
        self.assertEqual(len(ours), 1)
        return ours[0]["body"]


class Notes(GitlabTest):
    def test_made_edited_shortened(self):
        for verdict in ("fail", "fail", "pass"):
            self.publish(TO, self.another(verdict))
        self.assertIn(f"\nrun 3: PASS ← FAIL ← FAIL · `{gitlab.HEAD[:7]}` · [full report]({JOB})\n", self.note())
        self.assertNotIn("<details>", self.note())
        self.assertEqual([one.method for one in self.writes(self.gitlab)], ["POST", "PUT", "PUT"])

    def test_equal_is_not_written(self):
        report = self.another()
        self.publish(TO, report)
        self.publish(TO, report)
        self.assertEqual(len(self.writes(self.gitlab)), 1)

    def test_others_and_system_notes_are_not_ours(self):
        self.gitlab.note(MARKER + "\ntheirs", author=gitlab.SOMEBODY)
        self.gitlab.note(MARKER + "\nsystem", system=True)
        self.publish(TO, self.another())
        self.assertEqual([one["body"] for one in self.gitlab.notes[:2]], [MARKER + "\ntheirs", MARKER + "\nsystem"])
        self.note()

    def test_all_pages_are_read(self):
        for i in range(249):
            self.gitlab.note(f"note {i}", author=gitlab.SOMEBODY)
        self.gitlab.note(MARKER + "\nold")
        self.publish(TO, self.another())
        self.assertIn("run 1: FAIL", self.note())
        asked = [(one.query["per_page"], one.query["page"]) for one in self.gitlab.asked("/notes") if one.method == "GET"]
        self.assertEqual(asked, [("100", "1"), ("100", "2"), ("100", "3")])

    def test_a_deleted_one_is_made_anew(self):
        self.publish(TO, self.another())
        self.gitlab.notes.clear()
        self.publish(TO, self.another())
        self.assertIn("run 1: FAIL", self.note())

    def test_of_a_fork_it_goes_to_the_project_of_the_merge_request(self):
        self.publish(TO, self.another(), CI_PROJECT_ID=gitlab.FORK, CI_MERGE_REQUEST_PROJECT_ID=gitlab.PROJECT)
        self.note()

    def test_merged_results_are_of_the_branch(self):
        self.publish(TO, self.another(), CI_COMMIT_SHA=OLDER, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=gitlab.HEAD)
        self.assertIn(f"`{gitlab.HEAD[:7]}`", self.note())

    def test_another_commit_is_refused(self):
        result = self.publish(TO, self.another(), "--head-sha", OLDER, code=4)
        self.assertIn("warning[RG3004]", result.stderr)
        self.assertEqual(self.gitlab.notes, [])

    def test_no_merge_request_no_note(self):
        result = self.publish(TO, self.another(), CI_MERGE_REQUEST_IID=None)
        self.assertIn("this pipeline is not of a merge request", result.stderr)

    def test_trouble_changes_no_exit_code(self):
        cases = (("/user", gitlab.refusal(401, "401 Unauthorized"), "RG1101", "is env GITLAB_TOKEN set"),
                 ("/notes", gitlab.refusal(403, "403 Forbidden"), "RG1103", "scope `api`"),
                 ("/notes", gitlab.refusal(404, "404 Project Not Found"), "RG1104", "GitLab says 404"),
                 ("/notes", answer(200, {"no": "list"}), "RG3003", "is no list of notes"),
                 ("/user", answer(200, {}), "RG3003", "names no user"))
        for path, ordered, code, words in cases:
            with self.subTest(ordered[2][:40]):
                self.gitlab.fail(path, ordered)
                result = self.check(metric("worse"), "--publish", TO, code=1)
                self.assertIn(f"warning[{code}]: gitlab: ", result.stderr)
                self.assertIn(words, result.stderr)

    def test_a_role_that_may_not_write(self):
        self.gitlab.may_write = False
        result = self.check(metric("absent"), "--publish", TO, code=3)
        self.assertIn("warning[RG1103]: gitlab: ", result.stderr)

    def test_a_missing_token_names_what_to_make(self):
        result = self.check(metric("worse"), "--publish", TO, code=1, GITLAB_TOKEN=None, CI_JOB_TOKEN="x")
        self.assertIn("warning[RG3001]: gitlab: `GITLAB_TOKEN` is not set", result.stderr)
        self.assertIn("CI_JOB_TOKEN may only read notes", result.stderr)
        self.assertEqual(self.gitlab.requests, [])


class Statuses(GitlabTest):
    def test_states(self):
        for verdict, state in (("pass", "success"), ("fail", "failed"), ("pass", "success"), ("inconclusive", "failed")):
            self.publish("gitlab-status", self.another(verdict))
            status = self.gitlab.statuses[-1]
            self.assertEqual((status["state"], status["name"], status["sha"], status["pipeline_id"]), (state, "release-gate: checkout-api", gitlab.HEAD, 99))
            self.assertTrue(status["description"].startswith(verdict.upper()), json.dumps(status))

    def test_the_same_state_again_is_none_to_complain_of(self):
        self.publish("gitlab-status", self.another("fail"))
        self.publish("gitlab-status", self.another("fail"))
        self.assertEqual(len(self.gitlab.statuses), 1)


if __name__ == "__main__":
    gate.main()
