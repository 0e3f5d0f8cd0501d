"""examples/four-systems runs offline in one command, and its reports are those that are checked in, times apart."""

import json
import os
import re
import subprocess
import sys

import gate

EXAMPLE = gate.ROOT / "examples" / "four-systems"


def timeless(text):
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)
    text = re.sub(r"(exit \d) · [\d.]+ m?s", r"\1 · TIME", text)
    text = re.sub(r"first answer after \d+ ms", "first answer after N ms", text)
    text = re.sub(r"whole run \d+ ms, slowest system's answer (\d+) ms: ratio [\d.]+", r"whole run N ms, slowest system's answer \1 ms: ratio N", text)
    return re.sub(r"release-gate \d+\.\d+\.\d+", "release-gate VERSION", text)


class FourSystems(gate.GateTest):
    def test_the_example(self):
        environment = gate.environment({"RELEASE_GATE": gate.PROGRAM, "PATH": os.environ["PATH"]})
        done = subprocess.run(["bash", EXAMPLE / "run.sh", self.folder], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        gate.golden(self, EXAMPLE / "output.txt", timeless(done.stdout))
        gate.golden(self, EXAMPLE / "report.md", timeless((self.folder / "report.md").read_text(encoding="utf-8")))
        report = json.loads((self.folder / "report.json").read_text(encoding="utf-8"))
        self.assertEqual((report["verdict"], report["exit_code"]), ("fail", 1))
        self.assertEqual({metric["source_type"] for metric in report["metrics"]}, {"prometheus", "datadog", "sonarqube", "jira"})
        took, slowest, ratio = re.search(r"whole run (\d+) ms, slowest system's answer (\d+) ms: ratio ([\d.]+)", done.stdout).groups()
        sys.stdout.write(f"whole run {took} ms, slowest answer {slowest} ms: ratio {ratio}\n")
        # Asked one after the other, the questions would take five times the slowest answer and more.
        self.assertLess(float(ratio), 4)


if __name__ == "__main__":
    gate.main()
