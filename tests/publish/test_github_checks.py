"""Check runs with annotations, commit statuses, and what a step leaves for its job."""

import json
import re

import gate
from publish_case import MERGE, RUN_URL, PublishTest, metric, report_of
import github  # noqa: I001


class Checks(PublishTest):
    def one(self):
        self.assertEqual(len(self.github.checks), 1)
        return self.github.checks[0]

    def test_it_is_of_the_head_and_not_of_the_merge(self):
        self.publish("github-check", self.another())
        check = self.one()
        self.assertEqual((check["name"], check["head_sha"]), ("release-gate: checkout-api", github.HEAD))
        self.assertNotEqual(check["head_sha"], MERGE)
        self.assertEqual((check["status"], check["conclusion"], check["details_url"]), ("completed", "failure", RUN_URL))
        self.assertRegex(check["output"]["title"], r"^FAIL: p99 latency \+\d")
        self.assertIn("### ✗ FAIL", check["output"]["summary"])

    def test_conclusions(self):
        for verdict, conclusion in (("pass", "success"), ("fail", "failure"), ("error", "failure"), ("inconclusive", "action_required")):
            with self.subTest(verdict):
                self.github.checks.clear()
                self.publish("github-check", self.another(verdict))
                self.assertEqual(self.one()["conclusion"], conclusion)

    def test_let_through_is_neutral(self):
        for more in (("--exit-zero",), ("--override", "known issue")):
            self.github.checks.clear()
            self.check(metric("worse"), "--publish", "github-check", *more, code=0)
            self.assertEqual(self.one()["conclusion"], "neutral")

    def test_annotations_stand_on_the_lines_of_the_gate_file(self):
        text = metric("steady") + metric("worse_a", "slow") + metric("absent_b", "nothing") + metric("worse_c", "a bit", "warn", "required = false")
        self.check(text, "--publish", "github-check", code=1)
        lines = (self.folder / "gate.toml").read_text().splitlines()
        found = [(one["annotation_level"], one["title"], lines[one["start_line"] - 1][:6].strip(), one["path"]) for one in self.one()["annotations"]]
        self.assertEqual(found, [("failure", "slow", "fail", "gate.toml"), ("warning", "nothing", "fail", "gate.toml"), ("warning", "a bit", "warn", "gate.toml")])
        for one in self.one()["annotations"]:
            self.assertEqual(one["start_line"], one["end_line"])
            self.assertIn(one["title"] + ": limit +10 %. ", one["message"])
        slow = lines.index('title  = "slow"')
        self.assertEqual(self.one()["annotations"][0]["start_line"], slow + 5)

    def test_the_path_is_from_the_root_of_the_repository(self):
        self.check(metric("worse"), "--publish", "github-check", code=1, GITHUB_WORKSPACE=str(self.folder.parent))
        self.assertEqual(self.one()["annotations"][0]["path"], f"{self.folder.name}/gate.toml")
        self.github.checks.clear()
        self.check(metric("worse"), "--publish", "github-check", code=1, GITHUB_WORKSPACE="/elsewhere")
        self.assertEqual(self.one()["annotations"], [])

    def test_annotations_come_in_pieces_of_fifty_worst_first(self):
        report = json.loads(report_of("fail"))
        template = report["metrics"][0]
        report["metrics"] = []
        for i in range(120):
            level = "fail" if i >= 60 else "warn"
            one = json.loads(json.dumps(template))
            one.update(id=f"m{i}", title=f"metric {i}", verdict=level)
            one["criteria"][0].update(level=level, line=i + 1)
            report["metrics"].append(one)
        self.publish("github-check", self.write("many.json", json.dumps(report)))
        annotations = self.one()["annotations"]
        self.assertEqual([one["annotation_level"] for one in annotations], ["failure"] * 60 + ["warning"] * 60)
        self.assertEqual([one["start_line"] for one in annotations], list(range(61, 121)) + list(range(1, 61)))
        self.assertEqual([one.method for one in self.writes()], ["POST", "PATCH", "PATCH"])

    def test_the_same_report_makes_one(self):
        report = self.another()
        self.publish("github-check", report)
        result = self.publish("github-check", report)
        self.one()
        self.assertIn("check run is there already", result.stderr)
        self.github.lose("POST .*/check-runs")
        self.publish("github-check", self.another())
        self.assertEqual(len(self.github.checks), 2)

    def test_a_personal_token_sets_a_status_instead(self):
        self.github.is_app, self.github.login = False, "octocat"
        result = self.publish("github-check", self.another())
        self.assertEqual([one["state"] for one in self.github.statuses], ["failure"])
        self.assertIn("commit status set, since the token may make no check run", result.stderr)


