"""How often `release-gate watch --past` is wrong over thirty looks, and how soon it sees: the program itself, over a loopback Prometheus.

One watch judges a thousand optional metrics, each with a release of its own, and its report says at which look each was violated first.
Log-normal points every 15 s with a spread of 25 %, thirty minutes before and thirty after; margin 0. `--runs N`: releases a row.
"""

import argparse
import json
import math
import pathlib
import random
import statistics
import sys
import tempfile

import gate

sys.path.insert(0, str(gate.ROOT / "tests/doubles"))
import prometheus  # noqa: E402

RELEASE = 1773749040
STEP = 15
POINTS = 120
SPREAD = math.sqrt(math.log1p(0.25**2))
BATCH = 1000
MOST_ALARMS, LEAST_FOUND = 0.06, 0.90
HEAD = """version = 1
name = "looks"
[compare]
baseline = { window = "30m" }
candidate = { window = "30m" }
step = "15s"
ingest_delay = "0s"
[sources.prom]
type = "prometheus"
url = "URL"
"""


class Releases(prometheus.Prometheus):
    """`release_7` is a series of its own: AR(1) noise, times 1 + change since the release."""

    def __init__(self, memory, change, seed):
        super().__init__()
        self.memory, self.change, self.seed = memory, change, seed

    def value_of(self, query):
        if not query.startswith("release_"):
            return super().value_of(query)
        noise = random.Random(f"{self.seed} {self.memory} {self.change} {query}")
        state, values = noise.gauss(0, 1), {}
        for i in range(-POINTS + 1, POINTS + 1):
            state = self.memory * state + math.sqrt(1 - self.memory**2) * noise.gauss(0, 1)
            values[RELEASE + STEP * i] = math.exp(SPREAD * state - SPREAD**2 / 2) * (1 + self.change if i > 0 else 1)
        return lambda moment: values[int(moment)]


def first_looks(memory, change, seed, folder):
    """Of a thousand releases: the look at which each was violated, None for never."""
    with Releases(memory, change, seed) as server:
        text = HEAD.replace("URL", server.url)
        for i in range(BATCH):
            text += f'[metrics.m{i}]\nsource = "prom"\nquery = "release_{i}"\nrequired = false\nfail = {{ increase_over = "0%" }}\n'
        path = pathlib.Path(folder) / "gate.toml"
        path.write_text(text)
        done = gate.run("watch", path, "--past", "--deployed-at", RELEASE, "--quiet", "--report", f"json={folder}/report.json", timeout=1200)
        if done.returncode != 3:
            raise AssertionError(f"exit {done.returncode}: {done.stderr}")
    report = json.loads((pathlib.Path(folder) / "report.json").read_text())
    firsts = {f"m{i}": None for i in range(BATCH)}
    for look in report["watch"]["history"]:
        for metric in look["metrics"]:
            if metric["verdict"] == "fail" and firsts[metric["id"]] is None:
                firsts[metric["id"]] = look["look"]
    if report["watch"]["taken"] != 30:
        raise AssertionError("not thirty looks")
    return list(firsts.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    wrong = False
    print(f"| `watch --past`, {options.runs} releases, 30 looks | false alarms | +30 % found | median look |\n|---|---|---|---|")
    for name, memory in (("independent", 0.0), ("AR(1) 0.6", 0.6)):
        found = {}
        for change in (0.0, 0.3):
            found[change] = []
            with tempfile.TemporaryDirectory() as folder:
                for batch in range(math.ceil(options.runs / BATCH)):
                    found[change] += first_looks(memory, change, options.seed + batch, folder)
        share = {change: sum(look is not None for look in looks) / len(looks) for change, looks in found.items()}
        median = statistics.median(look for look in found[0.3] if look is not None)
        print(f"| {name} | {100 * share[0.0]:.1f} % | {100 * share[0.3]:.1f} % | {median:g} |", flush=True)
        wrong = wrong or share[0.0] > MOST_ALARMS or share[0.3] < LEAST_FOUND
    print(f"\nlimits: false alarms at most {100 * MOST_ALARMS:.0f} %, found at least {100 * LEAST_FOUND:.0f} %: {'passed over' if wrong else 'kept'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
