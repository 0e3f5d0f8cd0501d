"""What goes wrong on the way to GitHub, and that neither the verdict nor the exit code ever changes for it."""

import json

import gate
from publish_case import PublishTest, metric
import github  # noqa: I001
from double import answer

TO = "github-comment"
FORK = "No comment: a fork's token is read-only. The verdict and exit code are unchanged."


class Forks(PublishTest):
    def setUp(self):
        super().setUp()
        self.github.may = set()
        self.event("mallory/checkout")

    def test_the_summary_says_why_and_the_exit_code_stays(self):
        for name, code in (("worse", 1), ("absent", 3), ("refused", 4)):
            with self.subTest(name):
                self.summary.write_text("")
                result = self.check(metric(name), "--publish", "github", code=code)
                self.assertTrue(self.summary.read_text().startswith(f"> {FORK}\n\n<!-- release-gate:checkout-api -->\n### "), self.summary.read_text()[:200])
                self.assertIn("github: a fork's token is read-only: the report is in the step summary", result.stderr)
                self.assertNotIn("warning[", result.stderr)
        self.assertEqual((self.github.comments, self.github.checks), ([], []))

    def test_required_is_content_with_the_summary(self):
        self.check(metric("worse"), "--publish", "github", "--publish-required", code=1)
        self.check(metric("absent"), "--publish", "github", "--publish-required", code=3)

    def test_without_a_summary_it_is_told(self):
        result = self.check(metric("worse"), "--publish", "github", code=1, GITHUB_STEP_SUMMARY=None)
        self.assertIn("warning[RG1103]: github: nothing was written: a fork's token is read-only", result.stderr)

    def test_a_fork_whose_token_may_write_gets_its_comment(self):
        self.github.may = {"pull-requests", "checks"}
        self.check(metric("worse"), "--publish", "github", code=1)
        self.assertIn("run 1: FAIL", self.comment())
        self.assertNotIn("No comment", self.summary.read_text())

    def test_dependabot(self):
        self.event(github.REPOSITORY)
        self.check(metric("worse"), "--publish", "github", code=1, GITHUB_ACTOR="dependabot[bot]")
        self.assertIn("> No comment: Dependabot's token is read-only.", self.summary.read_text())

    def test_a_job_without_the_permission_is_told_which(self):
        self.event(github.REPOSITORY)
        result = self.check(metric("worse"), "--publish", "github", code=1)
        self.assertIn("warning[RG1103]: github: the server refuses permission (HTTP 403)", result.stderr)
        self.assertIn("permissions: pull-requests: write", result.stderr)
        self.assertIn("permissions: checks: write", result.stderr)
        self.assertTrue(self.summary.read_text().startswith("> No comment: it could not be written, and the log says why."))


class Limits(PublishTest):
    def test_a_short_limit_is_waited_for(self):
        for make, status in ((make, status) for make in (github.slowed_down, github.rate_limited) for status in (403, 429)):
            with self.subTest(make=make.__name__, status=status):
                self.github.comments.clear()
                self.github.fail("/issues/7/comments", make(2, status))
                result = self.publish(TO, self.another())
                self.comment()
                self.assertGreater(result.seconds, 0.5)

    def test_a_long_limit_is_told_at_once(self):
        for ordered in (github.slowed_down(300), github.rate_limited(300), github.slowed_down(300, 429)):
            with self.subTest(status=ordered[0], headers=ordered[1]):
                self.github.fail("/issues/7/comments", ordered)
                result = self.publish(TO, self.another(), code=4)
                self.assertIn("warning[RG1040]: github: rate-limited until", result.stderr)
                self.assertLess(result.seconds, 20)
                self.assertEqual(self.github.comments, [])

    def test_limits_of_graphql(self):
        self.github.fail("/graphql", answer(200, {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}))
        result = self.publish(TO, self.another(), code=4)
        self.assertIn("warning[RG1129]", result.stderr)
        self.assertIn("API rate limit exceeded", result.stderr)


