"""The comment on a pull request: one a gate, edited in place, whatever happens around it."""

import concurrent.futures
import json
import re

import gate
from publish_case import OLDER, RUN_URL, PublishTest, metric, report_of
import github  # noqa: I001

MARKER = "<!-- release-gate:checkout-api -->"
TO = "github-comment"


class OneComment(PublishTest):
    def test_the_first_failure_makes_it(self):
        result = self.publish(TO, self.another())
        body = self.comment()
        self.assertTrue(body.startswith(MARKER + "\n### ✗ FAIL"), body[:200])
        self.assertIn(f"\nrun 1: FAIL · `{github.HEAD[:7]}` · [full report]({RUN_URL})\n", body)
        self.assertIn("| ✗ | **p99 latency**", body)
        self.assertIn("github: comment made, https://github.com/octo-org/checkout/pull/7#issuecomment-", result.stderr)
        self.assertEqual([(one.method, one.path) for one in self.writes()], [("POST", "/repos/octo-org/checkout/issues/7/comments")])

    def test_later_runs_edit_it_and_remember(self):
        for verdict in ("fail", "pass", "fail"):
            self.publish(TO, self.another(verdict))
        self.assertIn(f"\nrun 3: FAIL ← PASS ← FAIL · `{github.HEAD[:7]}` · ", self.comment())
        self.assertEqual([one.method for one in self.writes()], ["POST", "PATCH", "PATCH"])

    def test_a_pass_shortens_it(self):
        self.publish(TO, self.another("fail"))
        self.publish(TO, self.another("pass"))
        lines = [line for line in self.comment().splitlines() if line]
        self.assertEqual(lines[0], MARKER)
        self.assertEqual(lines[1], "### ✓ PASS: the one metric is shown to be within its limits, checkout-api 1.42.0")
        self.assertTrue(lines[2].startswith("run 2: PASS ← FAIL"), lines)
        self.assertEqual(len(lines), 4)

    def test_a_pass_makes_none(self):
        result = self.publish(TO, self.another("pass"))
        self.assertEqual(self.github.comments, [])
        self.assertIn("no comment: everything passes", result.stderr)

    def test_always(self):
        self.publish(TO, self.another("pass"), "--comment", "always")
        self.assertIn("<details><summary>1 pass</summary>", self.comment())

    def test_always_in_the_gate_file(self):
        self.check(metric("steady") + '\n[publish]\ncomment = "always"\n', "--publish", TO, code=0)
        self.assertIn("<details><summary>1 pass</summary>", self.comment())
        self.github.comments.clear()
        self.check(metric("steady"), "--publish", TO, code=0)
        self.assertEqual(self.github.comments, [])

    def test_equal_is_not_written(self):
        report = self.another()
        self.publish(TO, report)
        result = self.publish(TO, report)
        self.assertEqual(len(self.writes()), 1)
        self.assertIn("comment is as it should be", result.stderr)

    def test_line_ends_of_the_server_make_no_difference(self):
        report = self.another()
        self.publish(TO, report)
        self.github.comments[0]["body"] = self.comment().replace("\n", "\r\n").rstrip()
        self.publish(TO, report)
        self.assertEqual(len(self.writes()), 1)

    def test_another_gate_has_its_own(self):
        theirs = self.github.comment("<!-- release-gate:checkout-api-2 -->\n### ✗ FAIL")
        self.publish(TO, self.another())
        self.assertEqual(len(self.github.comments), 2)
        self.assertEqual(theirs["body"], "<!-- release-gate:checkout-api-2 -->\n### ✗ FAIL")

    def test_it_is_found_on_the_third_page(self):
        for i in range(249):
            self.github.comment(f"comment {i}", login="octocat", kind="User")
        ours = self.github.comment(MARKER + "\nold")
        self.publish(TO, self.another())
        self.assertEqual(len(self.github.comments), 250)
        self.assertIn("run 1: FAIL", ours["body"])
        pages = [one.json()["variables"]["after"] for one in self.github.asked("/graphql")]
        self.assertEqual(pages, [None, "100", "200"])

    def test_a_deleted_one_is_made_anew(self):
        self.publish(TO, self.another())
        self.github.comments.clear()
        self.publish(TO, self.another())
        self.assertIn("run 1: FAIL", self.comment())

    def test_one_that_is_deleted_meanwhile_is_made_anew(self):
        self.publish(TO, self.another())
        kept = self.github.comments[0]
        update = self.github.update
        self.github.update = lambda request, identity: (self.github.comments.remove(kept), update(request, identity))[1]
        self.publish(TO, self.another())
        self.assertNotEqual(self.github.comments[0]["id"], kept["id"])
        self.assertIn("run 1: FAIL", self.comment())

    def test_duplicates_of_earlier_accidents_are_removed(self):
        oldest = self.github.comment(MARKER + "\nold")
        self.github.comment(MARKER + "\nolder than it looks")
        self.publish(TO, self.another())
        self.comment()
        self.assertEqual(self.github.comments[0]["id"], oldest["id"])


