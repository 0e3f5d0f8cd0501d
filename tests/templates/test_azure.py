"""The steps of Azure Pipelines, run by a player of its agent: downloaded and checked, judged, published; for every verdict."""

import hashlib
import json
import unittest

import azure_runner
import gate
import play
import releases

STEPS = play.TEMPLATES / "azure-pipelines/release-gate.yml"
RIGHT = hashlib.sha256(releases.tarball().read_bytes()).hexdigest()


class Azure(gate.GateTest):
    def setUp(self):
        super().setUp()
        self.server = releases.ReleaseServer(self.folder)
        self.enterContext(self.server)

    def run_steps(self, name, **given):
        agent = azure_runner.Agent(self.folder / name, play.workspace(self.folder / name / "workspace"), environment=self.server.environment())
        agent.template(STEPS, {"version": play.VERSION, "checksum": RIGHT, "baseUrl": self.server.url, **given})
        return agent

    def test_verdicts(self):
        results = {"pass": "Succeeded", "fail": "Failed", "inconclusive": "SucceededWithIssues", "error": "Failed"}
        for name, case in play.CASES.items():
            with self.subTest(name):
                agent = self.run_steps(name, deployedAt=case.deployed_at, set=f"release=0\nrelease={case.release}\n")
                self.assertEqual(agent.result, results[name], agent.log)
                self.assertEqual((agent.variables["gate.verdict"], agent.variables["gate.exitCode"]), (case.verdict, str(case.exit_code)))
                self.assertEqual({level for level, _ in agent.issues}, {"pass": set(), "inconclusive": {"warning"}}.get(name, {"error"}))
                self.assertEqual(len(agent.summaries), 1)
                self.assertIn("checkout-csv", agent.summaries[0])
                self.assertEqual(len(agent.test_results), 1)
                self.assertIn("<testsuites", agent.test_results[0])
                self.assertEqual({path.name for path in agent.artifacts["release-gate"].iterdir()},
                                 {"release-gate.json", "release-gate.html", "release-gate.md", "junit.xml"})
                report = json.loads((agent.artifacts["release-gate"] / "release-gate.json").read_text())
                self.assertEqual(report["verdict"], case.verdict)

    def test_a_wrong_checksum_runs_nothing(self):
        agent = self.run_steps("wrong", checksum="0" * 64)
        self.assertEqual(agent.result, "Failed")
        self.assertIn("checksum did NOT match", agent.log)
        self.assertNotIn("gate.verdict", agent.variables)
        self.assertFalse((agent.temp / "release-gate").exists())

    def test_a_checksum_must_be_given(self):
        with self.assertRaisesRegex(ValueError, "checksum"):
            azure_runner.Agent(self.folder / "none", self.folder).template(STEPS, {"version": play.VERSION, "baseUrl": self.server.url})
        self.assertEqual(self.run_steps("empty", checksum="").result, "Failed")

    def test_parameters_are_text_and_never_commands(self):
        evil = '"; touch trapped; $(touch trapped) `touch trapped` #'
        for name in ("gate", "deployedAt", "set", "stage", "wait", "deadline", "checksum"):
            with self.subTest(name):
                agent = self.run_steps(name, **{name: evil})
                self.assertEqual(agent.result, "Failed")
                self.assertFalse((agent.workspace / "trapped").exists())

    def test_secrets_reach_the_gate_by_name(self):
        agent = azure_runner.Agent(self.folder / "one", play.workspace(self.folder / "one/workspace"), environment=self.server.environment(),
                                   variables={"token": "s3cret", "when": play.CASES["pass"].deployed_at})
        text = (agent.workspace / "gate.toml").read_text(encoding="utf-8")
        (agent.workspace / "gate.toml").write_text(text.replace('"requests-{{release}}.csv"', '{ env = "TABLE" }'), encoding="utf-8")
        agent.variables["table"] = "requests-1.43.0.csv"
        agent.template(STEPS, {"version": play.VERSION, "checksum": RIGHT, "baseUrl": self.server.url, "deployedAt": "$(when)",
                               "env": {"TABLE": "$(table)", "TOKEN": "$(token)"}})
        self.assertEqual(agent.result, "Succeeded", agent.log)
        self.assertNotIn("s3cret", agent.log)

    def test_the_example_gives_what_the_template_wants(self):
        example = azure_runner.load(STEPS.with_name("example.yml"))
        (step,) = example["stages"][1]["jobs"][0]["steps"]
        declared = {parameter["name"]: parameter for parameter in azure_runner.load(STEPS)["parameters"]}
        self.assertLessEqual(set(step["parameters"]), set(declared))
        self.assertLessEqual({name for name, one in declared.items() if "default" not in one}, set(step["parameters"]))
        self.assertEqual(step["parameters"]["version"], play.VERSION)
        self.assertEqual(example["stages"][2]["condition"], "failed('judge')")


if __name__ == "__main__":
    gate.main()
