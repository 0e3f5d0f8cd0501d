"""The quickstart as a newcomer runs it, but for the build: a Prometheus of its own, a bad release and a good one."""

import os
import re
import subprocess
import unittest

from gate import PROGRAM, ROOT, environment, free_port, main


class Quickstart(unittest.TestCase):
    def test_both_verdicts(self):
        port = free_port()
        env = environment({"RELEASE_GATE": PROGRAM, "PROMETHEUS_PORT": str(port), "HOME": os.environ.get("HOME", "/")})
        done = subprocess.run(
            ["bash", "examples/quickstart.sh"], cwd=ROOT, env=env, timeout=120, check=False, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout)
        bad, good = done.stdout.split("--set job=checkout-good\n")
        self.assertRegex(bad, r"FAIL +checkout: p95 latency \+\d+")
        self.assertIn("exit 1", bad)
        self.assertRegex(good, r"PASS +checkout: all \d+ metrics")
        self.assertIn("exit 0", good)
        stopped = re.search(r"stopped Prometheus \(process (\d+)\)", done.stdout)
        self.assertTrue(stopped, done.stdout)
        with self.assertRaises(ProcessLookupError):
            os.kill(int(stopped.group(1)), 0)


if __name__ == "__main__":
    main()