class Statuses(PublishTest):
    def test_states(self):
        for verdict, state in (("pass", "success"), ("fail", "failure"), ("error", "error"), ("inconclusive", "failure")):
            with self.subTest(verdict):
                self.publish("github-status", self.another(verdict))
                status = self.github.statuses[-1]
                self.assertEqual((status["state"], status["context"], status["sha"], status["target_url"]), (state, "release-gate: checkout-api", github.HEAD, RUN_URL))
                self.assertTrue(status["description"].startswith(verdict.upper() + ": "), status)

    def test_a_long_description_is_cut(self):
        report = json.loads(report_of("fail"))
        report["headline"], report["certainty"] = "ü" * 300, None
        self.publish("github-status", self.write("long.json", json.dumps(report)))
        self.assertLessEqual(len(self.github.statuses[0]["description"].encode()), 140)
        self.assertTrue(self.github.statuses[0]["description"].endswith("ü…"))


class RunnerFiles(PublishTest):
    def outputs(self):
        found, lines = {}, self.output.read_text().splitlines()
        while lines:
            name, delimiter = re.fullmatch(r"([\w-]+)<<(ghadelimiter_[0-9a-f]{32})", lines.pop(0)).groups()
            value = []
            while (line := lines.pop(0)) != delimiter:
                value.append(line)
            found[name] = "\n".join(value)
        return found

    def test_summary_and_outputs_need_no_token_and_ask_nobody(self):
        self.check(metric("worse"), "--publish", "github-summary", "--report", "json=out.json", code=1, GITHUB_TOKEN=None)
        self.assertIn("### ✗ FAIL", self.summary.read_text())
        self.assertIn(f"[full report]({RUN_URL})", self.summary.read_text())
        outputs = self.outputs()
        self.assertEqual((outputs["verdict"], outputs["exit-code"], outputs["report-json"]), ("fail", "1", "out.json"))
        self.assertTrue(outputs["headline"].startswith("worse +"), outputs)
        self.assertEqual(self.github.requests, [])

    def test_the_summary_is_whole_though_the_comment_is_short(self):
        self.publish("github", self.another("fail"))
        self.publish("github", self.another("pass"))
        second = self.summary.read_text().split("<!-- release-gate:checkout-api -->")[2]
        self.assertIn("<details><summary>1 pass</summary>", second)
        self.assertIn("run 2: PASS ← FAIL", second)

    def test_what_is_there_stays(self):
        self.summary.write_text("of another tool\n")
        self.output.write_text("a<<x\nb\nx\n")
        self.publish("github-summary", self.another())
        self.assertTrue(self.summary.read_text().startswith("of another tool\n<!-- release-gate"))
        self.assertTrue(self.output.read_text().startswith("a<<x\nb\nx\nverdict<<"))

    def test_a_full_summary_is_left_alone(self):
        self.summary.write_text("x" * (1 << 20))
        result = self.publish("github-summary", self.another(), code=4)
        self.assertIn("warning[RG3006]", result.stderr)
        self.assertEqual(len(self.summary.read_text()), 1 << 20)

    def test_what_cannot_be_written_changes_nothing(self):
        for path in ("/nonexistent/summary", str(self.folder)):
            with self.subTest(path):
                result = self.check(metric("worse"), "--publish", "github-summary", code=1, GITHUB_STEP_SUMMARY=path)
                self.assertIn("warning[RG3006]", result.stderr)

    def test_without_the_files_there_is_nothing_to_do(self):
        result = self.check(metric("worse"), "--publish", "github-summary", code=1, GITHUB_STEP_SUMMARY=None, GITHUB_OUTPUT=None)
        self.assertEqual(result.stderr, "")


if __name__ == "__main__":
    gate.main()
