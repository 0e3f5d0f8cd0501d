"""The templates against the services that they reach: GitHub's comments and checks by its double, and the gate's own hook for Argo Rollouts."""

import sys
import unittest

import gate
import github_runner
import kubernetes_runner as cluster
import play

sys.path[:0] = [str(gate.ROOT / "tests/doubles"), str(gate.ROOT / "tests/serve")]
import github  # noqa: E402
import hook  # noqa: E402

WORKFLOWS = play.TEMPLATES / "github/workflows"


class Github(gate.GateTest):
    def setUp(self):
        super().setUp()
        self.double = github.Github()
        self.enterContext(self.double)

    def job(self, name, job, event_name, event, artifacts=None, case=None):
        """Runs a job of an example; (its result, the runner)."""
        folder = self.folder / f"{name}-{len(list(self.folder.iterdir()))}"
        workspace = play.workspace(folder / "workspace", "ci/gate.toml")
        if case:
            play.script(workspace, "ci/load-test.sh", f"echo changed-at={case.deployed_at}")
            (workspace / "ci/requests-1.43.0.csv").write_bytes((play.EXAMPLE / f"requests-{case.release}.csv").read_bytes())
        environment = {"GITHUB_API_URL": self.double.url, "GITHUB_GRAPHQL_URL": f"{self.double.url}/graphql"}
        runner = github_runner.Runner(folder, workspace, artifacts=artifacts, environment=environment, github={
            "event_name": event_name, "event": event, "repository": github.REPOSITORY, "token": github.TOKEN, "sha": "f" * 40,
            "api_url": self.double.url})
        runner.path = [play.program_folder(folder / "bin")]
        workflow = github_runner.load(WORKFLOWS / f"{name}.yml")
        for step in workflow["jobs"][job]["steps"]:
            if step.get("uses", "").startswith("your-org/"):
                step.setdefault("with", {})["version"] = "installed"
        return runner.job(workflow, job), runner

    @staticmethod
    def pull_request(repository):
        return {"pull_request": {"number": 7, "base": {"sha": "base", "repo": {"full_name": github.REPOSITORY}},
                                 "head": {"sha": github.HEAD, "repo": {"full_name": repository}}}}

    def test_a_pull_request_has_one_comment_and_a_check(self):
        for name in ("fail", "inconclusive", "fail"):
            result, runner = self.job("pull-request", "gate", "pull_request", self.pull_request(github.REPOSITORY), case=play.CASES[name])
            self.assertEqual(result, "failure", runner.log)
        (comment,) = self.double.comments
        self.assertIn("checkout-csv", comment["body"])
        self.assertEqual([check["conclusion"] for check in self.double.checks], ["failure", "action_required", "failure"])
        self.assertEqual({check["head_sha"] for check in self.double.checks}, {github.HEAD})
        self.assertIn("checkout-csv", runner.summary)

    def both_halves(self, number=None):
        result, first = self.job("fork-gate", "gate", "pull_request", self.pull_request("stranger/checkout"), case=play.CASES["fail"])
        self.assertEqual(result, "failure")
        self.assertEqual(self.double.requests, [])  # the first half asks GitHub nothing
        self.assertIn("checkout-csv", first.summary)
        if number:
            (first.artifacts / "release-gate/pull-request").write_text(number)
        event = {"workflow_run": {"event": "pull_request", "id": 42, "head_sha": github.HEAD, "html_url": "https://github.com/x/y/actions/runs/42"}}
        return self.job("fork-comment", "comment", "workflow_run", event, artifacts=first.artifacts)

    def test_a_fork_has_a_comment_by_the_second_half(self):
        result, runner = self.both_halves()
        self.assertEqual(result, "success", runner.log)
        (comment,) = self.double.comments
        self.assertIn("checkout-csv", comment["body"])
        self.assertIn("actions/runs/42", comment["body"])

    def test_a_fork_cannot_have_another_pull_request_commented(self):
        self.double.heads[8] = "0" * 40
        result, runner = self.both_halves(number="8")
        self.assertEqual(result, "failure")
        self.assertEqual(self.double.comments, [])
        self.assertEqual({check["head_sha"] for check in self.double.checks}, {github.HEAD})  # of the commit that it is the truth of
        self.assertIn(github.HEAD[:7], runner.log)


class ArgoRolloutsWeb(gate.GateTest):
    def test_the_hook_answers_the_web_metric(self):
        template = cluster.load(play.TEMPLATES / "argo-rollouts/analysis-template-web.yaml")
        token = "0123456789abcdef0123456789abcdef"
        gates = self.folder / "gates"
        for name, case in play.CASES.items():
            play.workspace(gates, f"{name}.toml")
            text = (gates / f"{name}.toml").read_text(encoding="utf-8").replace('release = "1.43.0"', f'release = "{case.release}"')
            (gates / f"{name}.toml").write_text(text.replace("[compare]", f'[release]\ndeployed_at = "{case.deployed_at}"\n\n[compare]'), encoding="utf-8")
        with hook.Hook("--gates", gates, env={"RELEASE_GATE_HOOK_TOKEN": token}) as server:
            url = f"http://127.0.0.1:{server.address[1]}"
            phases = {name: cluster.web_phase(cluster.analysis(template, gate=name, token=token), url) for name in play.CASES}
            stranger = cluster.web_phase(cluster.analysis(template, gate="pass", token="f" * 32), url)
        self.assertEqual(phases, {"pass": "Successful", "fail": "Failed", "inconclusive": "Inconclusive", "error": "Error 424"})
        self.assertEqual(stranger, "Error 401")


if __name__ == "__main__":
    gate.main()