class Answers(PublishTest):
    """What the server says → the code that is told, and words of the advice."""

    def test_refusals(self):
        cases = (
            ("/graphql", github.refusal(401, "Bad credentials"), "RG1101", "is env GITHUB_TOKEN set, valid and not expired?"),
            ("/graphql", github.refusal(404, "Not Found"), "RG1104", "is GITHUB_REPOSITORY right"),
            ("/graphql", answer(200, {"errors": [{"type": "NOT_FOUND", "message": "Could not resolve"}]}), "RG1104", "Could not resolve"),
            ("/graphql", answer(200, {"errors": [{"type": "FORBIDDEN", "message": github.NO_ACCESS}]}), "RG1103", "pull-requests: write"),
            ("/graphql", answer(200, {"errors": [{"message": "Something went wrong"}]}), "RG3003", "Something went wrong"),
            ("/graphql", answer(200, "<html>login</html>"), "RG3003", "is a web page"),
            ("/graphql", answer(200, {"data": {"repository": None}}), "RG3003", "holds no comments"),
            ("/graphql", answer(200, {"data": {"repository": {"pullRequest": {"comments": {"nodes": [7, None, {"author": 3}], "pageInfo": {"hasNextPage": "x"}}}}}}), "", ""),
            ("/issues/7/comments", github.refusal(422, "Validation Failed", [{"message": "body is too long"}]), "RG1100", "body is too long"),
            ("/issues/7/comments", answer(201, {"id": "x"}), "RG3003", "is no comment"),
        )
        for path, ordered, code, words in cases:
            with self.subTest(ordered[2][:60]):
                self.github.comments.clear()
                self.github.fail(path, ordered)
                result = self.publish(TO, self.another(), code=4 if code else 0)
                self.assertIn(f"warning[{code}]: github: " if code else "comment made", result.stderr)
                self.assertIn(words, result.stderr)

    def test_pages_without_end(self):
        page = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "same"}}
        self.github.fail("/graphql", answer(200, {"data": {"repository": {"pullRequest": {"comments": page}}}}), 9)
        result = self.publish(TO, self.another(), code=4)
        self.assertIn("warning[RG3003]: github: the pages of comments have no end", result.stderr)
        self.assertLess(len(self.github.requests), 5)

    def test_a_failing_server_is_asked_again(self):
        self.github.fail("/graphql", github.refusal(503, "Unavailable"), 2)
        self.publish(TO, self.another())
        self.github.fail("/issues/comments/", github.refusal(500, "Server Error"), 2)
        self.publish(TO, self.another())
        self.assertIn("run 2: FAIL", self.comment())

    def test_a_server_that_hangs_holds_nobody_up(self):
        self.github.delay = 5
        result = self.check(metric("worse"), "--publish", TO, "--publish-deadline", "1s", code=1)
        self.assertIn("warning[RG1002]", result.stderr)
        self.assertLess(result.seconds, 4)

    def test_a_server_that_is_not_there(self):
        result = self.check(metric("worse"), "--publish", TO, code=1, GITHUB_GRAPHQL_URL=f"http://127.0.0.1:{gate.free_port()}/graphql")
        self.assertIn("warning[RG1004]: github: ", result.stderr)

    def test_required_fails_the_run_that_did_not_fail(self):
        for name, code in (("steady", 4), ("absent", 4), ("worse", 1), ("refused", 4)):
            with self.subTest(name):
                self.github.fail("/graphql", github.refusal(401, "Bad credentials"), 1)
                result = self.check(metric(name), "--publish", TO, "--publish-required", "--report", "json=report.json", code=code)
                self.assertIn("warning[RG1101]", result.stderr)
                self.assertEqual(json.loads((self.folder / "report.json").read_text())["exit_code"], {"steady": 0, "absent": 3, "worse": 1, "refused": 4}[name])


if __name__ == "__main__":
    gate.main()
