"""Lines of the gate file are marked where the pipeline looks for them: from the root of the checkout, wherever the gate runs."""

import json
import unittest

import gate

GATE = """version = 1
name    = "checkout"

[compare]
design    = "none"
candidate = { window = "10m" }

[sources.rows]
type = "file"
path = "rows.csv"

[metrics.latency]
source = "rows"
kind   = "samples"
value  = "latency"
aggregate = "mean"
fail   = { above = 1 }
"""
ROOTS = {"GITHUB_WORKSPACE": "github", "CI_PROJECT_DIR": "gitlab", "BUILD_SOURCESDIRECTORY": "azure", "WORKSPACE": "jenkins"}


class Checkout(gate.GateTest):
    def check(self, env, file="gate.toml"):
        folder = self.folder / "deploy"
        folder.mkdir(exist_ok=True)
        (folder / "gate.toml").write_text(GATE, encoding="utf-8")
        (folder / "rows.csv").write_text("time,latency\n" + "".join(f"2026-03-17T12:{minute:02}:30Z,2\n" for minute in range(20)), encoding="utf-8")
        result = gate.run("check", file, "--deployed-at", "2026-03-17T12:05:00Z", "--now", "2026-03-17T12:20:00Z", "--report", "sarif=gate.sarif",
                          "--report", "gitlab-codequality=quality.json", "--report", "json=report.json", cwd=folder, env=env)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.result = result

        def read(name):
            return json.loads((folder / name).read_text(encoding="utf-8"))

        place = read("gate.sarif")["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        quality = read("quality.json")[0]["location"]
        self.assertEqual({place["region"]["startLine"], quality["lines"]["begin"]}, {GATE[:GATE.index("fail  ")].count("\n") + 1})
        return place["artifactLocation"]["uri"], quality["path"], read("report.json")["gate"]["file"]

    def test_from_the_root(self):
        for variable in ROOTS:
            with self.subTest(variable):
                self.assertEqual(self.check({variable: str(self.folder)}), ("deploy/gate.toml", "deploy/gate.toml", "gate.toml"))

    def test_as_given_where_no_root_is_known(self):
        whole = str(self.folder / "deploy" / "gate.toml")
        self.assertEqual(self.check({}), ("gate.toml",) * 3)
        self.assertEqual(self.check({"GITHUB_WORKSPACE": "/elsewhere"}), ("gate.toml",) * 3)
        self.assertEqual(self.check({}, whole), (whole,) * 3)
        self.assertEqual(self.check({"CI_PROJECT_DIR": str(self.folder)}, whole), ("deploy/gate.toml", "deploy/gate.toml", whole))

    def test_annotations_of_the_log(self):
        self.check({"GITHUB_WORKSPACE": str(self.folder), "CI": "true", "GITHUB_ACTIONS": "true"})
        self.assertIn("::error file=deploy/gate.toml,line=", self.result.stdout + self.result.stderr)
        self.check({"BUILD_SOURCESDIRECTORY": str(self.folder), "TF_BUILD": "True"})
        self.assertIn("sourcepath=deploy/gate.toml;linenumber=", self.result.stdout + self.result.stderr)


if __name__ == "__main__":
    unittest.main()
