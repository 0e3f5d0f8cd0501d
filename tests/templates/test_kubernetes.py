"""Argo Rollouts, Argo CD and Tekton: their manifests' commands are run as a cluster runs them, for every verdict."""

import json
import unittest

import gate
import kubernetes_runner as cluster
import play

# The windows of the example are long over: nothing is waited for, and the gate file's own variable stands for the version.
LONG_OVER = {"wait": "1s"}


class ClusterTest(gate.GateTest):
    def setUp(self):
        super().setUp()
        self.tools = play.program_folder(self.folder / "bin")

    def gates(self, name):
        folder = play.workspace(self.folder / name)
        text = (folder / "gate.toml").read_text(encoding="utf-8")
        (folder / "gate.toml").write_text(text.replace("release = ", "version = ").replace("{{release}}", "{{version}}"), encoding="utf-8")
        return folder


class ArgoRollouts(ClusterTest):
    job = cluster.load(play.TEMPLATES / "argo-rollouts/analysis-template-job.yaml")
    web = cluster.load(play.TEMPLATES / "argo-rollouts/analysis-template-web.yaml")

    def test_job(self):
        for name, case in play.CASES.items():
            with self.subTest(name):
                metric = cluster.analysis(self.job, **{"config-map": "checkout-gate", "version": case.release, "deployed-at": case.deployed_at, **LONG_OVER})
                self.assertEqual((metric["failureLimit"], metric["consecutiveErrorLimit"]), (0, 0))
                code, log = cluster.run_job(metric["provider"]["job"]["spec"], self.gates(name), self.tools)
                self.assertEqual(code, case.exit_code, log)
                self.assertEqual(cluster.job_phase(code), "Successful" if name == "pass" else "Failed")

    def test_job_outlives_its_wait(self):
        spec = self.job["spec"]["metrics"][0]["provider"]["job"]["spec"]
        (wait,) = [argument["value"] for argument in self.job["spec"]["args"] if argument["name"] == "wait"]
        self.assertGreater(spec["activeDeadlineSeconds"], int(wait.removesuffix("m")) * 60)

    def test_arguments_must_be_given(self):
        with self.assertRaisesRegex(ValueError, "args.version was not resolved"):
            cluster.analysis(self.job, **{"config-map": "x"})

    def metric(self):
        return cluster.analysis(self.web, gate="checkout", token="hook-token")

    def test_web(self):
        """A hook that answers what serve-hook does: the result stands in the body of a 200."""
        for answer, phase in ((200, "pass"), "Successful"), ((200, "fail"), "Failed"), ((200, "inconclusive"), "Inconclusive"), \
                ((424, "error"), "Error 424"), ((503, "pass"), "Error 503"), ((401, "pass"), "Error 401"):
            with self.subTest(answer), gate.Server(lambda _, answer=answer: (answer[0], {}, json.dumps({"result": answer[1]}))) as hook:
                self.assertEqual(cluster.web_phase(self.metric(), hook.url), phase)
                (asked,) = hook.requests
                self.assertEqual((asked.method, asked.route), ("POST", "/argo-rollouts"))
                self.assertEqual(asked.headers["Authorization"], "Bearer hook-token")
                self.assertEqual(json.loads(asked.body), {"gate": "checkout"})

    def test_web_without_a_result_is_an_error(self):
        for body in ("not JSON", "{}"):
            with gate.Server(lambda _, body=body: (200, {}, body)) as hook:
                self.assertEqual(cluster.web_phase(self.metric(), hook.url), "Error")

    def test_rollout_gives_what_the_templates_want(self):
        rollout = cluster.load(play.TEMPLATES / "argo-rollouts/rollout.yaml")
        known = {template["metadata"]["name"]: template for template in (self.job, self.web)}
        steps = [step["analysis"] for step in rollout["spec"]["strategy"]["canary"]["steps"] if "analysis" in step]
        self.assertEqual([step["templates"][0]["templateName"] for step in steps], ["release-gate-web", "release-gate", "release-gate"])
        for step in steps:
            wanted = {argument["name"] for argument in known[step["templates"][0]["templateName"]]["spec"]["args"]
                      if "value" not in argument and "valueFrom" not in argument}
            self.assertEqual({argument["name"] for argument in step["args"]}, wanted)


