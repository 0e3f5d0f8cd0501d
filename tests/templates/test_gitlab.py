"""The GitLab component, run by gitlab-ci-local within the example's pipeline: reports, variables for later jobs, what blocks."""

import json
import subprocess
import unittest

import gate
import gitlab_runner
import play
import yaml

REPORTS = {"release-gate.json", "release-gate.html", "release-gate.md", "junit.xml", "metrics.txt", "codequality.json", "verdict.env"}


class Component(gate.GateTest):
    def project(self, name="one"):
        root = self.folder / name
        workspace = play.workspace(root / "project")
        for script in ("deploy", "announce", "roll-back"):
            play.script(workspace, f"ci/{script}.sh", f'echo "ran {script} $*"')
        return gitlab_runner.project(workspace, tools=[root / "tools", play.program_folder(root / "bin")])

    def run_case(self, name, extra="", blocks=False):
        case = play.CASES[name]
        project = self.project(name)
        play.script(self.folder / name / "tools", "date", f"echo {case.deployed_at}")
        project.change("wait: 45m\n", f"set: |\n        release=0\n        release={case.release}\n{extra}")
        project.change("      publish: gitlab\n", "")
        if blocks:
            # gitlab-ci-local tells a failure from a warning by the exit code, and then goes on after both; GitLab stops after a failure.
            template = project.folder / "templates/release-gate.yml"
            text = template.read_text(encoding="utf-8")
            changed = text.replace("  allow_failure:\n    exit_codes: $[[ inputs.allowed-exit-codes ]]\n", "")
            self.assertNotEqual(text, changed)
            template.write_text(changed, encoding="utf-8")
        code, log = project.local("--force-shell-executor")
        return project, code, log

    def test_verdicts(self):
        for name, case in play.CASES.items():
            with self.subTest(name):
                project, code, log = self.run_case(name, blocks=name in ("fail", "error"))
                self.assertIn({"pass": " PASS  release-gate", "inconclusive": " WARN  release-gate"}.get(name, " FAIL  release-gate"), log)
                if name in ("pass", "inconclusive"):
                    self.assertEqual(code, 0, log)
                    self.assertIn(f"ran announce {case.verdict}", log)
                    self.assertNotIn("ran roll-back", log)
                else:
                    self.assertNotEqual(code, 0, log)
                    self.assertIn("ran roll-back", log)
                self.assertEqual({path.name for path in project.artifact("release-gate", "release-gate").iterdir()}, REPORTS)
                report = json.loads(project.artifact("release-gate", "release-gate/release-gate.json").read_text())
                self.assertEqual((report["verdict"], report["exit_code"]), (case.verdict, case.exit_code))
                self.assertEqual(project.artifact("release-gate", "release-gate/verdict.env").read_text(),
                                 f"RELEASE_GATE_VERDICT={case.verdict}\nRELEASE_GATE_EXIT_CODE={case.exit_code}\n")

    def test_other_codes_may_be_allowed(self):
        for name, allowed, said in (("inconclusive", "[4]", "FAIL"), ("fail", "[3, 4]", "FAIL"), ("error", "[3, 4]", "WARN")):
            with self.subTest(name):
                _, _, log = self.run_case(name, f"      allowed-exit-codes: {allowed}\n")
                self.assertIn(f" {said}  release-gate", log)

    def test_reports_are_wired(self):
        project = self.project()
        code, log = project.local("--preview")
        self.assertEqual(code, 0, log)
        job = yaml.safe_load(log[log.index("---\n"):])["release-gate"]
        self.assertEqual(job["artifacts"]["reports"], {
            "junit": "release-gate/junit.xml", "codequality": "release-gate/codequality.json", "metrics": "release-gate/metrics.txt",
            "dotenv": "release-gate/verdict.env"})
        self.assertEqual(job["artifacts"]["when"], "always")
        self.assertEqual(job["allow_failure"], {"exit_codes": [3]})
        self.assertEqual(job["variables"]["GATE_PUBLISH"], "gitlab")

    def test_an_image_must_be_given(self):
        project = self.project()
        project.change("      image: registry.example.com/release-gate:0.1.0\n", "")
        code, log = project.local("--list")
        self.assertNotEqual(code, 0, log)
        self.assertIn("image", log)

    def test_job(self):
        """The script by itself: what inputs hold is text, and an earlier report is not taken for this run's."""
        text = (play.TEMPLATES / "gitlab/templates/release-gate.yml").read_text(encoding="utf-8").split("\n---\n")[1]
        (job,) = yaml.safe_load(text).values()
        script = "\n".join(job["script"])
        tools = play.program_folder(self.folder / "bin")
        evil = '"; touch trapped; $(touch trapped) `touch trapped` #'
        for shell in (["bash", "-eo", "pipefail"], ["sh", "-e"]):
            for name in ("GATE_FILE", "GATE_DEPLOYED_AT", "GATE_SET", "GATE_STAGE", "GATE_WAIT", "GATE_DEADLINE"):
                with self.subTest(f"{shell[0]} {name}"):
                    workspace = play.workspace(self.folder / shell[0] / name)
                    (workspace / "release-gate").mkdir()
                    (workspace / "release-gate/release-gate.json").write_text('{\n  "verdict": "pass",\n}\n')
                    values = {"GATE_FILE": "gate.toml", "GATE_REPORTS": "release-gate", "GATE_DEADLINE": "2m", "GATE_DEPLOYED_AT": "", "GATE_SET": "",
                              "GATE_STAGE": "", "GATE_WAIT": "", "GATE_PUBLISH": "", name: evil}
                    done = subprocess.run([*shell, "-c", script], env=play.base_environment(tools) | values, cwd=workspace, check=False,
                                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    self.assertEqual(done.returncode, 2)
                    self.assertFalse((workspace / "trapped").exists())
                    self.assertEqual((workspace / "release-gate/verdict.env").read_text().split()[0], "RELEASE_GATE_VERDICT=error")


if __name__ == "__main__":
    gate.main()