class NotOurs(PublishTest):
    def new_one_beside(self, **keywords):
        theirs = self.github.comment(MARKER + "\ntheirs", **keywords)
        self.publish(TO, self.another())
        self.assertEqual(theirs["body"], MARKER + "\ntheirs")
        self.assertEqual(len(self.github.comments), 2)

    def test_minimized(self):
        self.new_one_beside(minimized=True)

    def test_of_another_author_with_our_marker(self):
        self.new_one_beside(login="mallory", kind="User")

    def test_of_a_person_who_is_called_like_the_bot(self):
        self.new_one_beside(login="github-actions", kind="User")

    def test_marker_in_the_middle(self):
        theirs = self.github.comment("quoted: " + MARKER)
        self.publish(TO, self.another())
        self.assertEqual(theirs["body"], "quoted: " + MARKER)

    def test_a_personal_token_knows_its_own(self):
        self.github.login, self.github.is_app = "octocat", False
        ours = self.github.comment(MARKER + "\nold", login="octocat", kind="User")
        theirs = self.github.comment(MARKER + "\ntheirs")
        self.publish(TO, self.another())
        self.assertIn("run 1: FAIL", ours["body"])
        self.assertEqual(theirs["body"], MARKER + "\ntheirs")


class History(PublishTest):
    def after(self, state):
        self.github.comments.clear()
        self.github.comment(f"{MARKER}\nold\n\n{state}\n")
        self.publish(TO, self.another())
        return re.search(r"^run .*", self.comment(), re.MULTILINE).group(0).split(" · ")[0]

    def test_only_what_is_well_formed_is_read(self):
        key = "0123456789abcdef"
        self.assertEqual(self.after(f"<!-- release-gate-runs 2 pass:-:{key} warn:9f2c1ab:{key} -->"), "run 3: FAIL ← PASS ← WARN")
        for state in (
            f"<!-- release-gate-runs 0 pass:-:{key} -->",
            f"<!-- release-gate-runs 2 [x](https://evil.test):-:{key} -->",
            f"<!-- release-gate-runs 2 pass:<b>:{key} -->",
            f"<!-- release-gate-runs 9999999999 pass:-:{key} -->",
            f"<!-- release-gate-runs -1 pass:-:{key} -->",
            "<!-- release-gate-runs 2 pass:-:short -->",
            f"<!-- release-gate-runs 2 pass:-:{key} --> @everybody",
            "<!-- release-gate-runs 30" + f" pass:-:{key}" * 30 + " -->",
            "<!-- release-gate-runs 0 -->",
        ):
            with self.subTest(state):
                self.assertEqual(self.after(state), "run 1: FAIL")

    def test_it_is_bounded(self):
        for _ in range(13):
            self.publish(TO, self.another())
        self.assertIn("\nrun 13: FAIL ← FAIL ← FAIL ← FAIL ← FAIL ← … · ", self.comment())
        state = self.comment().strip().splitlines()[-1]
        self.assertEqual(len(re.findall(r"fail:", state)), 10)


