"""examples/scorecard runs offline in one command: ten verdicts, as text and as a page, and the numbers behind them are those of the data."""

import csv
import datetime
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import gate

EXAMPLE = gate.ROOT / "examples" / "scorecard"
TEN = ["Adoption", "Performance", "Scalability", "Experience", "Reliability", "Security", "Business", "Maintainability", "Delivery",
       "Support"]
RELEASED = datetime.datetime(2026, 3, 17, 12, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


class Scorecard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory(prefix="release-gate-scorecard-")
        cls.addClassCleanup(cls.kept.cleanup)
        cls.folder = pathlib.Path(cls.kept.name)
        environment = gate.environment({"RELEASE_GATE": gate.PROGRAM, "PATH": os.environ["PATH"]})
        cls.done = subprocess.run(["bash", EXAMPLE / "run.sh", cls.folder], env=environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, encoding="utf-8", timeout=120, check=False)

    def test_ten_verdicts(self):
        self.assertEqual(self.done.returncode, 0, self.done.stdout + self.done.stderr)
        gate.golden(self, EXAMPLE / "output.txt", self.done.stdout)
        lines = re.findall(r"^  ([A-Z][a-z]+) +\S+  (PASS|WARN|FAIL|PENDING|INCONCLUSIVE|ERROR) ", self.done.stdout, re.M)
        self.assertEqual([name for name, _ in lines], TEN)

    def test_the_page_has_them_too(self):
        page = (self.folder / "scorecard.html").read_text(encoding="utf-8")
        table = page.split('<table class="score">')[1].split("</table>")[0]
        self.assertEqual([name for name in TEN if name not in table], [])
        self.assertNotIn("not in this gate", table)
        self.assertLess(len(page.encode()), 1_000_000)

    def test_adoption_is_what_the_log_says(self):
        """Recomputed from the lines of the log: users of the checkout in the week of the goal, of those eligible."""
        data = self.folder / "data"
        with (data / "eligible-users.csv").open(encoding="utf-8") as file:
            eligible = {row["user_id"] for row in csv.DictReader(file)}
        active = set()
        with (data / "events.jsonl").open(encoding="utf-8") as file:
            for line in file:
                event = json.loads(line)
                moment = datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
                if event["event"] == "checkout" and RELEASED + 7 * DAY <= moment < RELEASED + 14 * DAY:
                    active.add(event["user_id"])
        share = 100 * len(active & eligible) / len(eligible)
        shown = float(re.search(r"active of eligible users ([\d.]+) %", self.done.stdout)[1])
        self.assertAlmostEqual(shown, share, delta=0.5)


if __name__ == "__main__":
    unittest.main()
