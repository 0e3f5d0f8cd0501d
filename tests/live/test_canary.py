"""examples/canary: the good version is promoted and the bad one rolled back, and the story in its README is the one that is told."""

import pathlib
import re
import subprocess
import unittest

import gate

EXAMPLE = gate.ROOT / "examples" / "canary"


def masked(story):
    """Times, measured figures, ports and the width of columns apart; weights, versions, limits and verdicts are the story's."""
    text = re.sub(r"(?m)^\d\d:\d\d:\d\d", "TIME", story)
    text = re.sub(r"127\.0\.0\.1:\d+/\S+", "PROMETHEUS/GRAPH", text)
    text = re.sub(r"\d\d:\d\d(:\d\d)?–\d\d:\d\d(:\d\d)?", "FROM–TO", text)
    text = re.sub(r"seed \d+; \d+ s", "seed N; N s", text)
    text = re.sub(r"exit (\d) · [\d.]+ m?s", r"exit \1 · TIME", text)
    text = re.sub(r"(failed requests|at least) \+[\d.]+ pp", r"\1 +N pp", text)
    text = re.sub(r"(?m)^( +✗ \D+(?:300 ms)?) +[\d.]+ % +[\d.]+ % +\+[\d.]+ pp +\[\+[\d.]+, \+[\d.]+\]", r"\1  N %  N %  +N pp  [+N, +N]", text)
    number = r"[+−]?[\d.]+"
    text = re.sub(rf"A/B test: lift {number} % \({number} to {number} %\), difference {number} pp \({number} to {number} pp\)",
                  "A/B test: lift +N % (+N to +N %), difference +N pp (+N to +N pp)", text)
    return re.sub(r"(?<=\S) {2,}", "  ", text)


def shops():
    """Processes of the example that were started from this checkout."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if b"examples/canary/shop.py" in (path / "cmdline").read_bytes() and (path / "cwd").resolve() == gate.ROOT:
                found.append(int(path.name))
        except OSError:
            continue
    return found


def promised():
    page = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    return page.split("$ bash examples/canary/run.sh\n")[1].split("```")[0]


class Canary(unittest.TestCase):
    def test_the_story(self):
        env = gate.environment({"RELEASE_GATE": gate.PROGRAM, "PROMETHEUS_PORT": str(gate.free_port())})
        done = subprocess.run(["bash", EXAMPLE / "run.sh", "--fast"], cwd=gate.ROOT, env=env, timeout=150, check=False, encoding="utf-8",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("== 2 of 2 rollouts ended as they should", done.stdout)
        self.assertEqual(shops(), [])
        self.maxDiff = None
        self.assertEqual(masked(done.stdout), masked(promised()))

    def test_the_mask_hides_no_verdict(self):
        text = masked(promised())
        for kept in ("gets 5 %", "gets 25 %", "gets 50 %", "gets 100 %", "gets 0 %", "1.43.0", "limit +3 pp", "at 99.5 %", "harm is proven at 25 %", "+5 pp"):
            self.assertIn(kept, text)
        self.assertEqual([text.count(word) for word in ("PASS", "FAIL", "promoted: ", "rolled back: ")], [5, 1, 1, 1])


if __name__ == "__main__":
    gate.main()
