"""Jenkins' pipeline and shared step, played on Groovy: what each exit code of the gate makes of the build, and what is kept."""

import json
import tempfile
import unittest

import gate
import jenkins_runner
import play

JENKINS = play.TEMPLATES / "jenkins"
STEP = """pipeline {{ agent any
  stages {{ stage('gate') {{ steps {{ script {{
    def got = releaseGate({arguments})
    env.GOT = "${{got.verdict}} ${{got.exitCode}} ${{got.report}}"
    sh 'echo "got $GOT"'
  }} }} }} }} }}"""


def prepare(name, jenkinsfile=None, case=None, tools=""):
    """One play: a workspace with the team's scripts, which note that they ran, and `date` telling when the example was deployed."""
    folder = gate.pathlib.Path(tempfile.mkdtemp(dir=Jenkins.folder.name))
    workspace = play.workspace(folder / "workspace")
    if case:
        (workspace / "requests-1.43.0.csv").write_bytes((play.EXAMPLE / f"requests-{case.release}.csv").read_bytes()
                                                        if (play.EXAMPLE / f"requests-{case.release}.csv").exists() else b"nonsense")
        play.script(folder / "tools", "date", f"echo {case.deployed_at}")
    for script in ("deploy", "announce", "roll-back", "ask-a-human"):
        play.script(workspace, f"ci/{script}.sh", f"echo {script} >> ran")
    path = folder / "Jenkinsfile"
    text = jenkinsfile or (JENKINS / "Jenkinsfile").read_text(encoding="utf-8").replace(", wait: '45m'", "")  # long over
    path.write_text(text, encoding="utf-8")
    environment = play.base_environment(folder / "tools", play.program_folder(folder / "bin"))
    Jenkins.names.append(name)
    Jenkins.plays.append({"jenkinsfile": str(path), "library": str(JENKINS / "vars"), "workspace": str(workspace), "environment": environment})


class Jenkins(unittest.TestCase):
    """All plays are of one run; each test looks at its own."""

    names, plays = [], []

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="release-gate-test-")
        cls.addClassCleanup(cls.folder.cleanup)
        for name, case in play.CASES.items():
            prepare(f"pipeline {name}", case=case)
        late = play.CASES["inconclusive"]
        failing = play.CASES["fail"]
        arguments = f"gate: 'gate.toml', deployedAt: '{failing.deployed_at}', set: [release: '{failing.release}'], reports: 'out'"
        for name, given in {
            "fail": arguments, "never": f"{arguments}, failOn: 'never'", "override": f"{arguments}, override: 'it is urgent'",
            "inconclusive": f"deployedAt: '{late.deployed_at}'", "no gate": "gate: 'nope.toml'", "unknown": "gaet: 'gate.toml'",
            "quoted": "gate: '\"; touch trapped; $(touch trapped)', deployedAt: '`touch trapped`'",
        }.items():
            prepare(name, STEP.format(arguments=given))
        done = jenkins_runner.play(cls.plays, cls.folder.name)
        cls.results = dict(zip(cls.names, done))
        cls.workspaces = {name: gate.pathlib.Path(one["workspace"]) for name, one in zip(cls.names, cls.plays)}

    def steps(self, name, kind):
        return [step[kind] for step in self.results[name]["steps"] if kind in step]

    def test_pipeline(self):
        for name, (result, then) in {"pass": ("SUCCESS", "announce"), "fail": ("FAILURE", "roll-back"), "inconclusive": ("UNSTABLE", "ask-a-human"),
                                     "error": ("FAILURE", "roll-back")}.items():
            with self.subTest(name):
                played = self.results[f"pipeline {name}"]
                self.assertEqual(played["result"], result, played["log"])
                self.assertEqual((self.workspaces[f"pipeline {name}"] / "ran").read_text().split(), ["deploy", then])
                self.assertEqual(self.steps(f"pipeline {name}", "junit"), [{"testResults": "release-gate/junit.xml", "skipMarkingBuildUnstable": True}])
                self.assertEqual(self.steps(f"pipeline {name}", "archiveArtifacts"), [{"artifacts": "release-gate/**", "allowEmptyArchive": True}])
                report = json.loads((self.workspaces[f"pipeline {name}"] / "release-gate/release-gate.json").read_text())
                self.assertEqual(report["verdict"], name)

    def test_a_failure_ends_the_build(self):
        self.assertEqual(self.results["fail"]["result"], "FAILURE")
        self.assertEqual(self.results["fail"]["error"], "release gate: fail (exit code 1)")
        self.assertNotIn("got ", self.results["fail"]["log"])
        self.assertEqual({path.name for path in (self.workspaces["fail"] / "out").iterdir()},
                         {"release-gate.json", "release-gate.html", "release-gate.md", "junit.xml"})

    def test_fail_on_never_leaves_it_to_the_caller(self):
        self.assertEqual(self.results["never"]["result"], "SUCCESS")
        self.assertIn("got fail 1 out/release-gate.json", self.results["never"]["log"])

    def test_override(self):
        self.assertEqual(self.results["override"]["result"], "SUCCESS")
        self.assertIn("got fail 0 out/release-gate.json", self.results["override"]["log"])

    def test_inconclusive_is_unstable_and_goes_on(self):
        self.assertEqual(self.results["inconclusive"]["result"], "UNSTABLE")
        self.assertIn("got inconclusive 3 release-gate/release-gate.json", self.results["inconclusive"]["log"])

    def test_what_is_wrong_ends_the_build(self):
        self.assertEqual(self.results["no gate"]["error"], "release gate: error (exit code 2)")
        self.assertEqual(self.steps("no gate", "junit"), [])
        self.assertEqual(self.results["unknown"]["error"], "releaseGate: unknown parameters: gaet")

    def test_values_are_text_and_never_commands(self):
        self.assertEqual(self.results["quoted"]["result"], "FAILURE")
        self.assertFalse((self.workspaces["quoted"] / "trapped").exists())


if __name__ == "__main__":
    gate.main()