class ArgoCd(ClusterTest):
    def test_post_sync(self):
        manifest = cluster.load(play.TEMPLATES / "argo-cd/post-sync-job.yaml")
        self.assertEqual(manifest["metadata"]["annotations"]["argocd.argoproj.io/hook"], "PostSync")
        container = manifest["spec"]["template"]["spec"]["containers"][0]
        self.assertIn("--deployed-at=now", container["args"])
        for name, case in play.CASES.items():
            with self.subTest(name):
                # The example was deployed then, not now.
                container["args"] = ["check", "/gate/gate.toml", f"--deployed-at={case.deployed_at}", "--wait=45m", f"--set=version={case.release}"]
                code, log = cluster.run_job(manifest["spec"], self.gates(name), self.tools)
                self.assertEqual(code, case.exit_code, log)


class Tekton(ClusterTest):
    task = cluster.load(play.TEMPLATES / "tekton/task.yaml")
    pipeline = cluster.load(play.TEMPLATES / "tekton/pipeline.yaml")

    def run_task(self, name, **params):
        task = cluster.Task(self.task["spec"], self.folder / f"{name}-pod", self.gates(name), self.tools, params)
        return task, task.run()

    def test_verdicts(self):
        for name, case in play.CASES.items():
            with self.subTest(name):
                task, ok = self.run_task(name, **{"deployed-at": case.deployed_at, "set": ["version=0", f"version={case.release}"]})
                self.assertEqual(ok, name == "pass", task.log)
                self.assertEqual(task.results, {"verdict": case.verdict, "exit-code": str(case.exit_code)})
                self.assertEqual({path.name for path in (task.workspace / "release-gate").iterdir()},
                                 {"release-gate.json", "release-gate.html", "junit.xml"})
                self.assertEqual((task.folder / "steps/check").read_text(), str(case.exit_code))

    def test_inconclusive_may_be_allowed_and_a_failure_is_not(self):
        for name, expected in (("inconclusive", True), ("fail", False)):
            case = play.CASES[name]
            task, ok = self.run_task(name, **{"deployed-at": case.deployed_at, "set": [f"version={case.release}"], "allowed-exit-codes": ["0", "3"]})
            self.assertEqual(ok, expected, task.log)
            self.assertEqual(task.results["verdict"], name)

    def test_parameters_are_text_and_never_commands(self):
        evil = '"; touch trapped; $(touch trapped) `touch trapped` #'
        for name in ("gate", "deployed-at", "wait", "deadline", "set"):
            with self.subTest(name):
                task, ok = self.run_task(name, **{name: [evil] if name == "set" else evil})
                self.assertFalse(ok)
                self.assertEqual(task.results, {"verdict": "error", "exit-code": "2"})
                self.assertFalse((task.workspace / "trapped").exists())

    def run_pipeline(self, name):
        """The tasks in their order, `when` and `finally` as Tekton has them; which of the team's scripts ran."""
        case = play.CASES[name]
        workspace = self.gates(name)
        play.script(workspace, "ci/deploy.sh", f"echo deploy >> ran; printf %s {case.deployed_at}")
        for script in ("ask-a-human", "roll-back"):
            play.script(workspace, f"ci/{script}.sh", f'echo "{script} $1" >> ran')
        values = {"params.version": case.release}
        status = {}

        def replace(text):
            for key, value in (values | {f"tasks.{task}.status": found for task, found in status.items()}).items():
                text = text.replace(f"$({key})", value)
            return text

        def run(entry):
            for when in entry.get("when", []):
                if replace(when["input"]) not in when["values"]:
                    return
            params = {param["name"]: cluster.fill(param["value"], replace) for param in entry.get("params", [])}
            if "wait" in params:
                params["wait"] = "1s"
            task = cluster.Task(entry.get("taskSpec") or self.task["spec"], self.folder / f"{name}-{entry['name']}", workspace, self.tools, params)
            status[entry["name"]] = "Succeeded" if task.run() else "Failed"
            values.update({f"tasks.{entry['name']}.results.{key}": value for key, value in task.results.items()})

        for entry in self.pipeline["spec"]["tasks"]:
            if "Failed" not in status.values():
                run(entry)
        for entry in self.pipeline["spec"]["finally"]:
            run(entry)
        return status, (workspace / "ran").read_text().splitlines()

    def test_pipeline(self):
        for name, (gate_status, ran) in {
            "pass": ("Succeeded", ["deploy"]), "fail": ("Failed", ["deploy", "roll-back 1.42.0"]), "error": ("Failed", ["deploy", "roll-back 9.9.9"]),
            "inconclusive": ("Succeeded", ["deploy", "ask-a-human 1.43.0"]),
        }.items():
            with self.subTest(name):
                status, seen = self.run_pipeline(name)
                self.assertEqual((status["gate"], seen), (gate_status, ran))


if __name__ == "__main__":
    gate.main()
