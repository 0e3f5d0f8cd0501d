"""The GitHub action and the example workflows, run by a player of GitHub's runner: outputs, exit codes, annotations, artifacts."""

import json
import unittest

import gate
import github_runner
import play

ACTION = play.TEMPLATES / "github"
USES = f"your-org/release-gate/ci-templates/github@v{play.VERSION}"


class GithubTest(gate.GateTest):
    def runner(self, name="one", places=(), **keywords):
        workspace = play.workspace(self.folder / name / "workspace", *places)
        runner = github_runner.Runner(self.folder / name, workspace, **keywords)
        runner.path = [play.program_folder(self.folder / name / "bin")]
        return runner

    @staticmethod
    def here(workflow):
        """The workflow with the program on the PATH in place of a download; test_install.py plays the download."""
        for job in workflow["jobs"].values():
            for step in job["steps"]:
                if step.get("uses", "").startswith("your-org/"):
                    step.setdefault("with", {})["version"] = "installed"
                    step["with"].pop("wait", None)  # the windows of the example are long over
        return workflow

    def load(self, name):
        return self.here(github_runner.load(ACTION / "workflows" / name))


class Action(GithubTest):
    def act(self, runner, **given):
        return runner.use(USES, {"version": "installed", **given}, {})

    def test_verdicts(self):
        for name, case in play.CASES.items():
            with self.subTest(name):
                runner = self.runner(name)
                ok, outputs = self.act(runner, **{"deployed-at": case.deployed_at, "set": f"release={case.release}"})
                self.assertEqual(ok, case.exit_code == 0)
                self.assertEqual((outputs["verdict"], outputs["exit-code"]), (case.verdict, str(case.exit_code)))
                reports = runner.workspace / "release-gate"
                self.assertEqual(outputs["reports"], str(reports))
                self.assertEqual({path.name for path in reports.iterdir()},
                                 {"release-gate.json", "release-gate.html", "release-gate.md", "release-gate.sarif", "junit.xml"})
                for output in ("report-json", "report-html", "report-sarif"):
                    self.assertEqual(outputs[output], str(reports / f"release-gate.{output.split('-')[1]}"))
                self.assertEqual(json.loads((reports / "release-gate.json").read_text())["verdict"], case.verdict)
                expected = {"pass": [], "fail": [("error", "gate.toml:28"), ("error", "gate.toml:39")]}
                if name in expected:
                    self.assertEqual([(found.level, found.where) for found in runner.annotations], expected[name])
                else:
                    self.assertEqual({found.level for found in runner.annotations}, {"warning" if name == "inconclusive" else "error"})
                self.assertIn("release gate", runner.summary.replace("-", " "))

    def test_inconclusive_may_go_on(self):
        runner = self.runner()
        case = play.CASES["inconclusive"]
        ok, outputs = self.act(runner, **{"deployed-at": case.deployed_at, "allow-inconclusive": "true"})
        self.assertTrue(ok)
        self.assertEqual((outputs["verdict"], outputs["exit-code"]), ("inconclusive", "3"))
        self.assertEqual({found.level for found in runner.annotations[:-1]}, {"warning"})
        self.assertEqual((runner.annotations[-1].level, "goes on" in runner.annotations[-1].text), ("notice", True))

    def test_a_failure_may_not_go_on_as_inconclusive(self):
        case = play.CASES["fail"]
        ok, outputs = self.act(self.runner(), **{"deployed-at": case.deployed_at, "set": f"release={case.release}", "allow-inconclusive": "true"})
        self.assertFalse(ok)
        self.assertEqual(outputs["exit-code"], "1")

    def test_exit_zero_and_override(self):
        case = play.CASES["fail"]
        for name, given in {"zero": {"exit-zero": "true"}, "override": {"override": "the fix is worse"}}.items():
            with self.subTest(name):
                ok, outputs = self.act(self.runner(name), **{"deployed-at": case.deployed_at, "set": f"release={case.release}", **given})
                self.assertTrue(ok)
                self.assertEqual((outputs["verdict"], outputs["exit-code"]), ("fail", "0"))

    def test_wrong_inputs_judge_nothing(self):
        for name, given in {"no gate": {"gate": "nope.toml"}, "no flag": {"allow-inconclusive": "yes"}, "no option": {"arguments": "--nope"}}.items():
            with self.subTest(name):
                runner = self.runner(name)
                (runner.workspace / "release-gate").mkdir()
                (runner.workspace / "release-gate" / "release-gate.json").write_text('{\n  "verdict": "pass",\n}\n')  # of an earlier run
                ok, outputs = self.act(runner, **given)
                self.assertFalse(ok)
                self.assertNotEqual(outputs["verdict"], "pass")
                self.assertEqual(outputs["report-json"], "")
                self.assertEqual([found.level for found in runner.annotations], ["error"])

    def test_inputs_are_text_and_never_commands(self):
        trap = self.folder / "trapped"
        evil = f'"; touch {trap}; $(touch {trap}) `touch {trap}` #'
        for name in ("gate", "deployed-at", "set", "stage", "wait", "deadline", "override", "reports", "record", "arguments"):
            with self.subTest(name):
                self.act(self.runner(name), **{name: evil})
                self.assertFalse(trap.exists())

    def test_many_variables_and_arguments(self):
        case = play.CASES["pass"]
        runner = self.runner(places=["a folder/gate.toml"])
        ok, outputs = self.act(runner, **{
            "gate": "gate.toml", "working-directory": "a folder", "deployed-at": case.deployed_at, "set": "release=9.9.9\nrelease=1.43.0\n",
            "arguments": "--only\nlatency\n", "reports": "out/of the way", "record": "evidence"})
        self.assertTrue(ok, runner.log)
        report = json.loads((runner.workspace / "a folder/out/of the way/release-gate.json").read_text())
        self.assertEqual([metric["id"] for metric in report["metrics"] if metric["verdict"] != "skipped"], ["latency"])
        self.assertTrue((runner.workspace / "a folder/evidence").is_dir())
        self.assertTrue(outputs["report-json"].endswith("a folder/out/of the way/release-gate.json"))

    def test_a_branch_of_the_action_names_no_release(self):
        for version in ("main", "v1", ""):
            runner = self.runner(version or "none")
            ok, _ = runner.composite(ACTION, "your-org/release-gate", version, {}, {})
            self.assertFalse(ok)
            self.assertIn("version: 1.2.3", runner.annotations[0].text)