class Races(PublishTest):
    def at_once(self, count):
        reports = [self.another() for _ in range(count)]
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            list(pool.map(lambda report: self.publish(TO, report), reports))

    def test_ten_runs_five_of_them_at_once_leave_one_comment(self):
        self.github.together = 5
        self.at_once(5)
        made = sum(1 for one in self.writes() if one.method == "POST")
        self.assertGreater(made, 1, "the runs did not race")
        self.comment()
        for _ in range(5):
            self.publish(TO, self.another())
        body = self.comment()
        runs = int(re.search(r"^run (\d+): FAIL ← FAIL", body, re.MULTILINE).group(1))
        self.assertGreaterEqual(runs, 6)
        self.assertLessEqual(runs, 10)

    def test_a_slow_run_of_an_older_commit_does_not_hide_the_newer_verdict(self):
        self.publish(TO, self.another("fail"))
        before = self.comment()
        pull = {"number": 7, "head": {"sha": OLDER, "repo": {"full_name": github.REPOSITORY}}, "base": {"repo": {"full_name": github.REPOSITORY}}}
        self.payload = self.write("event.json", json.dumps({"pull_request": pull}))
        result = self.publish(TO, self.another("pass"))
        self.assertEqual(self.comment(), before)
        self.assertIn("it tells of a newer commit", result.stderr)

    def test_an_answer_that_was_lost_makes_no_second_comment(self):
        self.github.lose("POST .*/comments")
        self.publish(TO, self.another())
        self.comment()
        self.assertEqual(len(self.writes()), 1)

    def test_a_request_that_was_lost_is_sent_again(self):
        self.github.fail("/issues/7/comments", github.refusal(502, "Server Error"))
        self.publish(TO, self.another())
        self.comment()
        self.assertEqual(len(self.writes()), 2)


class FromAnotherWorkflow(PublishTest):
    """The pattern for forks: measured without a token, published by workflow_run."""

    def follow_up(self, head_sha, *arguments, code=0):
        self.payload = self.write("event.json", json.dumps({"workflow_run": {"head_sha": head_sha, "pull_requests": []}}))
        return self.publish(TO, self.another(), *arguments, code=code, GITHUB_REF="refs/heads/main")

    def test_the_commit_of_the_event_is_that_of_the_request(self):
        self.follow_up(github.HEAD, "--pull-request", "7")
        self.assertIn(f"`{github.HEAD[:7]}`", self.comment())

    def test_a_number_of_another_request_is_refused(self):
        result = self.follow_up(OLDER, "--pull-request", "7", code=4)
        self.assertIn("warning[RG3004]", result.stderr)
        self.assertEqual(self.writes(), [])

    def test_head_sha_is_required_to_be_equal(self):
        self.publish(TO, self.another(), "--head-sha", github.HEAD)
        result = self.publish(TO, self.another(), "--head-sha", OLDER, code=4)
        self.assertIn(f"is at {github.HEAD}, not at {OLDER}", result.stderr)
        self.assertIn("run 1:", self.comment())

    def test_without_a_number_there_is_no_comment(self):
        result = self.follow_up(github.HEAD)
        self.assertIn("this run is not of a pull request", result.stderr)
        self.assertEqual(self.github.requests, [])


class Text(PublishTest):
    def test_it_is_the_markdown_report(self):
        written = self.folder / "report.md"
        self.check(metric("worse"), "--publish", TO, "--report", f"markdown={written}", "--report", "json=report.json", code=1)
        self.assertTrue(self.comment().startswith(written.read_text()))
        self.github.comments.clear()
        self.publish(TO, self.folder / "report.json")
        self.assertTrue(self.comment().startswith(written.read_text()))

    def test_markup_of_a_forged_report_is_inert(self):
        report = json.loads(report_of("fail"))
        report["headline"] = "</details>@octocat <img src=x> [x](https://evil.test) <!-- release-gate-runs 9 pass:-:0123456789abcdef -->"
        report["certainty"] = None
        report["metrics"][0]["title"] = "<!-- release-gate:other -->\n/close"
        self.publish(TO, self.write("forged.json", json.dumps(report)))
        body = self.comment()
        for active in ("@octocat", "<img", "](https://evil", "<!-- release-gate:other"):
            self.assertNotIn(active, body)
        self.assertIn("\nrun 1: FAIL", body)
        self.assertFalse([line for line in body.splitlines() if line.startswith("/")])


if __name__ == "__main__":
    gate.main()