class Workflows(GithubTest):
    def test_after_deployment(self):
        workflow = self.load("after-deployment.yml")
        for name in ("pass", "fail"):
            case = play.CASES[name]
            with self.subTest(name):
                event = {"deployment": {"sha": "b" * 40, "environment": "production"},
                         "deployment_status": {"state": "success", "created_at": case.deployed_at}}
                workflow["jobs"]["gate"]["steps"][1]["with"]["set"] = f"release={case.release}"
                runner = self.runner(name, github={"event": event, "event_name": "deployment_status"})
                self.assertEqual(runner.job(workflow, "gate"), "success" if name == "pass" else "failure")
                self.assertTrue((runner.artifacts / "release-gate" / "release-gate.html").exists())

    def test_a_deployment_that_is_not_done_is_not_judged(self):
        runner = self.runner(github={"event": {"deployment_status": {"state": "pending"}}})
        self.assertEqual(runner.job(self.load("after-deployment.yml"), "gate"), "skipped")

    def load_test(self, runner, case):
        play.script(runner.workspace, "ci/load-test.sh", f'test "$1" = base && test "$2" = head\necho changed-at={case.deployed_at}')
        (runner.workspace / "ci/requests-1.43.0.csv").write_text((play.EXAMPLE / f"requests-{case.release}.csv").read_text())

    def pull_request(self, repository="shop/checkout"):
        return {"event_name": "pull_request", "event": {"pull_request": {
            "number": 7, "base": {"sha": "base"}, "head": {"sha": "head", "repo": {"full_name": repository}}}}}

    def test_pull_request(self):
        for name in ("pass", "fail"):
            with self.subTest(name):
                runner = self.runner(name, ["ci/gate.toml"], github=self.pull_request())
                self.load_test(runner, play.CASES[name])
                self.assertEqual(runner.job(self.load("pull-request.yml"), "gate"), "success" if name == "pass" else "failure")
                self.assertTrue((runner.artifacts / "release-gate" / "release-gate.json").exists())

    def canary(self, name, bad_at=None):
        runner = self.runner(name, ["ci/canary.toml"], inputs={"version": "1.43.0"})
        # The example's file knows neither variable; a share that is judged badly is one of which the log is the bad release's.
        text = (runner.workspace / "ci/canary.toml").read_text()
        (runner.workspace / "ci/canary.toml").write_text(
            text.replace('[vars]\nrelease = "1.43.0"', '[vars]\nversion = "0"\nshare = "0"').replace("{{release}}", "{{version}}-{{share}}"))
        shifted = {}
        for share in ("5", "25", "50"):
            case = play.CASES["fail" if share == bad_at else "pass"]
            (runner.workspace / f"ci/requests-1.43.0-{share}.csv").write_text((play.EXAMPLE / f"requests-{case.release}.csv").read_text())
            shifted[share] = case.deployed_at
        cases = "\n".join(f"  {share}) echo shifted-at={when} ;;" for share, when in shifted.items())
        play.script(runner.workspace, "ci/shift-traffic.sh", f'echo "$1 $2" >> "$GITHUB_WORKSPACE/shifts"\ncase "$2" in\n{cases}\nesac')
        result = runner.job(self.load("canary.yml"), "promote")
        return runner, result, (runner.workspace / "shifts").read_text().splitlines()

    def test_canary_promotes_a_good_version(self):
        runner, result, shifts = self.canary("good")
        self.assertEqual(result, "success", runner.log)
        self.assertEqual(shifts, ["1.43.0 5", "1.43.0 25", "1.43.0 50", "1.43.0 100"])
        for share in ("5", "25", "50"):
            self.assertTrue((runner.artifacts / "release-gate" / share / "release-gate.html").exists())

    def test_canary_takes_a_bad_version_back(self):
        runner, result, shifts = self.canary("bad", bad_at="25")
        self.assertEqual(result, "failure")
        self.assertEqual(shifts, ["1.43.0 5", "1.43.0 25", "1.43.0 0"])
        self.assertFalse((runner.artifacts / "release-gate" / "50").exists())

    def fork(self, number=None):
        """Both halves; `number` is what the artifact's author writes in place of the pull request's."""
        first = self.runner("first", ["ci/gate.toml"], github=self.pull_request("stranger/checkout"))
        self.load_test(first, play.CASES["fail"])
        result = first.job(self.load("fork-gate.yml"), "gate")
        if number is not None:
            (first.artifacts / "release-gate/pull-request").write_text(number)
        second = self.runner("second", artifacts=first.artifacts, github={
            "event": {"workflow_run": {"event": "pull_request", "id": 42, "head_sha": "c" * 40}}, "event_name": "workflow_run"})
        return result, second, second.job(self.load("fork-comment.yml"), "comment")

    def test_a_number_that_is_none_stops_the_comment(self):
        for number in ("", "0", "7; touch trapped", "../8", "12345678901", "7\n8"):
            with self.subTest(number):
                self.setUp()
                _, second, result = self.fork(number)
                self.assertEqual(result, "failure")
                self.assertIn("names no pull request", second.annotations[0].text)
                self.assertFalse((second.workspace / "trapped").exists())

    def test_a_fork_of_ours_is_not_judged_twice(self):
        runner = self.runner(github=self.pull_request())
        self.assertEqual(runner.job(self.load("fork-gate.yml"), "gate"), "skipped")

    def test_a_run_without_a_report_makes_no_comment(self):
        runner = self.runner(github={"event": {"workflow_run": {"event": "pull_request", "id": 42, "head_sha": "c" * 40}}})
        self.assertEqual(runner.job(self.load("fork-comment.yml"), "comment"), "success")
        self.assertNotIn("publish", runner.log)

    def test_every_step_that_uses_us_names_this_release(self):
        for path in sorted((ACTION / "workflows").glob("*.yml")):
            self.assertIn(f"@v{play.VERSION}\n", path.read_text(encoding="utf-8"), path.name)


if __name__ == "__main__":
    gate.main()
